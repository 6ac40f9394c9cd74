"""What the program needs of a generation's dense and lexical search, wherever they run.

`DenseIndex` and `LexicalIndex` read files of the index folder, `MilvusDense` and `MilvusLexical` ask a Milvus server.
tests/test_stores.py holds both to the same rows and scores.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.search.allowed import Allowed
from index.search.bm25 import Scores
from index.search.terms import Terms

Rows = NDArray[np.int64]


class DenseSearch(Protocol):
    """Search the vectors of passages; inner products of unit vectors are cosines."""

    def __len__(self) -> int: ...

    @property
    def dimension(self) -> int:
        """Number of components of each vector."""

    def search(self, query: NDArray[np.float32], count: int, allowed: Allowed | None) -> tuple[Rows, Scores]:
        """Return the rows and cosines of the `count` nearest of the allowed vectors, best first."""

    def cosines(self, query: NDArray[np.float32], rows: Rows) -> Scores:
        """Compute the cosine of the query with each of `rows`, in their order."""

    def vectors(self, rows: Rows) -> NDArray[np.float32]:
        """Return the vectors of these rows, shape (rows, dimension)."""


class LexicalSearch(Protocol):
    """Search the terms of passages by BM25."""

    def search(self, terms: Terms, count: int, allowed: Allowed | None) -> tuple[Rows, Scores, Scores]:
        """Return the rows, BM25 scores and coverages of the `count` best of the allowed passages, best first."""

    def scores_of(self, terms: Terms, rows: Rows) -> tuple[Scores, Scores]:
        """Return the BM25 scores and coverages of these rows, in their order."""

    def coverage_of_words(self, terms: Terms, rows: Rows) -> Scores:
        """Return the coverages of these rows by the question's words alone, ignoring its dates and numbers."""

    def holds(self, wanted: NDArray[np.uint64]) -> bool:
        """Whether `wanted`, shape (grams,), is not empty and each of its grams is indexed."""

    def inverse_document_frequency(self, wanted: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Return the inverse document frequency of each gram, shape (grams,)."""
