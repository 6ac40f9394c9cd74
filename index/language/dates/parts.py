"""The parts that several rules share: the number of a day, the weekday before it, the year after it."""

from __future__ import annotations

from index.language.dates.matches import Match
from index.language.dates.patterns import named, not_before, one_of, optional, sequence
from index.language.dates.signs import Gap, Sign
from index.language.numbers import ordinal

NUMBER = one_of(Sign.UP_TO_31, Sign.FOUR_DIGITS, Sign.OTHER_NUMBER)
# 5, 5th; الخامس, الخامس عشر, الخامس والعشرين; fifth, twenty-fifth.
DAY_NUMBER = one_of(
    sequence(Sign.UP_TO_31, optional(Gap.SPACE, Sign.ORDINAL_ENDING)),
    sequence(Sign.ORDINAL, optional(Gap.SPACE, one_of(Sign.ORDINAL, Sign.CARDINAL_WORD))),
    sequence(optional(Sign.CARDINAL_WORD, one_of(Gap.SPACE, Gap.DASH)), Sign.ENGLISH_ORDINAL))
DAY_OF_MONTH = named("day", DAY_NUMBER)
# يوم الثلاثاء (or اليوم الثلاثاء) before a day.
MAYBE_WEEKDAY = optional(
    optional(Sign.TODAY_OR_NOWADAYS, Gap.SPACE), optional(Sign.DAY_OR_WEEK_WORD, Gap.SPACE), Sign.WEEKDAY,
    one_of(Gap.SPACE, Gap.COMMA, Gap.OPENING_BRACKET))
# The من and the شهر of "الخامس من شهر شباط".
MAYBE_OF_MONTH = optional(Gap.SPACE, Sign.OF) + optional(Gap.SPACE, Sign.MONTH_WORD)
# Marks that make a number part of a longer one: a time, a decimal, a numeric date.
NUMBER_MARKS = (Gap.POINT, Gap.TIGHT_COMMA, Gap.COLON, Gap.SLASH)
YEAR_NUMBER = sequence(Sign.FOUR_DIGITS, not_before(one_of(*NUMBER_MARKS), NUMBER))
ANY_YEAR_WORD = one_of(Sign.YEAR_WORD, Sign.THE_YEAR)
MAYBE_YEAR_WORD = optional(ANY_YEAR_WORD, Gap.SPACE)


def day_number(match: Match, group: str) -> int | None:
    """Return the day of the month that a group gives in digits or words; None if its words are no number."""
    words = match.words(group)
    if len(words) == 1 or match.signs(group)[0] == Sign.UP_TO_31:
        return match.value(group)
    value, used = ordinal(words)
    return value if used == len(words) else None
