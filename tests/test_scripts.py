"""Which script letters, words and texts are in."""

from __future__ import annotations

import re

import pytest

from index.language import scripts
from index.language.scripts import Script


@pytest.mark.parametrize(("text", "script"), [
    ("متي وقعت", Script.ARABIC), ("when was it", Script.LATIN), ("когда подписали", Script.CYRILLIC),
    ("ما معاهده start", Script.ARABIC), ("кто подписал start i", Script.CYRILLIC), ("été", Script.LATIN),
    ("", Script.ARABIC), ("1986", Script.ARABIC), ("قمه abc", Script.ARABIC), ("abc где", Script.LATIN)])
def test_most_letters_decide_and_arabic_wins_a_draw(text: str, script: Script) -> None:
    assert scripts.script_of(text) is script


@pytest.mark.parametrize(("word", "arabic"), [
    ("قمه", True), ("قمهx", False), ("گاز", False), ("", False), ("قمه 5", False), ("ـ", True)])
def test_a_word_is_arabic_when_every_letter_is(word: str, arabic: bool) -> None:
    assert scripts.is_arabic_word(word) is arabic


@pytest.mark.parametrize(("word", "arabic", "ascii_", "anywhere"), [
    ("قمة", True, False, True), ("x قمة", False, True, True), ("Geneva", False, True, False),
    ("گاز", False, False, True),
    ("", False, True, False), ("é", False, False, False), ("5 قمة", False, True, True)])
def test_the_first_character_may_decide_alone(word: str, arabic: bool, ascii_: bool, anywhere: bool) -> None:
    assert scripts.begins_in_arabic(word) is arabic
    assert scripts.begins_in_ascii(word) is ascii_
    assert scripts.has_arabic(word) is anywhere


@pytest.mark.parametrize(("text", "at_least_half", "mostly"), [
    ("قمة جنيف", True, True), ("Geneva summit", False, False), ("قمة abc", True, False), ("", True, None),
    ("5 %", True, None), ("قمة abcd", False, False), ("گزارش خبرگزاری", True, True), ("ٱٹڈ\u0620", True, True),
    ("ىٰa", True, False)])
def test_half_of_the_letters_is_enough_for_one_test_and_not_for_the_other(text: str, at_least_half: bool,
                                                                          mostly: bool | None) -> None:
    assert scripts.is_at_least_half_arabic(text) is at_least_half
    assert scripts.is_mostly_arabic(text) is mostly


@pytest.mark.parametrize(("text", "expected"), [
    ("«قمة» Geneva", True), ("Geneva قمة", False), ("گزارش", False), ("قمة گروه", False), ("", False), ("1986", False)])
def test_a_letter_of_a_neighbour_makes_a_text_another_language(text: str, expected: bool) -> None:
    assert scripts.reads_as_arabic_language(text) is expected


@pytest.mark.parametrize(("text", "other", "expected"), [
    ("قمة جنيف", "Geneva summit", True), ("قمة جنيف", "саммит 5", True), ("قمة جنيف", "قمة", False),
    ("قمة Geneva summit", "قمة جنيف", False), ("the word قمة means summit", "it means summit", False),
    ("قمة جنيف", "1978", False), ("Geneva", "1978", False), ("1978", "", False), ("قمة abc", "abc", False)])
def test_texts_that_share_a_script_are_not_in_another(text: str, other: str, expected: bool) -> None:
    assert scripts.is_in_another_script(text, other) is expected
    assert scripts.is_in_another_script(other, text) is expected


@pytest.mark.parametrize(("letters", "inside", "outside"), [
    (scripts.ARABIC_LETTERS, "ءايـ", "گٱa٣"), (scripts.ARABIC_LETTERS_WITHOUT_TATWEEL, "ءغفي", "ـگ"),
    (scripts.ARABIC_AND_NEIGHBOURS, "ءيگٱۓ\u0620\u066e", "\u0670٣a"),
    (scripts.WINDOWS_1256_LETTERS, "ءـيپگے", "\u063bۀa"), (scripts.ARABIC_LIST_LETTERS, "أبي", "ءآa")])
def test_each_range_has_the_letters_it_is_named_for(letters: str, inside: str, outside: str) -> None:
    assert re.findall(f"[{letters}]", inside + outside) == list(inside)
