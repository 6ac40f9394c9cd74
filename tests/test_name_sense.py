"""Names of Arabic text, told from other words by the forms in which the articles have them."""

from __future__ import annotations

import pytest

from index.language.arabic import normalise
from qa.check.names import MANY_WORDS, NameSense
from tests.fakes import Counted

# What a large index shows by itself; its other words make it large.
LARGE = {f"كلمه{number}": 1 for number in range(MANY_WORDS)}


def is_name(word: str, counts: dict[str, int]) -> bool:
    return NameSense(Counted(LARGE | {normalise(form): count for form, count in counts.items()})).is_name(
        normalise(word))


@pytest.mark.parametrize(("word", "counts"), [
    ("زير", {"وزير": 40, "وزيرة": 5, "وزيرا": 4}),
    ("صحفة", {"صحفة": 9, "صحفتها": 3}),
    ("أنصباء", {"أنصباء": 9, "أنصبائهم": 2, "أنصباؤها": 1}),
    ("يزف", {"يزف": 5, "تزف": 4}),
    ("مقاطعة", {}),
])
def test_a_word_in_other_forms_is_no_name_in_a_large_index(word: str, counts: dict[str, int]) -> None:
    assert not is_name(word, counts)


@pytest.mark.parametrize(("word", "counts"), [
    ("اشنطن", {"واشنطن": 40}), ("ترامب", {"ترامب": 30, "وترامب": 9}), ("ديبالا", {"ديبالا": 2}),
    ("ليبرمان", {"ليبرمان": 3}), ("هيفاء", {"هيفاء": 5}), ("جيفنشي", {}), ("ياسر", {"ياسر": 9}),
])
def test_a_word_in_one_form_is_a_name_in_a_large_index(word: str, counts: dict[str, int]) -> None:
    assert is_name(word, counts)


@pytest.mark.parametrize(("word", "bare"), [
    ("مكافحة", "مكافحة"), ("عدة", "عدة"), ("الإنترنت", "إنترنت"), ("بالسرطان", "سرطان"), ("لمكافحة", "مكافحة"),
    ("الضرائب", "ضرائب"), ("ثمة", "ثمة"), ("إنهاء", "إنهاء"),
])
def test_common_words_that_news_does_not_inflect_are_no_names(word: str, bare: str) -> None:
    assert not is_name(word, {word: 50, bare: 50})
