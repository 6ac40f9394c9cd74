"""A sentence that says otherwise than the question does not come first where another one agrees."""

from __future__ import annotations

import pytest

from index.language.opposites import says_opposite
from index.types import Article
from qa.answer.agreement import agreeing_first, says_otherwise
from qa.answer.comparing import winner_first
from qa.question.parsed import parse_question
from tests.test_ranking import ranked

COOPERATIVES = ("دفعت جمعية الزيتون 2.2 مليون ليرة للسقاية. ودفعت جمعية الكرمة مليونين ونصف المليون ليرة للسقاية. "
                "ودفعت جمعية التين ثلاثة أرباع المليون ليرة للسقاية.")


def first(question: str, *texts: str) -> str:
    """The sentence that is first in the end, of articles whose sentences come in the order of the texts."""
    asked = parse_question(question)
    found = sorted(ranked(question, *(Article(str(number), text) for number, text in enumerate(texts))),
                   key=lambda each: (int(each.article.id), each.sentence.start))
    return winner_first(asked, agreeing_first(asked, found))[0].text


@pytest.mark.parametrize(("asked", "society"), [
    ("2.5 مليون", "الكرمة"), ("2,500,000", "الكرمة"), ("مليونين ونصف المليون", "الكرمة"), ("750 ألف", "التين"),
    ("٧٥٠٬٠٠٠", "التين"), ("2200 ألف", "الزيتون")])
def test_the_sentence_with_the_amount_that_is_asked_for_is_first(asked: str, society: str) -> None:
    assert society in first(f"أي جمعية دفعت {asked} ليرة للسقاية؟", COOPERATIVES)


def test_nothing_changes_if_no_sentence_has_the_amount() -> None:
    assert "الزيتون" in first("أي جمعية دفعت 9 ملايين ليرة للسقاية؟", COOPERATIVES)


def test_an_amount_of_another_unit_or_in_a_date_contradicts_nothing() -> None:
    assert first("ماذا بنت البلدية بمبلغ 300 دينار؟", "بنت البلدية 40 كشكا في 3 أيار 2018.",
                 "بنت البلدية سورا بمبلغ 300 دينار.") == "بنت البلدية 40 كشكا في 3 أيار 2018."


@pytest.mark.parametrize(("question", "one", "other"), [
    ("من قال إن سعر القمح سيرتفع؟", "قال التاجر فارس إن سعر القمح سينخفض.", "قال المزارع نادر إن سعر القمح سيرتفع."),
    ("أي ناد عارض نقل الملعب؟", "أيد نادي الفجر نقل الملعب.", "وعارض نادي الغروب نقل الملعب."),
    ("أي شركة خسرت مناقصة الجسر؟", "فازت شركة الصخر بمناقصة الجسر.", "وخسرت شركة الرمل مناقصة الجسر."),
    ("Which port opposed the new fee?", "The old port supported the new fee.", "The new port opposed the new fee.")])
def test_the_opposite_is_passed_over(question: str, one: str, other: str) -> None:
    assert first(question, f"{one} {other}") == other


def test_the_opposite_answers_whether_something_is_so_if_it_is_about_the_same() -> None:
    text = "عارض نادي الغروب نقل الملعب. وأيد نادي الفجر نقل الملعب."
    assert first("هل يعارض نادي الفجر نقل الملعب؟", text) == "وأيد نادي الفجر نقل الملعب."


@pytest.mark.parametrize(("asked", "words", "is_opposite"), [
    ("من توقع ارتفاع السعر", "توقع الخبير تراجع السعر", True), ("من حضر القمة", "غاب الوزير عن القمة", True),
    ("من غاب عن القمة", "امتنع الوزير عن حضور القمة", False), ("من لم يحضر القمة", "غاب الوزير عن القمة", False),
    ("من توقع ارتفاع السعر", "توقع ارتفاعه بعد تراجع", False), ("من زار بايدن", "عارض الوزير الزيارة", False)])
def test_a_denial_and_a_sentence_with_both_words_have_no_opposite(asked: str, words: str, *, is_opposite: bool) -> None:
    assert says_opposite(asked.split(), words.split()) is is_opposite


def test_the_same_names_in_another_order_are_somebody_else() -> None:
    text = "فاز سعيد كامل الحلو برئاسة النادي. وحل كامل سعيد الحلو ثالثا."
    assert first("ماذا نال كامل سعيد الحلو؟", text) == "وحل كامل سعيد الحلو ثالثا."
    assert first("ماذا نال سعيد كامل الحلو؟", text) == "فاز سعيد كامل الحلو برئاسة النادي."


