"""Measures of ranked lists and of probabilities. Names and definitions as in TREC, BEIR and MTEB."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

import numpy as np


@dataclass(frozen=True, slots=True)
class Ranking:
    """One question's results: the grade of each, best first, 0 where it is not relevant, and the grades of all that is
    relevant to the question, found or not."""

    found: tuple[int, ...]
    relevant: tuple[int, ...] = (1,)

    @classmethod
    def of_rank(cls, rank: int | None) -> Ranking:
        """Where one thing is relevant and has this rank, from 0; None when it was not found."""
        return cls(()) if rank is None else cls((*(0,) * rank, 1))


def recall_at(rankings: Sequence[Ranking], k: int) -> float:
    """The mean share of what is relevant that is among the first k; 0 where nothing is relevant, as in trec_eval."""
    return _mean([sum(grade > 0 for grade in ranking.found[:k]) / max(1, len(ranking.relevant))
                  for ranking in rankings])


def reciprocal_rank_at(rankings: Sequence[Ranking], k: int) -> float:
    """The mean of 1 / (rank + 1) of the first relevant result, ranks from 0; 0 where none is among the first k."""
    return _mean([next((1 / rank for rank, grade in enumerate(ranking.found[:k], start=1) if grade > 0), 0.0)
                  for ranking in rankings])


def ndcg_at(rankings: Sequence[Ranking], k: int) -> float:
    """The mean normalised discounted cumulative gain (Järvelin and Kekäläinen, 2002) as trec_eval's `ndcg_cut`: the
    gain is the grade, divided by log2(rank + 2), ranks from 0, over that of all that is relevant, best first."""
    return _mean([_gain(ranking.found[:k]) / (_gain(sorted(ranking.relevant, reverse=True)[:k]) or 1.0)
                  for ranking in rankings])


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The chance that a positive scores above a negative, ties counting half (Mann-Whitney U / n1 n2)."""
    if not positive or not negative:
        return float("nan")
    ordered = np.sort(np.asarray(negative))
    below = np.searchsorted(ordered, positive, side="left")
    not_above = np.searchsorted(ordered, positive, side="right")
    return float((below + not_above).mean() / 2 / len(ordered))


def expected_calibration_error(probabilities: Sequence[float], outcomes: Sequence[bool], *, bins: int = 10) -> float:
    """How far probabilities are from what came true: the gap between their mean and the share that came true, by bins
    of equal width, each weighed by its size. Guo et al., "On Calibration of Modern Neural Networks" (2017), equation 3:
    the m-th bin is ((m - 1) / bins, m / bins], and 0 is in the first."""
    if not probabilities:
        return float("nan")
    values, came_true = np.asarray(probabilities, np.float64), np.asarray(outcomes, np.float64)
    numbers = np.digitize(values, np.arange(1, bins) / bins, right=True)
    return float(np.abs(np.bincount(numbers, values) - np.bincount(numbers, came_true)).sum() / len(values))


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
