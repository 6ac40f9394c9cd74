"""A question of an act done officially, or only for now, is answered by the sentence of that manner."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.answer.manner import lacks_manner, of_manner_first
from qa.answer.ranking import RankedSentence
from qa.question.parsed import parse_question
from tests.test_typed import ranked_sentences

INITIALLED = "وُقّع اتفاق المصايد بالأحرف الأولى في لامو يوم 9 نيسان 2017."
SIGNED = "وُقّع اتفاق المصايد رسميًا في نيروبي يوم 3 أيار 2017."
TOLD = "وأُعلن اتفاق المصايد يوم 9 آذار 2017."


def first(question: str, ranked: list[RankedSentence]) -> str:
    found = of_manner_first(parse_question(question), ranked)
    assert sorted(each.row for each in found) == sorted(each.row for each in ranked)
    assert found[0].score == ranked[0].score
    return found[0].text


@pytest.mark.parametrize(("question", "others"), [
    ("متى وُقّع اتفاق المصايد رسميًا؟", [INITIALLED, SIGNED]), ("متى وُقّع اتفاق المصايد بشكل نهائي؟", [TOLD, SIGNED]),
    ("متى كان التوقيع الرسمي على اتفاق المصايد؟", [INITIALLED, SIGNED]),
    ("متى وُقّع اتفاق المصايد رسميًا؟", [TOLD, "ووقّعت ليبيا رسميًا اتفاق المصايد يوم 3 أيار 2017."]),
    ("When was the fisheries pact officially signed?", [INITIALLED, SIGNED]),
    ("متى وُقّع اتفاق المصايد بالأحرف الأولى؟", [SIGNED, INITIALLED]),
    ("متى وُقّع اتفاق المصايد مبدئيًا؟", [TOLD, INITIALLED]),
    ("When was the fisheries pact initialled?", [SIGNED, INITIALLED])])
def test_the_sentence_of_the_manner_asked_for_comes_first(question: str, others: list[str]) -> None:
    assert first(question, ranked_sentences(*others)) == others[1]


@pytest.mark.parametrize(("question", "others"), [
    ("متى وُقّع اتفاق المصايد؟", [INITIALLED, SIGNED]), ("متى وُقّع اتفاق المصايد رسميًا؟", [SIGNED, INITIALLED]),
    ("متى وُقّع اتفاق المصايد رسميًا؟", [TOLD, INITIALLED]),
    ("متى أعلن المتحدث الرسمي اتفاق المصايد؟", [TOLD, SIGNED]),
    ("متى كان توقيع أولى اتفاقات المصايد؟", [SIGNED, INITIALLED]),
    ("متى وُقّع اتفاق المصايد نهائيا؟", [TOLD, "وقدّمت نيروبي ردا رسميا على اتفاق المصايد يوم 3 أيار 2017."]),
    ("متى وُقّع اتفاق المصايد رسميا؟", [TOLD, "ولم يُوقّع اتفاق المصايد رسميا حتى 3 أيار 2017."])])
def test_otherwise_the_order_stays(question: str, others: list[str]) -> None:
    assert first(question, ranked_sentences(*others)) == others[0]


@pytest.mark.parametrize(("question", "moved"), [
    ("متى وُقّع اتفاق المصايد رسميًا؟", True), ("متى وُقّع اتفاق المناجم رسميًا؟", False)])
def test_a_sentence_of_another_article_comes_first_only_if_it_is_about_the_same(question: str, moved: bool) -> None:
    other = ranked_sentences("أُعلن ذلك.", SIGNED)[1]
    ranked = [*ranked_sentences(INITIALLED), replace(other, article=replace(other.article, id="b"))]
    assert (first(question, ranked) == SIGNED) == moved


@pytest.mark.parametrize(("question", "text", "lacking"), [
    ("متى وُقّع اتفاق المصايد رسميًا؟", INITIALLED, True), ("متى وُقّع اتفاق المصايد رسميًا؟", SIGNED, False),
    ("متى وُقّع اتفاق المصايد رسميًا؟", TOLD, False), ("متى وُقّع اتفاق المصايد؟", INITIALLED, False),
    ("When was the pact initialled?", SIGNED, True)])
def test_only_the_other_manner_is_no_answer(question: str, text: str, lacking: bool) -> None:
    assert lacks_manner(parse_question(question), ranked_sentences(text)[0]) == lacking