def test_a_verb_behind_its_noun_in_the_question_is_no_name() -> None:
    text = "قدمت جمعية منحا. وأعلنت بلدية منحا."
    assert first("أي جمعية قدمت منحا؟", text) == "قدمت جمعية منحا."


TOWERS = ("يبلغ ارتفاع برج القمح 140 مترا. ويبلغ ارتفاع برج الملح 190 مترا. وبرج الميناء أعلى أبراج المدينة بارتفاع "
          "260 مترا.")


@pytest.mark.parametrize(("question", "winner"), [
    ("أيهما أعلى برج القمح أم برج الملح؟", "الملح"), ("ما الأعلى: برج القمح أم برج الملح؟", "القمح"),
    ("أيهما أقل ارتفاعا برج القمح أم برج الملح؟", "القمح"), ("أيهما أعلى برج الملح أم برج القمح؟", "الملح")])
def test_of_two_things_the_one_that_wins_is_first_and_a_third_is_left_out(question: str, winner: str) -> None:
    assert winner in first(question, TOWERS)


def test_a_question_that_compares_no_two_things_is_compared_as_before() -> None:
    assert "الميناء" in first("ما أعلى برج في المدينة؟", TOWERS.split(". ")[2])


REFUSED, AGREED = "رفضت النقابة أول الأمر عرض المصنع.", "ثم وافقت عليه بعد رفع الأجور."


def test_whether_somebody_agreed_is_answered_by_their_later_act() -> None:
    assert first("هل وافقت النقابة على عرض المصنع؟", f"{REFUSED} {AGREED}") == AGREED


@pytest.mark.parametrize(("question", "text"), [
    ("هل رفضت النقابة عرض المصنع؟", f"{REFUSED} {AGREED}"),
    ("هل وافقت النقابة على عرض المصنع؟", f"{REFUSED} ولم توافق عليه بعد رفع الأجور."),
    ("من رفض عرض المصنع؟", f"{REFUSED} {AGREED}")])
def test_the_act_that_is_asked_of_and_a_denied_one_stay_in_their_places(question: str, text: str) -> None:
    assert first(question, text) == REFUSED


@pytest.mark.parametrize(("question", "text"), [
    ("ما الذي ارتفع 9 في المئة؟", "وتراجع سعر القمح 9 في المئة."),
    ("ما الذي تراجع 8 في المئة؟", "وتراجع سعر القمح 9 في المئة."),
    ("أين رُصد 600 ألف نحلة؟", "رُصد 700 ألف نحلة في وادي السدر."),
    ("من حل ثالثا في سباق الدراجات؟", "وجاءت هناء في المركز الثاني في سباق الدراجات."),
    ("أين اختُتم المعرض الثلاثون؟", "اختُتم المعرض الـ31 في الميناء."),
    ("أي ناد عارض نقل الملعب؟", "أيد نادي الفجر نقل الملعب.")])
def test_a_lone_sentence_that_says_otherwise_is_known(question: str, text: str) -> None:
    assert says_otherwise(parse_question(question), ranked(question, Article("a", text))[0])


@pytest.mark.parametrize(("question", "text"), [
    ("ما الذي تراجع 9 في المئة؟", "وتراجع سعر القمح 9 في المئة."),
    ("من حل ثانيا في سباق الدراجات؟", "وجاءت هناء في المركز الثاني في سباق الدراجات."),
    ("أين اختُتم المعرض الحادي والثلاثون؟", "اختُتم المعرض الـ31 في الميناء."),
    ("هل عارض نادي الفجر نقل الملعب؟", "أيد نادي الفجر نقل الملعب."),
    ("من كان هداف بطولة الوادي 98؟", "أحرز نادر 12 هدفا وتوج هدافا للبطولة."),
    ("كم مقعدا كان للحزب قبل اقتراع 2018؟", "شغل الحزب 32 مقعدا، مقابل 86 مقعدا للحزب الحاكم."),
    ("أين رُصد 600 ألف نحلة؟", "رُصد 600 ألف نحلة و20 ألف دبور في وادي السدر.")])
def test_a_year_another_noun_and_the_answer_to_yes_or_no_are_no_contradiction(question: str, text: str) -> None:
    assert not says_otherwise(parse_question(question), ranked(question, Article("a", text))[0])
