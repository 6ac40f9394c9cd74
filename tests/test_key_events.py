"""Which reports of a timeline are of one event, and which events are its key events."""

from __future__ import annotations

from datetime import date

import pytest

from index.types import Article
from qa.evaluation.evaluate import throwaway_snapshot
from qa.question.parsed import parse_question
from qa.retrieve.retriever import retrieve
from qa.topics.timeline import Event, find_events
from qa.types.filters import NO_FILTERS
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


def told(*texts: str, days: tuple[str, ...]) -> list[tuple[date, str, int]]:
    """Return the first day, the quote and the number of further reports of each event that the articles tell."""
    articles = [Article(f"a{number}", text, f"خبر {number}", published=day)
                for number, (text, day) in enumerate(zip(texts, days, strict=True))]
    return [(event.first, event.citation.quote, len(event.reports)) for event in events_of(articles)]


def test_a_sentence_told_again_a_week_later_is_one_event_of_its_first_days() -> None:
    text = "وأغلق مهندسو البلدية وعمال الصيانة الأسبوع الماضي مدخل جسر الوادي الشرقي بعد ظهور شقوق عميقة في أعمدته."
    events = told(text, "وتوقفت الحركة. " + text, days=("2021-06-10", "2021-06-24"))
    assert [event[0] for event in events] == [date(2021, 5, 31)]


def test_a_sentence_with_another_figure_is_of_another_event() -> None:
    text = "وأغلق {} مهندسا من البلدية وعمال الصيانة الأسبوع الماضي مدخل جسر الوادي الشرقي بعد ظهور شقوق في أعمدته."
    events = told(text.format(15), text.format(40), days=("2021-06-10", "2021-06-24"))
    assert [event[0] for event in events] == [date(2021, 5, 31), date(2021, 6, 14)]


@pytest.mark.parametrize("told_otherwise", [
    'وأعلن رئيس البلدية في 3 مايو 2021 إغلاق جسر الوادي أمام الشاحنات وقال: "لن نستطيع ضمان سلامته".',
    "وأعلن رئيس البلدية في 3 مايو 2021 إغلاق جسر الوادي أمام ما لا يقل عن ألف من الشاحنات.",
])
def test_what_a_quotation_denies_and_no_less_than_part_no_event(told_otherwise: str) -> None:
    events = told("أعلن رئيس البلدية إغلاق جسر الوادي أمام الشاحنات يوم 3 مايو 2021.", told_otherwise,
                  days=("2021-05-04", "2021-05-05"))
    assert [(first, reports) for first, _, reports in events] == [(date(2021, 5, 3), 1)]


def test_what_one_article_reports_and_another_denies_are_two_entries() -> None:
    events = told("أعلن رئيس البلدية إغلاق جسر الوادي أمام الشاحنات يوم 3 مايو 2021.",
                  "ولم يعلن رئيس البلدية إغلاق جسر الوادي أمام الشاحنات يوم 3 مايو 2021.",
                  days=("2021-05-04", "2021-05-05"))
    assert [(first, reports) for first, _, reports in events] == [(date(2021, 5, 3), 0)] * 2


def test_a_mention_in_passing_of_what_two_entries_tell_makes_them_one() -> None:
    events = told("سقطت شاحنتان محملتان بالحديد من جسر الوادي يوم 3 مايو 2021.",
                  "وأغلق المرور جسر الوادي يوم 3 مايو 2021 ونقل السائقون المصابون إلى المستشفى.",
                  "عقدت اللجنة اجتماعها. وتبحث مصير جسر الوادي بعد سقوط الشاحنتين المحملتين بالحديد ونقل السائقين "
                  "المصابين إلى المستشفى "
                  "في 3 مايو 2021.", days=("2021-05-04", "2021-05-05", "2021-05-20"))
    assert [(first, reports) for first, _, reports in events] == [(date(2021, 5, 3), 2)]
