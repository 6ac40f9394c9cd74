"""Find disagreements: sentences of several articles that give different numbers, days or speakers for the same thing.

Two sentences are taken to be about the same thing if their vectors are close and they share most of the rare words of
the shorter one. That is likely but not certain: the sentences are shown, each with its place, and the reader decides.
`docs/decisions/0018-timeline-and-disagreements.md` has the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count, islice

import numpy as np

from index.generation.snapshot import Snapshot
from index.language.arabic import normalise, split_words, word_grams
from index.language.dates import Mention
from index.language.function_words import FUNCTION_WORDS
from index.language.quantities import may_start_quantity
from index.language.units import PERCENT
from index.work import paused_between
from qa import contract
from qa.answer.compose import cite
from qa.answer.linked import cite_linked
from qa.answer.ranking import RankedSentence, rank_sentences
from qa.answer.sameness import Said, has_word
from qa.question.parsed import ParsedQuestion
from qa.retrieve.retriever import Candidate
from qa.topics.about import sentences_about
from qa.topics.dated import DatesRead
from qa.topics.figures import Figure, figures
from qa.types import Citation, Filters, IndexState, Question
from qa.verify.names import WordsRead
from qa.verify.speakers import SaidBy, judge, speaker_of

PASSAGES_READ = 48
# Sentences about the question are compared with the best this many sentences.
SENTENCES_COMPARED = 80
MAX_DISAGREEMENTS = 12
# A sentence whose score is at most this far below the best one counts as about the question, even without its words.
ANSWER_SCORE_GAP = 0.08
SAME_EVENT_COSINE = 0.81
# The share of the word weight of the sentence with less weight that both must have: for numbers; for speakers, whose
# names differ; and for days, which only the words around them show to belong to the same thing.
SHARED_WORDS = 0.5
SHARED_WORDS_OF_SPEAKERS = 0.55
SHARED_WORDS_OF_DAYS = 0.75
# Tolerance for approximate numbers, as a share of the larger one: "about 30" and "33" may be the same.
APPROXIMATE_TOLERANCE = 0.1
# Of two numbers, one more than this many times the other counts something else.
MAX_RATIO = 10
# Articles published more days apart describe different situations, unless both name the day.
MAX_DAYS_APART = 2
# Further figures of a sentence are not compared.
MAX_FIGURES = 8
# A speaker's name has at least this many words.
MIN_NAME_WORDS = 2


@dataclass(frozen=True, slots=True)
class Side:
    """One of the differing values, in the words of the first citation, and all citations that give this value."""

    value: str
    citations: tuple[Citation, ...]

    def as_json(self) -> contract.Side:
        """Build an element of `sides` of the JSON."""
        return {"value": self.value, "citations": [citation.as_json() for citation in self.citations]}


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Different values for the same thing; for numbers, `about` is the noun that is counted, otherwise empty."""

    kind: contract.DisagreementKind
    about: str
    sides: tuple[Side, ...]

    @property
    def is_between_sources(self) -> bool:
        """Whether the citations are from more than one source."""
        return len({citation.article.source for side in self.sides for citation in side.citations}) > 1

    def as_json(self) -> contract.Disagreement:
        """Build an element of `disagreements` of the JSON."""
        return {"kind": self.kind, "about": self.about or None, "sides": [side.as_json() for side in self.sides]}


@dataclass(frozen=True, slots=True)
class Disagreements:
    """The disagreements found for a question, and the state of the index."""

    query: Question
    disagreements: tuple[Disagreement, ...]
    index: IndexState
    understood_as: str | None = None
    did_you_mean: str | None = None

    def as_json(self) -> contract.Disagreements:
        """Build the response of GET /api/disagreements."""
        found: contract.Disagreements = {
            "query": self.query.text, "understood_as": self.understood_as,
            "disagreements": [each.as_json() for each in self.disagreements], "index": self.index.as_json()}
        if self.did_you_mean is not None:
            found["did_you_mean"] = self.did_you_mean
        return found


