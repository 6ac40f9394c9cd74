"""Tokens and gaps have names, patterns are composed of the names, and every rule of them finds something."""

from __future__ import annotations

import re

import pytest

from index.language.dates import (
    centuries,
    counted,
    feasts,
    numeric,
    periods,
    relative,
    stretches,
    weekends,
    written_gregorian,
    written_hijri,
    written_years,
)
from index.language.dates.matches import Rule
from index.language.dates.patterns import (
    after,
    named,
    not_after,
    not_before,
    one_of,
    optional,
    phrase,
    repeated,
    same_as,
    sequence,
)
from index.language.dates.reading import LONGEST_GAP, LONGEST_TOKEN, Reading
from index.language.dates.signs import Gap, Sign
from index.language.dates.words import DAY, DUAL, MONTH, PLURAL, YEAR, sign_of
from tests.test_dates import gold_rows

RULES: tuple[Rule, ...] = (
    *numeric.RULES, *written_gregorian.DAY_RULES, *written_gregorian.MONTH_RULES, *written_hijri.RULES,
    *written_years.RULES, *relative.RULES, *feasts.RULES, *periods.RULES, *periods.LAST_RULES, *counted.RULES,
    *centuries.RULES, *weekends.RULES, *stretches.RULES)
GOLD_TEXTS = [text for text, _, _ in gold_rows()]
DAY_OF_MONTH = phrase(named("day", Sign.UP_TO_31), named("month", Sign.MONTH))


