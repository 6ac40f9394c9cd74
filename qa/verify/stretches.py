"""Stretches of a quote and of the places that its words come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.types import Citation
from qa.verify.alignment import Segment
from qa.verify.places import Place
from qa.verify.quote import QuotedPart
from qa.verify.spelling import Word


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of the quote and of one place that stand for each other: half-open ranges of word numbers, and the pairs of
    those that are the same."""

    place: Place
    quoted: tuple[int, int]
    found: tuple[int, int]
    pairs: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, place: Place, segment: Segment, first_word: int) -> Stretch:
        """A segment of an alignment in which the place begins with the word of that number."""
        low, high = segment.found
        return cls(place, segment.quoted, (low - first_word, high - first_word),
                   tuple((quoted, found - first_word) for quoted, found in segment.pairs))

    @property
    def longest_run(self) -> int:
        """The most words that follow one another both in the quote and in the place."""
        longest = run = 1
        for (one, at), (other, then) in pairwise(self.pairs):
            run = run + 1 if other - one == then - at == 1 else 1
            longest = max(longest, run)
        return longest


def exact_stretches(words: Sequence[Word], places: Iterable[Place]) -> Iterator[Stretch]:
    """Where all the words stand one after another, none else between them."""
    wanted = f" {' '.join(word.form for word in words)} "
    for place in places:
        text = f" {' '.join(word.form for word in place.words)} "
        at = text.find(wanted)
        while at >= 0:
            first = text.count(" ", 0, at)
            yield Stretch(place, (0, len(words)), (first, first + len(words)),
                          tuple((number, first + number) for number in range(len(words))))
            at = text.find(wanted, at + 1)


def moved(stretch: Stretch, words: Sequence[Word], place: Place, low: int, high: int) -> Stretch | None:
    """The stretch where all its words, of those of the quote, first stand between two words of a place; or None."""
    first, last = stretch.quoted
    window = Place(place.article, place.words[low:high], ())
    found = next(exact_stretches(words[first:last], [window]), None)
    if found is None:
        return None
    start = low + found.found[0]
    return Stretch(place, stretch.quoted, (start, start + last - first),
                   tuple((first + step, start + step) for step in range(last - first)))


def split_at_omissions(pairs: Sequence[tuple[int, int]],
                       omissions: frozenset[int]) -> Iterator[tuple[tuple[int, int], ...]]:
    """The pairs in runs: another begins where the quote marks an omission and the place has words there."""
    run = [pairs[0]]
    for (one, at), (other, then) in pairwise(pairs):
        if then - at > 1 and any(one < omission <= other for omission in omissions):
            yield tuple(run)
            run = []
        run.append((other, then))
    yield tuple(run)


def cited(words: Sequence[Word], stretches: Iterable[Stretch]) -> tuple[QuotedPart, ...]:
    """A citation for each stretch, numbered from 1."""
    parts = []
    for number, stretch in enumerate(stretches, start=1):
        found = stretch.place.words[stretch.found[0]:stretch.found[1]]
        quoted = words[stretch.quoted[0]:stretch.quoted[1]]
        citation = Citation(number, stretch.place.article, found[0].start, found[-1].end)
        parts.append(QuotedPart(citation, quoted[0].start, quoted[-1].end))
    return tuple(parts)
