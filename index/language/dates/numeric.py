"""Find dates in digits alone: 05/02/2022, 2022-02-05, 10-11-1443."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from index.language.dates import hijri
from index.language.dates.days import day_of
from index.language.dates.matches import Found, Match, rule
from index.language.dates.parts import MAYBE_WEEKDAY, NUMBER
from index.language.dates.patterns import named, not_after, not_before, one_of, optional, same_as, sequence
from index.language.dates.signs import Gap, Sign
from index.language.dates.written_hijri import found_hijri


def _numeric(match: Match, _published: date | None) -> Iterable[Found]:
    """Read the day first, unless only the second number can be a day.

    Years that the Hijri tables hold are Hijri, unless م follows.
    """
    first, end = match.span("numbers")
    one, month, other = match.read.values[first:end]
    year, day = (one, other) if one > 31 else (other, one)
    if month > 12 >= day:
        month, day = day, month
    if match.signs("hijri_era") or (not match.signs("gregorian_era") and year in hijri.YEARS):
        yield found_hijri(match, hijri.days_of(year, month, day))
    elif days := day_of(year, month, day):
        yield match.found(days, "gregorian")


_YEAR_FIRST = sequence(
    Sign.FOUR_DIGITS, named("mark", one_of(Gap.SLASH, Gap.DASH)), Sign.UP_TO_31, same_as("mark"), Sign.UP_TO_31)
_YEAR_LAST = sequence(
    Sign.UP_TO_31, named("other_mark", one_of(Gap.SLASH, Gap.POINT, Gap.DASH)), Sign.UP_TO_31, same_as("other_mark"),
    Sign.FOUR_DIGITS)
_MARKS_OF_LONGER_NUMBERS = (Gap.SLASH, Gap.POINT, Gap.COLON, Gap.TIGHT_COMMA, Gap.DASH)

RULES = (
    rule(_numeric,
         MAYBE_WEEKDAY, not_after(one_of(*_MARKS_OF_LONGER_NUMBERS)),
         named("numbers", one_of(_YEAR_FIRST, _YEAR_LAST)),
         optional(one_of(named("hijri_era", Gap.SPACE, Sign.HIJRI_ERA),
                         named("gregorian_era", Gap.SPACE, Sign.GREGORIAN_ERA))),
         not_before(one_of(*_MARKS_OF_LONGER_NUMBERS), NUMBER),
         needs=[Sign.FOUR_DIGITS]),
)
