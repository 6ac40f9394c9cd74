"""Verbs of saying, and what each list is for."""

from __future__ import annotations

import re

import pytest

from index.language import saying
from index.language.arabic import normalise


def test_every_verb_without_an_object_is_a_verb_of_saying() -> None:
    assert saying.VERBS_WITHOUT_OBJECT
    assert set(saying.VERBS_WITHOUT_OBJECT) <= set(saying.VERBS_OF_SAYING)
    assert normalise("أعلن") in saying.VERBS_OF_SAYING
    assert normalise("أعلن") not in saying.VERBS_WITHOUT_OBJECT


@pytest.mark.parametrize("words", [
    saying.VERBS_OF_SAYING, saying.VERBS_OF_SOURCES, saying.ENGLISH_VERBS_OF_SAYING, saying.EXPLETIVE_SAYING,
    saying.VERBS_OF_ASKING, saying.VERBS_OF_DENIAL,
    sorted(saying.INTERCHANGEABLE_VERBS)])
def test_every_word_is_normalised_and_there_once(words: tuple[str, ...]) -> None:
    assert list(words) == list(dict.fromkeys(map(normalise, words)))


@pytest.mark.parametrize(("pattern", "goes_on", "does_not"), [
    (saying.SAYING_WITHOUT_SUBJECT, ("قال", "اضافت", "يقول", "تضيف", "دعوا", "يوكدون"), ("وصل", "قالب", "اجتمع")),
    (saying.SAYING_ON_WITHOUT_SUBJECT, ("شدد علي", "اتفقوا علي"), ("شدد", "قال علي")),
    (saying.SAYING_BY_PARTICIPLE, ("مضيفا", "قايله"), ("مضيف", "قادما")),
    (saying.IMPERSONAL_SAYING, ("يذكر", "يتوقع"), ("ذكر", "يذكرون"))])
def test_each_pattern_of_words_knows_its_own(pattern: str, goes_on: tuple[str, ...], does_not: tuple[str, ...]) -> None:
    matches = re.compile(pattern)
    assert [word for word in (*goes_on, *does_not) if matches.fullmatch(word)] == list(goes_on)
