"""Retrieve passages: take dense and lexical candidates from the articles that the filters allow, and fuse them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from index.generation.snapshot import Snapshot
from index.language.arabic import bare_alef
from index.search.allowed import Admitted, Allowed
from index.search.protocols import DenseSearch
from index.search.terms import Terms, question_terms
from qa.question.languages import Language
from qa.question.parsed import ParsedQuestion
from qa.question.translation import in_arabic
from qa.retrieve.fusion import FULL_COVERAGE, FULL_COVERAGE_TRANSLATED, fuse, lexical_share, scale
from qa.types.filters import Filters

if TYPE_CHECKING:
    from index.model.types import Embedder, Vectors

# Passages taken from each side before fusion.
CANDIDATES = 100
# Passages whose sentences are compared with the question: the best by passage vectors and words.
LOOKED_INTO = 64
# Rows sampled to estimate the lowest cosine that a passage of this corpus has with a question.
FLOOR_ROWS = 1024
# If no passage covers this share of a question, the question is in another language than the articles.
FOREIGN_COVERAGE = 0.3
# Weight of a passage's closest sentence; the rest is the weight of the passage's own vector.
SENTENCE_WEIGHT = 0.85

# The sample of each open index. Weak keys free it with the index, which the server replaces at each publication.
_SAMPLES: WeakKeyDictionary[DenseSearch, Vectors] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A retrieved passage, with the evidence for it.

    `score` is fused, 0..1; `dense` is a cosine; `lexical` is scaled BM25, 0..1; `coverage` is the share of the
    question's gram weight that the passage holds, 0..1; `sentence_cosines` has one cosine for each sentence.
    """

    row: int
    score: float
    dense: float
    lexical: float
    coverage: float
    sentence_cosines: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class WordsFound:
    """The result of a lexical search: the terms searched for, the best rows, and their BM25 and coverage.

    For a translated question, `share` is the share of the question that could be translated, 0..1, and `coverage` is
    already multiplied by it.
    """

    terms: Terms
    rows: NDArray[np.int64]
    bm25: NDArray[np.float32]
    coverage: NDArray[np.float32]
    is_translation: bool = False
    share: float = 1.0


def embed_question(embedder: Embedder, question: ParsedQuestion) -> Vectors:
    """Embed a question, shape (dimension,). Drop marks and hamzas on alef first, so that spelling does not matter."""
    return embedder.embed_query(bare_alef(question.text))


def find_words(snapshot: Snapshot, question: ParsedQuestion, allowed: Allowed | None) -> WordsFound:
    """Search the postings for the question's terms, or for its Arabic translation.

    The translation is used if the question is not Arabic and the index holds hardly any of its words, with or without
    the filters.
    """
    found = WordsFound(question.terms, *snapshot.lexical.search(question.terms, CANDIDATES, allowed))
    if question.language is Language.ARABIC or _has_words(snapshot, found):
        return found
    if allowed is not None and _has_words(
            snapshot, WordsFound(question.terms, *snapshot.lexical.search(question.terms, CANDIDATES, None))):
        return found
    arabic = in_arabic(question, snapshot.lexical)
    terms = question_terms(arabic.text)
    rows, bm25, coverage = snapshot.lexical.search(terms, CANDIDATES, allowed)
    return WordsFound(terms, rows, bm25, coverage * np.float32(arabic.share), is_translation=True,
                      share=arabic.share)


def _has_words(snapshot: Snapshot, found: WordsFound) -> bool:
    """Tell whether the rows hold the question's words, not only its dates and numbers, which any language shares."""
    return bool(snapshot.lexical.coverage_of_words(found.terms, found.rows).max(initial=0) >= FOREIGN_COVERAGE)


def retrieve(snapshot: Snapshot, question: ParsedQuestion, query_vector: Vectors, allowed: Allowed | None,
             count: int, words_found: Callable[[], WordsFound] | None = None) -> list[Candidate]:
    """Return the `count` best passages, best first, from the `allowed` rows alone if any are given.

    Ties are ranked by row, so that a snapshot always gives the same order. `words_found` returns the result of
    `find_words` for the same question, if the caller has started it in another thread; otherwise it runs here.
    """
    by_cosine, cosines = snapshot.dense.search(query_vector, CANDIDATES, allowed)
    found = words_found() if words_found else find_words(snapshot, question, allowed)
    rows = np.union1d(by_cosine, found.rows)
    if not len(rows):
        return []
    passage_cosines = np.empty(len(rows), np.float32)
    places = np.searchsorted(rows, by_cosine)
    passage_cosines[places] = cosines
    others = np.ones(len(rows), bool)
    others[places] = False
    passage_cosines[others] = snapshot.dense.cosines(query_vector, rows[others])
    bm25, coverage = np.empty(len(rows), np.float32), np.empty(len(rows), np.float32)
    places = np.searchsorted(rows, found.rows)
    bm25[places], coverage[places] = found.bm25, found.coverage
    others[:] = True
    others[places] = False
    bm25[others], coverage[others] = snapshot.lexical.scores_of(found.terms, rows[others])
    coverage[others] *= np.float32(found.share)
    lexical_scores = lexical_share(bm25, float(coverage.max()),
                                   FULL_COVERAGE_TRANSLATED if found.is_translation else FULL_COVERAGE)
    floor = lowest_cosine(snapshot, query_vector)
    looked_into = _best(fuse(scale(passage_cosines, floor), lexical_scores), rows, max(LOOKED_INTO, 2 * count))
    looked_into.sort()
    rows, passage_cosines = rows[looked_into], passage_cosines[looked_into]
    lexical_scores, coverage = lexical_scores[looked_into], coverage[looked_into]
    sentence_cosines, first = _sentence_cosines(snapshot, rows, query_vector)
    closest: Vectors = np.maximum.reduceat(sentence_cosines, first)
    dense: Vectors = (1 - SENTENCE_WEIGHT) * passage_cosines + SENTENCE_WEIGHT * closest
    fused = fuse(scale(dense, floor), lexical_scores)
    ends = [*first[1:].tolist(), len(sentence_cosines)]
    return [Candidate(int(rows[place]), float(fused[place]), float(dense[place]), float(lexical_scores[place]),
                      float(coverage[place]), sentence_cosines[first[place]:ends[place]])
            for place in _best(fused, rows, count)]


