"""The parameters of BM25 and its term-frequency part: Robertson and Zaragoza, "The Probabilistic Relevance Framework"
(2009).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

K1 = 1.2
B = 0.75
Scores = NDArray[np.float32]


def saturated(frequencies: NDArray[np.uint8], damping: Scores) -> Scores:
    """Saturate term frequencies: f * (K1 + 1) / (f + damping), below K1 + 1 and smaller for longer passages.

    `frequencies` and `damping` have the same shape, that of the result.
    """
    occurrences = frequencies.astype(np.float32)
    saturated: Scores = occurrences * np.float32(K1 + 1) / (occurrences + damping)
    return saturated


def damping_of(lengths: NDArray[np.uint32]) -> Scores:
    """Compute K1 * (1 - B + B * length / average length) for each passage; shape (passages,), read-only."""
    average = max(float(lengths.mean()), 1.0) if len(lengths) else 1.0
    damping = (K1 * (1 - B + B * (lengths / average))).astype(np.float32)
    damping.setflags(write=False)
    return damping
