"""Measures of ranked lists. Names and definitions as in TREC and MTEB."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

import numpy as np


def recall_at(ranks: Sequence[int | None], k: int) -> float:
    """The share of questions whose one relevant result is among the first k; ranks count from 0, None is not found."""
    return sum(rank is not None and rank < k for rank in ranks) / len(ranks) if ranks else 0.0


def reciprocal_rank_at(ranks: Sequence[int | None], k: int) -> float:
    """The mean of 1 / (rank + 1) over questions, 0 where the relevant result is not among the first k."""
    return sum(1 / (rank + 1) for rank in ranks if rank is not None and rank < k) / len(ranks) if ranks else 0.0


def ndcg_at(ranks: Sequence[int | None], k: int) -> float:
    """Normalised discounted cumulative gain where each question has one relevant result: 1 / log2(rank + 2)."""
    return sum(1 / log2(rank + 2) for rank in ranks if rank is not None and rank < k) / len(ranks) if ranks else 0.0


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The chance that a positive scores above a negative, ties counting half (Mann-Whitney U / n1 n2)."""
    if not positive or not negative:
        return float("nan")
    ordered = np.sort(np.asarray(negative))
    below = np.searchsorted(ordered, positive, side="left")
    not_above = np.searchsorted(ordered, positive, side="right")
    return float((below + not_above).mean() / 2 / len(ordered))
