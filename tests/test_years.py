from dataclasses import replace
from datetime import date

import pytest

from index.language.arabic import normalise
from index.types import Article
from qa.answer.ranking import WITH_READER, WITHOUT_READER
from qa.answer.years import is_of_other_years, years_in
from tests.test_ranking import ranked


@pytest.mark.parametrize(("text", "years"), [
    ("تولت المنصب في يناير/كانون الثاني عام 2017.", {2017}),
    ("تزوج العام ١٧٩٣ وتوفي سنة 1801", {1793, 1801}),
    ("بين 1998 و2002", {1998, 2002}),
    ("elected in 2009 and again in 2013", {2009, 2013}),
    ("فصلت الشركة 1750 موظفا وعينت 2000 غيرهم", set()),
    ("القرار 2254", set()),
    ("الرقم 120181", set()),
])
def test_years_are_found_and_numbers_are_not(text: str, years: set[int]) -> None:
    assert years_in(normalise(text)) == years


@pytest.mark.parametrize(("sentence", "asked", "other"), [
    ("تولت المنصب عام 2016.", set(), True),
    ("تولت المنصب عام 2017.", set(), False),
    ("تتركه بنهاية 2018، وكانت تولته عام 2016.", set(), False),
    ("تبدأ الأعمال عام 2021.", set(), False),
    ("تتركه يوم الثلاثاء.", set(), False),
    ("فاز بالجائزة عام 2009.", {2018}, True),
    ("فاز بالجائزة عام 2009.", {2009}, False),
    ("فاز بالجائزة يوم الجمعة.", {2009}, False),
])
def test_a_sentence_is_of_other_years(sentence: str, asked: set[int], other: bool) -> None:
    assert is_of_other_years(normalise(sentence), frozenset(asked), date(2018, 10, 9)) is other


def test_without_a_date_only_years_asked_for_count() -> None:
    assert not is_of_other_years("فاز عام 2009", frozenset(), None)
    assert is_of_other_years("فاز عام 2009", frozenset({2018}), None)


def test_ranking_holds_the_years_against_a_sentence() -> None:
    article = Article("a", "تولت المندوبة منصبها عام 2014. وتترك المندوبة منصبها يوم الأحد.", "المندوبة",
                      published="2018-10-09")
    years = {sentence.text: sentence.evidence.is_of_other_years
             for sentence in ranked("متى تترك المندوبة منصبها؟", article)}
    assert years == {"تولت المندوبة منصبها عام 2014.": True, "وتترك المندوبة منصبها يوم الأحد.": False}
    evidence = ranked("متى تترك المندوبة منصبها؟", article)[0].evidence
    of_others, of_its_own = (replace(evidence, is_of_other_years=each) for each in (True, False))
    assert WITH_READER.added(of_others) < WITH_READER.added(of_its_own)
    assert WITHOUT_READER.added(of_others) <= WITHOUT_READER.added(of_its_own)
