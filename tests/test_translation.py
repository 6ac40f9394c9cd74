"""What a question in another language is looked for by."""

from __future__ import annotations

import pytest

from index.search.lexical import LexicalIndex
from qa.question.parsed import parse_question
from qa.question.translation import in_arabic
from tests.fakes import terms_of

INDEX = LexicalIndex.build([terms_of(text) for text in (
    "انتهت الحرب في مايو 1986", "وصل الوفد إلى موسكو ومعه كراسيكوف",
    "قال كوشنر (Kushner) إن السفينة رازوني (Razoni) وصلت")])


@pytest.mark.parametrize(("question", "text", "share"), [
    ("Когда закончилась война?", "الحرب", 1 / 2), ("Quand la guerre a-t-elle commencé ?", "الحرب", 1 / 2),
    ("When did the qwertz war?", "الحرب", 1 / 2),
    ("Кто был в Москве в мае 1986?", "мае 1986 موسكو", 1), ("Qui était à Moscou en mai 1986 ?", "mai 1986 موسكو", 1),
    ("Сколько их было: 26?", "26", 1), ("Где был Красиков?", "كرسكف", 1),
    ("Who is Jared Withe?", "", 0), ("Who is Mr Kushner?", "كوشنر", 1 / 2), ("Who is Сергей?", "", 0),
    ("Qui est Razoni ?", "Razoni رازن", 1), ("Щъжыц фгхчш?", "", 0), ("", "", 0),
])
def test_a_question_is_its_words_names_numbers_and_dates(question: str, text: str, share: float) -> None:
    translation = in_arabic(parse_question(question), INDEX)
    assert translation.text == text
    assert translation.share == pytest.approx(share)


def test_alternatives_that_the_index_lacks_are_left_out() -> None:
    """They would hide how much of the question a passage has."""
    assert in_arabic(parse_question("Что с миром?"), LexicalIndex.build([terms_of("السلام")])).text == "سلام"
