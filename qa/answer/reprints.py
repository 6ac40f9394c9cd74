"""Reprints: what several articles carry word for word is read once, and the other places are named.

Sentence vectors find what may be the same, since those of one sentence under other titles and days stay close; the
texts decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from index.generation.snapshot import Snapshot
from index.model.types import Vectors
from index.types import Article, Sentence
from qa.answer.sameness import Said, near_identical
from qa.retrieve.retriever import Candidate

# Passages among which reprints are looked for.
COMPARED = 32
# Texts are compared from this cosine on: one sentence has .935 or more under another title and day, and 95 of 100 have
# .906 under none; of two sentences of different articles one pair in ten has .86.
MAY_BE_SAME = 0.9
# And when so much of the words of the shorter is in the longer as it stands, a quick look before the long one.
_WORDS_SHARED = 0.5
LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Telling:
    """A sentence in one of the articles that carry it; `row` is its row in the table of sentences."""

    article: Article
    sentence: Sentence
    row: int

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.article.text[self.sentence.start:self.sentence.end]

    @property
    def published(self) -> datetime:
        """When, for ordering: an undated article comes last."""
        return self.article.published_at or LAST


def first_tellings(snapshot: Snapshot, candidates: Iterable[Candidate], count: int) -> list[Candidate]:
    """The `count` best passages in their order, without those whose every sentence a better one of another article
    has."""
    kept: list[Candidate] = []
    rows, article_rows = np.empty(0, np.int64), np.empty(0, np.int64)
    vectors: Vectors = np.empty((0, snapshot.model.dimension), np.float32)
    for candidate in candidates:
        if len(kept) == count:
            break
        article_row, _, _, first, end = snapshot.tables.passages[candidate.row].tolist()
        own = snapshot.tables.sentence_vectors_of(candidate.row)
        close = (own @ vectors.T >= MAY_BE_SAME) & (article_rows != article_row)
        if kept and _is_retold(snapshot, range(first, end), rows, close):
            continue
        kept.append(candidate)
        rows = np.concatenate([rows, np.arange(first, end)])
        article_rows = np.concatenate([article_rows, np.full(end - first, article_row)])
        vectors = np.concatenate([vectors, own])
    return kept


def other_tellings(snapshot: Snapshot, telling: Telling, candidates: Sequence[Candidate]) -> list[Telling]:
    """The same sentence in the other articles that the passages are of, once an article, the best passage's first."""
    told = {telling.article.id}
    close = _close_to(snapshot, telling, candidates)
    if not close:
        return []
    said, words = Said.by(telling.text), frozenset(telling.text.split())
    found: list[Telling] = []
    for row, article_row in close:
        article = snapshot.articles[article_row]
        if article.id in told:
            continue
        other = Telling(article, snapshot.tables.sentence(row), row)
        if _may_be_same(words, other.text) and near_identical(said, Said.by(other.text)):
            told.add(article.id)
            found.append(other)
    return found


def _is_retold(snapshot: Snapshot, own: range, rows: NDArray[np.int64], close: NDArray[np.bool_]) -> bool:
    """Whether each of the passage's `own` sentences, headings aside, is near-identical to one of those it is close to;
    `close` is (own, rows)."""
    places = [place for place, row in enumerate(own) if not snapshot.tables.sentence(row).is_heading]
    if not places or not close[places].any(axis=1).all():
        return False
    return all(any(near_identical(said, _said(snapshot, int(row))) for row in rows[close[place]])
               for place in places for said in [_said(snapshot, own[place])])


def _close_to(snapshot: Snapshot, telling: Telling, candidates: Sequence[Candidate]) -> list[tuple[int, int]]:
    """Rows of sentences of other articles, with their article's, whose vectors and lengths are close to the
    sentence's."""
    spans = snapshot.tables.passages[[candidate.row for candidate in candidates]]
    spans = spans[spans[:, 0] != snapshot.tables.article_row(telling.row)]
    if not len(spans):
        return []
    rows = np.concatenate([np.arange(first, end) for first, end in spans[:, 3:5].tolist()])
    article_rows = np.repeat(spans[:, 0], spans[:, 4] - spans[:, 3])
    length = telling.sentence.end - telling.sentence.start
    lengths = snapshot.tables.sentences[rows, 1] - snapshot.tables.sentences[rows, 0]
    alike = np.flatnonzero((lengths > 0.7 * length) & (lengths < length / 0.7))
    vector = snapshot.tables.sentence_vectors[telling.row].astype(np.float32)
    cosines = snapshot.tables.sentence_vectors[rows[alike]].astype(np.float32) @ vector
    close = alike[cosines >= MAY_BE_SAME]
    return list(zip(rows[close].tolist(), article_rows[close].tolist(), strict=True))


def _may_be_same(words: frozenset[str], text: str) -> bool:
    others = frozenset(text.split())
    return len(words & others) >= _WORDS_SHARED * min(len(words), len(others))


def _said(snapshot: Snapshot, row: int) -> Said:
    article, sentence = snapshot.articles[snapshot.tables.article_row(row)], snapshot.tables.sentence(row)
    return Said.by(article.text[sentence.start:sentence.end])
