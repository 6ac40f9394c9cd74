"""Search the passages of one generation in Milvus, by vectors and by words, with the scores of FAISS and our BM25."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.memory import Memory
from index.milvus.condition import among, condition_of
from index.milvus.connection import Connection
from index.milvus.layout import ROW, TERMS, VECTOR, dense_search
from index.milvus.leases import Lease
from index.search.allowed import Allowed
from index.search.bm25 import Scores
from index.search.gram_table import GramTable, Weighed
from index.search.terms import Terms

# Milvus returns at most so many rows at once.
MOST_ROWS = 16_384
# Rows brought at a time by their numbers.
BLOCK = 1024
# Milvus orders equal scores as it likes, and ours go by row: so many more are asked for, and what is too many dropped.
MARGIN = 32
# Passages of which the terms are remembered: about 3.5 kB each.
REMEMBERED = 2048

Rows = NDArray[np.int64]


class Passages:
    """The collection of the passages of one generation. `lease` keeps it from being dropped while it is used."""

    def __init__(self, connection: Connection, collection: str, count: int, sources: Sequence[str],
                 lease: Lease) -> None:
        self._connection, self._collection = connection, collection
        self._sources, self._lease = sources, lease
        self.count = count

    def search(self, field: str, query: Any, limit: int, allowed: Allowed | None, *, output: Sequence[str] = ()
               ) -> list[dict[str, Any]]:
        """Return the `limit` passages with the largest inner product, each with its row, `distance` and `output`."""
        limit = min(limit, self.count, MOST_ROWS)
        if limit <= 0:
            return []
        condition = condition_of(allowed, self._sources)
        parameters = dense_search(self.count, limit) if field == VECTOR else {}
        [found] = self._connection.read(
            "search", self._collection, [query], anns_field=field, limit=limit, filter=condition,
            search_params={"metric_type": "IP", "params": parameters}, output_fields=[ROW, *output],
            consistency_level="Eventually")
        return [dict(each) for each in found]

    def get(self, rows: Iterable[int], field: str) -> dict[int, Any]:
        """Return a field of these rows."""
        wanted = list(rows)
        found: dict[int, Any] = {}
        for first in range(0, len(wanted), BLOCK):
            found |= {int(each[ROW]): each[field] for each in self._connection.read(
                "query", self._collection, filter=among(wanted[first:first + BLOCK]), output_fields=[ROW, field],
                consistency_level="Eventually")}
        return found


class MilvusDense:
    """Dense search: exact up to `FLAT_ROWS` passages, as FAISS's flat index is; a graph or DiskANN beyond."""

    def __init__(self, passages: Passages, dimension: int) -> None:
        self._passages = passages
        self.dimension = dimension

    def __len__(self) -> int:
        return self._passages.count

    def search(self, query: NDArray[np.float32], count: int, allowed: Allowed | None) -> tuple[Rows, Scores]:
        """Return the rows and cosines of the `count` nearest of the allowed vectors, best first."""
        found = self._passages.search(VECTOR, query.astype(np.float32).tolist(), count + MARGIN, allowed)
        rows = np.array([each[ROW] for each in found], np.int64)
        cosines = np.array([each["distance"] for each in found], np.float32)
        best = np.lexsort((rows, -cosines))[:count]
        return rows[best], cosines[best]

    def cosines(self, query: NDArray[np.float32], rows: Rows) -> Scores:
        """Compute the cosine of the query with each of `rows`, in their order."""
        return self.vectors(rows) @ query

    def vectors(self, rows: Rows) -> NDArray[np.float32]:
        """Return the vectors of these rows, shape (rows, dimension)."""
        found = self._passages.get(rows.tolist(), VECTOR)
        return np.array([found[row] for row in rows.tolist()], np.float32).reshape(-1, self.dimension)


class MilvusLexical:
    """Lexical search: the inner product of a question's weighed grams with the saturated frequencies of the passages,
    which is BM25. What is found is scored again here, in the order in which `LexicalIndex` sums.
    """

    def __init__(self, passages: Passages, grams: GramTable) -> None:
        self._passages, self._grams = passages, grams
        self._remembered: Memory[int, tuple[Rows, Scores]] = Memory(REMEMBERED)

    def search(self, terms: Terms, count: int, allowed: Allowed | None) -> tuple[Rows, Scores, Scores]:
        """Return the rows, BM25 scores and coverages of the `count` best of the allowed passages, best first, ties by
        row.
        """
        asked = self._grams.weighed(terms)
        if not len(asked.places) or count <= 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, np.float32)
        query = dict(zip(asked.places.tolist(), asked.weights.tolist(), strict=True))
        found = self._passages.search(TERMS, query, count + MARGIN, allowed, output=(TERMS,))
        for each in found:
            self._remembered.keep(int(each[ROW]), _vector_of(each["entity"][TERMS]))
        rows = np.array([each[ROW] for each in found], np.int64)
        bm25, coverage = self._scores(asked, rows)
        best = np.lexsort((rows, -bm25))[:count]
        best = best[bm25[best] > 0]
        return rows[best], bm25[best], coverage[best]

    def scores_of(self, terms: Terms, rows: Rows) -> tuple[Scores, Scores]:
        """Return the BM25 scores and coverages of these rows, in their order."""
        return self._scores(self._grams.weighed(terms), rows)

    def coverage_of_words(self, terms: Terms, rows: Rows) -> Scores:
        """Return the coverages of these rows by the question's words alone, ignoring its dates and numbers."""
        return self._scores(self._grams.weighed_grams(terms.words), rows)[1]

    def holds(self, wanted: NDArray[np.uint64]) -> bool:
        """Whether `wanted`, shape (grams,), is not empty and each of its grams is indexed."""
        return self._grams.holds(wanted)

    def inverse_document_frequency(self, wanted: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Return the inverse document frequency of each gram, shape (grams,); that of n = 0 if it is not indexed."""
        return self._grams.inverse_document_frequency(wanted)

    def _scores(self, asked: Weighed, rows: Rows) -> tuple[Scores, Scores]:
        impacts = self._impacts(asked, rows)
        bm25, held = np.zeros(len(rows)), np.zeros(len(rows))
        for weight, of_gram in zip(asked.weights, impacts, strict=True):
            bm25 += weight * of_gram
            held += weight * (of_gram > 0)
        return bm25.astype(np.float32), (held / (asked.weight or 1.0)).astype(np.float32)

    def _impacts(self, asked: Weighed, rows: Rows) -> Scores:
        """Return what each gram adds to each row before its weight, shape (grams, rows)."""
        vectors = self._vectors(rows.tolist())
        impacts = np.zeros((len(asked.places), len(rows)), np.float32)
        for column, row in enumerate(rows.tolist()):
            places, saturated = vectors[row]
            if len(places):
                at = np.minimum(np.searchsorted(places, asked.places), len(places) - 1)
                impacts[:, column] = np.where(places[at] == asked.places, saturated[at], 0)
        return impacts

    def _vectors(self, rows: Sequence[int]) -> dict[int, tuple[Rows, Scores]]:
        known = {row: vector for row in rows if (vector := self._remembered.get(row)) is not None}
        for row, terms in self._passages.get((row for row in rows if row not in known), TERMS).items():
            known[row] = _vector_of(terms)
            self._remembered.keep(row, known[row])
        return known


def _vector_of(terms: dict[int, float]) -> tuple[Rows, Scores]:
    """Return the places, ascending, and values of a sparse vector."""
    places = np.fromiter(terms.keys(), np.int64, len(terms))
    values = np.fromiter(terms.values(), np.float32, len(terms))
    order = np.argsort(places)
    return places[order], values[order]
