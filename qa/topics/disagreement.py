"""Where articles differ: sentences of several articles that tell of the same thing and give other numbers, days or
speakers for it, side by side.

Two sentences tell of the same thing when their vectors are close and they share most of the rare words of the one that
says less. That is a likelihood and no proof: what is shown are the sentences, each with its place, and who reads them
decides. `docs/decisions/0018-timeline-and-disagreements.md` has what was measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count

import numpy as np

from index.generation.snapshot import Snapshot
from index.language.arabic import normalise, split_words, word_grams
from index.language.dates import Mention
from index.language.function_words import FUNCTION_WORDS
from qa import contract
from qa.answer.compose import cite
from qa.answer.linked import cite_linked
from qa.answer.reader import RankedSentence, rank_sentences
from qa.answer.sameness import Said, has_word
from qa.question.kinds import is_number
from qa.question.parsed import ParsedQuestion
from qa.retrieve.retriever import Candidate
from qa.topics.about import sentences_about
from qa.topics.dated import DatesRead
from qa.topics.figures import PERCENT, Figure, figures
from qa.types import Citation, Filters, IndexState, Question
from qa.verify.speakers import judge, speaker_of

PASSAGES_READ = 48
# Sentences that are compared with those about the question.
COMPARED = 80
MAX_DISAGREEMENTS = 12
# One that answers the question nearly as well as the best need not say its words.
ANSWERS_WITHIN = 0.08
SAME_EVENT_COSINE = 0.9
# The share of the rarer sentence's weight that both have: for numbers of the same thing; for speakers, whose names
# differ; and for days, which nothing but the words around them says to be of the same thing.
SHARED_WORDS = 0.5
SHARED_WORDS_OF_SPEAKERS = 0.55
SHARED_WORDS_OF_DAYS = 0.75
# "About 30" and "33" may be the same.
ROUGHLY = 0.1
# A number so many times another counts something else.
MOST_TIMES = 10
# Articles published further apart tell of different states of things, unless both name the day.
DAYS_APART = 2
# A speaker is named by so many words at least.
NAME_WORDS = 2


@dataclass(frozen=True, slots=True)
class Side:
    """One of the values that are told: the words of the first citation that say it, and all that say the same."""

    value: str
    citations: tuple[Citation, ...]

    def as_json(self) -> contract.Side:
        """What `sides` holds."""
        return {"value": self.value, "citations": [citation.as_json() for citation in self.citations]}


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Values that articles give for the same thing; `about` is what is counted, for numbers, and else empty."""

    kind: contract.DisagreementKind
    about: str
    sides: tuple[Side, ...]

    @property
    def is_between_sources(self) -> bool:
        """Whether more than one source is cited, rather than articles of the same."""
        return len({citation.article.source for side in self.sides for citation in side.citations}) > 1

    def as_json(self) -> contract.Disagreement:
        """What `disagreements` holds."""
        return {"kind": self.kind, "about": self.about or None, "sides": [side.as_json() for side in self.sides]}


@dataclass(frozen=True, slots=True)
class Disagreements:
    """What was found about a question."""

    query: Question
    disagreements: tuple[Disagreement, ...]
    index: IndexState
    understood_as: str | None = None

    def as_json(self) -> contract.Disagreements:
        """What GET /api/disagreements returns."""
        return {"query": self.query.text, "understood_as": self.understood_as,
                "disagreements": [each.as_json() for each in self.disagreements], "index": self.index.as_json()}


def find_disagreements(snapshot: Snapshot, question: ParsedQuestion, filters: Filters,
                       candidates: Sequence[Candidate]) -> tuple[Disagreement, ...]:
    """Where the sentences about the question differ: numbers, then days, then speakers; those between sources before
    those between articles of one."""
    ranked = rank_sentences(snapshot, question, candidates, COMPARED, passages_read=PASSAGES_READ)
    about = {sentence.row for sentence in sentences_about(snapshot, question, ranked)}
    dates = DatesRead()
    told = [_Told(snapshot, sentence,
                  sentence.row in about or sentence.score >= ranked[0].score - ANSWERS_WITHIN, dates)
            for sentence in ranked]
    found = [_disagreement(snapshot, filters, kind, group, candidates)
             for kind, values_of, shared, clash in _KINDS for group in _groups(told, values_of, shared, clash)]
    found.sort(key=lambda each: not each.is_between_sources)
    return tuple(_numbered(found[:MAX_DISAGREEMENTS]))


