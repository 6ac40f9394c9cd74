"""Build a timeline: dated, cited sentences about a question, a person or any other topic, in order of time.

The date is the one that the sentence names, as `index.language.dates` reads it. If a sentence names none, the day of
publication is used, but only for the first sentence of an article, which says what is new.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from index.generation.snapshot import Snapshot
from index.language.dates import Mention
from index.work import paused_between
from qa import contract
from qa.answer.compose import cite, distinct
from qa.answer.linked import cite_linked
from qa.answer.ranking import RankedSentence, rank_sentences
from qa.question.parsed import ParsedQuestion
from qa.retrieve.retriever import Candidate
from qa.topics.about import sentences_about
from qa.topics.dated import DatesRead
from qa.types import Citation, Filters, IndexState, Question

# Passages that are read, and the most sentences of them that may become events.
PASSAGES_READ = 48
SENTENCES_READ = 400
MAX_EVENTS = 40
# If a sentence names several dates, the first one up to this long is taken: a day or month is more exact than a year.
MONTH = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Event:
    """A cited sentence and the days of the event, `first` to `last`, both included.

    `dated_by` says whether the days come from the text or the day of publication; `mention` is the span of the date in
    the article's text, or None.
    """

    citation: Citation
    first: date
    last: date
    dated_by: contract.DatedBy
    approximate: bool = False
    mention: tuple[int, int] | None = None

    def as_json(self) -> contract.Event:
        """Build an element of `events` of GET /api/timeline."""
        return {"first": self.first.isoformat(), "last": self.last.isoformat(), "dated_by": self.dated_by,
                "approximate": self.approximate,
                "date_in_text": None if self.mention is None else {"start": self.mention[0], "end": self.mention[1]},
                **self.citation.as_json()}


@dataclass(frozen=True, slots=True)
class Timeline:
    """Events in order of time, and the state of the index that they come from."""

    query: Question
    events: tuple[Event, ...]
    index: IndexState
    understood_as: str | None = None
    did_you_mean: str | None = None

    def as_json(self) -> contract.Timeline:
        """Build the response of GET /api/timeline."""
        timeline: contract.Timeline = {
            "query": self.query.text, "understood_as": self.understood_as,
            "events": [event.as_json() for event in self.events], "index": self.index.as_json()}
        if self.did_you_mean is not None:
            timeline["did_you_mean"] = self.did_you_mean
        return timeline


def find_events(snapshot: Snapshot, question: ParsedQuestion, filters: Filters,
                candidates: Sequence[Candidate]) -> tuple[Event, ...]:
    """Find the dated sentences about the question among the candidates, earliest first, numbered in that order.

    If there are more than `MAX_EVENTS`, keep those that rank best for the question.
    """
    ranked = rank_sentences(snapshot, question, candidates, SENTENCES_READ, passages_read=PASSAGES_READ)
    about = list(distinct(list(sentences_about(snapshot, question, ranked))))
    dates = DatesRead()
    dated = {sentence.row: found for sentence in paused_between(about)
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
    """Tell whether a sentence is the first one of its article, headings aside."""
    _, sentences = snapshot.tables.sentences_of_article(sentence.row)
    first = next((sentences[place] for place in range(len(sentences)) if not sentences[place].is_heading), None)
    return first is not None and first.start == sentence.sentence.start
