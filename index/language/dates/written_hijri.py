"""Find Hijri dates with the month's name, and Hijri years: 17 رمضان 1443 هـ, رمضان 1443, 1443هـ."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from index.language.dates import hijri
from index.language.dates.days import Days, nearest
from index.language.dates.matches import Found, Match, rule
from index.language.dates.parts import DAY_OF_MONTH, MAYBE_OF_MONTH, MAYBE_WEEKDAY, MAYBE_YEAR_WORD, day_number
from index.language.dates.patterns import named, one_of, optional, phrase, sequence
from index.language.dates.signs import Gap, Sign

_LONGEST_MONTH = 30
# A date is by the tables of Umm al-Qura if أم القرى stands within this many tokens.
_NEAR = 12


def found_hijri(match: Match, days: Days | None, *, inferred: bool = False) -> Found:
    """Report a Hijri date; it is approximate unless the text names the calendar of Umm al-Qura near it."""
    first, end = match.span()
    is_exact = Sign.UMM_AL_QURA in match.read.signs_between(first - _NEAR, end + _NEAR)
    return match.found(days, "hijri", approximate=not is_exact, inferred=inferred)


def _month_or_day(match: Match, published: date | None) -> Iterable[Found]:
    """17 رمضان 1443 هـ, رمضان 1443, رمضان 2018, شهر رمضان الماضي."""
    day = day_number(match, "day") if match.signs("day") else 0
    month = _month_number(match)
    if month is None or day is None or day > _LONGEST_MONTH:
        return
    if match.signs("year"):
        year = match.value("year")
        if year in hijri.YEARS or Sign.HIJRI_ERA in match.signs("year"):
            yield found_hijri(match, hijri.days_of(year, month, day))
        elif in_that_year := hijri.within_gregorian(year, month, day):  # رمضان 2018
            yield found_hijri(match, in_that_year)
        return
    direction = match.direction("direction")
    days = None
    if published and (year_now := hijri.year_of(published)):
        days = nearest((hijri.days_of(year, month, day) for year in range(year_now - 1, year_now + 2)), published,
                       direction)
    yield found_hijri(match, days, inferred=days is not None and direction is None)


def _year(match: Match, _published: date | None) -> Iterable[Found]:
    """1443هـ, عام 1443 هجري."""
    yield found_hijri(match, hijri.days_of(match.value("year")))


def _month_number(match: Match) -> int | None:
    """Return the number of the month.

    A name like ربيع must be followed by a word for "first" or "second". Return None for any other: ربيع الخامس.
    """
    first, end = match.span("month")
    value, second_value = match.read.values[first], match.read.values[end - 1]
    if end - first == 1:
        return value
    if match.signs("month")[0] == Sign.DHU:
        return second_value
    return value + second_value - 1 if second_value in (1, 2) else None


_MONTH = sequence(
    named("month", one_of(
        Sign.HIJRI_MONTH,
        phrase(Sign.TWO_WORD_HIJRI_MONTH, one_of(Sign.ORDINAL, Sign.FIRST_OR_SECOND)),
        phrase(Sign.DHU, Sign.MONTH_AFTER_DHU))),
    optional(Gap.SPACE, Sign.HIJRI_MONTH_TITLE))
_YEAR = sequence(
    one_of(Gap.SPACE, Gap.COMMA, Gap.CLOSING_BRACKET), optional(Sign.OF, Gap.SPACE), MAYBE_YEAR_WORD,
    named("year", one_of(
        sequence(Sign.FOUR_DIGITS, optional(Gap.SPACE, Sign.HIJRI_ERA)),
        phrase(one_of(Sign.UP_TO_31, Sign.OTHER_NUMBER), Sign.HIJRI_ERA))))
_MAYBE_WHICH_YEAR = optional(one_of(
    _YEAR,
    sequence(one_of(Gap.SPACE, Gap.CLOSING_BRACKET), named("direction", one_of(Sign.PAST, Sign.COMING, Sign.CURRENT)))))
_MONTH_SIGNS = (Sign.HIJRI_MONTH, Sign.TWO_WORD_HIJRI_MONTH, Sign.DHU)

RULES = (
    # 17 رمضان 1443 هـ
    rule(_month_or_day, MAYBE_WEEKDAY, DAY_OF_MONTH, MAYBE_OF_MONTH, Gap.SPACE, _MONTH, _MAYBE_WHICH_YEAR,
         needs=_MONTH_SIGNS),
    # شهر رمضان الماضي
    rule(_month_or_day, Sign.MONTH_WORD, Gap.SPACE, _MONTH, _MAYBE_WHICH_YEAR, needs=_MONTH_SIGNS),
    # رمضان 1443
    rule(_month_or_day, _MONTH, _YEAR, needs=_MONTH_SIGNS),
    # عام 1443 هجري
    rule(_year, MAYBE_YEAR_WORD,
         phrase(named("year", one_of(Sign.FOUR_DIGITS, Sign.OTHER_NUMBER, Sign.UP_TO_31)), Sign.HIJRI_ERA),
         needs=[Sign.HIJRI_ERA]),
)
