"""Join what the articles have about a topic: its events, who said what, disagreements and the newest articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count

from index.generation.snapshot import Snapshot
from index.types import Article
from qa import contract
from qa.notice import Notice
from qa.question.parsed import ParsedQuestion
from qa.retrieve.retriever import Candidate
from qa.topics.changes import PositionChange, find_changes
from qa.topics.disagreement import Disagreement, find_disagreements
from qa.topics.timeline import Event, events_of, telling_of
from qa.topics.who_said_what import SpeakerOfTopic, find_speakers
from qa.types.articles import origin
from qa.types.citation import Citation
from qa.types.filters import Filters
from qa.types.index_state import IndexState
from qa.types.question import Question

MAX_ARTICLES = 10


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a topic, its citations numbered from 1 through events, statements and disagreements.

    `passage_rows` are the best passages of the articles about it.
    """

    events: tuple[Event, ...]
    speakers: tuple[SpeakerOfTopic, ...]
    changes: tuple[PositionChange, ...]
    disagreements: tuple[Disagreement, ...]
    passage_rows: frozenset[int]


@dataclass(frozen=True, slots=True)
class Affair:
    """What the articles have about a topic, and the state of the index that it comes from."""

    query: Question
    events: tuple[Event, ...]
    speakers: tuple[SpeakerOfTopic, ...]
    changes: tuple[PositionChange, ...]
    disagreements: tuple[Disagreement, ...]
    articles: tuple[Article, ...]
    index: IndexState
    understood_as: str | None = None
    did_you_mean: str | None = None
    order: contract.Order = "asc"
    notices: tuple[Notice, ...] = ()

    @property
    def key_events(self) -> tuple[Event, ...]:
        """The events that most articles report, in the same order."""
        return tuple(event for event in self.events if event.is_key)

    @property
    def statement_count(self) -> int:
        """How many statements there are of all speakers."""
        return sum(len(speaker.statements) for speaker in self.speakers)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations in the order of their numbers."""
        found = [citation for event in self.events for citation in (event.citation, *(
            report.citation for report in event.reports))]
        found += [statement.citation for speaker in self.speakers for statement in speaker.statements]
        found += [citation for each in self.disagreements for side in each.sides for citation in side.citations]
        return tuple(sorted(found, key=lambda citation: citation.number))

    def ordered(self, order: contract.Order) -> Affair:
        """Return the same with the earliest event first (asc) or the latest (desc), numbered in that order."""
        events = self.events if order == self.order else self.events[::-1]
        numbered = _numbered(events, self.speakers, self.changes, self.disagreements)
        return replace(self, events=numbered[0], speakers=numbered[1], changes=numbered[2], disagreements=numbered[3],
                       order=order)

    def as_json(self) -> contract.Affair:
        """Build the response of GET /api/affair."""
        affair: contract.Affair = {
            "query": self.query.text, "understood_as": self.understood_as, "order": self.order,
            "events": [event.as_json() for event in self.events],
            "speakers": [speaker.as_json() for speaker in self.speakers],
            "changes": [change.as_json() for change in self.changes],
            "disagreements": [each.as_json() for each in self.disagreements],
            "articles": [origin(article) for article in self.articles], "index": self.index.as_json()}
        if self.did_you_mean is not None:
            affair["did_you_mean"] = self.did_you_mean
        if self.notices:
            affair["notices"] = [notice.as_json() for notice in self.notices]
        return affair


def find_affair(snapshot: Snapshot, question: ParsedQuestion, filters: Filters, candidates: Sequence[Candidate]
                ) -> Found:
    """Find the events, statements, changes of position and disagreements about the question among the candidates.

    Each part is bounded by its own limits (`MAX_EVENTS`, `MAX_SPEAKERS`, `MAX_DISAGREEMENTS` and so on).
    """
    telling = telling_of(snapshot, question, candidates)
    events = events_of(snapshot, question, telling, filters, candidates)
    speakers = find_speakers(snapshot, [sentence for sentence, _ in telling], filters, candidates)
    disagreements = find_disagreements(snapshot, question, filters, candidates)
    numbered = _numbered(events, speakers, find_changes(snapshot, speakers), disagreements)
    return Found(*numbered, frozenset(sentence.passage_row for sentence, _ in telling))


def newest_first(articles: Sequence[Article]) -> tuple[Article, ...]:
    """Return the newest `MAX_ARTICLES` of the articles, each once, undated ones last."""
    each = {article.id: article for article in articles}.values()
    return tuple(sorted(each, key=lambda article: article.published_on.toordinal() if article.published_on else 0,
                        reverse=True)[:MAX_ARTICLES])


_Parts = tuple[tuple[Event, ...], tuple[SpeakerOfTopic, ...], tuple[PositionChange, ...], tuple[Disagreement, ...]]


def _numbered(events: Sequence[Event], speakers: Sequence[SpeakerOfTopic], changes: Sequence[PositionChange],
              disagreements: Sequence[Disagreement]) -> _Parts:
    """Number all citations from 1: an event and its reports, then the next; then statements; then disagreements."""
    numbers = count(1)

    def renumbered(citation: Citation) -> Citation:
        return replace(citation, number=next(numbers))

    own_events = tuple(replace(event, citation=renumbered(event.citation), reports=tuple(
        replace(report, citation=renumbered(report.citation)) for report in event.reports)) for event in events)
    own_speakers = tuple(replace(speaker, statements=tuple(
        replace(statement, citation=renumbered(statement.citation)) for statement in speaker.statements))
        for speaker in speakers)
    by_row = {statement.row: statement for speaker in own_speakers for statement in speaker.statements}
    own_changes = tuple(replace(change, earlier=by_row[change.earlier.row], later=by_row[change.later.row])
                        for change in changes)
    own_disagreements = tuple(each.numbered(numbers) for each in disagreements)
    return own_events, own_speakers, own_changes, own_disagreements
