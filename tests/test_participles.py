"""Who did something, where a participle says so in passing."""

from __future__ import annotations

import pytest

from qa.answer.participles import doer_in_passing


@pytest.mark.parametrize(("verb", "text", "doer"), [
    ("فاز", "أصبح لاعب المنتخب الكيني الفائز بكأس المرجان، سالم الحداد، نجمًا.", "المنتخب الكيني"),
    ("حصل", "وقالت مخرجة الفيلم الحاصل على الجائزة إنها سعيدة.", "الفيلم"),
    ("فاز", "وشكرت مؤلفة الرواية الفائزة بالجائزة قراءها.", "الرواية"),
    ("فاز", "شكر المرشح المستقل الفائز بالانتخابات، سالم الحداد، ناخبيه.", None),
    ("فاز", "شكرت مدربة المنتخب الكيني الفائزة بالجائزة لاعباتها.", None),
    ("فاز", "قال رئيس الوزراء الفائز بالانتخابات إنه سعيد.", None),
    ("فاز", "قال سالم الحداد، الفائز بالجائزة، إنه سعيد.", None),
    ("فاز", "قال مدرب المنتخب، الفائز بالجائزة، إنه سعيد.", None),
    ("خسر", "أصبح لاعب المنتخب الكيني الفائز بالكأس نجمًا.", None),
    ("انتخب", "أصبح لاعب المنتخب الكيني نجمًا.", None)])
def test_whoever_a_participle_is_said_of_did_it(verb: str, text: str, doer: str | None) -> None:
    found = doer_in_passing(verb, text)
    assert (None if found is None else text[slice(*found)]) == doer
