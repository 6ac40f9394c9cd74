"""A question about one year's prize or cup is answered by a sentence of that year."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.answer.ranking import RankedSentence
from qa.answer.recurring import lacks_year, of_year_first
from qa.question.parsed import parse_question
from tests.test_typed import ranked_sentences

OTHER = "وفي عام 2009 فازت دلال النعيمي بجائزة المرجان."
OF_YEAR = "فاز رامز الحداد بجائزة المرجان عام 2014."
UNDATED = "أعلنت اللجنة منح جائزة المرجان لرامز الحداد."


def ranked(*sentences: str, published: str = "2015-03-01") -> list[RankedSentence]:
    return [replace(each, article=replace(each.article, published=published),
                    evidence=replace(each.evidence, words_known=0.7), score=1 - each.row / 100)
            for each in ranked_sentences(*sentences)]


def first(question: str, sentences: list[RankedSentence]) -> str:
    found = of_year_first(parse_question(question), sentences)
    assert sorted(each.row for each in found) == sorted(each.row for each in sentences)
    assert found[0].score == sentences[0].score
    return found[0].text


@pytest.mark.parametrize("question", [
    "من فاز بجائزة المرجان 2014؟", "من فاز بجائزة المرجان في عام 2014؟", "Who won the Marjan prize in 2014?"])
def test_a_sentence_of_the_year_comes_before_one_of_another_year(question: str) -> None:
    assert first(question, ranked(OTHER, OF_YEAR)) == OF_YEAR


@pytest.mark.parametrize(("published", "expected"), [("2014-10-05", UNDATED), ("2015-10-05", OTHER)])
def test_a_sentence_without_a_year_is_of_that_of_its_article(published: str, expected: str) -> None:
    assert first("من فاز بجائزة المرجان 2014؟", ranked(OTHER, UNDATED, published=published)) == expected


@pytest.mark.parametrize(("question", "sentences"), [
    ("من فاز بجائزة المرجان؟", [OTHER, OF_YEAR]), ("من فاز بجائزة المرجان بعد عام 2014؟", [OTHER, OF_YEAR]),
    ("من فاز بجائزة المرجان بين 2009 و2014؟", [OTHER, OF_YEAR]), ("من أسس قرية المرجان 2014؟", [OTHER, OF_YEAR]),
    ("من فاز بجائزة المرجان 2014؟", ["فاز الحداد بجائزة المرجان بين 2011 و2016.", OF_YEAR]),
    ("من فاز بجائزة المرجان 2014؟", [OTHER, "وأمطرت السماء عام 2014."])])
def test_otherwise_the_order_stays(question: str, sentences: list[str]) -> None:
    assert first(question, ranked(*sentences)) == sentences[0]


@pytest.mark.parametrize(("question", "sentence", "lacking"), [
    ("من فاز بجائزة المرجان 2016؟", OTHER, True), ("من فاز بجائزة المرجان 2009؟", OTHER, False),
    ("من فاز بجائزة المرجان 2016؟", "لم يفز أحد بجائزة المرجان منذ العام 2009.", False),
    ("من فاز بجائزة المرجان 2016؟", UNDATED, False), ("من فاز بجائزة المرجان؟", OTHER, False)])
def test_a_sentence_of_another_year_is_no_sure_answer(question: str, sentence: str, lacking: bool) -> None:
    assert lacks_year(parse_question(question), ranked(sentence)[0]) == lacking
