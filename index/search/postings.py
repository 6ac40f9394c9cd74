"""Build the postings of the lexical index: sort blocks of passages on disk, then merge them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from functools import reduce
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.columns import ColumnWriter, write_array
from index.search.bm25 import damping_of, saturated
from index.search.terms import Terms

# Number of passages that are sorted at a time.
BLOCK = 8192
# Number of postings that are merged at a time.
STRETCH = 1 << 22


class Postings(NamedTuple):
    """The columns of an inverted index: the postings of `vocabulary[i]` lie from `starts[i]` up to `starts[i + 1]`.

    Shapes and types: `vocabulary` (grams,) uint64, sorted; `starts` (grams + 1,) int64; `rows` (postings,) int32,
    ascending within a gram; `frequencies` (postings,) uint8, capped at 255; `lengths` (passages,) uint32, in grams;
    `peaks` (grams,) float32, the largest saturated frequency in each gram's postings: an upper bound of what one
    occurrence of the gram in a question adds to a score, before the inverse document frequency.
    """

    vocabulary: NDArray[np.uint64]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    frequencies: NDArray[np.uint8]
    lengths: NDArray[np.uint32]
    peaks: NDArray[np.float32]


def build_postings(passages: Iterable[Terms], *, block: int = BLOCK) -> Postings:
    """Build the postings of the passages in memory; the n-th gets row n. `block` does not change the result."""
    with TemporaryDirectory(prefix="musnad-") as folder:
        writer = PostingsWriter(Path(folder), block=block)
        for terms in passages:
            writer.add(terms)
        writer.close()
        return Postings(*(np.load(Path(folder) / file_of(name), allow_pickle=False) for name in Postings._fields))


def file_of(column: str) -> str:
    """Return the name of the file that holds a column."""
    return f"lexical_{column}.npy"


class PostingsWriter:
    """Writes the postings of passages into a folder, passage by passage.

    It sorts `block` passages at a time and keeps them on disk until the merge, so that memory holds one block, or the
    vocabulary and `STRETCH` postings. It can copy passages of `base`, an index written before, in any order.
    """

    def __init__(self, folder: Path, *, base: Postings | None = None, block: int = BLOCK) -> None:
        self._folder = folder
        self._size = block
        self._terms: list[Terms] = []
        self._rows: list[int] = []
        self._blocks: list[_Block] = []
        self._lengths = array("I")
        self._base = base
        # The new row of each passage of the base, or -1.
        self._row_here = np.full(0 if base is None else len(base.lengths), -1, np.int32)

    def add(self, terms: Terms) -> None:
        """Append a passage; its row is the number of passages before it."""
        self._terms.append(terms)
        self._rows.append(len(self._lengths))
        self._lengths.append(len(terms.words))
        if len(self._terms) == self._size:
            self._sort()

    def take_over(self, first: int, end: int) -> None:
        """Append copies of the base's rows `first` to `end`; each row may be copied once. Raises ValueError without a
        base."""
        if self._base is None:
            raise ValueError("there is no base to take passages over from")
        self._row_here[first:end] = np.arange(len(self._lengths), len(self._lengths) + end - first)
        self._lengths.extend(self._base.lengths[first:end].tolist())

    def close(self) -> None:
        """Merge the blocks into the final files and remove them."""
        self._sort()
        if self._base is not None and len(self._base.rows) and (self._row_here[self._base.rows] >= 0).any():
            self._blocks.append(_taken_over(self._base, self._row_here, self._folder / ".block-base"))
        lengths = np.array(self._lengths, np.uint32)
        vocabulary = reduce(np.union1d, (block.vocabulary for block in self._blocks), np.zeros(0, np.uint64))
        starts = np.zeros(len(vocabulary) + 1, np.int64)
        for block in self._blocks:
            starts[1 + np.searchsorted(vocabulary, block.vocabulary)] += np.diff(block.starts)
        starts = np.cumsum(starts)
        for name, column in (("vocabulary", vocabulary), ("starts", starts), ("lengths", lengths)):
            write_array(self._folder / file_of(name), column)
        damping = damping_of(lengths)
        with (ColumnWriter(self._folder / file_of("rows"), np.int32) as rows,
              ColumnWriter(self._folder / file_of("frequencies"), np.uint8) as frequencies,
              ColumnWriter(self._folder / file_of("peaks"), np.float32) as peaks):
            for first, end in _stretches(starts):
                stretch = _merged(self._blocks, vocabulary[first:end])
                rows.append(stretch[0])
                frequencies.append(stretch[1])
                impacts = saturated(stretch[1], damping[stretch[0]])
                peaks.append(np.maximum.reduceat(impacts, starts[first:end] - starts[first]))
        for block in self._blocks:
            block.remove()

    def _sort(self) -> None:
        """Sort the passages added since the last block by gram and write them as a block."""
        if not self._terms:
            return
        found, times = [], []
        for terms in self._terms:
            distinct, frequency = np.unique(np.concatenate(terms), return_counts=True)
            found.append(distinct)
            times.append(np.minimum(frequency, np.iinfo(np.uint8).max).astype(np.uint8))
        occurrences = np.concatenate(found)
        order = np.argsort(occurrences, kind="stable")
        rows = np.repeat(np.array(self._rows, np.int32), [len(each) for each in found])
        self._terms.clear()
        self._rows.clear()
        vocabulary, counts = np.unique(occurrences, return_counts=True)
        self._blocks.append(_Block.write(self._folder / f".block-{len(self._blocks)}", vocabulary,
                                         np.concatenate([[0], np.cumsum(counts)]), rows[order],
                                         np.concatenate(times)[order]))


class _Block(NamedTuple):
    """The postings of some passages, mapped from files; positions as in `LexicalIndex`."""

    path: Path
    vocabulary: NDArray[np.uint64]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    frequencies: NDArray[np.uint8]

    @classmethod
    def write(cls, path: Path, *columns: NDArray[Any]) -> _Block:
        """Write the columns to files whose names begin with `path`, and map them."""
        for number, column in enumerate(columns):
            write_array(cls.file(path, number), column)
        return cls.mapped(path)

    @classmethod
    def mapped(cls, path: Path) -> _Block:
        """Map the columns of the files whose names begin with `path`."""
        return cls(path, *(np.load(cls.file(path, number), mmap_mode="r", allow_pickle=False) for number in range(4)))

    def remove(self) -> None:
        """Remove the files of this block."""
        for number in range(4):
            self.file(self.path, number).unlink()

    @staticmethod
    def file(path: Path, number: int) -> Path:
        """Return the path of a column; columns are numbered in the order of the fields."""
        return path.with_name(f"{path.name}-{number}.npy")


def _stretches(starts: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Split the vocabulary into ranges of at most `STRETCH` postings, but at least one gram."""
    first = 0
    while first < len(starts) - 1:
        end = max(first + 1, int(np.searchsorted(starts, starts[first] + STRETCH, side="right")) - 1)
        yield first, end
        first = end


