"""Compare a quote with the articles: find where its words come from, and where they differ."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from math import inf

import numpy as np

from index.generation.snapshot import Snapshot
from index.language.clitics import only_and_is_added, strip_and_for_sameness
from index.language.function_words import FUNCTION_WORDS, SPEECH_OPENERS
from index.language.saying import SAYING_IN_BOTH_LANGUAGES
from index.search.allowed import Allowed
from qa.contract import DifferenceKind, Verdict
from qa.verify.alignment import Segment, align
from qa.verify.cuts import cuts_of, missing, span_of, widened
from qa.verify.forwarded import without_additions
from qa.verify.places import Place, PlaceFinder, pieces
from qa.verify.quote import Difference, Quote, QuotedPart
from qa.verify.spelling import same_but_for_spelling, words_of
from qa.verify.stretches import Stretch, begin_together, cited, exact_stretches, moved, split_at_omissions
from qa.verify.words import Word

# Most citations listed for one quote.
MAX_CITATIONS = 5
FUNCTION_WORD_WEIGHT = 0.5
# A part of the quote must have at least this many matched words, and this weight.
MIN_PART_WORDS, MIN_PART_WEIGHT = 3, 2.0
# A quote counts as altered, or as stitched together from parts, from this share of matched weight on. With a run of so
# many matched words, which is no chance, a lower share is enough.
ALTERED_FROM = 0.65
STITCHED_FROM = 0.75
LONG_RUN_WORDS, ALTERED_WITH_LONG_RUN_FROM = 8, 0.6
# This share of what is quoted as said must agree as well, or only its introduction is in the article.
CLAIM_FROM = 0.5
MIN_CLAIM_WORDS = 2
# Most exact occurrences looked at for one that is not cut from a negation.
MAX_OCCURRENCES = 60
# Weight of a missing word, relative to a word that differs.
MISSING_WEIGHT = 0.4
# Most words that may be left out unmarked from one sentence to the next; with more, the quote joins two places.
MAX_UNMARKED_WORDS = 12
# A run of at least this many words that no place explains is searched for by itself.
MIN_UNEXPLAINED_WORDS = 4
# Up to this many differing words at an end of the quote count as replacing the article's words there.
MAX_REPLACED_AT_ENDS = 3
_THAT = SPEECH_OPENERS | {"that"}
_OMISSION = re.compile(r"\.{3,}|…")  # two dots are a pause


@dataclass(frozen=True, slots=True)
class Findings:
    """The verdict on the words of a quote, before its speaker is checked; `is_cut`: it lacks the "not" before it."""

    verdict: Verdict
    parts: tuple[QuotedPart, ...] = ()
    differences: tuple[Difference, ...] = ()
    is_cut: bool = False


def compare(snapshot: Snapshot, quote: Quote, allowed: Allowed | None) -> Findings:
    """Compare a quote with the allowed passages.

    `allowed` tells which passages may be searched; None for all.
    """
    text = without_additions(quote.text)
    words = words_of(text)
    if not words:
        return Findings("absent")
    finder = PlaceFinder(snapshot, text, words, allowed)
    places = finder.look_for(pieces(len(words)))
    cut: Stretch | None = None
    whole: list[Stretch] = []
    occurrences = chain(exact_stretches(words, places), exact_stretches(words, finder.covering()))
    for stretch in islice(occurrences, MAX_OCCURRENCES):
        if not any(begin_together(each, stretch) for each in whole):
            if cuts_of(words, stretch, is_last=True):
                cut = cut or stretch
            else:
                whole.append(stretch)
        if len(whole) == MAX_CITATIONS:
            break
    if whole:
        return Findings("found", cited(words, whole))
    if cut:
        return _turned(words, cut)
    comparison = _Comparison(quote, words, places)
    unexplained = comparison.unexplained()
    if unexplained:
        comparison = _Comparison(quote, words, finder.look_for(unexplained))
    return comparison.findings()


class _Comparison:
    """The comparison of a quote that no article has verbatim with the places that share its words."""

    def __init__(self, quote: Quote, words: Sequence[Word], places: Sequence[Place]) -> None:
        self._quote, self._words, self._places = quote, words, places
        marks = [match.end() for match in _OMISSION.finditer(quote.text)]
        self._omissions = frozenset(
            number for number, (word, following) in enumerate(pairwise(words), start=1)
            if any(word.end < mark <= following.start for mark in marks))
        self._weights = np.array([_weight(word) for word in words])
        numbers: dict[str, int] = {}
        self._numbers = np.array([numbers.setdefault(word.form, len(numbers)) for word in words], np.int32)
        self._total = float(self._weights.sum())
        self._found = [np.array([numbers.get(word.form, -1) for word in place.words], np.int32) for place in places]
        self._groups = self._find_groups()

    def unexplained(self) -> list[tuple[int, int]]:
        """List the ranges of the quote's words that no place explains and that are long enough to search for."""
        edges = [0, *(edge for group in self._groups for stretch in group for edge in stretch.quoted), len(self._words)]
        return [(low, high) for low, high in zip(edges[::2], edges[1::2], strict=True)
                if high - low >= MIN_UNEXPLAINED_WORDS]

    def findings(self) -> Findings:
        """Return the verdict for the best match of the quote with one place or several."""
        if not self._groups:
            return Findings("absent")
        shares = [sum(map(self._worth, group)) / self._total for group in self._groups]
        if len(self._groups) > 1 and sum(shares) >= STITCHED_FROM:
            described = self._described("stitched", [part for group in self._groups for part in self._refined(group)])
            if self._agreement(described.differences) >= STITCHED_FROM:
                return described
        best = self._refined(self._groups[int(np.argmax(shares))])
        described = self._described("altered", best)
        if not described.differences:
            return Findings("found", described.parts)
        has_long_run = max(stretch.longest_run for stretch in best) >= LONG_RUN_WORDS
        least = ALTERED_WITH_LONG_RUN_FROM if has_long_run else ALTERED_FROM
        claim = _claim(self._words)
        is_known = self._agreement(described.differences) >= least and (
            not claim or self._agreement(described.differences, claim) >= CLAIM_FROM)
        return described if is_known else Findings("absent")

    def _find_groups(self) -> list[list[Stretch]]:
        """Align the quote with all places; group neighbouring stretches that lie at one place of an article."""
        starts = np.cumsum([0, *map(len, self._found)])
        segments = align(self._numbers, np.concatenate([np.zeros(0, np.int32), *self._found]), starts[:-1].tolist(),
                         self._weights, self._omissions)
        stretches = []
        for segment in segments:
            number = int(np.searchsorted(starts, segment.found[0], side="right")) - 1
            stretches.append(Stretch.of(self._places[number], segment, int(starts[number])))
        if len(stretches) > 1:
            parts = [stretch for stretch in stretches if self._is_part(stretch)]
            stretches = parts or [max(stretches, key=self._worth)]
        self._bring_together(stretches)
        groups: list[list[Stretch]] = []
        for stretch in stretches:
            if groups and self._same_place(groups[-1][-1], stretch):
                groups[-1].append(stretch)
            else:
                groups.append([stretch])
        return groups

    def _bring_together(self, stretches: list[Stretch]) -> None:
        """Move a stretch next to the stretch before or after it if its words also stand there."""
        for number, (one, other) in enumerate(pairwise(stretches), start=1):
            if self._same_place(one, other):
                continue
            after = moved(other, self._words, one.place, one.found[1], len(one.place.words))
            before = moved(one, self._words, other.place, 0, other.found[0])
            if after is not None and self._same_place(one, after):
                stretches[number] = after
            elif before is not None and self._same_place(before, other):
                stretches[number - 1] = before

    def _is_part(self, stretch: Stretch) -> bool:
        return len(stretch.pairs) >= MIN_PART_WORDS and self._worth(stretch) >= MIN_PART_WEIGHT

    def _worth(self, stretch: Stretch) -> float:
        return float(self._weights[[quoted for quoted, _ in stretch.pairs]].sum())

    def _same_place(self, one: Stretch, other: Stretch) -> bool:
        """Tell whether two successive stretches of the quote are also close together in the article.

        They are if they share a sentence, or if `other` is in the next sentence and at most `MAX_UNMARKED_WORDS` words
        on, or farther on where the quote marks an omission.
        """
        if one.place is not other.place:
            return False
        place, (low, high) = one.place, (one.place.words[one.found[1] - 1], one.place.words[other.found[0]])
        sentences = bisect_right(place.sentence_starts, high.start) - bisect_right(place.sentence_starts, low.start)
        if sentences == 0:
            return True
        if other.found[0] < one.found[1]:
            return False
        marked = any(one.quoted[1] <= omission <= other.quoted[0] for omission in self._omissions)
        return sentences == 1 and (marked or other.found[0] - one.found[1] <= MAX_UNMARKED_WORDS)

    def _refined(self, group: Sequence[Stretch]) -> list[Stretch]:
        """Align a group again with its own place only; split it only where the quote marks an omission."""
        place = group[0].place
        low = min(stretch.found[0] for stretch in group)
        high = max(stretch.found[1] for stretch in group)
        first, last = group[0].quoted[0], group[-1].quoted[1]
        omissions = frozenset(omission - first for omission in self._omissions if first < omission < last)
        number = next(number for number, other in enumerate(self._places) if other is place)
        segments = align(self._numbers[first:last], self._found[number][low:high], [0], self._weights[first:last],
                         omissions, jump=inf)
        return [Stretch.of(place, Segment(tuple((quoted + first, found) for quoted, found in pairs)), -low)
                for segment in segments for pairs in split_at_omissions(segment.pairs, omissions)]

    def _described(self, verdict: Verdict, stretches: Sequence[Stretch]) -> Findings:
        stretches, blocks = self._ends_included(stretches)
        is_cut = False
        differences = [difference for block in blocks for difference in self._differences(*block)]
        for number, stretch in enumerate(stretches, start=1):
            cuts = cuts_of(self._words, stretch, is_last=number == len(stretches))
            is_cut |= bool(cuts)
            differences += [missing(self._words, stretch, number, cut) for cut in cuts]
            stretches[number - 1] = widened(stretch, cuts)
        return Findings(verdict, cited(self._words, stretches), tuple(differences), is_cut)

    def _ends_included(self, stretches: Sequence[Stretch]
                       ) -> tuple[list[Stretch], list[tuple[int, Place, tuple[int, int], tuple[int, int]]]]:
        """Widen the stretches to cover all words of the quote, and list the blocks of words that differ.

        Unmatched words before, between and after the stretches become blocks, as do differing words inside them. A
        block is: number of its citation, place, range of words in the quote, range of words in the place.
        """
        widened: list[Stretch] = []
        blocks = []
        for number, stretch in enumerate(stretches, start=1):
            before = stretches[number - 2].quoted[1] if number > 1 else 0
            quoted, found = stretch.quoted, stretch.found
            gap = quoted[0] - before
            if gap:
                taken = self._standing_for((before, quoted[0]), stretch.place, found[0], back=True)
                blocks.append((number, stretch.place, (before, quoted[0]), (found[0] - taken, found[0])))
                found = (found[0] - taken, found[1])
                quoted = (before, quoted[1])
            for (one, at), (other, then) in pairwise(stretch.pairs):
                if other - one > 1 or then - at > 1:
                    blocks.append((number, stretch.place, (one + 1, other), (at + 1, then)))
            gap = len(self._words) - quoted[1] if number == len(stretches) else 0
            if gap:
                taken = self._standing_for((quoted[1], quoted[1] + gap), stretch.place, found[1], back=False)
                blocks.append((number, stretch.place, (quoted[1], quoted[1] + gap), (found[1], found[1] + taken)))
                found = (found[0], found[1] + taken)
                quoted = (quoted[0], quoted[1] + gap)
            widened.append(Stretch(stretch.place, quoted, found, stretch.pairs))
        return widened, blocks

    def _standing_for(self, quoted: tuple[int, int], place: Place, edge: int, *, back: bool) -> int:
        """Return how many words of the place the unmatched words at an end of the quote correspond to.

        The words of the place are those right before `edge` if `back`, else those from `edge` on. If they are the same
        but for spelling, return their count; else the number of words in the quote, or 0 if it exceeds
        `MAX_REPLACED_AT_ENDS` or the words left in the place.
        """
        gap = quoted[1] - quoted[0]
        room = edge if back else len(place.words) - edge
        for count in (gap - 1, gap, gap + 1):
            found = place.words[edge - count:edge] if back else place.words[edge:edge + count]
            if 0 < count <= room and self._same(self._words[slice(*quoted)], found, quoted[0], place):
                return count
        return gap if gap <= min(MAX_REPLACED_AT_ENDS, room) else 0

    def _differences(self, number: int, place: Place, quoted: tuple[int, int],
                     found: tuple[int, int]) -> Iterator[Difference]:
        """Yield the differences in a block, leaving out words that differ only in spelling."""
        mine, theirs = self._words[slice(*quoted)], place.words[slice(*found)]
        text, article_text = self._quote.text, place.article.text
        if self._same(mine, theirs, quoted[0], place):
            return
        if len(mine) == len(theirs) > 1:
            for step in range(len(mine)):
                yield from self._differences(number, place, (quoted[0] + step, quoted[0] + step + 1),
                                             (found[0] + step, found[0] + step + 1))
            return
        kind: DifferenceKind = "replaced" if mine and theirs else "added" if mine else "missing"
        start, end = span_of(self._words, quoted)
        source_start, source_end = span_of(place.words, found)
        yield Difference(kind, number, text[start:end], article_text[source_start:source_end], start, end,
                         source_start, source_end)

    def _same(self, mine: Sequence[Word], theirs: Sequence[Word], first: int, place: Place) -> bool:
        if not mine or not theirs:
            return False
        if (first == 0 or first in self._omissions) and len(mine) == len(theirs) == 1 \
                and only_and_is_added(theirs[0].form, mine[0].form):
            return True  # a quote from the middle of a text may leave out its "and"
        return same_but_for_spelling((self._quote.text[word.start:word.end] for word in mine),
                                     (place.article.text[word.start:word.end] for word in theirs))

    def _agreement(self, differences: Sequence[Difference], low: int = 0) -> float:
        """Return the share of the weight of the quote's words from `low` on that agrees with the article.

        Missing words lower it, but not those before and behind the quote that it was cut from.
        """
        differing = 0.0
        ends = self._words[0].start, self._words[-1].end
        for each in differences:
            if each.kind == "missing" and each.quote_start in ends:
                continue
            first, end = (bisect_left(self._words, at, key=lambda word: word.start)
                          for at in (each.quote_start, each.quote_end))
            mine = float(self._weights[max(first, low):max(end, low)].sum())
            theirs = sum(map(_weight, words_of(each.source))) if end > low or not low else 0.0
            differing += max(mine, MISSING_WEIGHT * theirs)
        return 1 - differing / float(self._weights[low:].sum())


def _claim(words: Sequence[Word]) -> int:
    """Return the index of the first word behind "… said that" at the beginning of a quote, or 0."""
    for number, word in enumerate(words[:len(words) - MIN_CLAIM_WORDS]):
        if word.form in _THAT and any(strip_and_for_sameness(each.form) in SAYING_IN_BOTH_LANGUAGES
                                      for each in words[:number]):
            return number + 1
    return 0


def _turned(words: Sequence[Word], stretch: Stretch) -> Findings:
    """Describe a quote that was cut from words that turn its meaning."""
    cuts = cuts_of(words, stretch, is_last=True)
    return Findings("altered", cited(words, [widened(stretch, cuts)]),
                    tuple(missing(words, stretch, 1, cut) for cut in cuts), is_cut=True)


def _weight(word: Word) -> float:
    return FUNCTION_WORD_WEIGHT if word.form in FUNCTION_WORDS else 1.0
