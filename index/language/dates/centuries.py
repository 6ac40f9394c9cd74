"""Find centuries: القرن التاسع عشر, أواخر القرن الـ18, القرن الماضي, the 19th century; not those before our era."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from index.language.dates.days import Days, year_of
from index.language.dates.matches import Found, Match, rule
from index.language.dates.parts import DAY_NUMBER, day_number
from index.language.dates.patterns import named, not_before, one_of, optional, phrase, sequence
from index.language.dates.signs import Gap, Sign

_YEARS = 100
_TWENTIETH, _ARTICLE = 20, "ال"
# Hijri years are shorter: year 1 began in 622, and 33 of them are 32 Gregorian years.
_HIJRI_EPOCH, _HIJRI_YEAR = 622, 32 / 33
_THIRDS = ((1, 33), (34, 66), (67, 100))


def _century(match: Match, _published: date | None) -> Iterable[Found]:
    """القرن التاسع عشر, القرن الحادي والعشرين, القرن 19, the nineteenth century; القرن الثالث الهجري is approximate."""
    number = _TWENTIETH if match.signs("twentieth") else day_number(match, "day")
    if match.signs("article") and match.words("article") != [_ARTICLE]:  # القرن الـ19
        return
    if number is None or match.signs("twentieth") and match.value("twentieth") != _TWENTIETH:
        return
    third = match.value_if_any("third")
    first, last = _years(number, third)
    is_hijri = bool(match.signs("hijri"))
    if is_hijri:
        first, last = (round(_HIJRI_EPOCH + _HIJRI_YEAR * year) for year in (first - 1, last))
    yield match.found(_days(first, last), "hijri" if is_hijri else "gregorian",
                      approximate=is_hijri or third is not None)


def _century_from_now(match: Match, published: date | None) -> Iterable[Found]:
    """القرن الماضي, هذا القرن, last century."""
    direction = match.direction("direction", "direction_before")
    if direction is None:
        return
    third = match.value_if_any("third")
    days = _days(*_years((published.year - 1) // _YEARS + 1 + direction, third)) if published else None
    yield match.found(days, "relative", approximate=third is not None)


def _years(century: int, third: int | None) -> tuple[int, int]:
    first, last = (1, _YEARS) if third is None else _THIRDS[third]
    return _YEARS * (century - 1) + first, _YEARS * (century - 1) + last


def _days(first: int, last: int) -> Days | None:
    begin, end = year_of(first), year_of(last)
    return (begin[0], end[1]) if begin and end else None


_MAYBE_THIRD = optional(named("third", Sign.EARLY_MID_OR_LATE), one_of(Gap.SPACE, Gap.DASH))
_DIRECTION = one_of(Sign.PAST, Sign.CURRENT, Sign.COMING)
_MAYBE_ERA = optional(Gap.SPACE, one_of(named("hijri", Sign.HIJRI_ERA), Sign.GREGORIAN_ERA))
_NOT_BEFORE_CHRIST = not_before(Gap.SPACE, Sign.BEFORE_OR_SINCE)

RULES = (
    # القرن الماضي, مطلع القرن الحالي
    rule(_century_from_now, _MAYBE_THIRD, Sign.CENTURY, Gap.SPACE, named("direction", _DIRECTION),
         needs=[Sign.CENTURY]),
    # هذا القرن, last century
    rule(_century_from_now, _MAYBE_THIRD, named("direction_before", one_of(Sign.THIS, Sign.PAST, Sign.COMING)),
         Gap.SPACE, Sign.CENTURY, needs=[Sign.CENTURY]),
    # القرن التاسع عشر, القرن 19, القرن العشرين
    rule(_century, _MAYBE_THIRD, Sign.CENTURY, Gap.SPACE,
         one_of(sequence(optional(named("article", Sign.OTHER_WORD), Gap.SPACE), named("day", DAY_NUMBER)),
                named("twentieth", Sign.CARDINAL_WORD)), _NOT_BEFORE_CHRIST, _MAYBE_ERA,
         needs=[Sign.CENTURY]),
    # the 19th century, the nineteenth century
    rule(_century, _MAYBE_THIRD, phrase(named("day", DAY_NUMBER), Sign.CENTURY), _NOT_BEFORE_CHRIST,
         needs=[Sign.CENTURY]),
)
