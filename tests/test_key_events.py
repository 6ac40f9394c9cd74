"""Which events of a timeline are its key events."""

from __future__ import annotations

from datetime import date

from index.types import Article
from qa.evaluation.evaluate import throwaway_snapshot
from qa.question.parsed import parse_question
from qa.retrieve.retriever import retrieve
from qa.topics.timeline import Event, find_events
from qa.types import NO_FILTERS
from tests.fakes import WordEmbedder

EMBEDDER = WordEmbedder("جسر", "الوادي")


def events_of(articles: list[Article]) -> tuple[Event, ...]:
    snapshot = throwaway_snapshot(articles, EMBEDDER)
    asked = parse_question("جسر الوادي")
    return find_events(snapshot, asked, NO_FILTERS,
                       retrieve(snapshot, asked, EMBEDDER.embed_query("جسر الوادي"), None, 32))


def test_what_happened_in_the_course_of_a_year_is_no_key_event() -> None:
    days = [Article(f"day-{day}", f"أغلقت البلدية جسر الوادي يوم {day} مايو 2021.", f"خبر {day}",
                    published=f"2021-06-0{day}") for day in range(1, 8)]
    told = ("وشهد جسر الوادي عام 2019 حوادث كثيرة.", "وكانت حوادث جسر الوادي كثيرة عام 2019.",
            "ووقعت حوادث كثيرة على جسر الوادي عام 2019.")
    year = [Article(f"year-{number}", text, f"تقرير {number}", published=f"2021-07-0{number}")
            for number, text in enumerate(told, start=1)]
    events = events_of([*days, *year])
    whole_year = [event for event in events if event.first == date(2019, 1, 1)]
    assert [(event.last, event.is_key) for event in whole_year] == [(date(2019, 12, 31), False)]
    assert sum(event.is_key for event in events) >= 3
