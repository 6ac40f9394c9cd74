"""Search by words: BM25 over the character 4-grams of normalised words, robust to spelling and attached letters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from index.search.allowed import Allowed, mask_of
from index.search.bm25 import Scores, damping_of, saturated
from index.search.gram_table import GramTable, Weighed
from index.search.postings import BLOCK, Postings, build_postings
from index.search.terms import Terms

# Sum all postings of a question that has fewer than this: skipping some would not be faster.
FEW_POSTINGS = 1 << 18
# Score each allowed passage directly when a filter allows at most this many.
FEW_ALLOWED = 1 << 12
# Sum at most this many postings; if that is not enough, complete the scores of this many leading passages.
POSTINGS_BUDGET = 1 << 19
LOOKED_UP = 4096
# Sort the postings when there are fewer than one for this many passages; otherwise sum into an array of all passages.
SPARSE = 32
# Upper bound of the relative rounding error of a sum of 32-bit impacts.
_ROUNDING = 1e-5

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """An inverted index that scores passages by BM25 (`index/search/bm25.py`)."""

    postings: Postings
    grams: GramTable = field(init=False, repr=False, compare=False)
    _damping: Scores = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        vocabulary, starts, peaks = self.postings.vocabulary, self.postings.starts, self.postings.peaks
        object.__setattr__(self, "grams", GramTable(vocabulary, np.diff(starts), peaks, len(self.postings.lengths)))
        object.__setattr__(self, "_damping", damping_of(self.postings.lengths))

    @classmethod
    def build(cls, passages: Iterable[Terms], *, block: int = BLOCK) -> LexicalIndex:
        """Index the passages; the n-th gets row n. `block` is passed to `build_postings`."""
        return cls(build_postings(passages, block=block))

    def search(self, terms: Terms, count: int, allowed: Allowed | None) -> tuple[Rows, Scores, Scores]:
        """Return the rows, BM25 scores and coverages of the `count` best passages, best first, ties by row.

        Only passages that share a gram with the question are returned and, with a mask `allowed` of shape (passages,),
        only allowed ones. Coverage is the share of the question's weight that a passage contains.

        Uses MaxScore (Turtle and Flood, "Query Evaluation: Strategies and Optimizations", 1995), one list of postings
        at a time. Exact, unless the lists to be summed hold more than `POSTINGS_BUDGET` postings: then a passage that
        only the most common lists contain may be missed. Returned scores are always exact.
        """
        asked = self._asked(terms)
        rows = self._contenders(asked, count, mask_of(allowed))
        bm25, coverage = self._scores(asked, rows)
        best = np.lexsort((rows, -bm25))[:count]
        best = best[bm25[best] > 0]
        return rows[best].astype(np.int64), bm25[best], coverage[best]

    def scores_of(self, terms: Terms, rows: Rows) -> tuple[Scores, Scores]:
        """Return the BM25 scores and coverages of these rows, in their order; fastest for ascending rows."""
        return self._scores(self._asked(terms), rows.astype(np.int32))

    def coverage_of_words(self, terms: Terms, rows: Rows) -> Scores:
        """Return the coverages of these rows by the question's words alone, ignoring its dates and numbers."""
        return self._scores(self._lists(self.grams.weighed_grams(terms.words)), rows.astype(np.int32))[1]

    def holds(self, wanted: NDArray[np.uint64]) -> bool:
        """Whether `wanted`, shape (grams,), is not empty and each of its grams is indexed."""
        return self.grams.holds(wanted)

    def inverse_document_frequency(self, wanted: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Return the inverse document frequency of each gram, shape (grams,); that of n = 0 if it is not indexed."""
        return self.grams.inverse_document_frequency(wanted)

    def impacts_at(self, postings: NDArray[np.int64]) -> Scores:
        """Return the saturated frequencies of these postings: what each adds to a score, before the gram's weight."""
        return self._impacts(self.postings.frequencies[postings], self.postings.rows[postings])

    def _asked(self, terms: Terms) -> _Asked:
        return self._lists(self.grams.weighed(terms))

    def _lists(self, weighed: Weighed) -> _Asked:
        starts = self.postings.starts
        return _Asked(starts[weighed.places], starts[weighed.places + 1], weighed.weights, weighed.bounds,
                      weighed.weight)

    def _contenders(self, asked: _Asked, count: int, allowed: NDArray[np.bool_] | None) -> NDArray[np.int32]:
        """Return ascending rows that include the `count` best and few others.

        A passage that only the last lists contain cannot score more than the sum of their bounds. Once `count` passages
        are known to score more, only the lists before are summed; the last ones are looked up for the rows that remain.
        If the lists before are too long, only the first of them are summed, and the rest looked up for leading rows.
        """
        lists = len(asked.starts)
        if not lists or count <= 0:
            return np.zeros(0, np.int32)
        if allowed is not None and np.count_nonzero(allowed) <= FEW_ALLOWED:
            return np.flatnonzero(allowed).astype(np.int32)
        postings = np.cumsum(asked.ends - asked.starts)
        # The most that each list and all lists after it can add to a score.
        rest = np.append(np.cumsum(asked.bounds[::-1])[::-1], 0) * (1 + _ROUNDING)
        essential, threshold = lists, 0.0
        if postings[-1] > FEW_POSTINGS:
            sampled, threshold = self._first_threshold(asked, postings, count, allowed)
            affordable = int(np.searchsorted(postings, POSTINGS_BUDGET, side="right"))
            essential = max(sampled, min(affordable, int((rest[:-1] >= threshold).sum())))
        rows, sums = self._sums(asked, essential, allowed, lowest=threshold - rest[essential])
        if rest[essential] >= threshold > 0 and len(rows) > LOOKED_UP:
            leading = sums >= _largest(sums, LOOKED_UP)
            rows, sums = rows[leading], sums[leading]
        for number in range(essential, lists + 1):
            if number > essential:
                sums += asked.weights[number - 1] * self._impacts_at(asked, number - 1, rows)
            if number in (essential, lists):
                threshold = max(threshold, self._threshold(asked, number, rows, sums, count))
            left = sums >= threshold - rest[number]
            rows, sums = rows[left], sums[left]
        return rows

    def _first_threshold(self, asked: _Asked, postings: NDArray[np.int64], count: int,
                         allowed: NDArray[np.bool_] | None) -> tuple[int, float]:
        """Return how many lists it takes to find `count` rows, or all lists, and a score that `count` rows reach."""
        wanted = 4 * count
        while True:
            lists = min(int(np.searchsorted(postings, wanted)) + 1, len(postings))
            rows, sums = self._sums(asked, lists, allowed)
            if len(rows) >= count or lists == len(postings):
                return lists, self._threshold(asked, lists, rows, sums, count)
            wanted *= 4

    def _threshold(self, asked: _Asked, done: int, rows: NDArray[np.int32], sums: NDArray[np.float64],
                   count: int) -> float:
        """Return a score that at least `count` of the rows reach; 0 when there are fewer rows.

        `sums` covers the first `done` lists. Only the leading rows are completed: the lowest of them is close to the
        lowest of the best.
        """
        if len(rows) < count:
            return 0.0
        if done < len(asked.starts):
            leading = sums >= _largest(sums, min(count + count // 4, len(sums)))
            # Many rows may tie; any of them will do.
            rows, sums = rows[leading][:4 * count], sums[leading][:4 * count]
            sums = sums + self._totals_at(asked, rows, first=done)[0]
        return _largest(sums, count)

    def _sums(self, asked: _Asked, lists: int, allowed: NDArray[np.bool_] | None, *, lowest: float = 0.0
              ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Sum the first lists; return the ascending rows whose sums are at least `lowest`, and these sums."""
        stretches = [slice(start, end) for start, end in zip(asked.starts[:lists], asked.ends[:lists], strict=True)]
        rows = np.concatenate([self.postings.rows[stretch] for stretch in stretches])
        frequencies = self.postings.frequencies
        added = np.concatenate([self._impacts(frequencies[stretch], self.postings.rows[stretch]) * np.float32(weight)
                                for stretch, weight in zip(stretches, asked.weights[:lists], strict=True)])
        if allowed is not None:
            admitted = allowed[rows]
            rows, added = rows[admitted], added[admitted]
        if len(rows) * SPARSE < len(self.postings.lengths):
            rows, places = np.unique(rows, return_inverse=True)
        else:
            places = rows
        sums = np.bincount(places, added, minlength=1).astype(np.float64, copy=False)
        enough = np.flatnonzero(sums >= lowest if lowest > 0 else sums > 0)
        return (enough.astype(np.int32) if places is rows else rows[enough]), sums[enough]

    def _scores(self, asked: _Asked, rows: NDArray[np.int32]) -> tuple[Scores, Scores]:
        bm25, weight = self._totals_at(asked, rows)
        return bm25.astype(np.float32), (weight / (asked.weight or 1.0)).astype(np.float32)

    def _totals_at(self, asked: _Asked, rows: NDArray[np.int32], first: int = 0
                   ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Sum the lists from `first` on; return each row's score and the weight of the lists that contain it.

        Sums run list by list in a fixed order, so that equal passages get equal scores.
        """
        bm25, held = np.zeros(len(rows)), np.zeros(len(rows))
        for number in range(first, len(asked.starts)):
            impacts = self._impacts_at(asked, number, rows)
            bm25 += asked.weights[number] * impacts
            held += asked.weights[number] * (impacts > 0)
        return bm25, held

    def _impacts_at(self, asked: _Asked, number: int, rows: NDArray[np.int32]) -> Scores:
        """Return the impact of one list on each row, 0 for rows that it does not contain."""
        stretch = self.postings.rows[asked.starts[number]:asked.ends[number]]
        places = stretch.searchsorted(rows)
        # A row beyond the last of the list is compared with the last, and differs.
        found = np.flatnonzero(stretch.take(places, mode="clip") == rows)
        impacts = np.zeros(len(rows), np.float32)
        impacts[found] = self._impacts(self.postings.frequencies[asked.starts[number] + places[found]], rows[found])
        return impacts

    def _impacts(self, frequencies: NDArray[np.uint8], rows: NDArray[np.int32]) -> Scores:
        return saturated(frequencies, self._damping[rows])


@dataclass(frozen=True, slots=True)
class _Asked:
    """The lists of postings of a question's grams, largest bound first; each array has shape (lists,)."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    weights: NDArray[np.float64]
    bounds: NDArray[np.float64]
    weight: float   # of all grams of the question, including those that are not indexed


def _largest(values: NDArray[np.float64], count: int) -> float:
    """Return a close lower bound of the `count`-th largest value; rounding to 32 bits halves the time."""
    place = len(values) - count
    return float(np.partition(values.astype(np.float32), place)[place]) * (1 - _ROUNDING)
