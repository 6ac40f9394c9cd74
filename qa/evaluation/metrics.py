"""Measure ranked lists and probabilities, with the names and definitions of TREC, BEIR and MTEB."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

import numpy as np


@dataclass(frozen=True, slots=True)
class Ranking:
    """A question's results: the grade of each, best first, and the grades of everything relevant, found or not.

    A result that is not relevant has grade 0.
    """

    found: tuple[int, ...]
    relevant: tuple[int, ...] = (1,)

    @classmethod
    def of_rank(cls, rank: int | None) -> Ranking:
        """Make the ranking of a question with a single relevant result, at this rank from 0; None if not found."""
        return cls(()) if rank is None else cls((*(0,) * rank, 1))


def recall_at(rankings: Sequence[Ranking], k: int) -> float:
    """Return the mean share of relevant results among the first k; 0 if nothing is relevant, as in trec_eval."""
    return _mean([sum(grade > 0 for grade in ranking.found[:k]) / max(1, len(ranking.relevant))
                  for ranking in rankings])


def reciprocal_rank_at(rankings: Sequence[Ranking], k: int) -> float:
    """Return the mean of 1 / (rank + 1) of the first relevant result, ranks from 0; 0 if none is in the first k."""
    return _mean([next((1 / rank for rank, grade in enumerate(ranking.found[:k], start=1) if grade > 0), 0.0)
                  for ranking in rankings])


def ndcg_at(rankings: Sequence[Ranking], k: int) -> float:
    """Return the mean normalised discounted cumulative gain (Järvelin and Kekäläinen, 2002), as trec_eval's `ndcg_cut`.

    The gain of a result is its grade / log2(rank + 2), ranks from 0; the sum is divided by that of the ideal ranking.
    """
    return _mean([_gain(ranking.found[:k]) / (_gain(sorted(ranking.relevant, reverse=True)[:k]) or 1.0)
                  for ranking in rankings])


def span_scores(said: str, answers: Sequence[str]) -> tuple[float, float]:
    """Return exact match and F1 of a span against the answer that it fits best, as SQuAD does (Rajpurkar et al., 2016).

    All texts must be normalised; words are separated by white space. Both are 0 without an answer to compare with.
    """
    words = said.split()
    best = (0.0, 0.0)
    for answer in answers:
        gold = answer.split()
        common = sum((Counter(words) & Counter(gold)).values())
        f1 = 2 * common / (len(words) + len(gold)) if common else 0.0
        best = max(best, (float(words == gold), f1))
    return best


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the chance that a positive scores above a negative, ties counting half (Mann-Whitney U / n1 n2)."""
    if not positive or not negative:
        return float("nan")
    ordered = np.sort(np.asarray(negative))
    below = np.searchsorted(ordered, positive, side="left")
    not_above = np.searchsorted(ordered, positive, side="right")
    return float((below + not_above).mean() / 2 / len(ordered))


def expected_calibration_error(probabilities: Sequence[float], outcomes: Sequence[bool], *, bins: int = 10) -> float:
    """Return the mean gap between a bin's mean probability and its share of true outcomes, weighted by bin size.

    Guo et al., "On Calibration of Modern Neural Networks" (2017), equation 3: the m-th bin is
    ((m - 1) / bins, m / bins], and 0 is in the first.
    """
    if not probabilities:
        return float("nan")
    values, came_true = np.asarray(probabilities, np.float64), np.asarray(outcomes, np.float64)
    numbers = np.digitize(values, np.arange(1, bins) / bins, right=True)
    return float(np.abs(np.bincount(numbers, values) - np.bincount(numbers, came_true)).sum() / len(values))


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
