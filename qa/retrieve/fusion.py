"""One score from two: dense and lexical, each scaled to 0..1 over the passages of one question."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

DENSE_WEIGHT = 0.65
# Lexical evidence counts in full from this share of the question's gram weight on.
FULL_COVERAGE = 2 / 3
# The same where the words are a translation: of the alternatives of a word, a passage has one or two.
FULL_COVERAGE_TRANSLATED = 1 / 4


def scale(scores: NDArray[np.float32], lowest: float) -> NDArray[np.float32]:
    """Scores mapped linearly so that `lowest` is 0 and the highest is 1; all 0 when none is above `lowest`."""
    span = float(scores.max(initial=lowest)) - lowest
    if span <= 0:
        return np.zeros_like(scores)
    scaled: NDArray[np.float32] = np.maximum(scores - np.float32(lowest), 0) / np.float32(span)
    return scaled


def lexical_share(bm25: NDArray[np.float32], best_coverage: float,
                  full_coverage: float = FULL_COVERAGE) -> NDArray[np.float32]:
    """BM25 scaled to at most how much of the question the best passage covers, in full from `full_coverage` on.

    Scaling alone would give the best of an all but empty list full weight: a question in English over Arabic articles
    shares a few digits with one of them and would be answered from there.
    """
    return scale(bm25, 0.0) * min(1.0, best_coverage / full_coverage)


def fuse(dense: NDArray[np.float32], lexical: NDArray[np.float32]) -> NDArray[np.float32]:
    """Weighted sum of scores from 0 to 1 each, as in Bruch et al., "An Analysis of Fusion Functions for Hybrid
    Retrieval" (2023, arXiv:2210.11934)."""
    return DENSE_WEIGHT * dense + (1 - DENSE_WEIGHT) * lexical
