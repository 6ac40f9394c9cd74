"""The stretches of articles that a quote may come from: passages that share its words, and those beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.snapshot import Snapshot
from index.types import Article
from qa.spelling import Word, words_of

# Pieces of a quote that are looked for besides the whole; half of each is half of the next.
MAX_PIECES = 8
MIN_PIECE_WORDS = 6
# Passages looked up for each: of so many with the best scores, the first, and those that cover the most.
SEARCHED = 100
BEST_SCORES, MOST_COVERED = 3, 6
# A passage that holds so much of a quote may well hold it whole: phrases of every day are in more than are looked into.
COVERS_ALL = 0.98
# Passages before and after one that was found: a quote may run on into them.
BESIDE = 1


@dataclass(frozen=True, slots=True)
class Place:
    """Consecutive passages of an article: their words in order, and the offsets at which their sentences begin."""

    article: Article
    words: tuple[Word, ...]
    sentence_starts: tuple[int, ...]


def find_places(snapshot: Snapshot, quote: str, words: Sequence[Word], ranges: Iterable[tuple[int, int]],
                allowed: NDArray[np.bool_] | None) -> list[Place]:
    """Places that hold much of one of these ranges of the quote's words, none overlapping another; those of the first
    range first.

    `allowed` (passages,) bool says which passages may be looked into; None for all.
    """
    rows: dict[int, None] = {}
    for first, last in ranges:
        piece = quote[words[first].start:words[last - 1].end]
        by_score, _, coverage = snapshot.lexical.search(piece, SEARCHED, allowed)
        by_coverage = by_score[np.argsort(-coverage, kind="stable")]
        rows |= dict.fromkeys([*by_score[:BEST_SCORES].tolist(), *by_coverage[:MOST_COVERED].tolist()])
    article_rows = snapshot.tables.passages[:, 0]
    places = []
    taken: set[int] = set()
    for row in rows:
        if row in taken:
            continue
        low = high = row
        first, end = np.searchsorted(article_rows, [article_rows[row], article_rows[row] + 1]).tolist()
        while low > first and _near(low - 1, rows) and low - 1 not in taken:
            low -= 1
        while high + 1 < end and _near(high + 1, rows) and high + 1 not in taken:
            high += 1
        taken.update(range(low, high + 1))
        places.append(_place(snapshot, low, high))
    return places


def covering_places(snapshot: Snapshot, quote: str, allowed: NDArray[np.bool_] | None) -> Iterator[Place]:
    """Each passage alone that holds next to all of the quote's grams, best first."""
    rows, _, coverage = snapshot.lexical.search(quote, SEARCHED, allowed)
    return (_place(snapshot, row, row) for row in rows[coverage >= COVERS_ALL].tolist())


def pieces(count: int) -> list[tuple[int, int]]:
    """The half-open ranges in which so many words are looked for: all of them, and pieces that overlap by half."""
    step = max(MIN_PIECE_WORDS // 2, -(-count // (MAX_PIECES + 1)))
    return [(0, count), *((first, min(first + 2 * step, count)) for first in range(0, count - step, step)
                          if count > MIN_PIECE_WORDS)]


def _near(row: int, rows: dict[int, None]) -> bool:
    return any(other in rows for other in range(row - BESIDE, row + BESIDE + 1))


def _place(snapshot: Snapshot, low: int, high: int) -> Place:
    passages = snapshot.tables.passages
    article = snapshot.articles[int(passages[low, 0])]
    start, end = int(passages[low, 1]), int(passages[high, 2])
    sentence_starts = snapshot.tables.sentences[passages[low, 3]:passages[high, 4], 0]
    return Place(article, tuple(words_of(article.text, start, end)), tuple(sentence_starts.tolist()))
