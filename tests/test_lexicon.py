"""The words of other languages that find Arabic ones, and the files they stand in."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from qa.question.languages import Language
from qa.question.lexicon import alternatives, plain

DATA = Path(__file__).parents[1] / "qa/data"
LINES = {name: (DATA / f"{name}_arabic.tsv").read_text(encoding="utf-8").splitlines()
         for name in ("english", "french", "russian")}
LETTERS = {"english": "a-z'-", "french": "a-zà-ÿœ", "russian": "а-яё"}


@pytest.mark.parametrize(("english", "arabic"), [
    ("war", "حرب"), ("war", "الحرب"), ("Wars", "حرب"), ("TRUMP", "ترمب"), ("trump", "ترامب"), ("Putin's", "بوتين"),
    ("Putin’s", "بوتين"), ("february", "شباط"), ("february", "فبراير"), ("oil", "نفط"), ("ryabkov", "ريابكوف"),
    ("dhabi", "ظبي"),
])
def test_a_word_has_its_arabic(english: str, arabic: str) -> None:
    assert arabic in alternatives(english)


@pytest.mark.parametrize(("language", "word", "arabic"), [
    (Language.RUSSIAN, "Горбачёв", "غورباتشوف"), (Language.RUSSIAN, "горбачевым", "غورباتشوف"),
    (Language.RUSSIAN, "войны", "حرب"), (Language.RUSSIAN, "соглашения", "اتفاق"),
    (Language.RUSSIAN, "Путина", "بوتين"),
    (Language.FRENCH, "Genève", "جنيف"), (Language.FRENCH, "GENEVE", "جنيف"), (Language.FRENCH, "traités", "معاهدة"),
    (Language.FRENCH, "pays", "دولة"), (Language.FRENCH, "Reagan", "ريغان"),
])
def test_a_word_of_another_language_has_its_arabic_in_any_form(language: Language, word: str, arabic: str) -> None:
    assert arabic in alternatives(word, language)


@pytest.mark.parametrize("word", ["", "the", "qwertz", "حرب"])
@pytest.mark.parametrize("language", list(Language))
def test_a_word_without_an_entry_has_none(word: str, language: Language) -> None:
    assert alternatives(word, language) == ()


def test_the_longest_beginning_decides() -> None:
    assert "مينسك" in alternatives("Минске", Language.RUSSIAN)
    assert "وزير" in alternatives("министра", Language.RUSSIAN)
    assert "وزارة" in alternatives("министерства", Language.RUSSIAN)


def test_a_word_of_one_language_is_not_looked_up_in_another() -> None:
    assert "دفع" in alternatives("pays")
    assert "دفع" not in alternatives("pays", Language.FRENCH)
    assert alternatives("война") == ()
    assert alternatives("war", Language.ARABIC) == ()


@pytest.mark.parametrize(("question", "expected"), [
    ("Who took part in it?", "Who participate in it?"), ("Where did it take place?", "Where did it held?"),
    ("Who partook?", "Who partook?"), ("متى؟", "متى؟"),
])
def test_a_phrase_is_looked_up_as_one_word(question: str, expected: str) -> None:
    assert plain(question) == expected


@pytest.mark.parametrize("name", LINES)
def test_every_line_is_forms_a_tab_and_arabic_words(name: str) -> None:
    form = rf"[{LETTERS[name]}]+\*?"
    assert len(LINES[name]) > 100
    for line in LINES[name]:
        assert re.fullmatch(rf"{form}(?:,{form})*\t[ء-ي ]+(?:,[ء-ي ]+)*", line), line
        arabic = line.split("\t")[1].split(",")
        assert len(set(arabic)) == len(arabic), line


@pytest.mark.parametrize("name", LINES)
def test_no_form_stands_in_two_lines(name: str) -> None:
    forms = Counter(form for line in LINES[name] for form in line.split("\t")[0].split(","))
    assert [form for form, times in forms.items() if times > 1] == []
