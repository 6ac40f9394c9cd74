"""What is matched against a line is read of it once, and says what the readers of lines say."""

from __future__ import annotations

import pytest

from index.language.arabic import normalise
from qa.answer.lines import line_of
from qa.question.wanted import Analysed


def test_a_line_asked_for_again_is_not_read_again():
    line = line_of("وقّعت مصر اتفاقًا مع فرنسا في باريس")
    assert line_of("وقّعت مصر اتفاقًا مع فرنسا في باريس") is line
    assert line.analysed is line.analysed


def test_a_line_has_the_words_that_its_text_has():
    line = line_of("في 3 آذار 2018، وقّعت مصرُ الاتفاق.")
    assert line.normalised == normalise(line.text)
    assert line.analysed == Analysed.of(normalise(line.text))
    assert line.words == ("في", "3", "مارس", "2018", "وقعت", "مصر", "الاتفاق")


@pytest.mark.parametrize(("text", "states_nothing"), [
    ("هل يوقّع الرئيس القانون؟", True),
    ("اقرأ أيضا: مصر توقع الاتفاق", True),
    ("* * *", True),
    ("وقّع الرئيس القانون أمس.", False),
    ("سأل النائب: هل يوقّع الرئيس القانون؟", False),
    # A link longer than what is searched for one.
    ("اقرأ أيضا: " + "وقّعت مصر اتفاقا مع فرنسا " * 8, True),
])
def test_a_line_that_asks_points_elsewhere_or_has_no_word_states_nothing(text: str, states_nothing: bool):
    assert line_of(text).states_nothing is states_nothing


@pytest.mark.parametrize(("text", "is_arabic"), [("وقّعت مصر", True), ("Egypt signed", False), ("2018", True)])
def test_a_line_is_arabic_if_half_of_its_letters_are(text: str, is_arabic: bool):
    assert line_of(text).is_arabic is is_arabic