def matched(pattern: str, text: str) -> list[str]:
    """What the pattern matches of the text, as the text writes it."""
    read = Reading.of(text)
    return [text[read.places[match.start() // 2][0]:read.places[match.end() // 2 - 1][1]]
            for match in re.finditer(pattern, read.signs)]


def test_no_two_signs_or_gaps_are_the_same_character_and_none_means_something_in_a_pattern() -> None:
    characters = [*map(str, Sign), *map(str, Gap)]
    assert {len(character) for character in characters} == {1}
    assert len(set(characters)) == len(Sign) + len(Gap)
    assert [re.escape(character) for character in characters] == characters


@pytest.mark.parametrize(("token", "sign", "value"), [
    ("31", Sign.UP_TO_31, 31), ("٣١", Sign.UP_TO_31, 31), ("32", Sign.OTHER_NUMBER, 32),
    ("2022", Sign.FOUR_DIGITS, 2022),
    ("0999", Sign.OTHER_NUMBER, 999), ("شباط", Sign.MONTH, 2), ("فبراير", Sign.MONTH, 2),
    ("مارس", Sign.MONTH_OR_OTHER_WORD, 3), ("اب", Sign.AUGUST_OR_FATHER, 8), ("آب", Sign.MONTH_OR_OTHER_WORD, 8),
    ("May", Sign.ENGLISH_MONTH_OR_VERB, 5), ("may", Sign.OTHER_WORD, 0), ("كانون", Sign.TWO_WORD_MONTH, 12),
    ("الخامس", Sign.ORDINAL, 5), ("fifth", Sign.ENGLISH_ORDINAL, 5), ("ثلاثة", Sign.CARDINAL_WORD, 0),
    ("رمضان", Sign.HIJRI_MONTH, 9), ("الحجة", Sign.MONTH_AFTER_DHU, 12), ("والثلاثاء", Sign.WEEKDAY, 1),
    ("أمس", Sign.DAY_NEAR_TODAY, -1), ("شهرين", Sign.MONTH_WORD, MONTH + DUAL),
    ("سنوات", Sign.YEAR_WORD, YEAR + PLURAL),
    ("يوم", Sign.DAY_OR_WEEK_WORD, DAY), ("كتاب", Sign.OTHER_WORD, 0)])
def test_a_token_has_the_sign_and_the_value_of_its_word(token: str, sign: Sign, value: int) -> None:
    assert sign_of(token) == (sign, value)


@pytest.mark.parametrize(("between", "gap"), [
    (" ", Gap.SPACE), ("  \u200f", Gap.SPACE), (".", Gap.POINT), (". ", Gap.SPACED_POINT), (",", Gap.TIGHT_COMMA),
    (", ", Gap.COMMA), ("، ", Gap.COMMA), ("،", Gap.COMMA), ("٬", Gap.TIGHT_COMMA), (":", Gap.COLON), (": ", Gap.END),
    ("-", Gap.DASH), ("–", Gap.DASH), (" - ", Gap.SPACED_DASH), ("/", Gap.SLASH), (" / ", Gap.SLASH), ("\\", Gap.SLASH),
    (" (", Gap.OPENING_BRACKET), (") ", Gap.CLOSING_BRACKET), ("),", Gap.CLOSING_BRACKET), ("\n", Gap.END),
    (" \r", Gap.END), ("; ", Gap.END), (" " * (LONGEST_GAP + 1), Gap.END)])
def test_a_gap_is_named_by_its_mark_and_its_spaces(between: str, gap: Gap) -> None:
    read = Reading.of(f"5{between}شباط")
    assert read.gap_before(1) == gap
    assert read.signs[1::2] == Sign.UP_TO_31 + Sign.MONTH


def test_digits_glued_to_a_latin_letter_and_words_too_long_are_no_part_of_a_date() -> None:
    assert Reading.of("B52").signs[1::2] == Sign.OTHER_WORD + Sign.OTHER_NUMBER
    assert Reading.of("و5").signs[1::2] == Sign.AND + Sign.UP_TO_31
    assert Reading.of("1" * (LONGEST_TOKEN + 1)).signs[1::2] == Sign.OTHER_WORD


def test_a_phrase_matches_over_spaces_and_over_nothing_else() -> None:
    assert matched(DAY_OF_MONTH, "5 شباط، 6شباط، 7-شباط، 8، شباط، 9\nشباط") == ["5 شباط", "6شباط"]


def test_a_sequence_matches_the_gaps_that_it_names() -> None:
    day_range = sequence(Sign.UP_TO_31, Gap.DASH, Sign.UP_TO_31)
    assert matched(day_range, "3-5 أو 3 - 5 أو 3/5") == ["3-5"]


def test_one_of_matches_single_signs_and_phrases_and_takes_the_first_that_fits() -> None:
    month = one_of(Sign.MONTH, phrase(Sign.TWO_WORD_MONTH, one_of(Sign.ORDINAL, Sign.FIRST_OR_SECOND)))
    assert matched(month, "شباط وكانون الثاني وتشرين أول وكانون") == ["شباط", "وكانون الثاني", "وتشرين أول"]
    assert matched(one_of(Sign.UP_TO_31, phrase(Sign.UP_TO_31, Sign.MONTH)), "5 شباط") == ["5"]


def test_optional_parts_are_taken_where_they_stand() -> None:
    pattern = sequence(Sign.UP_TO_31, optional(Gap.SPACE, Sign.OF), Gap.SPACE, Sign.MONTH)
    assert matched(pattern, "5 شباط، 6 من شباط، 7 من من شباط") == ["5 شباط", "6 من شباط"]


def test_a_repeated_part_matches_from_least_to_most_times() -> None:
    words = "مئة ثلاثة ثلاثة ثلاثة ثلاثة"
    assert matched(repeated(Sign.CARDINAL_WORD, most=3), words) == ["مئة ثلاثة ثلاثة", "ثلاثة ثلاثة"]
    assert matched(repeated(Sign.CARDINAL_WORD, least=3, most=3), words) == ["مئة ثلاثة ثلاثة"]


def test_a_mark_must_be_the_same_as_the_named_one() -> None:
    pattern = sequence(Sign.UP_TO_31, named("mark", one_of(Gap.SLASH, Gap.DASH)), Sign.UP_TO_31, same_as("mark"),
                       Sign.FOUR_DIGITS)
    assert matched(pattern, "5/2/2022 و5-2-2022 و5/2-2022") == ["5/2/2022", "5-2-2022"]


def test_what_must_stand_before_or_must_not_is_no_part_of_the_match() -> None:
    text = "في 2018، عام 2019، في 2020 م"
    assert matched(sequence(after(Sign.IN, Gap.SPACE), Sign.FOUR_DIGITS), text) == ["2018", "2020"]
    assert matched(sequence(not_after(Sign.IN, Gap.SPACE), Sign.FOUR_DIGITS), text) == ["2019"]
    assert matched(sequence(Sign.FOUR_DIGITS, not_before(Gap.SPACE, Sign.GREGORIAN_ERA)), text) == ["2018", "2019"]


def test_every_sign_stands_in_a_rule() -> None:
    """One that stands in none would be a name for nothing. The one left out is read by a meaning."""
    patterns = "".join(rule.pattern.pattern for rule in RULES)
    assert [sign.name for sign in Sign if sign not in patterns] == ["UMM_AL_QURA"]


@pytest.mark.parametrize("rule", RULES, ids=[f"{number}{rule.meaning.__name__}" for number, rule in enumerate(RULES)])
def test_every_rule_matches_a_gold_text_and_none_without_the_signs_it_needs(rule: Rule) -> None:
    found = [bool(rule.needs & set(read.signs)) for read in map(Reading.of, GOLD_TEXTS)
             if rule.pattern.search(read.signs)]
    assert found
    assert all(found)
