"""Which words are the same word, spelled two ways, and where each stands."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.verify.spelling import same_but_for_spelling, words_of


def forms(text: str) -> list[str]:
    return [word.form for word in words_of(text)]


@pytest.mark.parametrize(("one", "other"), [
    ("مُسْنَدٌ", "مسند"), ("إتفاقية", "اتفاقيه"), ("مـــؤتمـر", "مؤتمر"), ("١٠ آلاف", "10 الاف"), ("10,000", "10000"),
    ("١٠٬٠٠٠", "10,000"), ("10%", "١٠٪"), ("ترامب", "ترمب"), ("وترامب", "وترمب"), ("لنتنياهو", "لنتانياهو"),
    ("الأمريكية", "الأميركية"), ("أمريكا", "أميركا"), ("مائة", "مئة"), ("ثلاثمائة", "ثلاثمئة"), ("شباط", "فبراير"),
    ("الديموقراطية", "الديمقراطية"), ("«قال»: نعم!", "قال - نعم")])
def test_spelling_alone_makes_no_other_word(one: str, other: str) -> None:
    assert forms(one) == forms(other)


@pytest.mark.parametrize(("one", "other"), [
    ("1.5", "15"), ("10%", "10"), ("$10", "10"), ("قتل", "قاتل"), ("مكتب", "مكاتب"), ("مقتل", "مقاتل"),
    ("منظمة", "منظومة"),
    ("لم", "لن"), ("كتب", "كاتب"), ("المسلمون", "المسلمين"), ("10000", "1000"), ("آب", "أغسطس")])
def test_another_word_stays_another(one: str, other: str) -> None:
    assert forms(one) != forms(other)
    assert not same_but_for_spelling([one], [other])


@pytest.mark.parametrize(("one", "other"), [
    (["مسئول"], ["مسؤول"]), (["شئون"], ["شؤون"]), (["قراءة"], ["قراءه"]), (["أبو", "ظبي"], ["أبوظبي"]),
    (["و", "قال"], ["وقال"]), (["قالو"], ["قالوا"]), (["عبد", "الله"], ["عبدالله"]), (["ريس"], ["رئيس"])])
def test_a_hamza_a_space_and_a_silent_alef_are_spelling(one: list[str], other: list[str]) -> None:
    assert same_but_for_spelling(one, other)
    assert same_but_for_spelling(other, one)


@pytest.mark.parametrize(("one", "other"), [(["ما"], ["ماء"]), ([], []), (["لا"], []), (["غير"], ["غزة"])])
def test_what_is_too_short_or_another_word_is_not(one: list[str], other: list[str]) -> None:
    assert not same_but_for_spelling(one, other)


@given(st.text(max_size=40), st.integers(0, 10), st.integers(0, 40))
def test_words_stand_where_they_say(text: str, start: int, end: int) -> None:
    text, end = f"سلام {text}", 5 + end
    found = words_of(text, start, end)
    assert found or start > 3
    assert all(max(0, start) <= word.start < word.end <= min(end, len(text)) for word in found)
    assert all(one.start <= other.start and one.end <= other.end for one, other in pairwise(found))


def test_offsets_point_into_the_whole_text() -> None:
    text = "أمس قال وُقِّعَ الاتفاق"
    assert [(word.form, text[word.start:word.end]) for word in words_of(text, 4, len(text))] == [
        ("قال", "قال"), ("وقع", "وُقِّعَ"), ("الاتفاق", "الاتفاق")]
