"""BM25 over the character 4-grams of normalised words: sparse search that spelling and clitics do not break."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.arabic import grams

K1 = 1.2
B = 0.75


@dataclass(frozen=True, slots=True)
class LexicalScores:
    """One row a passage. `bm25` is unbounded; `coverage` is the share, 0..1, of the question's gram weight it holds."""

    bm25: NDArray[np.float32]
    coverage: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """Postings by gram. Row r of the postings of `vocabulary[i]` lies between `starts[i]` and `starts[i + 1]`.

    Shapes and types: `vocabulary` (grams,) uint64 sorted; `starts` (grams + 1,) int64; `rows` (postings,) int32;
    `frequencies` (postings,) uint16; `lengths` (passages,) uint32, in grams.

    BM25 as in Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), with the inverse document
    frequency that is never negative, ln(1 + (N - n + 0.5) / (n + 0.5)).
    """

    vocabulary: NDArray[np.uint64]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    frequencies: NDArray[np.uint16]
    lengths: NDArray[np.uint32]

    @classmethod
    def build(cls, texts: Iterable[str]) -> LexicalIndex:
        """Index the texts; the n-th has row n."""
        found, counts, lengths = [], [], []
        for text in texts:
            distinct, frequency = np.unique(grams(text), return_counts=True)
            found.append(distinct)
            counts.append(np.minimum(frequency, np.iinfo(np.uint16).max).astype(np.uint16))
            lengths.append(int(frequency.sum()))
        rows = np.repeat(np.arange(len(found), dtype=np.int32), [len(distinct) for distinct in found])
        occurrences = np.concatenate([np.zeros(0, np.uint64), *found])
        order = np.argsort(occurrences, kind="stable")
        vocabulary, starts = np.unique(occurrences[order], return_index=True)
        frequencies = np.concatenate([np.zeros(0, np.uint16), *counts])
        return cls(vocabulary, np.append(starts, len(occurrences)).astype(np.int64), rows[order], frequencies[order],
                   np.array(lengths, np.uint32))

    def score(self, question: str) -> LexicalScores:
        """Scores of every passage; a passage that shares no gram with the question has 0 in both."""
        count = len(self.lengths)
        wanted, times = np.unique(grams(question), return_counts=True)
        if not len(wanted) or not len(self.vocabulary):
            return LexicalScores(np.zeros(count, np.float32), np.zeros(count, np.float32))
        starts, ends = self._postings(wanted)
        weights = self._idf(ends - starts) * times
        rows = np.concatenate([self.rows[start:end] for start, end in zip(starts, ends, strict=True)])
        frequency = np.concatenate([self.frequencies[start:end] for start, end in zip(starts, ends, strict=True)])
        weight = np.repeat(weights, ends - starts)
        relative_length = self.lengths[rows] / max(float(self.lengths.mean()), 1.0)
        saturated = frequency * (K1 + 1) / (frequency + K1 * (1 - B + B * relative_length))
        bm25 = np.bincount(rows, weight * saturated, minlength=count)
        coverage = np.bincount(rows, weight, minlength=count) / weights.sum()
        return LexicalScores(bm25.astype(np.float32), coverage.astype(np.float32))

    def inverse_document_frequency(self, wanted: NDArray[np.uint64]) -> NDArray[np.float64]:
        """How rare each gram is, shape (grams,); one that no passage has is as rare as can be."""
        starts, ends = self._postings(wanted)
        return self._idf(ends - starts)

    def _postings(self, wanted: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the postings of each gram begin and end; an empty stretch for an unknown one."""
        places = np.searchsorted(self.vocabulary, wanted)
        known = places < len(self.vocabulary)
        known[known] = self.vocabulary[places[known]] == wanted[known]
        starts = np.where(known, self.starts[np.where(known, places, 0)], 0)
        ends = np.where(known, self.starts[np.where(known, places + 1, 0)], 0)
        return starts, ends

    def _idf(self, passages_with_gram: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.log1p((len(self.lengths) - passages_with_gram + 0.5) / (passages_with_gram + 0.5))