def find_disagreements(snapshot: Snapshot, question: ParsedQuestion, filters: Filters,
                       candidates: Sequence[Candidate]) -> tuple[Disagreement, ...]:
    """Find disagreements between sentences about the question: numbers, then days, then speakers.

    Disagreements between sources come before those between articles of one source. There are at most
    `MAX_DISAGREEMENTS`; citations are numbered from 1 through all of them.
    """
    ranked = rank_sentences(snapshot, question, candidates, SENTENCES_COMPARED, passages_read=PASSAGES_READ)
    about = {sentence.row for sentence in sentences_about(snapshot, question, ranked)}
    dates, words = DatesRead(), WordsRead()
    statements = [_Statement(snapshot, sentence,
                  sentence.row in about or sentence.score >= ranked[0].score - ANSWER_SCORE_GAP, dates, words)
            for sentence in paused_between(ranked)]
    found = [_disagreement(snapshot, filters, kind, group, candidates)
             for kind, values_of, shared, clash in _KINDS for group in _groups(statements, values_of, shared, clash)]
    found.sort(key=lambda each: not each.is_between_sources)
    return tuple(_numbered(found[:MAX_DISAGREEMENTS]))


@dataclass(frozen=True, slots=True)
class _Value:
    """A number, day or speaker at `article.text[start:end]`, with the parsed value that is compared."""

    start: int
    end: int
    figure: Figure | None = None
    mention: Mention | None = None
    speaker: str = ""


@dataclass
class _Statement:
    """A sentence and the values in it, each computed when first needed."""

    snapshot: Snapshot
    sentence: RankedSentence
    is_about: bool
    dates_read: DatesRead
    words_read: WordsRead

    @cached_property
    def dates(self) -> list[Mention]:
        return self.dates_read.within(self.sentence.article, self.sentence.sentence)

    @cached_property
    def said(self) -> Said:
        return Said.by(self.sentence.text)

    @cached_property
    def weights(self) -> dict[str, float]:
        """The weight of each content word that is neither a number nor part of a date: 1 plus its mean IDF."""
        text = self.sentence.text
        for mention in self.dates_read.in_text_of(self.sentence.article, self.sentence.sentence):
            text = text[:mention.start] + " " * (mention.end - mention.start) + text[mention.end:]
        return {word: 1 + float(self.snapshot.lexical.inverse_document_frequency(
                    np.array(word_grams(word), np.uint64)).mean())
                for word in split_words(normalise(text))
                if word not in FUNCTION_WORDS and not may_start_quantity(word)}

    @cached_property
    def figures(self) -> list[_Value]:
        start = self.sentence.sentence.start
        dates = self.dates_read.in_text_of(self.sentence.article, self.sentence.sentence)
        return [_Value(figure.start + start, figure.end + start, figure=figure)
                for figure in islice(figures(self.sentence.text, dates), MAX_FIGURES)]

    @cached_property
    def days(self) -> list[_Value]:
        named = [mention for mention in self.dates if mention.first and mention.last
                 and mention.first == mention.last and mention.expressed != "relative" and not mention.approximate]
        return [_Value(mention.start, mention.end, mention=mention) for mention in named] if len(named) == 1 else []

    @cached_property
    def speakers(self) -> list[_Value]:
        sentence = self.sentence
        _, sentences = self.snapshot.tables.sentences_of_article(sentence.row)
        named = speaker_of(sentence.article, sentences, sentence.sentence.start, sentence.sentence.end)
        if named is None or named.name is None or not named.certain or named.stance != "stated":
            return []
        start, end = named.name
        name = sentence.article.text[start:end]
        return [_Value(start, end, speaker=name)] if len(name.split()) >= MIN_NAME_WORDS else []

    def shares_with(self, other: _Statement) -> float:
        """Return the share, 0..1, of the word weight of the lighter sentence that the other sentence has too."""
        mine, theirs = sum(self.weights.values()), sum(other.weights.values())
        one, two = (self, other) if mine <= theirs else (other, self)
        total = min(mine, theirs)
        return sum(weight for word, weight in one.weights.items() if has_word(word, two.said)) / total if total else 0.0

    def cosine_with(self, other: _Statement) -> float:
        vectors = self.snapshot.tables.sentence_vectors[[self.sentence.row, other.sentence.row]].astype(np.float32)
        return float(vectors[0] @ vectors[1])


_Pair = tuple[_Statement, _Value]


def _figures_clash(one: _Pair, other: _Pair) -> bool | None:
    """Tell whether two figures differ; None if they do not count the same thing at the same time."""
    mine, theirs = one[1].figure, other[1].figure
    if mine is None or theirs is None or not _count_the_same(mine, theirs) or not _same_time(one[0], other[0]):
        return None
    if mine.approximate or theirs.approximate:
        return abs(mine.value - theirs.value) > APPROXIMATE_TOLERANCE * max(mine.value, theirs.value)
    return mine.value != theirs.value


def _count_the_same(one: Figure, other: Figure) -> bool:
    low, high = sorted((one.value, other.value))
    return high <= MAX_RATIO * low and {one.people_were, other.people_were} != {"killed", "wounded"} \
        and _same_unit(one.unit, other.unit)


