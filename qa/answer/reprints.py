"""Find reprints: sentences and passages that several articles carry word for word.

Sentence vectors propose pairs, since the vectors of one sentence under different titles and dates stay close; comparing
the texts decides.
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
from index.work import pause
from qa.answer.sameness import Said, near_identical
from qa.retrieve.retriever import Candidate

# Reprints are looked for among the first this many passages.
PASSAGES_COMPARED = 32
# Texts are compared from this cosine on, which six in ten thousand pairs of sentences of different articles reach
# (docs/decisions/0024-tuned-embedder.md).
MIN_COSINE = 0.785
# A quick check before the slow comparison: texts that share less than this share of the shorter one's words are not
# compared.
_WORDS_SHARED = 0.5
# Sort key of an undated article: after all dated ones.
LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Copy:
    """The copy of a sentence in one article; `row` is its row in the table of sentences."""

    article: Article
    sentence: Sentence
    row: int

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.article.text[self.sentence.start:self.sentence.end]

    @property
    def published(self) -> datetime:
        """The time of publication, for sorting; an undated article comes last."""
        return self.article.published_at or LAST


def without_reprints(snapshot: Snapshot, candidates: Iterable[Candidate], count: int) -> list[Candidate]:
    """Return the first `count` passages that are not reprints, in their order.

    A passage is a reprint if each of its sentences, headings aside, is in a better-ranked passage of another article.
    """
    kept: list[Candidate] = []
    rows, article_rows = np.empty(0, np.int64), np.empty(0, np.int64)
    vectors: Vectors = np.empty((0, snapshot.model.dimension), np.float32)
    for candidate in candidates:
        if len(kept) == count:
            break
        pause()
        article_row, _, _, first, end = snapshot.tables.passages[candidate.row].tolist()
        own = snapshot.tables.sentence_vectors_of(candidate.row)
        close = (own @ vectors.T >= MIN_COSINE) & (article_rows != article_row)
        if kept and _is_reprint(snapshot, range(first, end), rows, close):
            continue
        kept.append(candidate)
        rows = np.concatenate([rows, np.arange(first, end)])
        article_rows = np.concatenate([article_rows, np.full(end - first, article_row)])
        vectors = np.concatenate([vectors, own])
    return kept


def other_copies(snapshot: Snapshot, copy: Copy, candidates: Sequence[Candidate]) -> list[Copy]:
    """Find the copies of a sentence in the other articles among `candidates`, one per article, best passage first."""
    found_in = {copy.article.id}
    close = _close_to(snapshot, copy, candidates)
    if not close:
        return []
    said, words = Said.by(copy.text), frozenset(copy.text.split())
    found: list[Copy] = []
    for row, article_row in close:
        article = snapshot.articles[article_row]
        if article.id in found_in:
            continue
        other = Copy(article, snapshot.tables.sentence(row), row)
        if _may_be_same(words, other.text) and near_identical(said, Said.by(other.text)):
            found_in.add(article.id)
            found.append(other)
    return found


def is_reprinted_in(snapshot: Snapshot, row: int, article_row: int) -> bool:
    """Tell whether each sentence of a passage, headings aside, is in another article, given by its row."""
    first, sentences = snapshot.tables.all_sentences(article_row)
    rows = np.arange(first, first + len(sentences))
    own = range(*snapshot.tables.passages[row, 3:5].tolist())
    vectors = snapshot.tables.sentence_vectors[first:first + len(sentences)].astype(np.float32)
    return _is_reprint(snapshot, own, rows, snapshot.tables.sentence_vectors_of(row) @ vectors.T >= MIN_COSINE)


def _is_reprint(snapshot: Snapshot, own: range, rows: NDArray[np.int64], close: NDArray[np.bool_]) -> bool:
    """Tell whether each of a passage's sentences, headings aside, is near-identical to one of the sentences `rows`.

    `own` are the rows of the passage's sentences. `close` (own, rows) tells which pairs have close vectors and are of
    different articles; only those are compared.
    """
    places = [place for place, row in enumerate(own) if not snapshot.tables.sentence(row).is_heading]
    if not places or not close[places].any(axis=1).all():
        return False
    return all(any(near_identical(said, _said(snapshot, int(row))) for row in rows[close[place]])
               for place in places for said in [_said(snapshot, own[place])])


def _close_to(snapshot: Snapshot, copy: Copy, candidates: Sequence[Candidate]) -> list[tuple[int, int]]:
    """List the sentences of other articles that are close to the sentence in vector and length.

    Each comes as: row of the sentence, row of its article.
    """
    spans = snapshot.tables.passages[[candidate.row for candidate in candidates]]
    spans = spans[spans[:, 0] != snapshot.tables.article_row(copy.row)]
    if not len(spans):
        return []
    rows = np.concatenate([np.arange(first, end) for first, end in spans[:, 3:5].tolist()])
    article_rows = np.repeat(spans[:, 0], spans[:, 4] - spans[:, 3])
    length = copy.sentence.end - copy.sentence.start
    lengths = snapshot.tables.sentences[rows, 1] - snapshot.tables.sentences[rows, 0]
    alike = np.flatnonzero((lengths > 0.7 * length) & (lengths < length / 0.7))
    vector = snapshot.tables.sentence_vectors[copy.row].astype(np.float32)
    cosines = snapshot.tables.sentence_vectors[rows[alike]].astype(np.float32) @ vector
    close = alike[cosines >= MIN_COSINE]
    return list(zip(rows[close].tolist(), article_rows[close].tolist(), strict=True))


def _may_be_same(words: frozenset[str], text: str) -> bool:
    others = frozenset(text.split())
    return len(words & others) >= _WORDS_SHARED * min(len(words), len(others))


def _said(snapshot: Snapshot, row: int) -> Said:
    article, sentence = snapshot.articles[snapshot.tables.article_row(row)], snapshot.tables.sentence(row)
    return Said.by(article.text[sentence.start:sentence.end])
