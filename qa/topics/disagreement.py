"""Find disagreements: sentences of several articles that give different numbers, days or speakers for the same thing.

Two sentences are taken to be about the same thing if their vectors are close and they share most of the rare words of
the shorter one. That is likely but not certain: the sentences are shown, each with its place, and the reader decides.
`docs/decisions/0018-timeline-and-disagreements.md` has the figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from index.generation.snapshot import Snapshot
from index.work import paused_between
from qa import contract
from qa.answer.compose import cite
from qa.answer.linked import cite_linked
from qa.answer.ranking import rank_sentences
from qa.notice import Notice
from qa.question.parsed import ParsedQuestion
from qa.retrieve.retriever import Candidate
from qa.topics.about import sentences_about
from qa.topics.clashes import KINDS, Kind, Pair
from qa.topics.dates_read import DatesRead
from qa.topics.shared_words import WordWeights
from qa.topics.statements import Statement
from qa.types.citation import Citation
from qa.types.filters import Filters
from qa.types.index_state import IndexState
from qa.types.question import Question
from qa.verify.names import WordsRead

PASSAGES_READ = 72
# Sentences about the question are compared with the best this many sentences.
SENTENCES_COMPARED = 200
MAX_DISAGREEMENTS = 12
# A sentence whose score is at most this far below the best one counts as about the question, even without its words.
ANSWER_SCORE_GAP = 0.08


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
    def over_time(self) -> bool:
        """Whether the numbers were published on different days, so that they may have changed in between."""
        days = [{citation.article.published_on for citation in side.citations} for side in self.sides]
        return self.kind == "number" and set.intersection(*days) == set()

    @property
    def is_between_sources(self) -> bool:
        """Whether the citations are from more than one source."""
        return len({citation.article.source for side in self.sides for citation in side.citations}) > 1

    def numbered(self, numbers: Iterator[int]) -> Disagreement:
        """Return the same with the next of the numbers for each citation, in order."""
        return replace(self, sides=tuple(replace(side, citations=tuple(
            replace(citation, number=next(numbers)) for citation in side.citations)) for side in self.sides))

    def as_json(self) -> contract.Disagreement:
        """Build an element of `disagreements` of the JSON."""
        return {"kind": self.kind, "about": self.about or None, "over_time": self.over_time,
                "sides": [side.as_json() for side in self.sides]}


@dataclass(frozen=True, slots=True)
class Disagreements:
    """The disagreements found for a question, and the state of the index."""

    query: Question
    disagreements: tuple[Disagreement, ...]
    index: IndexState
    understood_as: str | None = None
    did_you_mean: str | None = None
    notices: tuple[Notice, ...] = ()

    def as_json(self) -> contract.Disagreements:
        """Build the response of GET /api/disagreements."""
        found: contract.Disagreements = {
            "query": self.query.text, "understood_as": self.understood_as,
            "disagreements": [each.as_json() for each in self.disagreements], "index": self.index.as_json()}
        if self.did_you_mean is not None:
            found["did_you_mean"] = self.did_you_mean
        if self.notices:
            found["notices"] = [notice.as_json() for notice in self.notices]
        return found


def find_disagreements(snapshot: Snapshot, question: ParsedQuestion, filters: Filters,
                       candidates: Sequence[Candidate]) -> tuple[Disagreement, ...]:
    """Find disagreements between sentences about the question: numbers, then days, then speakers.

    Disagreements between sources come before those between articles of one source. There are at most
    `MAX_DISAGREEMENTS`; citations are numbered from 1 through all of them.
    """
    ranked = rank_sentences(snapshot, question, candidates, SENTENCES_COMPARED, passages_read=PASSAGES_READ)
    about = {sentence.row for sentence in sentences_about(snapshot, question, ranked)}
    dates, words, weights = DatesRead(), WordsRead(), WordWeights(snapshot)
    statements = [Statement(snapshot, sentence,
                            sentence.row in about or sentence.score >= ranked[0].score - ANSWER_SCORE_GAP,
                            dates, words, weights)
                  for sentence in paused_between(ranked)]
    found = [_disagreement(snapshot, filters, kind.name, group, candidates)
             for kind in KINDS for group in _groups(statements, kind)]
    found.sort(key=lambda each: not each.is_between_sources)
    numbers = count(1)
    return tuple(each.numbered(numbers) for each in found[:MAX_DISAGREEMENTS])


def _groups(statements: Sequence[Statement], kind: Kind) -> Iterator[list[list[Pair]]]:
    """Yield each group of differing statements about one thing, as sides whose statements agree, best sentence first.

    Each group starts from a sentence about the question.
    """
    taken: set[tuple[int, int]] = set()
    for one in paused_between(statements):
        for value in kind.values_of(one) if one.is_about else ():
            if (one.sentence.row, value.start) in taken:
                continue
            sides: list[list[Pair]] = [[(one, value)]]
            for other in paused_between(statements):
                if other.sentence.article.id != one.sentence.article.id and one.said.denies == other.said.denies:
                    _sort_in(sides, other, kind, taken)
            if len(sides) > 1:
                taken |= {(pair[0].sentence.row, pair[1].start) for side in sides for pair in side}
                yield sides


def _sort_in(sides: list[list[Pair]], other: Statement, kind: Kind, taken: set[tuple[int, int]]) -> None:
    """Add a sentence to the side that it agrees with, or to a new side.

    Ignore it if it is about the same thing as the first sentence of no side. A differing value must not be `taken` by
    another group.
    """
    first = sides[0][0]
    verdicts = [(value, kind.clash(first, (other, value))) for value in kind.values_of(other)]
    if all(verdict is None for _, verdict in verdicts) or not any(
            kind.same_thing(side[0], (other, verdicts[0][0])) for side in sides):
        return
    agreeing = next((value for value, verdict in verdicts if verdict is False), None)
    clashing = next((value for value, verdict in verdicts
                     if verdict and (other.sentence.row, value.start) not in taken), None)
    if agreeing is not None:
        sides[0].append((other, agreeing))
    elif clashing is not None:
        pair = other, clashing
        side = next((side for side in sides[1:] if kind.clash(side[0], pair) is False), None)
        if side is not None:
            side.append(pair)
        elif all(kind.clash(side[0], pair) for side in sides[1:]):
            sides.append([pair])


def _disagreement(snapshot: Snapshot, filters: Filters, kind: contract.DisagreementKind,
                  sides: Sequence[Sequence[Pair]], candidates: Sequence[Candidate]) -> Disagreement:
    shown = []
    for side in sides:
        citations = [citation for statement, _ in side for citation in cite_linked(
            snapshot, cite(snapshot, [statement.sentence], candidates), filters)]
        statement, value = side[0]
        shown.append(Side(statement.sentence.article.text[value.start:value.end], tuple(citations)))
    count_of = sides[0][0][1].count
    return Disagreement(kind, "" if count_of is None else count_of.figure.unit, tuple(shown))
