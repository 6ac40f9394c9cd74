"""Stretches: words of a quote matched with words of a place in an article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.types.citation import Citation
from qa.verify.alignment import Segment
from qa.verify.places import Place
from qa.verify.quote import QuotedPart
from qa.verify.words import Word


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of the quote and the words of one place that they correspond to.

    `quoted` and `found` are half-open ranges of word indices; `pairs` are the indices of the words that are the same.
    """

    place: Place
    quoted: tuple[int, int]
    found: tuple[int, int]
    pairs: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, place: Place, segment: Segment, first_word: int) -> Stretch:
        """Make a stretch of a segment; `first_word` is the index in the alignment of the first word of the place."""
        low, high = segment.found
        return cls(place, segment.quoted, (low - first_word, high - first_word),
                   tuple((quoted, found - first_word) for quoted, found in segment.pairs))

    @property
    def longest_run(self) -> int:
        """The length in words of the longest run that the quote and the place share."""
        longest = run = 1
        for (one, at), (other, then) in pairwise(self.pairs):
            run = run + 1 if other - one == then - at == 1 else 1
            longest = max(longest, run)
        return longest


def exact_stretches(words: Sequence[Word], places: Iterable[Place]) -> Iterator[Stretch]:
    """Yield a stretch wherever a place has all the words one after another, with no others between."""
    wanted = f" {' '.join(word.form for word in words)} "
    for place in places:
        text = f" {' '.join(word.form for word in place.words)} "
        at = text.find(wanted)
        while at >= 0:
            first = text.count(" ", 0, at)
            yield Stretch(place, (0, len(words)), (first, first + len(words)),
                          tuple((number, first + number) for number in range(len(words))))
            at = text.find(wanted, at + 1)


def begin_together(one: Stretch, other: Stretch) -> bool:
    """Tell whether two stretches begin at the same offset of their articles."""
    mine, theirs = one.place.words[one.found[0]], other.place.words[other.found[0]]
    return one.place.article.id == other.place.article.id and mine.start == theirs.start


def moved(stretch: Stretch, words: Sequence[Word], place: Place, low: int, high: int) -> Stretch | None:
    """Move a stretch to the first occurrence of its words among the words `low` to `high` of a place.

    `words` are those of the quote. Return None if there is no occurrence.
    """
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
    """Split the pairs where the quote marks an omission and the place has words in between."""
    run = [pairs[0]]
    for (one, at), (other, then) in pairwise(pairs):
        if then - at > 1 and any(one < omission <= other for omission in omissions):
            yield tuple(run)
            run = []
        run.append((other, then))
    yield tuple(run)


def cited(words: Sequence[Word], stretches: Iterable[Stretch]) -> tuple[QuotedPart, ...]:
    """Make a citation of each stretch, numbered from 1."""
    parts = []
    for number, stretch in enumerate(stretches, start=1):
        found = stretch.place.words[stretch.found[0]:stretch.found[1]]
        quoted = words[stretch.quoted[0]:stretch.quoted[1]]
        citation = Citation(number, stretch.place.article, found[0].start, found[-1].end)
        parts.append(QuotedPart(citation, quoted[0].start, quoted[-1].end))
    return tuple(parts)
