"""The day that a span names relative to its article's publication."""

from __future__ import annotations

import pytest

from index.language.sentences import split_sentences
from index.types import Article
from qa.answer.days import answering_day_span, approximate_day, resolved_day
from qa.question.parsed import parse_question

# 10 May 2018 was a Thursday.
PUBLISHED = "2018-05-10"


def resolved(text: str, span: str, published: str = PUBLISHED) -> str | None:
    start = text.index(span)
    day = resolved_day(Article("a", text, published=published), start, start + len(span))
    return None if day is None else day.isoformat()


@pytest.mark.parametrize(("text", "span", "day"), [
    ("افتتح الوزير الجسر الثلاثاء.", "الثلاثاء", "2018-05-08"),
    ("افتتح الوزير الجسر يوم الثلاثاء الماضي.", "الثلاثاء", "2018-05-08"),
    ("أعلنت تركيا الأربعاء فتح الجسر.", "الأربعاء", "2018-05-09"),
    ("افتتح الوزير الجسر أمس.", "أمس", "2018-05-09"),
    ("افتتح الوزير الجسر مساء أول من أمس.", "أول من أمس", "2018-05-08"),
    ("افتتح الوزير الجسر قبل ثلاثة أيام.", "قبل ثلاثة أيام", "2018-05-07"),
    ("يُفتتح الجسر غدا.", "غدا", "2018-05-11"),
    ("يُفتتح الجسر الاثنين المقبل.", "الاثنين المقبل", "2018-05-14"),
    ("افتتح الوزير الجسر في 2 مايو.", "2 مايو", "2018-05-02"),
    ("The minister opened the bridge yesterday.", "yesterday", "2018-05-09"),
    ("The bridge opened on Tuesday.", "Tuesday", "2018-05-08"),
    ("افتتح الوزير الجسر في 8 مايو 2017 صباحا.", "8 مايو", "2017-05-08"),
    ("سيفتتح الوزير الجسر السبت.", "السبت", "2018-05-12"),
    ("قال الوزير الأربعاء إن الجسر سيُفتح السبت.", "الأربعاء", "2018-05-09"),
    ("قال الوزير الأربعاء إن الجسر سيُفتح السبت.", "السبت", "2018-05-12"),
    ("The bridge will open on Saturday.", "Saturday", "2018-05-12"),
])
def test_a_certain_day_is_resolved(text: str, span: str, day: str) -> None:
    assert resolved(text, span) == day


@pytest.mark.parametrize(("text", "span"), [
    ("افتتح الوزير الجسر في 8 مايو 2018.", "8 مايو 2018"), ("افتتح الوزير الجسر الأسبوع الماضي.", "الأسبوع الماضي"),
    ("افتتح الوزير الجسر في مايو.", "مايو"), ("افتتح الوزير الجسر العام الماضي.", "العام الماضي"),
    ("افتتح الوزير الجسر في 2 نوفمبر.", "2 نوفمبر"), ("يلتقي الوزيران الثلاثاء في جنيف.", "الثلاثاء"),
    ("كان من المقرر أن يُفتتح الجسر السبت.", "السبت"), ("The bridge was due to open on Saturday.", "Saturday"),
    ("في 2015 افتُتح الجسر الشهر الماضي.", "الشهر الماضي"), ("افتتح الوزير الجسر في عيد الفطر.", "عيد الفطر"),
    ("افتتح الوزير الجسر.", "الجسر"), ("بدأ العمل الأحد وانتهى الثلاثاء.", "الأحد وانتهى الثلاثاء")])
def test_an_uncertain_day_or_a_full_date_is_not_resolved(text: str, span: str) -> None:
    assert resolved(text, span) is None


def test_without_a_day_of_publication_nothing_is_resolved() -> None:
    assert resolved("افتتح الوزير الجسر أمس.", "أمس", published="") is None


@pytest.mark.parametrize(("text", "question", "span"), [
    ("افتتح الوزير الجسر الثلاثاء.", None, "الثلاثاء"),
    ("افتتح الوزير الجسر عام 2017، في 8 مايو 2017.", None, "8 مايو 2017"),
    ("وُقّعت المعاهدة في مايو 1972 ودخلت حيز النفاذ في أكتوبر 1972.", "متى دخلت المعاهدة حيز النفاذ؟", "أكتوبر 1972"),
    ("وُقّعت المعاهدة في مايو 1972 ودخلت حيز النفاذ في أكتوبر 1972.", "متى وُقّعت المعاهدة؟", "مايو 1972"),
    ("انتخب عام 2010 واستقال عام 2012.", "متى استقال من انتخب عام 2010؟", "عام 2012"),
    ("افتتح الوزير الجسر.", None, None)])
def test_the_span_that_answers_when(text: str, question: str | None, span: str | None) -> None:
    article = Article("a", text, published=PUBLISHED)
    (sentence,) = split_sentences(text)
    found = answering_day_span(article, sentence, None if question is None else parse_question(question))
    assert (None if found is None else text[slice(*found)].removeprefix("في ")) == span


@pytest.mark.parametrize(("text", "span", "day"), [
    ("وُقّعت المعاهدة في 17 رمضان 1443 هـ.", "17 رمضان 1443 هـ", "2022-04-18"),
    ("وُقّعت المعاهدة في 17 رمضان 1443 هـ.", "رمضان", None), ("وُقّعت المعاهدة في 18 أبريل 2022.", "18 أبريل 2022", None),
    ("وُقّعت المعاهدة في رمضان 1443.", "رمضان 1443", None),
    ("وُقّعت في 17 رمضان 1443 هـ، 18 أبريل 2022.", "17 رمضان 1443 هـ، 18 أبريل 2022", None)])
def test_a_hijri_day_is_resolved_approximately(text: str, span: str, day: str | None) -> None:
    start = text.index(span)
    found = approximate_day(Article("a", text), start, start + len(span))
    assert (None if found is None else found.isoformat()) == day
