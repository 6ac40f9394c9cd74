"""Where articles give other numbers, days or speakers for the same thing."""

from __future__ import annotations

import pytest

from qa.answerer import Answerer
from qa.types.question import Question


def test_other_numbers_of_the_same_thing_stand_side_by_side(differing: Answerer) -> None:
    (number,) = differing.disagreements(Question.parse("كم عدد قتلى انفجار الميناء؟")).disagreements
    assert (number.kind, [side.value for side in number.sides]) == ("number", ["12 شخصًا", "17 شخصًا"])
    assert [sorted(citation.article.id for citation in side.citations) for side in number.sides] == [
        ["a1", "c1"], ["b1"]]  # the wounded are as many in both, and what was told a year later is another account
    for side in number.sides:
        for citation in side.citations:
            assert citation.article.text[citation.start:citation.end] == citation.quote


@pytest.mark.parametrize(("asked", "kind", "values"), [
    ("متى وُقّع اتفاق التعاون المائي؟", "date", {"28 فبراير 2019", "1 مارس 2019"}),
    ("من قال إن الانفجار نجم عن خلل؟", "attribution", {"وزير الداخلية سامي خوري", "محافظ المدينة نبيل حداد"}),
    ("اتفاق المياه", "number", {"ثلاثة سدود", "أربعة سدود"}),
])
def test_other_days_and_speakers_are_found_too(differing: Answerer, asked: str, kind: str, values: set[str]) -> None:
    found = differing.disagreements(Question.parse(asked)).disagreements
    assert values in [{side.value for side in each.sides} for each in found if each.kind == kind]


def test_articles_that_agree_differ_in_nothing(sample_answerer: Answerer) -> None:
    for asked in ("كم عدد القتلى؟", "الرؤوس النووية", "متى وقعت معاهدة القوى المتوسطة؟", "قمة هلسنكي", "جائزة نوبل"):
        assert sample_answerer.disagreements(Question.parse(asked)).disagreements == ()


def test_citations_are_numbered_through_all_that_is_shown(differing: Answerer) -> None:
    found = differing.disagreements(Question.parse("اتفاق المياه")).disagreements
    assert len(found) == 2
    numbers = [citation.number for each in found for side in each.sides for citation in side.citations]
    assert numbers == [1, 2, 3, 4]
