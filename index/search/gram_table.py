"""The grams of a generation: how many passages have each, and so what each weighs in a question."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.search.terms import Terms


@dataclass(frozen=True, slots=True)
class Weighed:
    """The indexed grams of a question, the one that can add most to a score first; each array has shape (grams,).

    `places` are their positions in the vocabulary, `weights` inverse document frequency × occurrences in the question,
    `bounds` the most that each adds to a score. `weight` is that of all grams of the question, unindexed ones included.
    """

    places: NDArray[np.int64]
    weights: NDArray[np.float64]
    bounds: NDArray[np.float64]
    weight: float


@dataclass(frozen=True, slots=True)
class GramTable:
    """A generation's vocabulary, sorted, with columns beside it; see `index.search.postings.Postings`.

    `counts` (grams,) int: how many of the generation's `passages` have the gram. `peaks` (grams,) float32.
    """

    vocabulary: NDArray[np.uint64]
    counts: NDArray[np.int64]
    peaks: NDArray[np.float32]
    passages: int

    def holds(self, wanted: NDArray[np.uint64]) -> bool:
        """Whether `wanted`, shape (grams,), is not empty and each of its grams is indexed."""
        return bool(len(wanted) and self._places(wanted)[1].all())

    def inverse_document_frequency(self, wanted: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Return the inverse document frequency of each gram, shape (grams,); that of n = 0 if it is not indexed."""
        places, known = self._places(wanted)
        counts = np.zeros(len(wanted), np.int64)
        counts[known] = self.counts[places[known]]
        return np.log1p((self.passages - counts + 0.5) / (counts + 0.5))

    def weighed(self, terms: Terms) -> Weighed:
        """Weigh the grams of a question, its dates and numbers included."""
        return self.weighed_grams(np.concatenate(terms))

    def weighed_grams(self, asked: NDArray[np.uint64]) -> Weighed:
        """Weigh grams, repetitions included."""
        wanted, times = np.unique(asked, return_counts=True)
        places, known = self._places(wanted)
        weights = self.inverse_document_frequency(wanted) * times
        bounds = weights[known] * self.peaks[places[known]]
        by_bound = np.argsort(-bounds, kind="stable")
        return Weighed(places[known][by_bound], weights[known][by_bound], bounds[by_bound], float(weights.sum()))

    def _places(self, wanted: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return each gram's position in the vocabulary, or 0, and whether it is in the vocabulary."""
        places = np.searchsorted(self.vocabulary, wanted)
        known = places < len(self.vocabulary)
        known[known] = self.vocabulary[places[known]] == wanted[known]
        return np.where(known, places, 0), known
