"""Find the places in articles that a quote may come from: passages that share its words, and their neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.generation.snapshot import Snapshot
from index.search.allowed import Allowed
from index.search.terms import question_terms
from index.types import Article
from index.work import paused_between
from qa.verify.spelling import words_of
from qa.verify.words import Word

# A quote is searched for as a whole and in up to this many pieces, each of which overlaps the next by half.
MAX_PIECES = 8
MIN_PIECE_WORDS = 6
# Passages found for each: of the best `SEARCHED` by score, the first `BEST_SCORES` and the `MOST_COVERED` with the
# highest coverage.
SEARCHED = 100
BEST_SCORES, MOST_COVERED = 3, 6
# A passage that covers this share of the quote's grams may have all of it: an everyday phrase is in more passages than
# the search above returns.
FULL_COVERAGE = 0.98
# Passages read before and after the best one: a quote may run on into them.
NEIGHBOURS = 1


@dataclass(frozen=True, slots=True)
class Place:
    """Consecutive passages of an article: their words in order, and the offsets at which their sentences begin."""

    article: Article
    words: tuple[Word, ...]
    sentence_starts: tuple[int, ...]


class PlaceFinder:
    """Find the places of one quote, reading each passage only once.

    `allowed` tells which passages may be searched; None for all.
    """

    def __init__(self, snapshot: Snapshot, quote: str, words: Sequence[Word],
                 allowed: Allowed | None) -> None:
        self._snapshot, self._quote, self._words, self._allowed = snapshot, quote, words, allowed
        self._rows: dict[int, None] = {}
        self._beside: set[int] = set()
        self._read: dict[int, tuple[Article, tuple[Word, ...]]] = {}

    def look_for(self, ranges: Iterable[tuple[int, int]]) -> list[Place]:
        """Return the places that match these ranges of the quote's words best, and those of earlier calls.

        Places do not overlap; those of the first range come first.
        """
        for first, last in paused_between(ranges):
            by_score, coverage = self._search(first, last)
            by_coverage = by_score[np.argsort(-coverage, kind="stable")]
            best = [*by_score[:BEST_SCORES].tolist(), *by_coverage[:MOST_COVERED].tolist()]
            self._rows |= dict.fromkeys(best)
            for row in (by_score[0], by_coverage[0]) if best else ():
                self._beside.update(range(row - NEIGHBOURS, row + NEIGHBOURS + 1))
        return self._places()

    def covering(self) -> Iterator[Place]:
        """Yield each passage that covers at least `FULL_COVERAGE` of the quote's grams, best first."""
        rows, coverage = self._search(0, len(self._words))
        return (self._place(row, row) for row in rows[coverage >= FULL_COVERAGE].tolist())

    def _search(self, first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        piece = self._quote[self._words[first].start:self._words[last - 1].end]
        rows, _, coverage = self._snapshot.lexical.search(question_terms(piece), SEARCHED, self._allowed)
        return rows, coverage

    def _places(self) -> list[Place]:
        tables = self._snapshot.tables
        places = []
        taken: set[int] = set()
        for row in paused_between(self._rows):
            if row in taken:
                continue
            low = high = row
            in_article = tables.passages_of(int(tables.passages[row, 0]))
            while low > in_article.start and self._is_near(low - 1) and low - 1 not in taken:
                low -= 1
            while high + 1 < in_article.stop and self._is_near(high + 1) and high + 1 not in taken:
                high += 1
            taken.update(range(low, high + 1))
            places.append(self._place(low, high))
        return places

    def _is_near(self, row: int) -> bool:
        return row in self._rows or row in self._beside

    def _place(self, low: int, high: int) -> Place:
        passages = self._snapshot.tables.passages
        words = tuple(word for row in range(low, high + 1) for word in self._passage(row)[1])
        sentence_starts = self._snapshot.tables.sentences[passages[low, 3]:passages[high, 4], 0]
        return Place(self._passage(low)[0], words, tuple(sentence_starts.tolist()))

    def _passage(self, row: int) -> tuple[Article, tuple[Word, ...]]:
        """Read a passage: its article and its words."""
        if row not in self._read:
            article_row, start, end = self._snapshot.tables.passages[row, :3].tolist()
            article = self._snapshot.articles[article_row]
            self._read[row] = article, tuple(words_of(article.text, start, end))
        return self._read[row]


def pieces(count: int) -> list[tuple[int, int]]:
    """Return the half-open ranges of a quote of `count` words to search for: the whole, and half-overlapping pieces."""
    step = max(MIN_PIECE_WORDS // 2, -(-count // (MAX_PIECES + 1)))
    return [(0, count), *((first, min(first + 2 * step, count)) for first in range(0, count - step, step)
                          if count > MIN_PIECE_WORDS)]
