"""A question to ranked passages: dense and lexical candidates of the articles that the filters allow, fused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.lexical import LexicalScores
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
# What the closest sentence of a passage adds to the passage's own vector: a passage is as good as its best sentence.
SENTENCE_WEIGHT = 0.5


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
    lexical = _lexical_scores(snapshot, question)
    bm25 = lexical.bm25 if allowed is None else np.where(allowed, lexical.bm25, 0)
    by_words = np.argsort(-bm25, kind="stable")[:CANDIDATES]
    by_words = by_words[bm25[by_words] > 0]
    rows = np.union1d(by_cosine, by_words)
    if not len(rows):
        return []
    passage_cosines = _aligned(rows, by_cosine, cosines, snapshot, query_vector)
    sentence_cosines = _sentence_cosines(snapshot, rows, query_vector)
    closest = np.array([of_passage.max(initial=-1.0) for of_passage in sentence_cosines], np.float32)
    dense = (1 - SENTENCE_WEIGHT) * passage_cosines + SENTENCE_WEIGHT * closest
    coverage = lexical.coverage[rows]
    lexical_scores = lexical_share(bm25[rows], float(coverage.max()))
    fused = fuse(scale(dense, _floor(snapshot, query_vector)), lexical_scores)
    best = np.lexsort((rows, -fused))[:count]
    return [Candidate(int(rows[place]), float(fused[place]), float(dense[place]), float(lexical_scores[place]),
                      float(coverage[place]), sentence_cosines[place]) for place in best]


def _lexical_scores(snapshot: Snapshot, question: str) -> LexicalScores:
    """Of the question as it stands; where next to none of it is in the index, of its Arabic words besides."""
    scores = snapshot.lexical.score(question)
    if float(scores.coverage.max(initial=0)) < FOREIGN_COVERAGE and (arabic := arabic_words(question)):
        return snapshot.lexical.score(f"{question} {arabic}")
    return scores


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
    step = max(1, snapshot.passage_count // FLOOR_ROWS)
    sample = np.arange(0, snapshot.passage_count, step)
    return float(snapshot.dense.cosines(query_vector, sample).min())
