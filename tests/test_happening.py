"""Which questions ask what happened, and what the main clause of a sentence is."""

from __future__ import annotations

import pytest

from qa.answer.happening import MAX_WORDS, asks_what_happened, main_clause
from qa.question.parsed import parse_question


@pytest.mark.parametrize("question", [
    "ماذا جرى في الميناء؟", "وماذا حدث بعد ذلك؟", "ما الذي حصل للقطار؟", "ايه اللي حصل في الميناء؟", "وش صار بالقطار؟",
    "شو صار؟", "What happened at the harbour?", "What has happened to the train?"])
def test_these_ask_what_happened(question: str) -> None:
    assert asks_what_happened(parse_question(question))


@pytest.mark.parametrize("question", [
    "ماذا قال الوزير؟", "ماذا حصل عليه الفريق؟", "ماذا وقع الطرفان؟", "متى حدث ذلك؟", "هل حدث ذلك؟", "ما الحدث؟",
    "ماذا؟", "What did he say?"])
def test_these_ask_something_else(question: str) -> None:
    assert not asks_what_happened(parse_question(question))


@pytest.mark.parametrize(("sentence", "clause"), [
    ("(وكالة)-- انهار سقف السوق القديم، مما أدى إلى إصابة سبعة.", "انهار سقف السوق القديم"),
    ("تونس (وكالة) – أعلنت البلدية، الجمعة، عن إغلاق السوق.", "أعلنت البلدية، الجمعة، عن إغلاق السوق"),
    ("غرق زورق يقل 1,5 طن من القمح؛ ونجا ركابه.", "غرق زورق يقل 1,5 طن من القمح"),
    ("قال أحد السكان إن السقف انهار.", "قال أحد السكان إن السقف انهار"),
    ("The roof fell on Saturday, killing nobody.", "The roof fell on Saturday")])
def test_the_main_clause_ends_where_something_is_added(sentence: str, clause: str) -> None:
    found = main_clause(sentence)
    assert found is not None
    assert sentence[slice(*found)] == clause


@pytest.mark.parametrize("sentence", [
    "بعد انهيار السقف، خرج الناس إلى الشارع.", "في الوقت الذي انهار فيه السقف كان السوق خاليا.",
    "\"انهار السقف كله فجأة\" كما قال أحدهم.", "وقال أحد السكان، الذي رأى ذلك.", "وقالت صاحبة المتجر: انهار السقف.",
    "نجوم السوق", "", "وقال أحد الباعة \"انهار السقف، مما أفزعنا\".",
    f"انهار {'سقف ' * MAX_WORDS}السوق."])
def test_a_sentence_without_a_plain_main_clause_has_none(sentence: str) -> None:
    assert main_clause(sentence) is None
