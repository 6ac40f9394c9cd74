"""BM25: Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009).

The inverse document frequency is the one that is never negative: ln(1 + (N - n + 0.5) / (n + 0.5)).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

K1 = 1.2
B = 0.75
Scores = NDArray[np.float32]


def saturated(frequencies: NDArray[np.uint8], damping: Scores) -> Scores:
    """What occurrences count for: at most K1 + 1, and the less the longer the passage is."""
    occurrences = frequencies.astype(np.float32)
    saturated: Scores = occurrences * np.float32(K1 + 1) / (occurrences + damping)
    return saturated


def damping_of(lengths: NDArray[np.uint32]) -> Scores:
    """BM25's K1 * (1 - B + B * length / average length), one a passage."""
    average = max(float(lengths.mean()), 1.0) if len(lengths) else 1.0
    damping = (K1 * (1 - B + B * (lengths / average))).astype(np.float32)
    damping.setflags(write=False)
    return damping
