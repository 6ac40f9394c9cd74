"""What a sentence states: which words are forms of one, which figures it has, and what is only intended."""

from __future__ import annotations

import pytest

from index.language.arabic import normalise
from index.language.dates import find_dates
from qa.check.statement import Statement, read_statement
from qa.check.words import same_word


def read(text: str) -> Statement:
    return read_statement(text, find_dates(text), lambda word: False)


@pytest.mark.parametrize(("one", "other"), [
    ("متهما", "اتهم"), ("متوعدا", "توعد"), ("استقالة", "استقال"), ("انسحاب", "انسحبت"), ("وصول", "وصل"),
    ("وعود", "وعد"), ("وزراء", "وزير"), ("beaten", "beat"), ("took", "takes"), ("stolen", "stole"),
    ("withdrew", "withdrawn"),
])
def test_a_verb_its_noun_and_its_participle_are_forms_of_one_word(one: str, other: str) -> None:
    """As statements have them: without a letter that may be "and"."""
    forms = [normalise(word).removeprefix("و") if len(word) > 3 else normalise(word) for word in (one, other)]
    assert same_word(*forms)


@pytest.mark.parametrize(("one", "other"), [
    ("محكمة", "حكم"), ("مدرسة", "درس"), ("beat", "bear"), ("wrote", "rose"), ("وصل", "أصل"),
])
def test_words_that_only_look_alike_are_not(one: str, other: str) -> None:
    assert not same_word(normalise(one), normalise(other))


@pytest.mark.parametrize(("text", "values"), [
    ("تجاوز العدد المليوني حاج.", [2_000_000]), ("شارك نحو الألفي جندي.", [2000]),
    ("Two dozen people were hurt.", [24]),
    ("Three dozen men and twelve women came.", [36, 12]), ("Half a dozen men came.", []),
])
def test_figures_in_words(text: str, values: list[int]) -> None:
    assert [figure.value for figure in read(text).figures] == values


@pytest.mark.parametrize(("text", "word", "modality"), [
    ("The rebels took the town in May and kept the bridge.", "bridge", "fact"),
    ("The rebels may keep the bridge.", "bridge", "possible"),
    ("ندد الرئيس بالقرار متوعدا بإغلاق المعبر.", "باغلاق", "intended"),
    ("أوقفت المحكمة العمل بخطة ترحيل المهاجرين.", "ترحيل", "intended"),
    ("ينتظر أن يصوت المجلس.", "يصوت", "intended"),
])
def test_what_is_a_plan_and_what_is_a_month(text: str, word: str, modality: str) -> None:
    assert [each.modality for each in read(text).words if each.form == word] == [modality]
