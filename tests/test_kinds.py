"""What a question asks for, and what a sentence shows."""

from __future__ import annotations

import pytest

from index.language.arabic import normalise
from qa.question.kinds import AnswerKind, shown
from qa.question.parsed import parse_question


@pytest.mark.parametrize(("question", "kind"), [
    ("متى بدأت الحرب؟", AnswerKind.TIME), ("متي بدات الحرب", AnswerKind.TIME), ("في أي عام وُقّعت؟", AnswerKind.TIME),
    ("ما تاريخ التوقيع؟", AnswerKind.TIME), ("When did it begin?", AnswerKind.TIME), ("In what year?", AnswerKind.TIME),
    ("أين عُقدت القمة؟", AnswerKind.PLACE), ("وين صارت الجولة", AnswerKind.PLACE), ("Where was it?", AnswerKind.PLACE),
    ("في أي مدينة التقيا؟", AnswerKind.PLACE), ("كم عدد السجناء؟", AnswerKind.QUANTITY),
    ("ما سعر النفط؟", AnswerKind.QUANTITY),
    ("بكم حُكم عليه؟", AnswerKind.QUANTITY), ("إمتى وصل؟", AnswerKind.TIME),
    ("What is the oil price?", AnswerKind.QUANTITY),
    ("How many were freed?", AnswerKind.QUANTITY), ("من شارك في المحادثات؟", AnswerKind.PERSON),
    ("ومن وقّع؟", AnswerKind.PERSON), ("مَن هو الوسيط", AnswerKind.PERSON), ("Who mediated?", AnswerKind.PERSON),
    ("مين وقّع الاتفاق؟", AnswerKind.PERSON), ("الاتفاق مين وقعه", AnswerKind.PERSON),
    ("جاء من اليمين", AnswerKind.OTHER),
    ("من أي ميناء أبحرت؟", AnswerKind.OTHER), ("لماذا فشلت القمة؟", AnswerKind.OTHER),
    ("What did Ryabkov say?", AnswerKind.OTHER), ("ماذا حدث من قبل", AnswerKind.OTHER),
    ("Когда началась война?", AnswerKind.TIME), ("В каком году подписали?", AnswerKind.TIME),
    ("Какого числа встретились?", AnswerKind.TIME), ("Где прошёл саммит?", AnswerKind.PLACE),
    ("В какой стране?", AnswerKind.PLACE), ("Сколько ракет уничтожили?", AnswerKind.QUANTITY),
    ("Какой процент?", AnswerKind.QUANTITY), ("Кто подписал договор?", AnswerKind.PERSON),
    ("С кем он встретился?", AnswerKind.PERSON), ("Почему провалился саммит?", AnswerKind.OTHER),
    ("Какую ракету испытали?", AnswerKind.OTHER),
    ("Quand a-t-il été signé ?", AnswerKind.TIME), ("En quelle année ?", AnswerKind.TIME),
    ("Où s'est tenu le sommet ?", AnswerKind.PLACE), ("Dans quel pays ?", AnswerKind.PLACE),
    ("Combien de missiles ?", AnswerKind.QUANTITY), ("Quel est le prix du baril ?", AnswerKind.QUANTITY),
    ("Qui a signé le traité ?", AnswerKind.PERSON), ("Avec qui a-t-il négocié ?", AnswerKind.PERSON),
    ("Pourquoi ceux qui ont signé sont-ils partis ?", AnswerKind.OTHER),
    ("La France ou la Chine ont-elles signé ?", AnswerKind.OTHER),
])
def test_the_kind_asked_for(question: str, kind: AnswerKind) -> None:
    assert parse_question(question).kind is kind


@pytest.mark.parametrize(("kind", "sentence", "how_far"), [
    (AnswerKind.TIME, "وُقّعت في ٢٠ أيار", 1), (AnswerKind.TIME, "منذ عام 1979", 1), (AnswerKind.TIME, "في 8 آب", 1),
    (AnswerKind.TIME, "قال الأب إنه سعيد", 0), (AnswerKind.TIME, "بلغ عددهم 350", 0),
    (AnswerKind.PLACE, "جرت في واشنطن", 1), (AnswerKind.PLACE, "وقع في نيبال", 1),
    (AnswerKind.PLACE, "عاد إلى بيته", 0),
    (AnswerKind.PLACE, "It was signed in Geneva", 1),
    (AnswerKind.QUANTITY, "ثلاثة سجناء", 1), (AnswerKind.QUANTITY, "٤٤٤ يومًا", 1),
    (AnswerKind.QUANTITY, "عاد الوفد", 0),
    (AnswerKind.PERSON, "الوزير والسفير ورئيس الوفد", 1), (AnswerKind.PERSON, "قال الرئيس", 1 / 3),
    (AnswerKind.PERSON, "انتهت المحادثات", 0), (AnswerKind.OTHER, "الرئيس في جنيف عام 1985", 0),
])
def test_what_a_sentence_shows(kind: AnswerKind, sentence: str, how_far: float) -> None:
    assert shown(kind, normalise(sentence)) == pytest.approx(how_far)
