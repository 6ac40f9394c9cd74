"""Quantities: one value and unit however a text writes them."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language.arabic import normalise
from index.language.dates import find_dates
from index.language.quantities import find_quantities, in_digits, may_start_quantity, shows_quantity
from qa.verify.spelling import words_of


def read(text: str) -> list[tuple[float, str | None]]:
    return [(float(quantity.value), quantity.unit) for quantity in find_quantities(text)]


@pytest.mark.parametrize("text", [
    "1.5 مليون", "١٫٥ مليون", "1,5 مليون", "مليون ونصف", "مليون ونصف المليون", "مليون ونصف مليون", "1,500,000",
    "١٬٥٠٠٬٠٠٠", "1500000", "مليون وخمسمئة ألف", "مليون و500 ألف", "1.5 million", "1.5m", "one and a half million",
    "one million and a half", "1500 ألف"])
def test_a_million_and_a_half_is_one_number(text: str) -> None:
    assert read(text) == [(1_500_000, None)]


@pytest.mark.parametrize(("text", "expected"), [
    ("ثلاثة أرباع المليون", 750_000), ("750 ألف", 750_000), ("three quarters of a million", 750_000),
    ("نصف مليون", 500_000), ("half a million", 500_000), ("ربع مليار", 250_000_000), ("ربع مليون", 250_000),
    ("a quarter of a million", 250_000), ("اثنا عشر", 12), ("12", 12), ("twelve", 12), ("مليون وربع", 1_250_000),
    ("مليونين ونصف", 2_500_000), ("3 ملايين و200 ألف", 3_200_000), ("60 ألفا وخمسمئة", 60_500),
    ("7 مليارات", 7e9), ("two and a half", 2.5), ("12.5", 12.5), ("a million", 1e6), ("3 تريليونات", 3e12)])
def test_a_number_in_any_writing(text: str, expected: float) -> None:
    assert read(text) == [(expected, None)]


@pytest.mark.parametrize(("text", "value", "unit"), [
    ("12.5 بالمئة", 12.5, "%"), ("١٢٫٥٪", 12.5, "%"), ("12.5%", 12.5, "%"), ("12,5 في المئة", 12.5, "%"),
    ("12.5 في المائة", 12.5, "%"), ("12.5 per cent", 12.5, "%"), ("عشرة بالمائة", 10, "%"),
    ("مليون دولار", 1e6, "dollar"), ("$2bn", 2e9, "dollar"), ("$2 billion", 2e9, "dollar"), ("5 $", 5, "dollar"),
    ("ملياري دولار", 2e9, "dollar"), ("300 يورو", 300, "euro"), ("€300", 300, "euro"), ("40 ريالًا", 40, "riyal"),
    ("15 كلم", 15, "km"), ("15 كم", 15, "km"), ("15 كيلومترًا", 15, "km"), ("15km", 15, "km"),
    ("100 كيلومتر مربع", 100, "km²"), ("6 أطنان", 6, "tonne"), ("ثلاث سنوات", 3, "year"), ("three years", 3, "year"),
    ("5 m", 5, "m"), ("نصف مليون برميل", 500_000, "barrel")])
def test_a_quantity_has_a_unit(text: str, value: float, unit: str) -> None:
    quantities = find_quantities(text)
    assert [(float(each.value), each.unit, text[each.start:each.end]) for each in quantities] == [(value, unit, text)]


@pytest.mark.parametrize(("text", "value", "shown"), [
    ("بـ50 ألف درهم", 50_000, "50 ألف درهم"), ("وبـ٥٠ ألف درهم", 50_000, "٥٠ ألف درهم"), ("ب50 درهم", 50, "50 درهم"),
    ("لـ3 ملايين درهم", 3e6, "3 ملايين درهم"), ("بمليون درهم", 1e6, "مليون درهم"),
    ("بثلاثة ملايين درهم", 3e6, "ثلاثة ملايين درهم"), ("بنصف مليون درهم", 500_000, "نصف مليون درهم"),
    ("ولمليوني درهم", 2e6, "مليوني درهم"), ("بِمليون درهم", 1e6, "مليون درهم"),
    ("بعشرة آلاف درهم", 10_000, "عشرة آلاف درهم"), ("بأحد عشر درهما", 11, "أحد عشر درهما"),
    ("لإحدى وعشرين درهما", 21, "إحدى وعشرين درهما"), ("باثني عشر درهما", 12, "اثني عشر درهما")])
def test_a_preposition_attached_to_a_number_is_no_part_of_it(text: str, value: float, shown: str) -> None:
    assert [(float(each.value), each.unit, text[each.start:each.end]) for each in find_quantities(text)] == [
        (value, "dirham", shown)]


def test_a_number_in_digits_stands_apart_from_its_preposition() -> None:
    assert in_digits("بيعت بثلاثة ملايين درهم وبِمليون") == "بيعت ب 3000000 درهم وبِ 1000000"


@pytest.mark.parametrize("text", [
    "ملايين الدراهم", "بملايين الدراهم", "أحد اللاعبين", "لأحد اللاعبين", "بإحدى المدن", "لأحد", "لست أدري",
    "القمة الـ29", "طرازب50", "بالألف"])
def test_what_has_the_letters_of_a_number_and_is_none(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize("text", [
    "10-2", "22/54", "10:30", "1.1.1.1", "٪٪", "0551234567", "+966551234567", "9" * 40, "1,2,3", "نصف", "ربع القرن",
    "", "F16", "1.234.567", "وزير", "ألّف كتابًا", "2018-05-12"])
def test_what_is_no_quantity(text: str) -> None:
    assert read(text) == []


def test_separators_carry_meaning() -> None:
    assert read("12.5 و125 و1,250 و1.25") == [(12.5, None), (125, None), (1250, None), (1.25, None)]
    assert find_quantities("0.1")[0].value == Fraction(1, 10)
    assert read("1٢3") == [(123, None)]


@pytest.mark.parametrize("text", ["في 12 مايو 2018", "عام 2018", "on May 12, 2018"])
def test_numbers_of_dates_are_left_out_where_the_dates_are_known(text: str) -> None:
    assert find_quantities(text)
    assert find_quantities(text, find_dates(text)) == []


@given(st.lists(st.sampled_from(
    "مليون ونصف ربع المليون 1.5 و 200 ألف % $ m one and a half of 10-2 ثلاثة أرباع , خمسة".split()),
    max_size=12).map(" ".join))
def test_quantities_lie_in_the_text_one_after_the_other(text: str) -> None:
    before, text = 0, f"{text} ، 77 كلم"
    quantities = find_quantities(text)
    assert quantities[-1].value == 77
    for quantity in quantities:
        assert before <= quantity.number_start < quantity.number_end <= quantity.end <= len(text)
        before = quantity.number_end


@pytest.mark.slow
@pytest.mark.parametrize("text", [
    "9" * 1_000_000, "1." * 500_000, "1 " * 500_000, "٪" * 1_000_000, "مليون و" * 150_000, "نصف " * 250_000])
def test_reading_takes_time_in_proportion_to_the_text(text: str) -> None:
    started = time.perf_counter()
    find_quantities(text)
    assert time.perf_counter() - started < 20


def test_a_quote_may_write_a_quantity_otherwise() -> None:
    quoted, written = words_of("بلغ العدد 1.5 مليون شخص"), words_of("بلغ العدد مليون ونصف المليون شخص")
    assert [word.form for word in quoted] == [word.form for word in written]
    assert (quoted[2].start, quoted[2].end) == (10, 19)
    assert words_of("بلغ العدد 15 مليون شخص")[2].form != quoted[2].form


@pytest.mark.parametrize(("quoted", "written"), [
    ("منحت المدينة خمسة ملايين دولار لمدارسها", "منحت المدينة 5 ملايين دولار لمدارسها"),
    ("منحت المدينة $5m لمدارسها", "منحت المدينة خمسة ملايين دولار لمدارسها"),
    ("تراجع السعر 12% أمس", "تراجع السعر اثني عشر في المئة أمس"), ("قطعوا 15km مشيًا", "قطعوا 15 كيلومترًا مشيًا")])
def test_a_quote_may_write_a_unit_otherwise(quoted: str, written: str) -> None:
    assert [word.form for word in words_of(quoted)] == [word.form for word in words_of(written)]


@pytest.mark.parametrize(("quoted", "written"), [
    ("خمسة ملايين دولار", "خمسة ملايين يورو"), ("$5m", "€5m"), ("12%", "12 كلم"), ("5 دولارات", "6 دولارات")])
def test_another_unit_or_another_number_is_another_word(quoted: str, written: str) -> None:
    quantity, other = words_of(quoted), words_of(written)
    assert (len(quantity), len(other)) == (2, 2)
    assert sum(one.form != another.form for one, another in zip(quantity, other, strict=True)) == 1


def test_the_words_of_a_quantity_have_their_places() -> None:
    text = "نحو 1.5 مليون دولار ثم $2bn"
    assert [(word.form, text[word.start:word.end]) for word in words_of(text)] == [
        ("نحو", "نحو"), ("1500000", "1.5 مليون"), ("#dollar", "دولار"), ("ثم", "ثم"), ("2000000000", "$2bn"),
        ("#dollar", "$2bn")]


@pytest.mark.parametrize(("text", "shows"), [
    ("قتل ثلاثة جنود", True), ("قتل 3 جنود", True), ("قتل جنود", False), ("مليونا دولار", True), ("", False),
    ("three men", True), ("men", False), ("نصف السكان", True), ("عشرات الآلاف", True), ("ستكون", False),
    ("الفتاة", False), ("سبعيني ألِف المكان", False)])
def test_a_text_shows_a_quantity(text: str, shows: bool) -> None:
    assert shows_quantity(normalise(text)) is shows


@pytest.mark.parametrize(("word", "may"), [
    ("12", True), ("ثلاثة", True), ("مليوني", True), ("نصف", True), ("وربع", True), ("million", True), ("five", True),
    ("دولار", False), ("ستار", False), ("", False)])
def test_a_word_that_may_begin_a_quantity(word: str, may: bool) -> None:
    assert may_start_quantity(normalise(word)) is may
