"""Claims held against one short article: what came before what, what is denied with other words, and who asked whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.model.types import Embedder
from qa.answerer import Answerer
from qa.check.draft import CheckedClaim, Draft
from qa.check.statement import read_statement
from qa.opening import open_answerer

ARTICLE = """---
id: quay
title: رصيف صور
published: 2026-02-03
---
افتتح الوزير سليم الحاج رصيف صور قبل الانتخابات البلدية.

رفضت نقابة البحارة عرض الشركة المشغلة للرصيف.

وقال مدير الشركة إن الرافعات لم تنقل إلى طرابلس.

لن تكون في المرفأ رسوم جديدة ولا ضرائب على الصيادين.

لم ترفع البلدية أسعار الوقود.

تعتزم البلدية خفض الإيجارات.

تعتزم نقابة الأطباء افتتاح مستوصف ولن تغلق العيادات والصيدليات في الضواحي.

عرضت الشركة أن يصبح المستودع متحفا مجانيا لا يتقاضى أجرة.

سيزور رئيس البلدية معرض الكتاب في جبيل.

يزور السياح القلعة في الصيف.

زعم تاجر السمك نبيل عون أن ميزان السوق مغشوش منذ شهور.

قال الحارس فؤاد نصار إن مصابيح المنارة لا تضاء في الشتاء.

وذكرت التقارير أن سقف المخزن القديم تشقق بعد العاصفة.

تأخر الطحين فطلب الخباز كمية أكبر من المطاحن.
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Answerer:
    """Answers from the article."""
    import build_index

    folder = tmp_path_factory.mktemp("rules")
    (folder / "quay.md").write_text(ARTICLE, encoding="utf-8")
    assert build_index.main([str(folder / "quay.md"), "--index-dir", str(folder / "index")]) == 0
    return open_answerer(Path(folder / "index"), embedder)


def check(answerer: Answerer, text: str) -> CheckedClaim:
    (checked,) = answerer.check(Draft.parse(text)).claims
    return checked


@pytest.mark.index
@pytest.mark.model
@pytest.mark.process
@pytest.mark.parametrize("claim", [
    "لم تقبل نقابة البحارة عرض الشركة المشغلة للرصيف.",
    "لن تكون في المرفأ ضرائب على الصيادين.",
    "البلدية لم ترفع أسعار الوقود.",
    "البلدية تعتزم خفض الإيجارات.",
    "نقابة الأطباء لن تغلق العيادات والصيدليات في الضواحي.",
])
def test_the_same_said_with_another_negation_is_supported(answerer: Answerer, claim: str) -> None:
    assert check(answerer, claim).verdict == "supported"


@pytest.mark.index
@pytest.mark.model
@pytest.mark.process
@pytest.mark.parametrize(("claim", "concern"), [
    ("افتتح سليم الحاج رصيف صور بعد الانتخابات البلدية.", "words"),
    ("قبلت نقابة البحارة عرض الشركة المشغلة للرصيف.", "polarity"),
    ("قال مدير الشركة إن الرافعات نقلت إلى طرابلس.", "polarity"),
    ("ستكون في المرفأ ضرائب على الصيادين.", "polarity"),
    ("أصبح المستودع متحفا مجانيا لا يتقاضى أجرة.", "modality"),
])
def test_the_opposite_is_not_supported(answerer: Answerer, claim: str, concern: str) -> None:
    checked = check(answerer, claim)
    assert checked.verdict != "supported"
    assert concern in checked.concerns or "words" in checked.concerns


@pytest.mark.index
@pytest.mark.model
@pytest.mark.process
@pytest.mark.parametrize("claim", [
    "رئيس البلدية يزور معرض الكتاب في جبيل.",
    "قال تاجر السمك نبيل عون إن ميزان السوق مغشوش منذ شهور.",
    "زعم الحارس فؤاد نصار أن مصابيح المنارة لا تضاء في الشتاء.",
    "تشقق سقف المخزن القديم بعد العاصفة، وفق التقارير.",
])
def test_a_headline_and_what_somebody_claims_are_no_other_statements(answerer: Answerer, claim: str) -> None:
    assert check(answerer, claim).verdict == "supported"


@pytest.mark.index
@pytest.mark.model
@pytest.mark.process
@pytest.mark.parametrize(("claim", "concern"), [
    ("زار رئيس البلدية معرض الكتاب في جبيل.", "modality"),
    ("ميزان السوق مغشوش منذ شهور.", "modality"),
    ("تشقق سقف المخزن القديم بعد العاصفة.", "attribution"),
])
def test_what_will_be_or_is_only_claimed_is_no_fact(answerer: Answerer, claim: str, concern: str) -> None:
    checked = check(answerer, claim)
    assert checked.verdict != "supported"
    assert concern in checked.concerns


@pytest.mark.parametrize(("text", "word", "modality"), [
    ("تأخر الطحين فطلب الخباز كمية أكبر", "كميه", "intended"),
    ("تتأهب المدينة لاستقبال السباق", "السباق", "intended"),
    ("لن تكون هناك حرب ولا مفاوضات", "مفاوضات", "negated"),
    ("هاجم مشتبه به الحارس", "الحارس", "fact"),
    ("هاجم المشتبه الحارس", "الحارس", "possible"),
    ("هو بديل محتمل للوزير الحاج", "الحاج", "fact"),
    ("فشلت الوزارة في نيل الموافقة", "الموافقه", "negated"),
    ("فشل الفريق ولم يسجل هدفا", "هدفا", "negated"),
])
def test_words_of_doubt_and_denial_reach_what_they_are_about(text: str, word: str, modality: str) -> None:
    words = read_statement(text, (), lambda _word: True).words
    assert [each.modality for each in words if each.form == word] == [modality]
