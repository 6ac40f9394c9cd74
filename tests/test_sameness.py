"""When two sentences say the same, and when a changed word, figure or denial makes them two facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.answer.sameness import Said, adds_nothing, near_identical

PAIRS = [line.split("\t") for line in
         (Path(__file__).parent / "data" / "same_fact.tsv").read_text("utf-8").splitlines()]
# Paraphrases whose words are too many others.
NOT_SEEN = {"وفي عام 1988 نال الروائي نجيب محفوظ جائزة نوبل في الأدب.",
            "تتألف الإمارات من سبع إمارات وعاصمتها أبو ظبي."}


@pytest.mark.parametrize(("label", "first", "second"), PAIRS)
def test_a_labelled_pair_is_one_fact_or_two(label: str, first: str, second: str) -> None:
    found = adds_nothing(Said.by(second), [Said.by(first)])
    assert found == (label == "same" and second not in NOT_SEEN)


def test_spelling_marks_and_a_dateline_do_not_make_another_sentence() -> None:
    plain = Said.by("وقّع الوزيران الاتفاق في جنيف مساء الجمعة.")
    for text in ("وقَّع الوزيران الاتّفاق في جنيف مساء الجمعة!",
                 "جنيف 5 مارس (رويترز) - وقّع الوزيران الاتفاق في جنيف مساء الجمعة."):
        assert near_identical(plain, Said.by(text))


@pytest.mark.parametrize("other", [
    "قال بيان للوزارة إن 15 عاملًا أصيبوا في انهيار المبنى القديم وسط المدينة.",
    "قال بيان للوزارة إن 12 عاملًا لم يصابوا في انهيار المبنى القديم وسط المدينة.",
    "قال بيان للوزارة إن 12 عاملًا أصيبوا في انهيار الجسر القديم وسط المدينة.",
])
def test_one_figure_denial_or_word_makes_another_fact(other: str) -> None:
    one = Said.by("قال بيان للوزارة إن 12 عاملًا أصيبوا في انهيار المبنى القديم وسط المدينة.")
    assert not near_identical(one, Said.by(other))
    assert not adds_nothing(Said.by(other), [one])


def test_who_reports_it_makes_no_other_fact() -> None:
    one, other = (Said.by(f"{verb} البيان أن المحادثات ستستأنف في جنيف الشهر المقبل.") for verb in ("أعلن", "أكد"))
    assert near_identical(one, other)


def test_figures_are_digits_of_both_scripts_numbers_in_words_and_months() -> None:
    assert Said.by("في ٢٠ تموز بلغ العدد ثلاثة آلاف").figures == {"20", "يوليو", "3000"}
    assert Said.by("ستكون الفرق سعيدة بالسبيل").figures == frozenset()


def test_a_longer_sentence_adds_to_a_shorter_one_and_not_the_other_way() -> None:
    short, long = Said.by("سقط جدار برلين في 9 نوفمبر 1989."), Said.by(
        "سقط جدار برلين في 9 نوفمبر 1989 بعد 28 عامًا من بنائه على يد حكومة ألمانيا الشرقية.")
    assert adds_nothing(short, [long])
    assert not adds_nothing(long, [short])


def test_a_sentence_without_content_words_adds_nothing() -> None:
    assert adds_nothing(Said.by("ما هو؟"), [Said.by("سقط الجدار.")])
    assert not adds_nothing(Said.by("سقط الجدار."), [])


@pytest.mark.parametrize(("one", "other"), [
    ("أوقفت الشرطة سبعة لصوص في سوق الحرير.", "أوقفت الشرطة ٧ لصوص في سوق الحرير."),
    ("بلغت قيمة البضاعة مليونين ونصف المليون ليرة.", "بلغت قيمة البضاعة 2.5 مليون ليرة."),
    ("بلغت قيمة البضاعة ٢٬٥٠٠٬٠٠٠ ليرة.", "بلغت قيمة البضاعة 2,500,000 ليرة."),
    ("زاد المحصول ١٣٫٥٪ في سهل الرمان.", "زاد المحصول 13.5 في المئة في سهل الرمان."),
    ("الرمان (الفجر) - أوقفت الشرطة سبعة لصوص في سوق الحرير.", "الرمان - وكالات: أوقفت الشرطة 7 لصوص في سوق الحرير.")])
def test_the_same_amount_in_another_writing_and_another_dateline_are_the_same_fact(one: str, other: str) -> None:
    assert near_identical(Said.by(one), Said.by(other))


def test_an_amount_ten_times_as_large_is_another_fact() -> None:
    assert not near_identical(Said.by("زاد المحصول 13.5% في سهل الرمان."), Said.by("زاد المحصول 135% في سهل الرمان."))
