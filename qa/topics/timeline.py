"""Build a timeline: the dated, cited events of a question, a person or any other topic, in order of time.

The date is the one that the sentence gives for what it reports (`qa.topics.occurrence`). If a sentence names none, the
day of publication is used, but only for the first sentence of an article, which says what is new. Sentences that report
one event are joined (`qa.topics.events`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.generation.snapshot import Snapshot
from index.language.dates import Mention
from index.language.function_words import HAPPENED
from index.work import paused_between
from qa import contract
from qa.answer.linked import cite_linked
from qa.answer.ranking import RankedSentence, rank_sentences
from qa.answer.sameness import Said, has_word
from qa.notice import Notice
from qa.question.parsed import ParsedQuestion
from qa.retrieve.retriever import Candidate
from qa.topics.about import sentences_telling_of, words_of_subject
from qa.topics.citing import cite_verbatim
from qa.topics.dates_read import DatesRead
from qa.topics.events import REPORTED_WITHIN, Joined, Report, join
from qa.topics.occurrence import MONTH, occurrence
from qa.topics.shared_words import WordWeights
from qa.types.citation import Citation, span_as_json
from qa.types.filters import Filters
from qa.types.index_state import IndexState
from qa.types.question import Question

# Passages that are read, and the most sentences of them that may report events.
PASSAGES_READ = 48
SENTENCES_READ = 400
MAX_EVENTS = 40
# Reports of an event that are listed below the first one.
MAX_FURTHER = 6
# If there are more events than this, those that most articles report are marked as key events: as many of several
# articles, at most, and at least the second number.
MAX_KEY_EVENTS, MIN_KEY_EVENTS = 5, 3
# Openings of features, bylines and questions, which tell of no event on the day of publication.
_NO_NEWS = re.compile(
    r"(?:[^()]{0,60}\([^()]{2,30}\)[\s:–—-]*)?\W*(?:هذا المقال|جولة|شاهد|شاهدوا|بقلم|عند|عندما|حين|حينما"
    r"|كانت? \w+ [تي]\w+"
    r"|كيف|هل|لماذا|ما|ماذا|متى|من هو|من هي|لا|لم|لن|ليس|ليست|أين|إنه|إنها|هو|هي|لعل|ربما"
    r"|أول|أكثر|أكبر|ال\w+|this (?:article|piece)|how|why|what|when|who|where)\b", re.IGNORECASE)
# A date mentioned in passing, or one longer than a month, needs this share of the topic's words beside it.
MIN_SHARE_BESIDE = 0.3
Telling = tuple[RankedSentence, float]
"""A sentence that tells of a topic, and the share, 0..1, of the topic's words that it has."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A further sentence that reports an event; `mention` is the span of the date in its article's text, or None."""

    citation: Citation
    mention: tuple[int, int] | None

    def as_json(self) -> contract.Report:
        """Build an element of `reports` of an event."""
        return {"date_in_text": _span(self.mention), **self.citation.as_json()}


@dataclass(frozen=True, slots=True)
class Event:
    """A cited sentence, the days of the event that it reports, `first` to `last`, and further reports of the event.

    `dated_by` says whether the days come from the text or the day of publication; `mention` is the span of the date in
    the article's text, or None. `is_key` marks the events that most articles report; `articles` counts those.
    """

    citation: Citation
    first: date
    last: date
    dated_by: contract.DatedBy
    approximate: bool = False
    mention: tuple[int, int] | None = None
    reports: tuple[Reported, ...] = ()
    articles: int = 1
    is_key: bool = False

    def as_json(self) -> contract.Event:
        """Build an element of `events` of GET /api/timeline."""
        return {"first": self.first.isoformat(), "last": self.last.isoformat(), "dated_by": self.dated_by,
                "approximate": self.approximate, "date_in_text": _span(self.mention), "is_key": self.is_key,
                "articles": self.articles, "reports": [report.as_json() for report in self.reports],
                **self.citation.as_json()}


@dataclass(frozen=True, slots=True)
class Timeline:
    """Events in order of time, and the state of the index that they come from."""

    query: Question
    events: tuple[Event, ...]
    index: IndexState
    understood_as: str | None = None
    did_you_mean: str | None = None
    order: contract.Order = "asc"
    notices: tuple[Notice, ...] = ()

    @property
    def key_events(self) -> tuple[Event, ...]:
        """The events that most articles report, in the same order."""
        return tuple(event for event in self.events if event.is_key)

    def ordered(self, order: contract.Order) -> Timeline:
        """Return the same events, the earliest first (asc) or the latest (desc), numbered in that order."""
        events = self.events if order == self.order else self.events[::-1]
        return replace(self, events=tuple(_numbered(events)), order=order)

    def as_json(self) -> contract.Timeline:
        """Build the response of GET /api/timeline."""
        timeline: contract.Timeline = {
            "query": self.query.text, "understood_as": self.understood_as, "order": self.order,
            "events": [event.as_json() for event in self.events], "index": self.index.as_json()}
        if self.did_you_mean is not None:
            timeline["did_you_mean"] = self.did_you_mean
        if self.notices:
            timeline["notices"] = [notice.as_json() for notice in self.notices]
        return timeline


def find_events(snapshot: Snapshot, question: ParsedQuestion, filters: Filters, candidates: Sequence[Candidate]
                ) -> tuple[Event, ...]:
    """Find the events about the question among the candidates, earliest first, numbered in that order.

    If there are more than `MAX_EVENTS`, keep those with the sentences that rank best for the question.
    """
    return events_of(snapshot, question, telling_of(snapshot, question, candidates), filters, candidates)


def telling_of(snapshot: Snapshot, question: ParsedQuestion, candidates: Sequence[Candidate]) -> list[Telling]:
    """Return the sentences among the candidates that tell of the topic, best first."""
    ranked = rank_sentences(snapshot, question, candidates, SENTENCES_READ, passages_read=PASSAGES_READ)
    return list(paused_between(sentences_telling_of(snapshot, question, ranked)))


def events_of(snapshot: Snapshot, question: ParsedQuestion, telling: Sequence[Telling], filters: Filters,
              candidates: Sequence[Candidate]) -> tuple[Event, ...]:
    """Return the events that these sentences report, as `find_events` does."""
    joined = join(snapshot, list(_reports(snapshot, question, telling)))[:MAX_EVENTS]
    key = {id(event) for event in _key_events(joined)}
    joined.sort(key=lambda event: (event.lead.first, event.lead.last, event.lead.sentence.row))
    events = [_event(snapshot, event, filters, candidates, is_key=id(event) in key) for event in joined]
    return tuple(_numbered(events))


def _key_events(joined: Sequence[Joined]) -> list[Joined]:
    """Choose the events that most articles report; none if there are no more events than that.

    What happened in the course of a year is no key event.
    """
    if len(joined) <= MAX_KEY_EVENTS:
        return []
    within_a_month = [event for event in joined if event.lead.length <= MONTH]
    ordered = sorted(within_a_month, key=lambda event: (-event.article_count, event.rank))[:MAX_KEY_EVENTS]
    return [event for place, event in enumerate(ordered) if place < MIN_KEY_EVENTS or event.article_count > 1]


def _reports(snapshot: Snapshot, question: ParsedQuestion, telling: Sequence[Telling]) -> Iterator[Report]:
    """Yield what the sentences about the topic report, with its days, best sentence first."""
    dates, weights = DatesRead(), WordWeights(snapshot)
    topic = Said.of_normalised(words_of_subject(question))
    for rank, (sentence, share) in enumerate(paused_between(telling)):
        mentions = dates.in_text_of(sentence.article, sentence.sentence)
        report = _report(snapshot, weights, topic, sentence, mentions, rank, share)
        if report is not None:
            yield report


def _report(snapshot: Snapshot, weights: WordWeights, topic: Said, sentence: RankedSentence,
            mentions: Sequence[Mention], rank: int, share: float) -> Report | None:
    article, text, start = sentence.article, sentence.text, sentence.sentence.start
    left_out = [(mention.start, mention.end) for mention in mentions]
    found = occurrence(text, mentions, article.published_on)
    is_news = article.published_on is not None and _may_be_news(snapshot, sentence)
    if found is not None and not (found.is_aside and is_news and _is_older(found.last, article.published_on)):
        clause = text[slice(*found.clause)]
        own = _without(topic, weights.of(clause) if found.is_aside else weights.of(text, left_out))
        is_short = found.last - found.first <= MONTH
        lies_ahead = article.published_on is not None and found.first > article.published_on
        may_lead = is_short and not lies_ahead and _share_of(topic, clause) >= MIN_SHARE_BESIDE if found.is_aside \
            else is_short or share >= MIN_SHARE_BESIDE
        if may_lead or not is_news:
            return Report(sentence, rank, found.first, found.last, "text", found.approximate,
                          (found.mention[0] + start, found.mention[1] + start), found.is_aside, may_lead,
                          len(mentions) == 1, own, Said.by(clause))
    if not is_news or article.published_on is None:
        return None
    return Report(sentence, rank, article.published_on, article.published_on, "publication", approximate=True,
                  mention=None, is_aside=False, may_lead=True, is_only_date=True,
                  weights=_without(topic, weights.of(text, left_out)), said=Said.by(text))


def _is_older(day: date, published: date | None) -> bool:
    """Tell whether news of this day would be late, so that it must be of something before it."""
    return published is not None and published - day > REPORTED_WITHIN


def _without(topic: Said, weights: dict[str, float]) -> dict[str, float]:
    """Leave out the words of the topic, which all reports share."""
    return {word: weight for word, weight in weights.items() if word not in HAPPENED and not has_word(word, topic)}


def _share_of(topic: Said, clause: str) -> float:
    """Return the share, 0..1, of the topic's content words that a clause has."""
    said = Said.by(clause)
    return sum(has_word(word, said) for word in topic.content) / len(topic.content) if topic.content else 0.0


