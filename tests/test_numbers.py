"""Numbers in words."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language.arabic import normalise
from index.language.numbers import (
    LIST_ORDINALS,
    SCALES,
    number_stem,
    numbers_in_words,
    one_spelling_of_hundred,
    ordinal,
)


@pytest.mark.parametrize(("text", "expected"), [
    ("ثلاث سنوات", [(3, "ثلاث")]), ("عشرة أيام", [(10, "عشرة")]), ("اثنان", [(2, "اثنان")]),
    ("أحد عشر عامًا", [(11, "أحد عشر")]), ("إحدى عشرة سنة", [(11, "إحدى عشرة")]), ("اثنا عشر", [(12, "اثنا عشر")]),
    ("اثنتي عشرة", [(12, "اثنتي عشرة")]), ("خمسة عشر", [(15, "خمسة عشر")]), ("ثماني عشرة", [(18, "ثماني عشرة")]),
    ("عشرون", [(20, "عشرون")]), ("عشرين", [(20, "عشرين")]), ("واحد وعشرون", [(21, "واحد وعشرون")]),
    ("إحدى وثلاثين", [(31, "إحدى وثلاثين")]), ("تسعة وتسعين", [(99, "تسعة وتسعين")]),
    ("مئة", [(100, "مئة")]), ("مائة", [(100, "مائة")]), ("مئتان", [(200, "مئتان")]), ("مائتي", [(200, "مائتي")]),
    ("ثلاثمئة", [(300, "ثلاثمئة")]), ("ثلاث مئة", [(300, "ثلاث مئة")]), ("خمسمائة", [(500, "خمسمائة")]),
    ("مئة وثلاثة وعشرون شخصًا", [(123, "مئة وثلاثة وعشرون")]), ("مئة وخمسة", [(105, "مئة وخمسة")]),
    ("مائة وعشرين", [(120, "مائة وعشرين")]), ("مئتان واثنا عشر", [(212, "مئتان واثنا عشر")]),
    ("ألفان", [(2000, "ألفان")]), ("ألفان واثنان وعشرون", [(2022, "ألفان واثنان وعشرون")]),
    ("ثلاثة آلاف وخمسمئة وسبعة", [(3507, "ثلاثة آلاف وخمسمئة وسبعة")]),
    ("خمسة عشر ألفًا ومئتين", [(15_200, "خمسة عشر ألفًا ومئتين")]), ("مئة ألف", [(100_000, "مئة ألف")]),
    ("ألف وتسعمئة وأربعة وتسعين", [(1994, "ألف وتسعمئة وأربعة وتسعين")]),
    ("ثلاثة ملايين ومئتي ألف", [(3_200_000, "ثلاثة ملايين ومئتي ألف")]),
    ("مليون ونصف المليون", [(1_500_000, "مليون ونصف")]), ("سبعة مليارات", [(7_000_000_000, "سبعة مليارات")]),
    ("بمئة وثلاثين", [(30, "وثلاثين")]), ("وخمسة وعشرون", [(25, "وخمسة وعشرون")]),
    ("مِئَةٌ وثَلاثة", [(103, "مِئَةٌ وثَلاثة")]), ("ثلاثـــة", [(3, "ثلاثـــة")]),
    ("عشرين وثلاثة", [(20, "عشرين"), (3, "وثلاثة")]), ("ثلاثة وأربعة", [(3, "ثلاثة"), (4, "وأربعة")]),
    ("ثلاثة، أربعة", [(3, "ثلاثة"), (4, "أربعة")]),
    ("seventeen", [(17, "seventeen")]), ("twenty-five", [(25, "twenty-five")]), ("Forty two", [(42, "Forty two")]),
    ("one hundred and twenty-three", [(123, "one hundred and twenty-three")]),
    ("two thousand and eighteen", [(2018, "two thousand and eighteen")]),
    ("five million", [(5_000_000, "five million")]),
    ("three and four", [(3, "three"), (4, "four")]), ("nineteen ninety-four", [(19, "nineteen"), (94, "ninety-four")]),
])
def test_cardinal_numbers(text: str, expected: list[tuple[int, str]]) -> None:
    assert [(number.value, text[number.start:number.end]) for number in numbers_in_words(text)] == expected


@pytest.mark.parametrize("text", [
    "أحد الوزراء", "إحدى المدن", "ألّف كتابًا", "60 ألفًا", "60 ألفا وخمسمئة", "370 مليون", "توماس ألفا", "hundred men",
    "a thousand", "الأول", "عشري", "2022", "", "نصف"])
def test_what_is_no_number_in_words(text: str) -> None:
    assert numbers_in_words(text) == []


@pytest.mark.parametrize(("words", "value", "used"), [
    ("الاول من", 1, 1), ("العاشر", 10, 1), ("الحادي عشر من", 11, 2), ("التاسع عشر", 19, 2), ("العشرين", 20, 1),
    ("الحادي والعشرين من", 21, 2), ("الثلاثين", 30, 1), ("الحادي والثلاثين", 31, 2), ("والخامس والعشرين", 25, 2),
    ("للحادي عشر", 11, 2), ("first of", 1, 1), ("twenty first", 21, 2), ("thirtieth", 30, 1), ("من", 0, 0), ("", 0, 0),
    ("twenty", 0, 0), ("عشرين", 0, 0),
    ("الاول الثاني", 1, 1), ("العاشر عشر", 10, 1)])
def test_ordinals_of_days(words: str, value: int, used: int) -> None:
    assert ordinal(words.split()) == (value, used)


UNITS = " واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة".split(" ")
TENS = "  عشرون ثلاثون أربعون خمسون ستون سبعون ثمانون تسعون".split(" ")
HUNDREDS = " مئة مئتان ثلاثمئة أربعمئة خمسمئة ستمئة سبعمئة ثمانمئة تسعمئة".split(" ")


def below_a_thousand(value: int) -> str:
    hundreds, rest = divmod(value, 100)
    tens, units = divmod(rest, 10)
    if rest == 10:
        small = "عشرة"
    elif tens == 1:
        small = f"{ {1: 'أحد', 2: 'اثنا'}.get(units, UNITS[units]) } عشر"
    else:
        small = " و".join(filter(None, (UNITS[units], TENS[tens])))
    return " و".join(filter(None, (HUNDREDS[hundreds], small)))


@given(st.integers(1, 999), st.integers(0, 999))
def test_every_number_that_is_spelled_is_read(thousands: int, rest: int) -> None:
    in_thousands = {1: "ألف", 2: "ألفان"}.get(thousands, f"{below_a_thousand(thousands)} ألف")
    spelled = " و".join(filter(None, (in_thousands, below_a_thousand(rest))))
    expected = [] if spelled == "ألف" else [(1000 * thousands + rest, 0, len(spelled))]
    assert [(number.value, number.start, number.end) for number in numbers_in_words(spelled)] == expected


@given(st.lists(st.sampled_from(
    "ثلاثة وعشرون مئة ألف مليون عشر أحد ونصف من 5 one hundred thousand and twenty -".split()),
    max_size=12).map(" ".join))
def test_numbers_lie_in_the_text_one_after_the_other(text: str) -> None:
    before, text = 0, f"{text} و خمسون"
    numbers = numbers_in_words(text)
    assert numbers
    for number in numbers:
        assert before <= number.start < number.end <= len(text)
        assert number.value > 0
        before = number.end


@pytest.mark.slow
@pytest.mark.parametrize("text", [
    "ثلاثة " * 30_000, "ألف " * 50_000, "وعشرون " * 30_000, "one " * 50_000, "و" * 200_000])
def test_reading_takes_time_in_proportion_to_the_text(text: str) -> None:
    """A fifth of a megabyte takes up to 0.5 s here; what is quadratic takes minutes."""
    started = time.perf_counter()
    numbers_in_words(text)
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize(("word", "stem"), [
    ("ثلاثه", "ثلاث"), ("بالثلاثين", "ثلاث"), ("والثلاثه", "ثلاث"), ("سته", "ست"), ("ستار", ""), ("الفين", "الف"),
    ("الفت", ""), ("مييتين", ""), ("مايتين", "ماي"), ("ميه", "مي"), ("eleven", "eleven"), ("thousands", "thousands"),
    ("5", ""), ("قمه", ""), ("", "")])
def test_a_number_word_has_one_stem_whatever_is_attached(word: str, stem: str) -> None:
    assert number_stem(word) == stem


@pytest.mark.parametrize(("word", "spelled"), [
    ("مايه", "ميه"), ("ميه", "ميه"), ("ثلاثمايه", "ثلاثميه"), ("مايتين", "ميتين"), ("مايدا", "مايدا")])
def test_a_hundred_has_one_spelling(word: str, spelled: str) -> None:
    assert one_spelling_of_hundred(word) == spelled


def test_digits_are_multiplied_by_one_thousand_million_or_billion_and_by_nothing_that_says_two() -> None:
    assert {normalise(word): scale for word, scale in (
        ("ألف", 10 ** 3), ("ألفا", 10 ** 3), ("آلاف", 10 ** 3), ("thousand", 10 ** 3), ("مليون", 10 ** 6),
        ("مليونا", 10 ** 6), ("ملايين", 10 ** 6), ("million", 10 ** 6), ("مليار", 10 ** 9), ("مليارا", 10 ** 9),
        ("مليارات", 10 ** 9), ("بليون", 10 ** 9), ("billion", 10 ** 9))} == SCALES


def test_the_items_of_a_list_are_numbered_in_order() -> None:
    assert [words[0] for words in LIST_ORDINALS[:3]] == ["اولا", "ثانيا", "ثالثا"]
    assert len(LIST_ORDINALS) == len({word for words in LIST_ORDINALS for word in words}) / 3 == 10
