"""A question to ranked passages: dense and lexical candidates of the articles that the filters allow, fused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from index.dense import DenseIndex
from index.snapshot import Snapshot
from qa.fusion import fuse, lexical_share, scale
from qa.lexicon import arabic_words
from qa.types import Filters

if TYPE_CHECKING:
    from index.embedder import Vectors

# Passages taken from each side before fusion.
CANDIDATES = 200
# Rows whose cosines stand for the corpus when a question's lowest is wanted.
FLOOR_ROWS = 1024
# A question of which no passage covers this much is in another language than the articles.
FOREIGN_COVERAGE = 0.3
# What the closest sentence of a passage counts for beside their mean: a passage is as good as its best sentence.
SENTENCE_WEIGHT = 0.85

# The vectors of each index's sample, which go when the index does: the server opens another whenever one is published.
_SAMPLES: WeakKeyDictionary[DenseIndex, Vectors] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage's evidence: `score` fused, 0..1; `dense` a cosine; `lexical` scaled BM25, 0..1; `coverage` 0..1.

    `sentence_cosines` has one cosine a sentence of the passage.
    """

    row: int
    score: float
    dense: float
    lexical: float
    coverage: float
    sentence_cosines: NDArray[np.float32]


def retrieve(snapshot: Snapshot, question: str, query_vector: Vectors, allowed: NDArray[np.bool_] | None,
             count: int) -> list[Candidate]:
    """The `count` best passages, best first; of `allowed` rows alone when a mask is given.

    Equal scores are ranked by row, so that the same snapshot always gives the same order.
    """
    by_cosine, cosines = snapshot.dense.search(query_vector, CANDIDATES, allowed)
    words, by_words = _lexical_candidates(snapshot, question, allowed)
    rows = np.union1d(by_cosine, by_words)
    if not len(rows):
        return []
    passage_cosines = _aligned(rows, by_cosine, cosines, snapshot, query_vector)
    sentence_cosines = _sentence_cosines(snapshot, rows, query_vector)
    closest = np.array([of_passage.max(initial=-1.0) for of_passage in sentence_cosines], np.float32)
    dense = (1 - SENTENCE_WEIGHT) * passage_cosines + SENTENCE_WEIGHT * closest
    bm25, coverage = snapshot.lexical.scores_of(words, rows)
    lexical_scores = lexical_share(bm25, float(coverage.max()))
    fused = fuse(scale(dense, _floor(snapshot, query_vector)), lexical_scores)
    best = np.lexsort((rows, -fused))[:count]
    return [Candidate(int(rows[place]), float(fused[place]), float(dense[place]), float(lexical_scores[place]),
                      float(coverage[place]), sentence_cosines[place]) for place in best]


def _lexical_candidates(snapshot: Snapshot, question: str, allowed: NDArray[np.bool_] | None
                        ) -> tuple[str, NDArray[np.int64]]:
    """The words looked for, and the rows that hold them best: those of the question as it stands; where next to none of
    it is in the index, filtered or not, its Arabic words besides."""
    rows, _, coverage = snapshot.lexical.search(question, CANDIDATES, allowed)
    if coverage.max(initial=0) >= FOREIGN_COVERAGE or not (arabic := arabic_words(question)):
        return question, rows
    if allowed is not None:
        _, _, coverage = snapshot.lexical.search(question, CANDIDATES, None)
        if coverage.max(initial=0) >= FOREIGN_COVERAGE:
            return question, rows
    question = f"{question} {arabic}"
    return question, snapshot.lexical.search(question, CANDIDATES, allowed)[0]


def allowed_rows(snapshot: Snapshot, filters: Filters) -> NDArray[np.bool_] | None:
    """Which passages the filters admit, (passages,) bool; None when they admit all."""
    articles = allowed_articles(snapshot, filters)
    return None if articles is None else articles[snapshot.tables.passages[:, 0]]


def allowed_articles(snapshot: Snapshot, filters: Filters) -> NDArray[np.bool_] | None:
    """Which articles the filters admit, (articles,) bool; None when they admit all."""
    if filters == Filters():
        return None
    articles = snapshot.articles
    days = articles.published_days
    allowed = np.ones(len(articles), bool)
    if filters.published_from is not None:
        allowed &= days >= filters.published_from.toordinal()
    if filters.published_to is not None:
        allowed &= (days != 0) & (days <= filters.published_to.toordinal())
    if filters.sources:
        codes = [code for code, source in enumerate(articles.sources) if source in filters.sources]
        allowed &= np.isin(articles.source_codes, codes)
    return allowed


def _aligned(rows: NDArray[np.int64], found: NDArray[np.int64], cosines: NDArray[np.float32], snapshot: Snapshot,
             query_vector: Vectors) -> NDArray[np.float32]:
    """The cosine of each of `rows`: those the dense search found, and the others computed now."""
    aligned = np.empty(len(rows), np.float32)
    known = np.isin(rows, found)
    aligned[np.searchsorted(rows, found)] = cosines
    aligned[~known] = snapshot.dense.cosines(query_vector, rows[~known])
    return aligned


def _sentence_cosines(snapshot: Snapshot, rows: NDArray[np.int64], query_vector: Vectors) -> list[NDArray[np.float32]]:
    """For each passage, the cosines of its sentences; a heading has none of its own worth and gets -1."""
    spans = snapshot.tables.passages[rows, 3:5]
    sentence_rows = np.concatenate([np.arange(first, end) for first, end in spans])
    cosines = snapshot.tables.sentence_vectors[sentence_rows].astype(np.float32) @ query_vector
    cosines[snapshot.tables.sentences[sentence_rows, 2] == 1] = -1
    return np.split(cosines, np.cumsum(spans[:-1, 1] - spans[:-1, 0]))


def _floor(snapshot: Snapshot, query_vector: Vectors) -> float:
    """What a passage of this corpus that has nothing to do with the question scores: the lowest of a sample."""
    return float((_sample(snapshot.dense) @ query_vector).min())


def _sample(dense: DenseIndex) -> Vectors:
    """The vectors of every n-th row, at least `FLOOR_ROWS` of them where there are as many."""
    sample = _SAMPLES.get(dense)
    if sample is None:
        step = max(1, len(dense) // FLOOR_ROWS)
        sample = _SAMPLES[dense] = np.stack([dense.vector(row) for row in range(0, len(dense), step)])
    return sample
