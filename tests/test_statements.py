"""Which lines state nothing and so are never offered as answers."""

from __future__ import annotations

import time

import pytest

from index.types import Article
from qa.answer.statements import is_no_statement
from tests.test_ranking import texts


@pytest.mark.parametrize("text", [
    "هل يستقيل الوزير غدا؟", "وهل يستقيل؟!", "كيف تُدار الميناء؟", "فمن هو المدير الجديد؟", "ما مصير الاتفاق؟",
    "ولماذا؟", "«هل ستعودون إلى القرية؟»", "مراسلة: هل زرتم الميناء؟", "كأس القارات: من يفوز هذا العام؟",
    "إذا فاض النهر مرة أخرى، فأين يسكن الناس؟", "لكن ماذا بعد الاتفاق؟ ومن يوقعه؟", "استقال الوزير؟",
    "كيف تحمي بيتك من الفيضان", "ألم توقّع الوزارة العقد؟", "Will the minister resign?", "What happened in the port?",
    "Interviewer: Did you sign the contract?", "After the flood, who pays?", "Why the bridge fell",
    "اقرأ أيضا: وزير النقل يفتتح الجسر", "اقرأ أيضاً:", "إقرأ أيضًا", "(شاهد أيضا: سقوط الجسر)", "للمزيد: أخبار الميناء",
    "للمزيد من التفاصيل اضغط هنا", "تابعوا صفحتنا على فيسبوك", "مواضيع ذات صلة", "مصدر الصورة: وكالة الأنباء",
    "Read more: The bridge is open", "See also: the port", "Related articles", "Photo: Salem Harbi",
    "Click here for more.",
])
def test_a_question_or_a_link_states_nothing(text: str) -> None:
    assert is_no_statement(text)


@pytest.mark.parametrize("text", [
    "سأل الصحفي: هل استقلت؟ فأجاب الوزير: نعم.", "تساءل النائب عن سبب سقوط الجسر.", "وتساءل النائب: من يدفع الثمن؟",
    "وقال الوزير: «هل نترك الجسر يسقط؟»", "«هل استقلت؟» سأل الصحفي، فنفى الوزير.", "استقال الوزير أمس، فمن يخلفه؟",
    "من المقرر أن يُفتح الجسر غدا.", "من الواضح أن الجسر قديم، أليس كذلك؟", "ما زال الجسر مغلقا.",
    "كم من مرة سقط الجسر!",
    "كيف سقط الجسر سؤال طرحه النائب", "شاهد آلاف الناس سقوط الجسر.", "تابع الوزير أعمال الجسر.",
    "للمزيد من الضغط على الشركة، أوقفت الوزارة العقد.", "صورة الجسر أثارت جدلا.", "انظر الوزير في الأمر.",
    "When the bridge fell, the minister resigned.", "What he saw was a bridge.", "How the bridge fell is unclear.",
    "\"Will you resign?\" a reporter asked.", "He asked why the bridge fell?", "Read the contract before you sign it.",
])
def test_a_sentence_that_says_something_is_a_statement(text: str) -> None:
    assert not is_no_statement(text)


def test_questions_and_links_are_not_ranked_and_the_items_under_a_link_line_are_neither() -> None:
    article = Article("a", "سقط جسر الميناء أمس. من المسؤول عن سقوط جسر الميناء؟ وقال الوزير إن الجسر قديم.\n"
                           "اقرأ أيضا:\n- افتتاح جسر الميناء\n- جسر الميناء يغلق")
    assert sorted(texts("من المسؤول عن سقوط جسر الميناء؟", article)) == [
        "سقط جسر الميناء أمس.", "وقال الوزير إن الجسر قديم."]


def test_the_items_under_a_question_are_ranked() -> None:
    article = Article("a", "ما أبرز بنود الاتفاق؟ هي:\n- فتح الجسر.\n- إصلاح الميناء.")
    assert {"فتح الجسر.", "إصلاح الميناء."} <= set(texts("ما أبرز بنود الاتفاق؟", article))


def test_it_takes_no_longer_for_a_long_line() -> None:
    started = time.perf_counter()
    for text in ("؟" * 100_000, "هل ؟" * 20_000, "اذا " * 50_000 + "؟", "a: " * 50_000 + "?", "\"" * 100_000 + "?"):
        is_no_statement(text)
    assert time.perf_counter() - started < 4
