"""What the articles say happened, in its order."""

from __future__ import annotations

from datetime import date

import pytest

from qa.answerer import Answerer
from qa.types.filters import Filters
from qa.types.question import Question


def test_a_timeline_is_dated_by_the_text_in_order_and_each_event_is_cited(sample_answerer: Answerer) -> None:
    timeline = sample_answerer.timeline(Question.parse("أزمة الصواريخ الكوبية"))
    days = [event.first for event in timeline.events]
    assert days == sorted(days)
    assert {date(1962, 10, 14), date(1962, 10, 22), date(1962, 10, 28), date(1963, 8, 30)} <= set(days)
    for number, event in enumerate(timeline.events, start=1):
        citation = event.citation
        assert citation.number == number
        assert citation.article.text[citation.start:citation.end] == citation.quote
        assert event.dated_by == "text"
        assert event.mention is not None
        assert citation.start <= event.mention[0] < event.mention[1] <= citation.end


@pytest.mark.parametrize(("asked", "events"), [
    ("ياسر عرفات", {date(1993, 9, 9), date(1994, 7, 1), date(1994, 12, 10)}),
    ("ترمب", {date(2018, 7, 16), date(2019, 9, 7)}),  # whichever way his name is spelled
    ("ماذا حدث في قمة ريكيافيك؟", {date(1986, 10, 11)}),
    ("the Taif agreement", {date(1989, 10, 22)}),
])
def test_a_person_a_question_and_another_language_have_their_timeline(sample_answerer: Answerer, asked: str,
                                                                      events: set[date]) -> None:
    assert events <= {event.first for event in sample_answerer.timeline(Question.parse(asked)).events}


def test_what_the_articles_know_nothing_about_has_no_events(sample_answerer: Answerer) -> None:
    assert sample_answerer.timeline(Question.parse("ما هو الطقس في طوكيو غدًا؟")).events == ()


def test_a_timeline_keeps_to_the_filters(sample_answerer: Answerer) -> None:
    late = Filters(published_from=date(2000, 1, 1))
    timeline = sample_answerer.timeline(Question.parse("جائزة نوبل", filters=late))
    assert timeline.events
    published = [event.citation.article.published_on for event in timeline.events]
    assert [day for day in published if day is None or day < date(2000, 1, 1)] == []


def test_the_first_sentence_of_news_without_a_date_happened_when_it_was_published(differing: Answerer) -> None:
    events = differing.timeline(Question.parse("انفجار الميناء")).events
    assert ("2018-05-20", "publication") in [(event.first.isoformat(), event.dated_by) for event in events]
    assert ("2018-05-01", "text") in [(event.first.isoformat(), event.dated_by) for event in events]  # يوم الثلاثاء