def _taken_over(base: Postings, row_here: NDArray[np.int32], path: Path) -> _Block:
    """Write the base's postings of the copied passages as a block, in files whose names begin with `path`."""
    kept_grams, counts = [], []
    names = [_Block.file(path, number) for number in range(4)]
    with ColumnWriter(names[2], np.int32) as rows, ColumnWriter(names[3], np.uint8) as frequencies:
        for first, end in _stretches(base.starts):
            postings = slice(int(base.starts[first]), int(base.starts[end]))
            here = row_here[base.rows[postings]]
            kept = here >= 0
            rows.append(here[kept])
            frequencies.append(base.frequencies[postings][kept])
            of_gram = np.add.reduceat(kept, base.starts[first:end] - postings.start, dtype=np.int64)
            kept_grams.append(base.vocabulary[first:end][of_gram > 0])
            counts.append(of_gram[of_gram > 0])
    write_array(names[0], np.concatenate(kept_grams))
    write_array(names[1], np.concatenate([[0], np.cumsum(np.concatenate(counts))]))
    return _Block.mapped(path)


def _merged(blocks: list[_Block], vocabulary: NDArray[np.uint64]) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """Merge the blocks' postings of these grams; return rows, ascending within each gram, and frequencies."""
    keys, frequencies = [], []
    for block in blocks:
        first = int(np.searchsorted(block.vocabulary, vocabulary[0]))
        end = int(np.searchsorted(block.vocabulary, vocabulary[-1], side="right"))
        lists = np.searchsorted(vocabulary, block.vocabulary[first:end])
        postings = slice(int(block.starts[first]), int(block.starts[end]))
        keys.append(np.repeat(lists << 32, np.diff(block.starts[first:end + 1])) | block.rows[postings])
        frequencies.append(block.frequencies[postings])
    # Each block is sorted already, which makes a stable sort fast.
    together = np.concatenate(keys)
    order = np.argsort(together, kind="stable")
    return together[order].astype(np.int32), np.concatenate(frequencies)[order]