def _event(snapshot: Snapshot, joined: Joined, filters: Filters, candidates: Sequence[Candidate], *, is_key: bool
           ) -> Event:
    lead, *further = joined.reports
    first = _cited(snapshot, lead, filters, candidates)
    shown = {(first.citation.article.id, first.citation.start),
             *((place.article.id, place.start) for place in first.citation.also_in)}
    reports: list[Reported] = []
    for report in further:
        cited = _cited(snapshot, report, filters, candidates)
        place = cited.citation.article.id, cited.citation.start
        if place not in shown and len(reports) < MAX_FURTHER:
            reports.append(cited)
        shown |= {place, *((other.article.id, other.start) for other in cited.citation.also_in)}
    return Event(first.citation, lead.first, lead.last, lead.dated_by, lead.approximate, first.mention, tuple(reports),
                 len({article_id for article_id, _ in shown}), is_key)


def _cited(snapshot: Snapshot, report: Report, filters: Filters, candidates: Sequence[Candidate]) -> Reported:
    citation = cite_verbatim(snapshot, report.sentence, candidates)
    mention = report.mention if citation.article.id == report.sentence.article.id else None
    (linked,) = cite_linked(snapshot, [citation], filters)
    return Reported(linked, mention)


def _numbered(events: Sequence[Event]) -> Iterator[Event]:
    """Number the events from 1, and then their further reports, in the same order."""
    number = len(events)
    for place, event in enumerate(events, start=1):
        reports = tuple(replace(report, citation=replace(report.citation, number=number + behind))
                        for behind, report in enumerate(event.reports, start=1))
        number += len(reports)
        yield replace(event, citation=replace(event.citation, number=place), reports=reports)


def _span(mention: tuple[int, int] | None) -> contract.Span | None:
    return None if mention is None else span_as_json(mention)


def _may_be_news(snapshot: Snapshot, sentence: RankedSentence) -> bool:
    """Tell whether a sentence is the first one of its article, headings aside, which says what is new."""
    _, sentences = snapshot.tables.sentences_of_article(sentence.row)
    first = next((sentences[place] for place in range(len(sentences)) if not sentences[place].is_heading), None)
    return first is not None and first.start == sentence.sentence.start and not _NO_NEWS.match(sentence.text)
