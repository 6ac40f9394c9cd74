"""Attached letters: what each rule strips, and what it leaves on."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from index.language import clitics
from index.language.arabic import normalise


@pytest.mark.parametrize(("strip", "written", "stripped"), [
    (clitics.strip_for_skeleton, "والاتصالات", "اتصال"), (clitics.strip_for_skeleton, "للمفاوضين", "مفاوض"),
    (clitics.strip_for_skeleton, "وترامب", "ترامب"), (clitics.strip_for_skeleton, "ولد", "ولد"),
    (clitics.strip_for_skeleton, "الجو", "الجو"),
    (clitics.strip_for_topics, "وبالمفاوضات", "مفاوضات"), (clitics.strip_for_topics, "للسلام", "سلام"),
    (clitics.strip_for_topics, "وقمه جنيف والسلام", "قمه جنيف سلام"), (clitics.strip_for_topics, "بجنيف", "بجنيف"),
    (clitics.strip_for_topics, "ورد", "ورد"),
    (clitics.strip_for_speakers, "والرييس", "رييس"), (clitics.strip_for_speakers, "لترامب", "ترامب"),
    (clitics.strip_for_speakers, "للوزير", "وزير"), (clitics.strip_for_speakers, "وزير", "وزير"),
    (clitics.strip_for_speakers, "وترامب", "وترامب"), (clitics.strip_for_speakers, "بلد", "بلد"),
    (clitics.strip_and_for_sameness, "وقال", "قال"), (clitics.strip_and_for_sameness, "ورد", "ورد"),
    (clitics.strip_and_for_sameness, "فقال", "فقال"),
    (clitics.strip_and_for_numbers, "وعشرون", "عشرون"), (clitics.strip_and_for_numbers, "واحد", "احد"),
    (clitics.strip_and_for_numbers, "عشرون", ""), (clitics.strip_and_for_numbers, "", ""),
    (clitics.strip_and_for_examples, "وَقّع", "قّع"), (clitics.strip_and_for_examples, "فأعلن", "أعلن"),
    (clitics.strip_and_for_examples, "أعلن", "أعلن"),
])
def test_each_purpose_strips_what_it_may_and_no_more(strip: Callable[[str], str], written: str, stripped: str) -> None:
    assert strip(written) == stripped


@pytest.mark.parametrize(("written", "forms"), [
    ("وبفبراير", ["بفبراير", "فبراير"]), ("للخميس", ["الخميس", "لخميس"]), ("الخميس", []), ("ويوم", ["يوم"]),
    ("بعد", []), ("في", []), ("وب", [])])
def test_a_word_of_a_date_is_tried_without_each_of_its_attached_letters(written: str, forms: list[str]) -> None:
    assert list(clitics.strip_for_dates(written)) == forms


@pytest.mark.parametrize(("written", "forms"), [
    ("وبوتين", {"وبوتين", "بوتين", "وتين"}), ("للوزير", {"للوزير", "لوزير", "وزير"}), ("ترامب", {"ترامب"}),
    ("و", {"و", ""})])
def test_a_speaker_is_known_with_and_without_what_is_attached(written: str, forms: set[str]) -> None:
    assert clitics.forms_of_speaker(written) == forms


@pytest.mark.parametrize(("written", "is_first", "stripped"), [
    ("ومتي", False, "متي"), ("فمتي", False, "متي"), ("وترامب", True, "ترامب"), ("وترامب", False, "وترامب"),
    ("فترامب", True, "فترامب"), ("وب", True, "وب"), ("متي", True, "متي")])
def test_a_follow_up_may_begin_with_and(written: str, is_first: bool, stripped: str) -> None:
    assert clitics.strip_and_for_follow_up(written, {"متي"}, is_first=is_first) == stripped


@pytest.mark.parametrize(("written", "is_last", "stem"), [
    ("نتيجتها", False, "نتيجت"), ("رعاهم", False, "رعا"), ("بينهما", False, "بين"), ("موقفه", True, "موقف"),
    ("موقفه", False, None), ("الفقيه", True, None), ("نتيجة", True, None), ("قمّتُها", False, "قمّت")])
def test_a_pronoun_at_the_end_is_stripped_but_a_bare_ta_marbuta_is_none(written: str, is_last: bool,
                                                                        stem: str | None) -> None:
    assert clitics.strip_pronoun(written, is_last=is_last) == stem


@pytest.mark.parametrize(("longer", "word", "expected"), [
    ("وقال", "قال", True), ("فقال", "قال", True), ("بقال", "قال", False), ("وقال", "قيل", False), ("و", "", True)])
def test_only_and_makes_two_words_of_a_quote_the_same(longer: str, word: str, expected: bool) -> None:
    assert clitics.only_and_is_added(longer, word) is expected


@pytest.mark.parametrize(("before", "expected"), [
    ("و", False), (" ب", False), ("(ك", False), ("B", True), (" B", True), ("از", True), ("ذو", True), ("ع", True),
    ("", False), (" ", False), (". ", False)])
def test_a_letter_before_a_number_is_attached_or_belongs_to_another_word(before: str, expected: bool) -> None:
    assert clitics.belongs_to_other_word(before) is expected


@pytest.mark.parametrize(("pattern", "word", "allowed", "refused"), [
    (clitics.AND, "قال", ("قال", "وقال", "فقال"), ("بقال", "والقال")),
    (clitics.WA, "متي", ("متي", "ومتي"), ("فمتي",)),
    (clitics.BEFORE_HOW_MANY, "كم", ("كم", "وكم", "بكم", "وبكم"), ("لكم", "بوكم")),
    (clitics.PREPOSITION_BI, "حسب", ("حسب", "بحسب"), ("وحسب",)),
    (clitics.PREPOSITION_LI, "كن", ("كن", "لكن"), ("بكن",)),
    (clitics.ARTICLE, "جافا", ("جافا", "الجافا"), ("بالجافا",)),
    (clitics.BEFORE_PLACE, "موسكو", ("موسكو", "بموسكو", "وموسكو", "لموسكو", "فموسكو"), ("وبموسكو", "الموسكو")),
    (clitics.BEFORE_OFFICE, "رييس", ("رييس", "الرييس", "والرييس", "للرييس", "برييس"), ("بالرييس", "فرييس")),
    (clitics.BEFORE_PLURAL, "شروط", ("شروط", "الشروط", "للشروط"), ("وشروط", "بالشروط")),
    (clitics.BEFORE_CASUALTIES, "مقتل", ("مقتل", "بمقتل", "والمقتل"), ("للمقتل", "كمقتل")),
    (clitics.BEFORE_NUMBER, "ثلاث", ("ثلاث", "والثلاث", "فلثلاث", "بالثلاث", "للثلاث"), ("كثلاث", "لالثلاث")),
    (clitics.BEFORE_SPELLING, "ترمب", ("ترمب", "وترمب", "ولترمب", "وبالترمب", "للترمب"), ("سترمب", "والوترمب")),
    (clitics.BEFORE_RESPELLED_NAME, "ترمب", ("ترمب", "وبالترمب", "لترمب"), ("للترمب",)),
    (clitics.NOT_DEFINITE, r"\w+", ("نتيجه", "لجنه"), ("النتيجه",)),
    (clitics.PRONOUN, "", ("ه", "ها", "هم", "هما", "هن"), ("ك", "نا")),
])
def test_each_pattern_allows_what_may_stand_in_front_and_nothing_else(pattern: str, word: str, allowed: tuple[str, ...],
                                                                      refused: tuple[str, ...]) -> None:
    whole = re.compile(f"{pattern}{word}")
    assert [written for written in (*allowed, *refused) if whole.fullmatch(written)] == list(allowed)


@pytest.mark.parametrize(("word", "definite", "to_the"), [
    ("الخارجيه", True, False), ("للصحفيين", False, True), ("وزير", False, False), (normalise("ألمانيا"), True, False)])
def test_the_article_is_told_by_its_letters(word: str, definite: bool, to_the: bool) -> None:
    assert (clitics.is_definite(word), clitics.is_to_the(word)) == (definite, to_the)
    assert clitics.is_definite(clitics.with_article(word))
