"""BM25 over the character 4-grams of normalised words: sparse search that spelling and clitics do not break."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from index.search.bm25 import Scores, damping_of, saturated
from index.search.postings import BLOCK, Postings, build_postings
from index.search.terms import Terms

# Questions with fewer postings are answered by adding up all of them: choosing among them would cost as much.
FEW_POSTINGS = 1 << 18
# So few passages that a filter admits are looked up themselves.
FEW_ALLOWED = 1 << 12
# Postings that are added up at most, and passages that are looked up in the other lists when these did not do.
POSTINGS_BUDGET = 1 << 19
LOOKED_UP = 4096
# Sorting costs less than an array as long as the index where the postings are fewer than one in so many passages.
SPARSE = 32
# What rounding can take from a sum of 32-bit impacts, as a share of it.
_ROUNDING = 1e-5

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """Postings by gram. Row r of the postings of `vocabulary[i]` lies between `starts[i]` and `starts[i + 1]`.

    Shapes and types: `vocabulary` (grams,) uint64 sorted; `starts` (grams + 1,) int64; `rows` (postings,) int32,
    ascending within a gram; `frequencies` (postings,) uint8, held at 255; `lengths` (passages,) uint32, in grams;
    `peaks` (grams,) float32, the most that one occurrence of the gram in a question adds to a passage, before the
    inverse document frequency.

    BM25 as in Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), with the inverse document
    frequency that is never negative, ln(1 + (N - n + 0.5) / (n + 0.5)).
    """

    vocabulary: NDArray[np.uint64]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    frequencies: NDArray[np.uint8]
    lengths: NDArray[np.uint32]
    peaks: NDArray[np.float32]
    _damping: Scores = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_damping", damping_of(self.lengths))

    @classmethod
    def build(cls, passages: Iterable[Terms], *, block: int = BLOCK) -> LexicalIndex:
        """Index the passages; the n-th has row n. `block` is that of `build_postings`."""
        return cls(*build_postings(passages, block=block))

    @property
    def postings(self) -> Postings:
        """Its columns, for what is built on them."""
        return Postings(*(getattr(self, name) for name in Postings._fields))

    def search(self, terms: Terms, count: int, allowed: NDArray[np.bool_] | None) -> tuple[Rows, Scores, Scores]:
        """Rows, BM25 and coverage of the `count` best passages that share a gram, best first, equals by row.

        Of `allowed` rows alone when a mask is given. MaxScore of Turtle and Flood, "Query Evaluation: Strategies and
        Optimizations" (1995), a list of postings at a time: exact, unless the lists that have to be added up hold more
        than `POSTINGS_BUDGET`. Then a passage that is only in the commonest of them may be missed; no score is wrong.
        """
        asked = self._asked(terms)
        rows = self._contenders(asked, count, allowed)
        bm25, coverage = self._scores(asked, rows)
        best = np.lexsort((rows, -bm25))[:count]
        best = best[bm25[best] > 0]
        return rows[best].astype(np.int64), bm25[best], coverage[best]

    def scores_of(self, terms: Terms, rows: Rows) -> tuple[Scores, Scores]:
        """BM25 and coverage of these rows, in their order; fastest when they ascend."""
        return self._scores(self._asked(terms), rows.astype(np.int32))

    def coverage_of_words(self, terms: Terms, rows: Rows) -> Scores:
        """The coverage of these rows by the question's words alone, whatever of its dates and numbers they have."""
        return self._scores(self._asked_for(terms.words), rows.astype(np.int32))[1]

    def holds(self, wanted: NDArray[np.uint64]) -> bool:
        """Whether there are grams, shape (grams,), and each of them is in some passage."""
        return bool(len(wanted) and self._places(wanted)[1].all())

    def inverse_document_frequency(self, wanted: NDArray[np.uint64]) -> NDArray[np.float64]:
        """How rare each gram is, shape (grams,); one that no passage has is as rare as can be."""
        places, known = self._places(wanted)
        return self._idf(np.where(known, self.starts[places + known] - self.starts[places], 0))

    def _asked(self, terms: Terms) -> _Asked:
        return self._asked_for(np.concatenate(terms))

    def _asked_for(self, asked: NDArray[np.uint64]) -> _Asked:
        wanted, times = np.unique(asked, return_counts=True)
        places, known = self._places(wanted)
        weights = self.inverse_document_frequency(wanted) * times
        bounds = weights[known] * self.peaks[places[known]]
        by_bound = np.argsort(-bounds, kind="stable")
        lists = places[known][by_bound]
        return _Asked(self.starts[lists], self.starts[lists + 1], weights[known][by_bound], bounds[by_bound],
                      float(weights.sum()))

    def _contenders(self, asked: _Asked, count: int, allowed: NDArray[np.bool_] | None) -> NDArray[np.int32]:
        """Ascending rows with the `count` best among them and few others.

        A passage that is only in the last lists cannot score more than their bounds together. Once `count` passages
        are known to score more than that, the lists before are added up, and the last ones looked up for what is left.
        Where the lists before are too long, the first of them are, and the others looked up for those that lead.
        """
        lists = len(asked.starts)
        if not lists or count <= 0:
            return np.zeros(0, np.int32)
        if allowed is not None and np.count_nonzero(allowed) <= FEW_ALLOWED:
            return np.flatnonzero(allowed).astype(np.int32)
        postings = np.cumsum(asked.ends - asked.starts)
        # What the lists from each on can add at most.
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
        """How many of the first lists hold `count` rows (or all lists), and what `count` of these rows score."""
        wanted = 4 * count
        while True:
            lists = min(int(np.searchsorted(postings, wanted)) + 1, len(postings))
            rows, sums = self._sums(asked, lists, allowed)
            if len(rows) >= count or lists == len(postings):
                return lists, self._threshold(asked, lists, rows, sums, count)
            wanted *= 4

    def _threshold(self, asked: _Asked, done: int, rows: NDArray[np.int32], sums: NDArray[np.float64],
                   count: int) -> float:
        """A score that `count` of the rows reach, whose sums are over the `done` first lists; 0 when they are fewer.

        Those that lead so far are completed: the lowest of them is close to the lowest of the best.
        """
        if len(rows) < count:
            return 0.0
        if done < len(asked.starts):
            leading = sums >= _largest(sums, min(count + count // 4, len(sums)))
            # Many may be equal there; any of them will do.
            rows, sums = rows[leading][:4 * count], sums[leading][:4 * count]
            sums = sums + self._totals_at(asked, rows, first=done)[0]
        return _largest(sums, count)

    def _sums(self, asked: _Asked, lists: int, allowed: NDArray[np.bool_] | None, *, lowest: float = 0.0
              ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """The rows, ascending, of the first lists to whose scores these add at least `lowest`, and what they add."""
        stretches = [slice(start, end) for start, end in zip(asked.starts[:lists], asked.ends[:lists], strict=True)]
        rows = np.concatenate([self.rows[stretch] for stretch in stretches])
        added = np.concatenate([self._impacts(self.frequencies[stretch], self.rows[stretch]) * np.float32(weight)
                                for stretch, weight in zip(stretches, asked.weights[:lists], strict=True)])
        if allowed is not None:
            admitted = allowed[rows]
            rows, added = rows[admitted], added[admitted]
        if len(rows) * SPARSE < len(self.lengths):
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
        """What the lists from `first` on add to the score of each row, and their weight that it holds.

        Added list by list in one order, so that equal passages have equal scores.
        """
        bm25, held = np.zeros(len(rows)), np.zeros(len(rows))
        for number in range(first, len(asked.starts)):
            impacts = self._impacts_at(asked, number, rows)
            bm25 += asked.weights[number] * impacts
            held += asked.weights[number] * (impacts > 0)
        return bm25, held

    def _impacts_at(self, asked: _Asked, number: int, rows: NDArray[np.int32]) -> Scores:
        """The impact of one list on each row, 0 where it is not in it."""
        stretch = self.rows[asked.starts[number]:asked.ends[number]]
        places = stretch.searchsorted(rows)
        # A row behind the last is compared with the last, and differs.
        found = np.flatnonzero(stretch.take(places, mode="clip") == rows)
        impacts = np.zeros(len(rows), np.float32)
        impacts[found] = self._impacts(self.frequencies[asked.starts[number] + places[found]], rows[found])
        return impacts

    def _impacts(self, frequencies: NDArray[np.uint8], rows: NDArray[np.int32]) -> Scores:
        return saturated(frequencies, self._damping[rows])

    def _places(self, wanted: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Where each gram stands in the vocabulary, and whether it does; 0 for one that does not."""
        places = np.searchsorted(self.vocabulary, wanted)
        known = places < len(self.vocabulary)
        known[known] = self.vocabulary[places[known]] == wanted[known]
        return np.where(known, places, 0), known

    def _idf(self, passages_with_gram: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.log1p((len(self.lengths) - passages_with_gram + 0.5) / (passages_with_gram + 0.5))


@dataclass(frozen=True, slots=True)
class _Asked:
    """The postings of a question's grams, (lists,) each; first those that can add the most to a score."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    weights: NDArray[np.float64]
    bounds: NDArray[np.float64]
    weight: float   # of all of its grams, those in no passage included


def _largest(values: NDArray[np.float64], count: int) -> float:
    """About the `count`-th largest, and never above it: 32 bits take half the time."""
    place = len(values) - count
    return float(np.partition(values.astype(np.float32), place)[place]) * (1 - _ROUNDING)