@dataclass(frozen=True, slots=True)
class _Value:
    """What a sentence says: `text[start:end]` of its article, with what it is compared by."""

    start: int
    end: int
    figure: Figure | None = None
    mention: Mention | None = None
    speaker: str = ""


@dataclass
class _Told:
    """A sentence with what it says, worked out when it is asked for."""

    snapshot: Snapshot
    sentence: RankedSentence
    is_about: bool
    dates_read: DatesRead

    @cached_property
    def dates(self) -> list[Mention]:
        return self.dates_read.within(self.sentence.article, self.sentence.sentence)

    @cached_property
    def said(self) -> Said:
        return Said.by(self.sentence.text)

    @cached_property
    def weights(self) -> dict[str, float]:
        """The content words that are no numbers and no part of a date, each with one and more for how rare it is."""
        text = self.sentence.text
        for mention in self.dates_read.in_text_of(self.sentence.article, self.sentence.sentence):
            text = text[:mention.start] + " " * (mention.end - mention.start) + text[mention.end:]
        return {word: 1 + float(self.snapshot.lexical.inverse_document_frequency(
                    np.array(word_grams(word), np.uint64)).mean())
                for word in split_words(normalise(text)) if word not in FUNCTION_WORDS and not is_number(word)}

    @cached_property
    def figures(self) -> list[_Value]:
        start = self.sentence.sentence.start
        dates = self.dates_read.in_text_of(self.sentence.article, self.sentence.sentence)
        return [_Value(figure.start + start, figure.end + start, figure=figure)
                for figure in figures(self.sentence.text, dates)]

    @cached_property
    def days(self) -> list[_Value]:
        named = [mention for mention in self.dates if mention.first and mention.last
                 and mention.first == mention.last and mention.expressed != "relative" and not mention.approximate]
        return [_Value(mention.start, mention.end, mention=mention) for mention in named] if len(named) == 1 else []

    @cached_property
    def speakers(self) -> list[_Value]:
        sentence = self.sentence
        named = speaker_of(sentence.article, sentence.sentence.start, sentence.sentence.end)
        if named is None or not named[1]:
            return []
        (start, end), _ = named
        name = sentence.article.text[start:end]
        return [_Value(start, end, speaker=name)] if len(name.split()) >= NAME_WORDS else []

    def shares_with(self, other: _Told) -> float:
        """How much of the weight of the one that says less both have, 0..1."""
        mine, theirs = sum(self.weights.values()), sum(other.weights.values())
        one, two = (self, other) if mine <= theirs else (other, self)
        total = min(mine, theirs)
        return sum(weight for word, weight in one.weights.items() if has_word(word, two.said)) / total if total else 0.0

    def cosine_with(self, other: _Told) -> float:
        vectors = self.snapshot.tables.sentence_vectors[[self.sentence.row, other.sentence.row]].astype(np.float32)
        return float(vectors[0] @ vectors[1])


_Pair = tuple[_Told, _Value]


def _figures_clash(one: _Pair, other: _Pair) -> bool | None:
    """Whether two figures of the same thing differ; None where they count different things."""
    mine, theirs = one[1].figure, other[1].figure
    if mine is None or theirs is None or not _count_the_same(mine, theirs) or not _same_time(one[0], other[0]):
        return None
    if mine.approximate or theirs.approximate:
        return abs(mine.value - theirs.value) > ROUGHLY * max(mine.value, theirs.value)
    return mine.value != theirs.value


def _count_the_same(one: Figure, other: Figure) -> bool:
    low, high = sorted((one.value, other.value))
    return high <= MOST_TIMES * low and {one.people_were, other.people_were} != {"killed", "wounded"} \
        and _same_unit(one.unit, other.unit)


def _same_unit(one: str, other: str) -> bool:
    return one == other or (PERCENT not in (one, other) and has_word(one, Said.by(other)) and has_word(
        other, Said.by(one)))


def _same_time(one: _Told, other: _Told) -> bool:
    """Whether both name the same day or month, or were published close together and name no other days: what is told
    later may be more by then, and is no other account of the same."""
    mine, theirs = [each.days for each in one.dates], [each.days for each in other.dates]
    if mine and theirs:
        return any(a and b and a[0] <= b[1] and b[0] <= a[1] for a in mine for b in theirs)
    first, second = one.sentence.article.published_on, other.sentence.article.published_on
    return first is None or second is None or abs((first - second).days) <= DAYS_APART


