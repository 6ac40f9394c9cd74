"""Exact inner-product search over unit vectors with FAISS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import faiss


class DenseIndex:
    """A flat FAISS index. A vector's FAISS id is its row; inner products of unit vectors are cosines."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: NDArray[np.float32]) -> DenseIndex:
        """Index `vectors` of shape (rows, dimension)."""
        # Loaded here: importing faiss takes a quarter of a second and loads its own BLAS.
        import faiss

        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, np.float32))
        return cls(index)

    @classmethod
    def from_bytes(cls, content: bytes | memoryview) -> DenseIndex:
        """The index that `to_bytes` wrote. Verify the bytes first: FAISS trusts what it parses."""
        import faiss

        return cls(faiss.deserialize_index(np.frombuffer(content, np.uint8)))

    def to_bytes(self) -> bytes:
        """FAISS's own serialisation; FAISS's `write_index` would neither sync nor report a full disk."""
        import faiss

        return faiss.serialize_index(self._index).tobytes()

    @property
    def dimension(self) -> int:
        """Length of its vectors."""
        return int(self._index.d)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, query: NDArray[np.float32], count: int,
               allowed: NDArray[np.bool_] | None) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Rows and cosines of the `count` nearest, best first; of `allowed` rows alone when a mask is given."""
        import faiss

        parameters = None
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bits))  # type: ignore[call-arg,arg-type]  # its stubs
            count = min(count, int(allowed.sum()))
        count = min(count, len(self))
        if count == 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        # One thread a question: two take twice as long even on idle cores, and wait for each other on busy ones.
        faiss.omp_set_num_threads(1)
        scores, rows = self._index.search(query[None], count, params=parameters)
        return rows[0], scores[0]

    def vector(self, row: int) -> NDArray[np.float32]:
        """The vector of one row, shape (dimension,)."""
        return np.asarray(self._index.reconstruct(row), np.float32)

    def cosines(self, query: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """The cosine of the query with each of `rows`."""
        if not len(rows):
            return np.zeros(0, np.float32)
        vectors: NDArray[np.float32] = self._index.reconstruct_batch(rows)
        return vectors @ query
