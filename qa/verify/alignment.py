"""Align the words of a quote with the words of several places, at the lowest cost of changes.

This is spliced alignment, as used for gene sequences (Gelfand, Mironov and Pevzner, "Gene recognition via spliced
sequence alignment", 1996). Within a place, words may be replaced, left out or added, each at a cost; a jump to another
place costs more, unless the quote itself marks an omission there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.work import paused_between

REPLACED = 0.6
ADDED = 0.5
MISSING = 0.3
# The cost of a jump: it pays off for three words at an end of the quote, for six in its middle.
JUMP = 4.0
MARKED_JUMP = 0.6

_FIRST, _ALONG, _JUMPED, _ADDED, _MISSING = range(5)
_NEVER = -1e6
# Added to the scores at each place boundary, so that a single running maximum never carries over from one place to the
# next.
_STEP = 1e7


@dataclass(frozen=True, slots=True)
class Segment:
    """Matched words of the quote and of one place, as pairs of word indices in order; at least one pair."""

    pairs: tuple[tuple[int, int], ...]

    @property
    def quoted(self) -> tuple[int, int]:
        """The half-open range of words in the quote, from the first matched to the last."""
        return self.pairs[0][0], self.pairs[-1][0] + 1

    @property
    def found(self) -> tuple[int, int]:
        """The half-open range of words in `found`, from the first matched to the last."""
        return self.pairs[0][1], self.pairs[-1][1] + 1


def align(quote: NDArray[np.int32], found: NDArray[np.int32], place_starts: Sequence[int],
          weights: NDArray[np.float64], omissions: frozenset[int] = frozenset(), *, jump: float = JUMP
          ) -> list[Segment]:
    """Return the segments of the best alignment in the order of the quote; empty if no word is shared.

    `quote` (words,) and `found` (words of all places,) hold one number per word, equal for equal words. `place_starts`
    are the indices in `found` at which the places begin, 0 first. `weights` (words,) is the score of each matched word
    of the quote. `omissions` are the indices of the quote's words in front of which it marks an omission. Time and
    memory are proportional to the product of the lengths.
    """
    if not len(quote) or not len(found):
        return []
    steps = np.zeros((len(quote), len(found)), np.uint8)
    jumped_from = np.full(len(quote), -1)
    lift = np.zeros(len(found))
    lift[list(place_starts[1:])] = _STEP
    lift = np.cumsum(lift) + MISSING * np.arange(len(found))
    scores = np.full(len(found), _NEVER)
    diagonal = np.empty(len(found))
    for number in paused_between(range(len(quote))):
        matched = found == quote[number]
        diagonal[1:] = scores[:-1]
        diagonal[list(place_starts)] = _NEVER
        along = diagonal + np.where(matched, weights[number], -REPLACED)
        first = -ADDED * number
        best = int(scores.argmax())
        again = float(scores[best]) - (MARKED_JUMP if number in omissions else jump)
        onset = np.where(matched, max(first, again) + weights[number], _NEVER)
        added = scores - ADDED
        scores = np.maximum(np.maximum(along, onset), added)
        onset_step = _JUMPED if again > first else _FIRST
        step = np.where(scores == along, _ALONG, np.where(scores == added, _ADDED, onset_step))
        jumped_from[number] = best
        carried = np.maximum.accumulate(scores + lift) - lift
        missing = carried > scores + 1e-6
        steps[number] = np.where(missing, _MISSING, step)
        scores = np.where(missing, carried, scores)
    if scores.max() <= _NEVER / 2:
        return []
    return _segments(steps, jumped_from, int(scores.argmax()), quote, found)


def _segments(steps: NDArray[np.uint8], jumped_from: NDArray[np.int64], place: int, quote: NDArray[np.int32],
              found: NDArray[np.int32]) -> list[Segment]:
    """Trace the alignment back from the last word of the quote at `place`."""
    segments: list[Segment] = []
    pairs: list[tuple[int, int]] = []
    number = len(quote) - 1
    while number >= 0:
        step = steps[number, place]
        if step == _MISSING:
            place -= 1
            continue
        if step != _ADDED and quote[number] == found[place]:
            pairs.append((number, place))
        if step == _ALONG:
            place -= 1
        elif step in (_JUMPED, _FIRST):
            segments.append(Segment(tuple(reversed(pairs))))
            pairs = []
            if step == _FIRST:
                break
            place = int(jumped_from[number])
        number -= 1
    return segments[::-1]
