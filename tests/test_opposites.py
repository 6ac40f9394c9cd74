"""Words that another text has for what is asked: a refusal for a denial of agreeing."""

from __future__ import annotations

import pytest

from index.language.arabic import normalise, split_words
from index.language.opposites import said_by_denial


@pytest.mark.parametrize(("question", "text", "said"), [
    ("من رفض الخطة", "ولم يوافق مجلس التلال على الخطة", (slice(1, 2), ("لم", "يوافق"))),
    ("من لم يوافق على الخطة", "رفض مجلس التلال الخطة", (slice(1, 3), ("رفض",))),
    ("أي نائب لم يحضر الجلسة", "وغاب نائب الشاطئ عن الجلسة", (slice(2, 4), ("غاب",))),
    ("من فشل في إكمال السباق", "لم يتمكن العداء من إكمال السباق", (slice(1, 2), ("لم", "يتمكن"))),
])
def test_a_word_is_found_as_the_denial_that_says_the_same(
        question: str, text: str, said: tuple[slice, tuple[str, ...]]) -> None:
    assert said_by_denial(split_words(normalise(question)), lambda: split_words(normalise(text))) == said


@pytest.mark.parametrize(("question", "text"), [
    ("من رفض الخطة", "وافق مجلس التلال على الخطة"),
    ("من رفض الخطة", "رفض مجلس التلال الخطة ولم يوافق عليها"),
    ("من وافق على الخطة", "لم يوافق مجلس التلال على الخطة"),
    ("من زار التلال", "لم يوافق مجلس التلال على الخطة"),
])
def test_a_text_with_the_word_itself_or_without_its_denial_gives_none(question: str, text: str) -> None:
    assert said_by_denial(split_words(normalise(question)), lambda: split_words(normalise(text))) is None
