"""What the articles say happened, in the order in which it happened: dated, cited sentences about a question, a person
or anything else that can be asked for.

The day is the one that the sentence names, read as `index.language.dates` reads it. Where it names none, the day
of publication stands for it, and only for the first sentence of an article, where news says what is new.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from index.generation.snapshot import Snapshot
from index.language.dates import Mention
from qa import contract
from qa.answer.compose import cite, distinct
from qa.answer.linked import cite_linked
from qa.answer.reader import RankedSentence, rank_sentences
from qa.question.parsed import ParsedQuestion
from qa.retrieve.retriever import Candidate
from qa.topics.about import sentences_about
from qa.topics.dated import DatesRead
from qa.types import Citation, Filters, IndexState, Question

# Passages that are read for it, and as many of their sentences as may be events.
PASSAGES_READ = 48
SENTENCES_READ = 400
MAX_EVENTS = 40
# A longer stretch of time is dated less exactly than a day or a month in the same sentence.
MONTH = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Event:
    """A cited sentence and the days that it tells of, both included. `dated_by` says what they were taken from, and
    `mention` where they stand in the article's text when that was the text."""

    citation: Citation
    first: date
    last: date
    dated_by: contract.DatedBy
    approximate: bool = False
    mention: tuple[int, int] | None = None

    def as_json(self) -> contract.Event:
        """What `events` of GET /api/timeline holds."""
        return {"first": self.first.isoformat(), "last": self.last.isoformat(), "dated_by": self.dated_by,
                "approximate": self.approximate,
                "date_in_text": None if self.mention is None else {"start": self.mention[0], "end": self.mention[1]},
                **self.citation.as_json()}


@dataclass(frozen=True, slots=True)
class Timeline:
    """Events in their order, and the snapshot that they come from."""

    query: Question
    events: tuple[Event, ...]
    index: IndexState
    understood_as: str | None = None

    def as_json(self) -> contract.Timeline:
        """What GET /api/timeline returns."""
        return {"query": self.query.text, "understood_as": self.understood_as,
                "events": [event.as_json() for event in self.events], "index": self.index.as_json()}


def find_events(snapshot: Snapshot, question: ParsedQuestion, filters: Filters,
                candidates: Sequence[Candidate]) -> tuple[Event, ...]:
    """The sentences of the candidates that are about the question and dated, the earliest first, numbered in that
    order; the `MAX_EVENTS` that are closest to it where there are more."""
    ranked = rank_sentences(snapshot, question, candidates, SENTENCES_READ, passages_read=PASSAGES_READ)
    about = list(distinct(list(sentences_about(snapshot, question, ranked))))
    dates = DatesRead()
    dated = {sentence.row: found for sentence in about
             if (found := _dated(snapshot, sentence, dates)) is not None}
    kept = [sentence for sentence in about if sentence.row in dated][:MAX_EVENTS]
    kept.sort(key=lambda sentence: (dated[sentence.row].first, dated[sentence.row].last, sentence.row))
    events: list[Event] = []
    for sentence in kept:
        for citation in cite(snapshot, [sentence], candidates):
            (linked,) = cite_linked(snapshot, [replace(citation, number=len(events) + 1)], filters)
            day = dated[sentence.row]
            is_elsewhere = citation.article.id != sentence.article.id
            events.append(Event(linked, day.first, day.last, day.dated_by, day.approximate,
                                None if is_elsewhere else day.mention))
    return tuple(events)


@dataclass(frozen=True, slots=True)
class _Day:
    first: date
    last: date
    dated_by: contract.DatedBy
    approximate: bool
    mention: tuple[int, int] | None


def _dated(snapshot: Snapshot, sentence: RankedSentence, dates: DatesRead) -> _Day | None:
    article = sentence.article
    named = dates.within(article, sentence.sentence)
    mention = next((each for each in named if _length(each) <= MONTH), named[0] if named else None)
    if mention is not None and mention.first is not None and mention.last is not None:
        return _Day(mention.first, mention.last, "text", mention.approximate, (mention.start, mention.end))
    if article.published_on is None or not _is_first(snapshot, sentence):
        return None
    return _Day(article.published_on, article.published_on, "publication", approximate=True, mention=None)


def _length(mention: Mention) -> timedelta:
    return mention.last - mention.first if mention.first and mention.last else timedelta.max


def _is_first(snapshot: Snapshot, sentence: RankedSentence) -> bool:
    """Whether it is the first sentence of its article that is no heading."""
    _, sentences = snapshot.tables.sentences_of_article(sentence.row)
    return next((each.start for each in sentences if not each.is_heading), None) == sentence.sentence.start
