"""Fuse dense and lexical scores into one, each scaled to 0..1 over the passages of one question."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

DENSE_WEIGHT = 0.65
# The best passage must cover at least this share of the question's gram weight for lexical scores to count in full.
FULL_COVERAGE = 2 / 3
# The same for a translated question. It is lower because each word has several translations, and a passage holds one
# or two of them.
FULL_COVERAGE_TRANSLATED = 1 / 4


def scale(scores: NDArray[np.float32], lowest: float) -> NDArray[np.float32]:
    """Map scores linearly so that `lowest` becomes 0 and the highest 1; return zeros if no score is above `lowest`."""
    span = float(scores.max(initial=lowest)) - lowest
    if span <= 0:
        return np.zeros_like(scores)
    scaled: NDArray[np.float32] = np.maximum(scores - np.float32(lowest), 0) / np.float32(span)
    return scaled


def lexical_share(bm25: NDArray[np.float32], best_coverage: float,
                  full_coverage: float = FULL_COVERAGE) -> NDArray[np.float32]:
    """Scale BM25 to 0..1, and lower all of it in proportion if the best passage covers less than `full_coverage`.

    Without the second step, a passage that shares only a few digits with an English question over Arabic articles would
    score 1 as the best of a nearly empty list.
    """
    return scale(bm25, 0.0) * min(1.0, best_coverage / full_coverage)


def fuse(dense: NDArray[np.float32], lexical: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the weighted sum of two scores from 0 to 1: Bruch et al., "An Analysis of Fusion Functions for Hybrid
    Retrieval" (2023, arXiv:2210.11934)."""
    return DENSE_WEIGHT * dense + (1 - DENSE_WEIGHT) * lexical
