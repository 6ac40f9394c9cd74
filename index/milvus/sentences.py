"""The sentences of one generation in Milvus, brought passage by passage when their rows are asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.memory import Memory
from index.milvus.layout import Kind
from index.milvus.texts import Texts

# Sentences that were read, with their vectors: about 800 bytes each.
BYTES_REMEMBERED = 64 * 1024 * 1024
COLUMNS = 7


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of some passages. `columns` (sentences, 7) int32, `vectors` (sentences, dimension) float16."""

    columns: NDArray[np.int32]
    vectors: NDArray[np.float16]


def packed(columns: NDArray[np.int32], vectors: NDArray[np.float16]) -> bytes:
    """Return the sentences of a passage as bytes, little-endian: the columns, then the vectors."""
    return columns.astype("<i4").tobytes() + vectors.astype("<f2").tobytes()


def unpacked(content: bytes, dimension: int) -> Sentences:
    """Return what `packed` packed."""
    count = len(content) // (4 * COLUMNS + 2 * dimension)
    if not count:
        return Sentences(np.zeros((0, COLUMNS), np.int32), np.zeros((0, dimension), np.float16))
    columns = np.frombuffer(content, "<i4", count * COLUMNS).reshape(count, COLUMNS)
    vectors = np.frombuffer(content, "<f2", offset=4 * COLUMNS * count).reshape(count, dimension)
    return Sentences(columns, vectors)


class RemoteSentences:
    """Brings sentences. `passages` (passages, 5) is the table of passages.

    `read_ahead` is told the rows of the articles of passages that are brought together, since they are read next.
    """

    def __init__(self, texts: Texts, passages: NDArray[np.int32], dimension: int,
                 read_ahead: Callable[[Sequence[int]], None]) -> None:
        self._texts, self._passages, self._read_ahead = texts, passages, read_ahead
        self.dimension = dimension
        self.count = int(passages[-1, 4]) if len(passages) else 0
        self._remembered: Memory[int, Sentences] = Memory(
            BYTES_REMEMBERED, lambda found: found.columns.nbytes + found.vectors.nbytes)

    def of(self, rows: NDArray[np.int64]) -> Sentences:
        """Return the sentences in these rows, in their order."""
        passages = np.searchsorted(self._passages[:, 3], rows, side="right") - 1
        needed, which = np.unique(passages, return_inverse=True)
        brought = self._bring(needed.tolist())
        lengths = np.array([len(each.columns) for each in brought], np.int64)
        at = (np.cumsum(lengths) - lengths)[which] + rows - self._passages[needed, 3].astype(np.int64)[which]
        return Sentences(np.concatenate([each.columns for each in brought])[at],
                         np.concatenate([each.vectors for each in brought])[at])

    def _bring(self, passages: Sequence[int]) -> list[Sentences]:
        known = {row: found for row in passages if (found := self._remembered.get(row)) is not None}
        missing = [row for row in passages if row not in known]
        if missing:
            for row, content in self._texts.get(Kind.SENTENCES, missing).items():
                known[row] = unpacked(content, self.dimension)
                self._remembered.keep(row, known[row])
            if len(missing) > 1:
                self._read_ahead(self._passages[missing, 0].tolist())
        return [known[row] for row in passages]


class SentenceColumns:
    """The table of sentences, or their vectors, indexed as a NumPy array is. `pick` takes which of the two."""

    def __init__(self, sentences: RemoteSentences, pick: Callable[[Sentences], NDArray[Any]]) -> None:
        self._sentences, self._pick = sentences, pick

    def __len__(self) -> int:
        return self._sentences.count

    def __getitem__(self, key: Any) -> NDArray[Any]:
        key, columns = key if isinstance(key, tuple) else (key, slice(None))
        if isinstance(key, slice):
            key = range(*key.indices(len(self)))
        rows = np.asarray(key, np.int64)
        if not rows.size:
            return self._pick(unpacked(b"", self._sentences.dimension))[:, columns]
        rows = np.where(rows < 0, rows + len(self), rows)
        if rows.min() < 0 or rows.max() >= len(self):
            raise IndexError(f"there is no sentence in row {rows.max()}; there are {len(self)}")
        found = self._pick(self._sentences.of(np.atleast_1d(rows)))
        picked: NDArray[Any] = (found if rows.ndim else found[0])[..., columns]
        return picked
