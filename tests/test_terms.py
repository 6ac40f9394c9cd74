"""What a passage is found by beside its words: its days, months and years, however it writes them, and its numbers."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.dates import ASKED, WRITTEN, collection
from index.chunker import context_of
from index.language.arabic import grams
from index.search.lexical import LexicalIndex
from index.search.terms import Terms, passage_terms, question_terms
from index.types import Article, Passage
from tests.fakes import terms_of

# Kinds of terms, and how often a question asks for each.
DAY, MONTH, YEAR, DAY_OF_YEAR = 0xE100, 0xE101, 0xE102, 0xE103
TIMES = {DAY: 8, MONTH: 4, YEAR: 2, DAY_OF_YEAR: 2}


def day(year: int, month: int, of_month: int) -> int:
    return DAY << 48 | date(year, month, of_month).toordinal()


def terms(article: Article) -> Terms:
    return passage_terms(article, Passage(article.id, 0, len(article.text), ()))


def named(text: str, published: str = "", title: str = "") -> set[int]:
    return set(terms(Article("a", text, title, published=published)).named.tolist())


FEBRUARY_5 = {day(2022, 2, 5), MONTH << 48 | 202202, YEAR << 48 | 2022, DAY_OF_YEAR << 48 | 205}


@pytest.mark.parametrize(("text", "published"), [
    ("في 5 فبراير 2022", ""), ("في ٥ شباط ٢٠٢٢", ""), ("الخامس من فبراير/شباط 2022", ""), ("05/02/2022", ""),
    ("on February 5, 2022", ""), ("4 رجب 1443 حسب تقويم أم القرى", ""), ("أمس", "2022-02-06"),
    ("يوم السبت", "2022-02-08"), ("قبل ثلاثة أيام", "2022-02-08T10:00:00+03:00"), ("في 5 شباط", "2022-03-01")])
def test_a_day_has_the_same_four_terms_however_it_is_written(text: str, published: str) -> None:
    assert named(text, published) == FEBRUARY_5


def test_a_question_asks_for_a_day_eight_times_a_month_four_and_a_year_twice() -> None:
    asked = Counter(question_terms("ماذا حدث في 5 شباط 2022؟").named.tolist())
    assert asked == {term: TIMES[term >> 48] for term in FEBRUARY_5}


def test_a_month_has_no_days_and_a_year_no_months() -> None:
    assert named("في شباط 2022") == {MONTH << 48 | 202202, YEAR << 48 | 2022}
    assert named("عام 2022") == {YEAR << 48 | 2022}
    assert named("بين عامي 2010 و2012") == {YEAR << 48 | year for year in (2010, 2011, 2012)}
    assert named("بين عامي 1910 و2012") == set()  # a century says nothing of its years


def test_a_week_and_three_days_have_each_of_their_days() -> None:
    assert {term for term in named("الأسبوع الماضي", "2018-03-06") if term >> 48 == DAY} == {
        *(day(2018, 2, of_month) for of_month in (26, 27, 28)), *(day(2018, 3, of_month) for of_month in (1, 2, 3, 4))}
    assert {term for term in named("من 3 إلى 5 مارس 2022") if term >> 48 == DAY} == {
        day(2022, 3, 3), day(2022, 3, 4), day(2022, 3, 5)}


def test_a_hijri_day_of_a_passage_has_the_days_beside_it_and_that_of_a_question_has_none() -> None:
    # 4 Rajab 1443 is 5 February 2022 in the calendar of Umm al-Qura.
    days = {day(2022, 2, of_month) for of_month in (4, 5, 6)}
    assert {term for term in named("في 4 رجب 1443 هـ") if term >> 48 == DAY} == days
    asked = question_terms("ماذا حدث في 4 رجب 1443 هـ؟").named.tolist()
    assert {term for term in asked if term >> 48 == DAY} == {day(2022, 2, 5)}


def test_a_day_without_its_year_is_asked_for_in_any() -> None:
    assert set(question_terms("ماذا حدث في 5 شباط؟").named.tolist()) == {DAY_OF_YEAR << 48 | 205}
    assert DAY_OF_YEAR << 48 | 205 in named("في 5 فبراير 2022")


def test_what_a_question_counts_from_today_has_no_terms() -> None:
    assert question_terms("ماذا حدث أمس وفي الأسبوع الماضي ويوم الثلاثاء؟").named.tolist() == []


def test_the_day_of_publication_is_no_date_of_the_passage_and_one_in_the_title_is() -> None:
    assert named("سقط المطر", "2022-02-06") == set()
    assert named("سقط المطر", "2022-02-06", title="المطر أمس") == FEBRUARY_5


def test_dates_count_once_in_a_passage_and_make_it_no_longer() -> None:
    article = Article("a", "أمس. أمس. في 5 شباط 2022.", "عنوان", published="2022-02-06")
    found = terms(article)
    assert sorted(found.named.tolist()) == sorted(FEBRUARY_5)
    assert found.words.tolist() == grams(f"{context_of(article)}\n{article.text}").tolist()
    assert LexicalIndex.build([found]).postings.lengths.tolist() == [len(found.words)]


def test_numbers_in_words_are_found_by_their_digits_and_small_ones_are_not() -> None:
    assert terms_of("حضر مئة وثلاثة وعشرون شخصًا").named.tolist() == grams("123").tolist()
    assert terms_of("اثنا عشر وفدًا وثلاثة وسطاء").named.tolist() == grams("12").tolist()
    index = LexicalIndex.build(map(terms_of, ["حضر مئة وعشرون", "حضر مئة وثلاثون", "حضر أربعة"]))
    assert index.search(question_terms("من حضر من بين 130 مدعوًا؟"), 1, None)[0].tolist() == [1]


@given(st.text(max_size=40), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_no_word_has_the_term_of_a_date(text: str, published: date) -> None:
    found = terms(Article("a", text, text, published=published.isoformat()))
    assert not np.isin(found.words >> np.uint64(48), list(TIMES)).any()


# ---- questions that write a date otherwise ----

def test_the_questions_of_the_benchmark_are_eighty_and_cover_every_way_of_writing() -> None:
    articles, questions = collection()
    assert len(questions) == len({question.article_id for question in questions}) == len(articles) == 80
    assert Counter(question.written for question in questions) == dict.fromkeys(WRITTEN, 10)
    assert len(ASKED) == 4


def test_dates_find_the_passages_that_words_do_not_tell_apart() -> None:
    """The lexical index alone, without the model. English questions share no word with the articles but the date."""
    articles, questions = collection()

    def right(index: LexicalIndex) -> Counter[str]:
        first = [index.search(question_terms(question.text), 1, None)[0] for question in questions]
        return Counter(question.written for question, rows in zip(questions, first, strict=True)
                       if [articles[row].id for row in rows.tolist()] == [question.article_id])

    with_dates = right(LexicalIndex.build(map(terms, articles)))
    words_alone = right(LexicalIndex.build(
        terms(article)._replace(named=np.zeros(0, np.uint64)) for article in articles))
    assert (words_alone.total(), with_dates.total()) == (20, 80)


def test_a_date_that_is_found_does_not_make_a_question_one_in_the_articles_language() -> None:
    index = LexicalIndex.build(map(terms_of, ["وقّع الطرفان الاتفاق في 5 شباط 2022", "سقط المطر في مايو 2021"]))
    asked = question_terms("Who signed the agreement on February 5, 2022?")
    rows, _, coverage = index.search(asked, 2, None)
    assert rows.tolist() == [0]
    of_words = index.coverage_of_words(asked, rows)
    # Of its words, the numbers alone are there.
    assert of_words[0] < 0.2 < coverage[0]


@pytest.mark.parametrize("asked", [
    "1.5 مليون لاجئ", "مليون ونصف المليون لاجئ", "1,500,000 لاجئ", "1500000 لاجئ", "1.5 million refugees"])
@pytest.mark.parametrize("written", ["مليون ونصف", "1500000", "1.5 مليون", "1,500,000", "١٫٥ مليون", "1.5 million"])
def test_a_quantity_in_a_question_has_the_terms_of_every_writing_in_a_passage(asked: str, written: str) -> None:
    question, passage = question_terms(asked), terms(Article("a", f"استقبلت المدينة {written}"))
    sought = {*question.words.tolist(), *question.named.tolist()}
    number = set(grams("1500000").tolist())
    assert number <= sought
    assert number <= {*passage.words.tolist(), *passage.named.tolist()}


@pytest.mark.parametrize("text", ["قتل 12 جنديًا", "عام 2018", "10-2", "نسبة 12.5%"])
def test_small_numbers_and_what_is_no_quantity_add_no_terms_to_a_question(text: str) -> None:
    assert {term for term in question_terms(text).named.tolist() if term >> 48 not in TIMES} == set()
