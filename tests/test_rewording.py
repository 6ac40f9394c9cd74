"""A question is read in the words of the passages: a denial, an amount, an ordinal as they write it."""

from __future__ import annotations

import pytest

from index.types import Article
from qa.answer.rewording import reworded
from qa.evaluation.evaluate import throwaway_snapshot
from qa.question.parsed import parse_question
from qa.retrieve.retriever import retrieve
from tests.fakes import WordEmbedder

OIL = "ارتفع سعر الصابون في سوق الحدادين بنسبة ١٨٫٥٪ خلال عام. وباع التجار ١٤٬٢٠٠ صندوق."
BIRDS = "أحصى المتطوعون ثلاثة أرباع المليون شجرة في وادي الرمان."
FAIR = "اختُتم معرض الكتاب الـ31 في مدينة الميناء مساء السبت."
RACE = "وجاءت العداءة هناء الصيرفي في المركز الثاني في سباق الدراجات."
GAMES = "تنطلق الدورة الثالثة والعشرون في قرية الصفصاف."


def read_as(question: str, *texts: str) -> str:
    embedder = WordEmbedder()
    snapshot = throwaway_snapshot([Article(str(number), text) for number, text in enumerate(texts)], embedder)
    asked = parse_question(question)
    return reworded(asked, snapshot, retrieve(snapshot, asked, embedder.embed_query(question), None, 5)).text


@pytest.mark.parametrize(("question", "text", "read"), [
    ("ما الذي ارتفع 18.5 في المئة؟", OIL, "ما الذي ارتفع ١٨٫٥٪؟"),
    ("من باع 14200 صندوق؟", OIL, "من باع ١٤٬٢٠٠ صندوق؟"),
    ("أين أُحصيت 750 ألف شجرة؟", BIRDS, "أين أُحصيت ثلاثة أرباع المليون شجرة؟"),
    ("أين اختُتم معرض الكتاب الحادي والثلاثون؟", FAIR, "أين اختُتم معرض الكتاب الـ31؟"),
    ("أين تنطلق الدورة الـ 23؟", GAMES, "أين تنطلق الدورة الثالثة والعشرون؟"),
    ("أين تنطلق الدورة الـ٢٣؟", GAMES, "أين تنطلق الدورة الثالثة والعشرون؟"),
    ("من حل ثانيا في سباق الدراجات؟", RACE, "من حل في المركز الثاني في سباق الدراجات؟"),
    ("من رفض الخطة؟", "لم يوافق مجلس التلال على الخطة.", "من لم يوافق الخطة؟")])
def test_what_is_written_otherwise_is_read_as_the_passages_write_it(question: str, text: str, read: str) -> None:
    assert read_as(question, text) == read


@pytest.mark.parametrize(("question", "text"), [
    ("ما الذي ارتفع 19.5 في المئة؟", OIL), ("ما الذي ارتفع 185 في المئة؟", OIL), ("ما الذي ارتفع 18.5 كيلومتر؟", OIL),
    ("ما الذي ارتفع ١٨٫٥٪؟", OIL), ("أين اختُتم معرض الكتاب الثلاثون؟", FAIR),
    ("أين اختُتم سباق القوارب الحادي عشر؟", FAIR),
    ("أين اختُتم معرض الزهور الحادي والثلاثون؟", FAIR), ("أين تنطلق الدورة الثالثة؟", GAMES),
    ("من حل ثالثا في سباق الدراجات؟", RACE), ("ثانيا، من فاز في سباق الدراجات؟", RACE)])
def test_another_number_or_another_noun_stays_as_asked(question: str, text: str) -> None:
    assert read_as(question, text) == question


def test_an_amount_that_a_passage_writes_as_asked_stays() -> None:
    question = "ما الذي ارتفع 18.5 في المئة؟"
    assert read_as(question, OIL, "وارتفع سعر الزيت 18.5 في المئة.") == question
