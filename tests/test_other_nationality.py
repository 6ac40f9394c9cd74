"""Somebody or something of another nationality than the question's."""

from __future__ import annotations

import pytest

from qa.answer.other_nationality import lacks_nationality
from qa.question.parsed import parse_question
from tests.test_typed import ranked_sentences

DIVER = "أنقذ غواص بلغاري ستة صيادين قرب الميناء."


@pytest.mark.parametrize(("question", "sentence"), [
    ("من أنقذ الغواص اليوناني؟", DIVER), ("من أنقذ الغواص اليوناني؟", "كرم العمدة الغواص البلغاري."),
    ("من أنقذ الغواص اليوناني؟", "كرموا غواصا بلغاريا لشجاعته."),
    ("لماذا شكر العمدة اللاعب اليوناني؟", "شكر العمدة لاعبا بلغاريا لأنه تبرع للميناء."),
    ("متى فازت السباحة الكينية؟", "فازت السباحة التنزانية بالسباق أمس."),
    ("لماذا أغلقت الحكومة الهولندية السد؟", "أغلقت الحكومة البلجيكية السد خشية الفيضان.")])
def test_another_nationality_beside_the_noun_leaves_the_answer_unsure(question: str, sentence: str) -> None:
    assert lacks_nationality(parse_question(question), ranked_sentences(sentence)[0])


@pytest.mark.parametrize(("question", "sentences"), [
    ("من أنقذ الغواص البلغاري؟", (DIVER,)), ("من أنقذ الغواص؟", (DIVER,)), ("من أنقذ الغواص الماهر؟", (DIVER,)),
    ("من أنقذ الغواص اليوناني؟", ("أنقذ غواص ماهر ستة صيادين.",)),
    ("من أنقذ الغواص اليوناني؟", (DIVER, "وأنقذ غواص آخر من اليونان سابعا.")),
    ("ماذا طلبت الحكومة الهولندية من الحكومة البلجيكية؟", ("رفضت الحكومة البلجيكية فتح السد.",)),
    ("لماذا أغلقت الحكومة الهولندية السد؟", ("أغلق السد خشية الفيضان، وشكر السفير البلجيكي العمال.",)),
    ("متى زار الوفد الأمريكي الميناء؟", ("زار الوفد الأميركي الميناء أمس.",))])
def test_the_same_nationality_or_none_is_not_objected_to(question: str, sentences: tuple[str, ...]) -> None:
    assert not lacks_nationality(parse_question(question), ranked_sentences(*sentences)[0])
