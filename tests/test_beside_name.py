"""Who somebody is, and how old, by what stands beside the name."""

from __future__ import annotations

import pytest

from index.types import Article
from qa.answer.beside_name import CONFIDENCE, Somebody
from qa.question.parsed import parse_question
from tests.test_ranking import ranked


def said(question: str, text: str) -> str | None:
    somebody = Somebody.of(parse_question(question))
    assert somebody is not None
    span = somebody.said_in(text, text)
    return None if span is None else text[slice(*span)]


@pytest.mark.parametrize(("question", "text", "office"), [
    ("من هي رباب الكتاني؟", "افتتحت مديرة متحف الفخار رباب الكتاني المعرض.", "مديرة متحف الفخار رباب الكتاني"),
    ("من هي رباب الكتاني؟", "حضر وزير الثقافة ومديرة متحف الفخار رباب الكتاني.", "مديرة متحف الفخار رباب الكتاني"),
    ("ومن تكون رباب الكتاني؟", "وقالت المتحدثة باسم وزارة الثقافة، رباب الكتاني، إن المعرض مجاني.",
     "المتحدثة باسم وزارة الثقافة، رباب الكتاني"),
    ("ما منصب رباب الكتاني؟", "وقالت رباب الكتاني، مديرة متحف الفخار، إن المعرض مجاني.",
     "رباب الكتاني، مديرة متحف الفخار"),
    ("من هي رباب الكتاني؟", "وقالت رباب الكتاني (مديرة المتحف) إن المعرض مجاني.", "رباب الكتاني (مديرة المتحف)"),
    ("من هي رباب الكتاني؟", "ورباب الكتاني وهي ناشطة بارزة من عين التين.", "رباب الكتاني وهي ناشطة بارزة"),
    ("من هو سلمان البزاز؟", "قال سلمان البزاز المتحدث باسم جمعية الميناء الثلاثاء، إن الرصيف مغلق.",
     "سلمان البزاز المتحدث باسم جمعية الميناء"),
    ("من هو البزاز؟", "وقال رئيس البلدية سلمان البزاز إن الرصيف مغلق.", "رئيس البلدية سلمان البزاز"),
    ("من هو المهندس سلمان عطا الله؟", "وحضر الحفل المهندس سلمان عطا الله.", "المهندس سلمان عطا الله")])
def test_an_office_beside_the_name_says_who_it_is(question: str, text: str, office: str) -> None:
    assert said(question, text) == office


@pytest.mark.parametrize(("question", "text"), [
    ("من هي رباب الكتاني؟", "والتقت رباب الكتاني، وزير الثقافة نادر المرعي."),
    ("من هي رباب الكتاني؟", "استقبلت رباب الكتاني الرئيس نادر المرعي."),
    ("من هي رباب الكتاني؟", "وقال مدير المتحف نادر الكتاني إن رباب غائبة."),
    ("من هي رباب الكتاني؟", "وفي العام الماضي رباب الكتاني زارت المتحف."),
    ("من هي رباب الكتاني؟", "وقالت السيدة رباب الكتاني إن المتحف مغلق."),
    ("من هي رباب الكتاني؟", "وقال المدير إن رباب الكتاني غائبة.")])
def test_the_office_of_somebody_else_does_not(question: str, text: str) -> None:
    assert said(question, text) is None


@pytest.mark.parametrize(("text", "age"), [
    ("ومنح الجائزة لسلمان البزاز، البالغ من العمر 71 عاما، أمس.", "71 عاما"),
    ("قال سلمان البزاز، 71 عاما، إنه سعيد.", "71 عاما"), ("قال سلمان البزاز (71 عامًا) إنه سعيد.", "71 عامًا"),
    ("وسلمان البزاز يبلغ من العمر سبعين عاما.", "سبعين عاما"),
    ("فاز سلمان البزاز. وخلفا للبزاز، البالغ من العمر 71 عاما، جاء نادر.", "71 عاما")])
def test_an_age_beside_the_name_is_that_of_the_one_named(text: str, age: str) -> None:
    assert said("كم عمر سلمان البزاز؟", text) == age


@pytest.mark.parametrize("text", [
    "حكم سلمان البزاز 30 عاما.", "سُجن سلمان البزاز، 10 سنوات بعد الثورة.", "قال رائد البزاز، 71 عاما، إن سلمان غائب.",
    "وسلمان البزاز يبلغ طوله مترين.", "خلفا لرائد البزاز، البالغ من العمر 71 عاما، جاء سلمان."])
def test_other_years_and_the_age_of_a_namesake_are_not(text: str) -> None:
    assert said("كم عمر سلمان البزاز؟", text) is None


@pytest.mark.parametrize("question", [
    "من هو رئيس البلدية؟", "من هو الرئيس الجديد؟", "من هي زوجة سلمان البزاز؟", "من هو الذي فاز بالسباق؟",
    "من فاز بالسباق؟", "كم دام عمل سلمان البزاز؟", "من هو مؤسس جمعية الميناء؟"])
def test_a_question_that_names_nobody_asks_otherwise(question: str) -> None:
    assert Somebody.of(parse_question(question)) is None


def test_the_sentence_with_the_office_comes_first_with_the_best_score_and_its_confidence() -> None:
    question = parse_question("من هي رباب الكتاني؟")
    somebody = Somebody.of(question)
    assert somebody is not None
    found = ranked("من هي رباب الكتاني؟", Article(
        "a", "غابت رباب الكتاني عن الحفل. وقالت مديرة المتحف رباب الكتاني إنها مريضة."))
    found.sort(key=lambda each: each.sentence.start)
    first, confidence = somebody.first(found, 0.05)
    assert (first[0].text, first[0].score) == ("وقالت مديرة المتحف رباب الكتاني إنها مريضة.", found[0].score)
    assert confidence == CONFIDENCE
    assert len(first) == len(found) == 2
    assert somebody.first(found[:1], 0.05) == (found[:1], 0.05)
