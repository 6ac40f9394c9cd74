"""The English words that find Arabic ones, and the file they stand in."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from qa.lexicon import alternatives, arabic_words, plain

LINES = (Path(__file__).parents[1] / "qa/data/english_arabic.tsv").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(("english", "arabic"), [
    ("war", "حرب"), ("Wars", "حرب"), ("TRUMP", "ترمب"), ("trump", "ترامب"), ("Putin's", "بوتين"), ("february", "شباط"),
    ("february", "فبراير"), ("oil", "نفط"), ("ryabkov", "ريابكوف"), ("dhabi", "ظبي"),
])
def test_a_word_has_its_arabic(english: str, arabic: str) -> None:
    assert arabic in alternatives(english)


@pytest.mark.parametrize("word", ["", "the", "qwertz", "حرب"])
def test_a_word_without_an_entry_has_none(word: str) -> None:
    assert alternatives(word) == ()


def test_a_question_becomes_the_arabic_of_its_words_in_order() -> None:
    assert arabic_words("When did the war end?").split()[0] == "حرب"
    assert arabic_words("متى انتهت؟") == ""


@pytest.mark.parametrize(("question", "expected"), [
    ("Who took part in it?", "Who participate in it?"), ("Where did it take place?", "Where did it held?"),
    ("Who partook?", "Who partook?"), ("متى؟", "متى؟"),
])
def test_a_phrase_is_looked_up_as_one_word(question: str, expected: str) -> None:
    assert plain(question) == expected


def test_every_line_is_english_forms_a_tab_and_arabic_words() -> None:
    for line in LINES:
        assert re.fullmatch(r"[a-z'-]+(?:,[a-z'-]+)*\t[ء-ي ]+(?:,[ء-ي ]+)*", line), line
        english, arabic = line.split("\t")
        assert len(set(arabic.split(","))) == len(arabic.split(",")), line
        assert english


def test_no_english_form_stands_in_two_lines() -> None:
    forms = Counter(form for line in LINES for form in line.split("\t")[0].split(","))
    assert [form for form, times in forms.items() if times > 1] == []
