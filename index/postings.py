"""BM25's postings: what a passage's grams count for, and their lists built in blocks and merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.arabic import grams

K1 = 1.2
B = 0.75

# Passages that are sorted together while building.
BLOCK = 20_000
# Postings for which damped frequencies are reckoned at a time while building.
_STRETCH = 1 << 22

Scores = NDArray[np.float32]


class Postings(NamedTuple):
    """The columns of a `LexicalIndex`, in its order; it says what they hold."""

    vocabulary: NDArray[np.uint64]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    frequencies: NDArray[np.uint8]
    lengths: NDArray[np.uint32]
    peaks: NDArray[np.float32]


def build_postings(texts: Iterable[str], *, block: int = BLOCK) -> Postings:
    """Postings of the texts; the n-th has row n.

    `block` texts are sorted at a time, which bounds memory and does not change the result. Memory at most is twice what
    the postings take, and what one block needs.
    """
    blocks = [_Block.of(some) for some in _batches(texts, block)]
    lengths = np.concatenate([np.zeros(0, np.uint32), *(part.lengths for part in blocks)])
    vocabulary, starts, rows, frequencies = _merge(blocks)
    return Postings(vocabulary, starts, rows, frequencies, lengths, _peaks(starts, rows, frequencies, lengths))


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


@dataclass(frozen=True, slots=True)
class _Block:
    """The postings of some texts; `counts` of them belong to each gram, and rows begin at 0."""

    vocabulary: NDArray[np.uint64]
    counts: NDArray[np.int64]
    rows: NDArray[np.int32]
    frequencies: NDArray[np.uint8]
    lengths: NDArray[np.uint32]

    @classmethod
    def of(cls, texts: list[str]) -> _Block:
        found, times, lengths = [], [], []
        for text in texts:
            distinct, frequency = np.unique(grams(text), return_counts=True)
            found.append(distinct)
            times.append(np.minimum(frequency, np.iinfo(np.uint8).max).astype(np.uint8))
            lengths.append(int(frequency.sum()))
        occurrences = np.concatenate(found)
        rows = np.repeat(np.arange(len(found), dtype=np.int32), [len(distinct) for distinct in found])
        order = np.argsort(occurrences, kind="stable")
        vocabulary, counts = np.unique(occurrences, return_counts=True)
        return cls(vocabulary, counts.astype(np.int64), rows[order], np.concatenate(times)[order],
                   np.array(lengths, np.uint32))


def _batches(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    remaining = iter(texts)
    while batch := list(islice(remaining, size)):
        yield batch


def _merge(blocks: list[_Block]) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int32], NDArray[np.uint8]]:
    """Vocabulary, starts, rows and frequencies of all blocks; empties the list, to free each once it is placed."""
    vocabulary = np.unique(np.concatenate([np.zeros(0, np.uint64), *(block.vocabulary for block in blocks)]))
    starts = np.zeros(len(vocabulary) + 1, np.int64)
    for block in blocks:
        starts[1 + np.searchsorted(vocabulary, block.vocabulary)] += block.counts
    starts = np.cumsum(starts)
    rows, frequencies = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.uint8)
    free, first_row = starts[:-1].copy(), 0
    while blocks:
        block = blocks.pop(0)
        grams_of_block = np.searchsorted(vocabulary, block.vocabulary)
        before = np.cumsum(block.counts) - block.counts
        places = np.repeat(free[grams_of_block] - before, block.counts)
        places += np.arange(len(places))
        rows[places] = block.rows + np.int32(first_row)
        frequencies[places] = block.frequencies
        free[grams_of_block] += block.counts
        first_row += len(block.lengths)
    return vocabulary, starts, rows, frequencies


def _peaks(starts: NDArray[np.int64], rows: NDArray[np.int32], frequencies: NDArray[np.uint8],
           lengths: NDArray[np.uint32]) -> NDArray[np.float32]:
    """The largest impact in each list."""
    damping, peaks = damping_of(lengths), np.zeros(len(starts) - 1, np.float32)
    first = 0
    while first < len(peaks):
        # At least one list, and as many as fit.
        end = max(first + 1, int(np.searchsorted(starts, starts[first] + _STRETCH, side="right")) - 1)
        stretch = slice(starts[first], starts[end])
        impacts = saturated(frequencies[stretch], damping[rows[stretch]])
        peaks[first:end] = np.maximum.reduceat(impacts, starts[first:end] - starts[first])
        first = end
    return peaks
