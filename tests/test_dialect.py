"""Questions in dialect, said as news says it."""

from __future__ import annotations

import pytest

from qa.question.dialect import in_standard
from qa.question.kinds import AnswerKind
from qa.question.parsed import parse_question


@pytest.mark.parametrize(("asked", "standard"), [
    ("شو صار بالطيارة الكينية؟", "ماذا حدث في الطائرة الكينية؟"), ("ايش صار للعبّارة؟", "ماذا حدث للعبّارة؟"),
    ("وش صارت حريقة السوق؟", "ماذا حدثت حريق السوق؟"), ("وليش راحت السفينة؟", "ولماذا ذهبت السفينة؟"),
    ("ليش نزلوا عالرصيف؟", "لماذا نزلوا على الرصيف؟"), ("وين اتفتحت القنصلية؟", "أين افتُتحت القنصلية؟"),
    ("امتى انمضى الاتفاق؟", "متى وُقّع الاتفاق؟"), ("مين اللي سرق الطيارات؟", "من الذي سرق الطائرات؟"),
    ("قديش مصاري دفعوا؟", "كم أموال دفعوا؟"), ("كام واحد غرق؟", "كم شخصا غرق؟"),
    ("هلق مين رئيس النادي؟", "من رئيس النادي؟"), ("الاتفاق مين مضاه؟", "الاتفاق من الذي مضاه؟"),
    ("بكام اتباعت اللوحة؟", "بكم بيعت اللوحة؟"),
    ("ازاي طلعوا البحارة؟", "كيف خرجوا البحارة؟"), ("عايز اعرف مين كسب السباق", "من فاز السباق"),
    ("بدي اعرف متى غرقت العبّارة", "متى غرقت العبّارة"), ("إيه اللي حصل في الماتش؟", "ما الذي حدث في المباراة؟"),
    ("حصل إيه في السوق؟", "ماذا حصل في السوق؟"), ("شو سبب الحريق؟", "ما سبب الحريق؟"), ("إيه الحكاية؟", "ما الحكاية؟"),
    ("مين صار وزير؟", "من أصبح وزير؟"), ("مين حصل على الجائزة؟", "من حصل على الجائزة؟"),
    ("هالطيارة وين نزلت؟", "الطائرة أين نزلت؟")])
def test_a_question_in_dialect_is_said_in_standard_arabic(asked: str, standard: str) -> None:
    assert in_standard(asked) == standard


@pytest.mark.parametrize("text", [
    "من صار وزيرا للنقل؟", "ماذا قال الوزير عن نص الاتفاق؟", "متى راح ضحيتها صياد؟", "كم عدد عيال الصياد؟", "", "؟",
    "Who signed it?", "نفسي أعود", "عايز الصياد", "كام"])
def test_a_text_without_a_word_of_dialect_stays(text: str) -> None:
    assert in_standard(text) == text


@pytest.mark.parametrize(("asked", "kind"), [
    ("قديش واحد غرق؟", AnswerKind.QUANTITY), ("منو فتح السوق؟", AnswerKind.PERSON), ("فين السوق؟", AnswerKind.PLACE)])
def test_it_is_parsed_so(asked: str, kind: AnswerKind) -> None:
    parsed = parse_question(asked)
    assert (parsed.kind, parsed.text) == (kind, in_standard(asked))
