"""Inner-product search over unit vectors with FAISS: exact while that is quick, by clusters beyond.

Up to `FLAT_ROWS` vectors are stored as float32, and each is compared with the query. Beyond that, vectors are stored as
float16 in an inverted file (IVF, Jégou et al. 2011) with one list for each k-means cluster. A search scans the lists
nearest to the query, or all lists under a filter. docs/decisions/0008-dense-index.md has the measurements behind the
constants.
"""

from __future__ import annotations

from math import isqrt
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.search.allowed import Allowed, mask_of

if TYPE_CHECKING:
    import faiss

# Largest number of vectors that are stored flat: comparing them all with a query takes 3 to 4 ms.
FLAT_ROWS = 50_000
# Number of lists that an unfiltered search scans, out of `_list_count`.
PROBES = 512
# Largest number of allowed rows that are fetched and compared one by one; scanning the lists is faster for more.
FEW_ROWS = 1_000
# Bound the time of training: k-means samples this many vectors for each list and runs this many iterations.
_TRAINING_ROWS_PER_LIST = 40
_TRAINING_ROUNDS = 8
_SEED = 1234
# Number of vectors that are added at a time; a build holds this many in memory besides the index.
BLOCK = 1 << 15


class DenseIndex:
    """A FAISS index. A vector's FAISS id is its row; inner products of unit vectors are cosines."""

    def __init__(self, index: faiss.Index, content: NDArray[np.uint8] | None = None) -> None:
        import faiss

        # FAISS reads the vectors in place and does not keep `content` alive.
        self._content = content
        self._index = index
        self._lists = index.nlist if isinstance(index, faiss.IndexIVF) else 0

    @classmethod
    def build(cls, vectors: NDArray[np.float32], *, flat_rows: int = FLAT_ROWS) -> DenseIndex:
        """Index `vectors` of shape (rows, dimension): flat up to `flat_rows`, in lists beyond. The array may be
        a mapped file.

        On one machine, the same vectors always give the same index.
        """
        # Loaded here: importing faiss takes a quarter of a second and loads its own BLAS.
        import faiss

        rows, dimension = vectors.shape
        if rows <= flat_rows:
            index: faiss.Index = faiss.IndexFlatIP(dimension)
        else:
            index = faiss.IndexIVFScalarQuantizer(
                faiss.IndexFlatIP(dimension), dimension, _list_count(rows), faiss.ScalarQuantizer.QT_fp16,
                faiss.METRIC_INNER_PRODUCT, False)  # noqa: FBT003  # FAISS takes no keywords; vectors are stored whole
            index.nprobe = PROBES
            index.cp.spherical = True
            index.cp.seed = _SEED
            index.cp.niter = _TRAINING_ROUNDS
            index.cp.min_points_per_centroid = 1
            index.cp.max_points_per_centroid = _TRAINING_ROWS_PER_LIST
            index.train(np.ascontiguousarray(vectors[_training_rows(rows)], np.float32))
        for first in range(0, rows, BLOCK):
            index.add(np.ascontiguousarray(vectors[first:first + BLOCK], np.float32))
        if isinstance(index, faiss.IndexIVF):
            index.make_direct_map()
        return cls(index)

    @classmethod
    def from_bytes(cls, content: bytes | memoryview) -> DenseIndex:
        """Open the index that `write` wrote, without copying. Verify the bytes first: FAISS trusts what it parses."""
        import faiss

        array = np.frombuffer(content, np.uint8)
        reader = faiss.ZeroCopyIOReader(faiss.swig_ptr(array), array.size)  # type: ignore[attr-defined]  # its stubs
        return cls(faiss.read_index(reader), array)

    def write(self, path: Path) -> None:
        """Write the index in FAISS's own format. Raises OSError when the disk is full, unlike `faiss.write_index`."""
        import faiss

        failed: list[OSError] = []
        with path.open("wb") as stream:
            def write(content: bytes) -> int:
                # FAISS would swallow an exception.
                try:
                    return stream.write(content) if not failed else len(content)
                except OSError as error:
                    failed.append(error)
                    return len(content)

            faiss.write_index(self._index, faiss.PyCallbackIOWriter(write, 1 << 20))  # type: ignore[attr-defined]  # its stubs
        if failed:
            raise failed[0]

    @property
    def dimension(self) -> int:
        """Number of components of each vector."""
        return int(self._index.d)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, query: NDArray[np.float32], count: int,
               allowed: Allowed | None) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the rows and cosines of the `count` nearest vectors, best first.

        `query` has shape (dimension,), a mask (rows,). With a mask, only the allowed rows are ranked. The result is
        exact for a flat index, and for any index under a mask, since all allowed rows are then compared.
        """
        import faiss

        allowed = mask_of(allowed)
        allowed_count = len(self) if allowed is None else int(np.count_nonzero(allowed))
        count = min(count, allowed_count)
        if count == 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        if self._lists and allowed is not None and allowed_count <= FEW_ROWS:
            return self._nearest_of(query, np.flatnonzero(allowed), count)
        _run_on_one_thread()
        if allowed is None:
            scores, rows = self._index.search(query[None], count)
            if rows[0, -1] >= 0:
                return rows[0], scores[0]
            # The lists nearest to the query hold fewer than `count` vectors: scan all lists.
            allowed = np.ones(len(self), bool)
        bits = np.packbits(allowed, bitorder="little")
        selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg,arg-type]  # its stubs
        parameters = (faiss.SearchParametersIVF(sel=selector, nprobe=self._lists) if self._lists  # type: ignore[call-arg]  # its stubs
                      else faiss.SearchParameters(sel=selector))  # type: ignore[call-arg]  # its stubs
        scores, rows = self._index.search(query[None], count, params=parameters)
        return rows[0], scores[0]

    def vector(self, row: int) -> NDArray[np.float32]:
        """Return the vector of one row, shape (dimension,)."""
        return np.asarray(self._index.reconstruct(row), np.float32)

    def cosines(self, query: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Compute the cosine of the query with each of `rows`, in their order."""
        if not len(rows):
            return np.zeros(0, np.float32)
        _run_on_one_thread()
        return self.vectors(rows) @ query

    def vectors(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of these rows, shape (rows, dimension)."""
        return np.asarray(self._index.reconstruct_batch(rows), np.float32).reshape(-1, self.dimension)

    def _nearest_of(self, query: NDArray[np.float32], rows: NDArray[np.int64],
                    count: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        cosines = self.cosines(query, rows)
        best = np.argsort(-cosines, kind="stable")[:count]
        return rows[best], cosines[best]


def _run_on_one_thread() -> None:
    """Make FAISS use one thread: two take twice the time even on idle cores, and wait for each other on busy ones.

    OpenMP keeps this setting per calling thread.
    """
    import faiss

    faiss.omp_set_num_threads(1)


def _list_count(rows: int) -> int:
    """Return four times the square root of `rows`, so that choosing lists and scanning them grow alike."""
    return min(rows, 4 * isqrt(rows))


def _training_rows(rows: int) -> NDArray[np.int64]:
    count = min(rows, _TRAINING_ROWS_PER_LIST * _list_count(rows))
    return np.sort(np.random.default_rng(_SEED).choice(rows, count, replace=False))