def _same_unit(one: str, other: str) -> bool:
    return one == other or (PERCENT not in (one, other) and has_word(one, Said.by(other)) and has_word(
        other, Said.by(one)))


def _same_time(one: _Statement, other: _Statement) -> bool:
    """Tell whether two sentences are about the same time, since a number may have grown by a later report.

    If both name dates, two of them must overlap; else the articles must be published at most `MAX_DAYS_APART` apart.
    An article without a date passes.
    """
    mine, theirs = [each.days for each in one.dates], [each.days for each in other.dates]
    if mine and theirs:
        return any(a and b and a[0] <= b[1] and b[0] <= a[1] for a in mine for b in theirs)
    first, second = one.sentence.article.published_on, other.sentence.article.published_on
    return first is None or second is None or abs((first - second).days) <= MAX_DAYS_APART


def _days_clash(one: _Pair, other: _Pair) -> bool | None:
    mine, theirs = one[1].mention, other[1].mention
    if mine is None or theirs is None or not (mine.first and mine.last and theirs.first and theirs.last):
        return None
    return mine.last < theirs.first or theirs.last < mine.first


def _speakers_clash(one: _Pair, other: _Pair) -> bool | None:
    """Tell whether each article rules out the other's speaker. Return None if either article leaves it open."""
    (mine, value), (theirs, other_value) = one, other
    places = ((mine, value, other_value), (theirs, other_value, value))
    verdicts = {judge(statement.sentence.article, SaidBy((own.start, own.end), certain=True, stance="stated"),
                      another.speaker, statement.words_read) for statement, own, another in places}
    return None if "undetermined" in verdicts else verdicts == {"contradicted"}


_ValuesOf = Callable[[_Statement], list[_Value]]
_Clash = Callable[[_Pair, _Pair], bool | None]
_KINDS: tuple[tuple[contract.DisagreementKind, _ValuesOf, float, _Clash], ...] = (
    ("number", lambda statement: statement.figures, SHARED_WORDS, _figures_clash),
    ("date", lambda statement: statement.days, SHARED_WORDS_OF_DAYS, _days_clash),
    ("attribution", lambda statement: statement.speakers, SHARED_WORDS_OF_SPEAKERS, _speakers_clash))


def _groups(statements: Sequence[_Statement], values_of: _ValuesOf, shared: float, clash: _Clash
            ) -> Iterator[list[list[_Pair]]]:
    """Yield each group of differing statements about one thing, as sides whose statements agree, best sentence first.

    Each group starts from a sentence about the question. `shared` is the least share of word weight in common.
    """
    taken: set[tuple[int, int]] = set()
    for one in paused_between(statements):
        for value in values_of(one) if one.is_about else ():
            if (one.sentence.row, value.start) in taken:
                continue
            sides: list[list[_Pair]] = [[(one, value)]]
            for other in paused_between(statements):
                if other.sentence.article.id != one.sentence.article.id and values_of(other) \
                        and _same_event(one, other, shared):
                    _sort_in(sides, other, values_of(other), clash, taken)
            if len(sides) > 1:
                taken |= {(pair[0].sentence.row, pair[1].start) for side in sides for pair in side}
                yield sides


def _same_event(one: _Statement, other: _Statement, shared: float) -> bool:
    return one.said.denies == other.said.denies and one.cosine_with(other) >= SAME_EVENT_COSINE \
        and one.shares_with(other) >= shared


def _sort_in(sides: list[list[_Pair]], other: _Statement, values: Sequence[_Value], clash: _Clash,
             taken: set[tuple[int, int]]) -> None:
    """Add a sentence to the side that it agrees with, or to a new side.

    Ignore it if none of its values is about the same thing. A differing value must not be `taken` by another group.
    """
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
        citations = [citation for statement, _ in side for citation in cite_linked(
            snapshot, cite(snapshot, [statement.sentence], candidates), filters)]
        statement, value = side[0]
        shown.append(Side(statement.sentence.article.text[value.start:value.end], tuple(citations)))
    figure = sides[0][0][1].figure
    return Disagreement(kind, "" if figure is None else figure.unit, tuple(shown))


def _numbered(disagreements: Sequence[Disagreement]) -> Iterator[Disagreement]:
    """Number the citations from 1 through all disagreements."""
    numbers = count(1)
    for each in disagreements:
        yield replace(each, sides=tuple(replace(side, citations=tuple(
            replace(citation, number=next(numbers)) for citation in side.citations)) for side in each.sides))