def _best(scores: NDArray[np.float32], rows: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return the positions of the `count` highest scores, best first, ties by row."""
    return np.lexsort((rows, -scores))[:count]


def allowed_rows(snapshot: Snapshot, filters: Filters) -> Allowed | None:
    """Return which passages the filters admit, or None if they admit all."""
    if filters == Filters():
        return None
    if filters.passages is not None:
        rows: NDArray[np.bool_] = _admitted_articles(snapshot, filters)[snapshot.tables.passages[:, 0]]
        return rows & filters.passages.rows
    first, last = filters.published_from, filters.published_to
    return Admitted(filters.sources, first.toordinal() if first else 0, last.toordinal() if last else 0,
                    tuple(np.unique(_admitted_by_others(snapshot, filters)).tolist()),
                    lambda: _admitted_articles(snapshot, filters)[snapshot.tables.passages[:, 0]])


def allowed_articles(snapshot: Snapshot, filters: Filters) -> NDArray[np.bool_] | None:
    """Return a mask of the articles that the filters admit, (articles,) bool, or None if they admit all.

    An article is admitted by its own source and date, or by those of another article with the same title and text.
    """
    return None if filters == Filters() else _admitted_articles(snapshot, filters)


def _admitted_articles(snapshot: Snapshot, filters: Filters) -> NDArray[np.bool_]:
    articles = snapshot.articles
    codes = [code for code, source in enumerate(articles.sources) if source in frozenset(filters.sources)]
    allowed = _admitted(filters, articles.published_days, np.isin(articles.source_codes, codes))
    allowed[_admitted_by_others(snapshot, filters)] = True
    if filters.passages is not None:
        with_passages = np.zeros(len(allowed), bool)
        with_passages[snapshot.tables.passages[filters.passages.rows, 0]] = True
        allowed &= with_passages
    return allowed


def _admitted_by_others(snapshot: Snapshot, filters: Filters) -> NDArray[np.int32]:
    """Return the rows of the articles of which another record, with the same title and text, is admitted."""
    histories, asked = snapshot.histories, frozenset(filters.sources)
    of_source = np.array([source in asked for source in histories.other_sources], bool)
    return histories.other_rows[_admitted(filters, histories.other_days, of_source)]


def _admitted(filters: Filters, days: NDArray[np.int32], of_source: NDArray[np.bool_]) -> NDArray[np.bool_]:
    allowed = of_source.copy() if filters.sources else np.ones(len(days), bool)
    if filters.published_from is not None:
        allowed &= days >= filters.published_from.toordinal()
    if filters.published_to is not None:
        allowed &= (days != 0) & (days <= filters.published_to.toordinal())
    return allowed


def _sentence_cosines(snapshot: Snapshot, rows: NDArray[np.int64], query_vector: Vectors
                      ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return the cosines of the passages' sentences, and where those of each passage begin. Headings get -1."""
    spans = snapshot.tables.passages[rows, 3:5].astype(np.int64)
    lengths = spans[:, 1] - spans[:, 0]
    first = np.cumsum(lengths) - lengths
    sentence_rows = np.repeat(spans[:, 0] - first, lengths) + np.arange(lengths.sum())
    cosines: NDArray[np.float32] = snapshot.tables.sentence_vectors[sentence_rows].astype(np.float32) @ query_vector
    cosines[snapshot.tables.sentences[sentence_rows, 2] == 1] = -1
    return cosines, first


def lowest_cosine(snapshot: Snapshot, query_vector: Vectors) -> float:
    """Return the lowest cosine in a sample: about that of a passage unrelated to the question."""
    return float((_sample(snapshot.dense) @ query_vector).min())


def _sample(dense: DenseSearch) -> Vectors:
    """Return the vectors of every n-th row: at least `FLOOR_ROWS`, or all rows of a smaller index."""
    sample = _SAMPLES.get(dense)
    if sample is None:
        step = max(1, len(dense) // FLOOR_ROWS)
        sample = _SAMPLES[dense] = dense.vectors(np.arange(0, len(dense), step))
    return sample