def _days_clash(one: _Pair, other: _Pair) -> bool | None:
    mine, theirs = one[1].mention, other[1].mention
    if mine is None or theirs is None or not (mine.first and mine.last and theirs.first and theirs.last):
        return None
    return mine.last < theirs.first or theirs.last < mine.first


def _speakers_clash(one: _Pair, other: _Pair) -> bool | None:
    """Whether each article says that somebody else said it; None where one of them leaves it open."""
    (mine, value), (theirs, other_value) = one, other
    places = ((mine.sentence, value, other_value), (theirs.sentence, other_value, value))
    verdicts = {judge(sentence.article, ((own.start, own.end), True), another.speaker)
                for sentence, own, another in places}
    return None if "undetermined" in verdicts else verdicts == {"contradicted"}


_ValuesOf = Callable[[_Told], list[_Value]]
_Clash = Callable[[_Pair, _Pair], bool | None]
_KINDS: tuple[tuple[contract.DisagreementKind, _ValuesOf, float, _Clash], ...] = (
    ("number", lambda told: told.figures, SHARED_WORDS, _figures_clash),
    ("date", lambda told: told.days, SHARED_WORDS_OF_DAYS, _days_clash),
    ("attribution", lambda told: told.speakers, SHARED_WORDS_OF_SPEAKERS, _speakers_clash))


def _groups(told: Sequence[_Told], values_of: _ValuesOf, shared: float, clash: _Clash) -> Iterator[list[list[_Pair]]]:
    """What several articles say of one thing that was asked about, where they differ: those that agree together, the
    best sentence first."""
    taken: set[tuple[int, int]] = set()
    for one in told:
        for value in values_of(one) if one.is_about else ():
            if (one.sentence.row, value.start) in taken:
                continue
            sides: list[list[_Pair]] = [[(one, value)]]
            for other in told:
                if other.sentence.article.id != one.sentence.article.id and values_of(other) \
                        and _same_event(one, other, shared):
                    _sort_in(sides, other, values_of(other), clash, taken)
            if len(sides) > 1:
                taken |= {(pair[0].sentence.row, pair[1].start) for side in sides for pair in side}
                yield sides


def _same_event(one: _Told, other: _Told, shared: float) -> bool:
    return one.said.denies == other.said.denies and one.cosine_with(other) >= SAME_EVENT_COSINE \
        and one.shares_with(other) >= shared


def _sort_in(sides: list[list[_Pair]], other: _Told, values: Sequence[_Value], clash: _Clash,
             taken: set[tuple[int, int]]) -> None:
    """Put a sentence to the side that it agrees with, or make one of it; neither where it says nothing of the thing,
    nor where its value is one of another group's, `taken`."""
    verdicts = [clash(sides[0][0], (other, value)) for value in values]
    clashing = [value for value, verdict in zip(values, verdicts, strict=True)
                if verdict and (other.sentence.row, value.start) not in taken]
    if False in verdicts:
        sides[0].append((other, values[verdicts.index(False)]))
    elif clashing:
        pair = other, clashing[0]
        side = next((side for side in sides[1:] if clash(side[0], pair) is False), None)
        if side is None:
            sides.append([pair])
        else:
            side.append(pair)


def _disagreement(snapshot: Snapshot, filters: Filters, kind: contract.DisagreementKind,
                  sides: Sequence[Sequence[_Pair]], candidates: Sequence[Candidate]) -> Disagreement:
    shown = []
    for side in sides:
        citations = [citation for told, _ in side for citation in cite_linked(
            snapshot, cite(snapshot, [told.sentence], candidates), filters)]
        told, value = side[0]
        shown.append(Side(told.sentence.article.text[value.start:value.end], tuple(citations)))
    figure = sides[0][0][1].figure
    return Disagreement(kind, "" if figure is None else figure.unit, tuple(shown))


def _numbered(disagreements: Sequence[Disagreement]) -> Iterator[Disagreement]:
    """The disagreements with their citations numbered from 1 through all of them."""
    numbers = count(1)
    for each in disagreements:
        yield replace(each, sides=tuple(replace(side, citations=tuple(
            replace(citation, number=next(numbers)) for citation in side.citations)) for side in each.sides))
