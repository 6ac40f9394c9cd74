"""Find centuries: القرن التاسع عشر, أواخر القرن الـ18, القرن الماضي, the 19th century; not those before our era."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from index.language.dates.days import Days, year_of
from index.language.dates.matches import Found, Match, rule
from index.language.dates.parts import DAY_NUMBER, day_number
from index.language.dates.patterns import named, not_before, one_of, optional, phrase, sequence
from index.language.dates.signs import Gap, Sign
from index.language.numbers import ordinal
from index.language.tokens import digits_value

_YEARS = 100
_TWENTIETH, _ARTICLE = 20, "ال"
_ARTICLES = (_ARTICLE, f"و{_ARTICLE}")
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
    is_hijri = bool(match.signs("hijri"))
    yield match.found(_days_of(number, third, is_hijri=is_hijri), "hijri" if is_hijri else "gregorian",
                      approximate=is_hijri or third is not None)


def _two_centuries(match: Match, _published: date | None) -> Iterable[Found]:
    """القرنين الثامن عشر والتاسع عشر, the 18th and 19th centuries: two mentions, the first with the word for both."""
    numbers = [_number(match, group) for group in ("one", "other")]
    if None in numbers:
        return
    is_hijri = bool(match.signs("hijri"))
    for group, number in zip(("first", "second"), numbers, strict=True):
        yield match.found(_days_of(number or 0, None, is_hijri=is_hijri), "hijri" if is_hijri else "gregorian",
                          group=group, to_end=group == "second", approximate=is_hijri)


def _number(match: Match, group: str) -> int | None:
    """Return the number of a century, in digits or words; None if its words are no number."""
    words = [word for word in match.words(group) if word not in _ARTICLES]
    if words and (value := digits_value(words[0])) is not None:
        return value
    value, used = ordinal(words)
    return value if value and used == len(words) else None


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


def _days_of(century: int, third: int | None, *, is_hijri: bool) -> Days | None:
    first, last = _years(century, third)
    if is_hijri:
        first, last = (round(_HIJRI_EPOCH + _HIJRI_YEAR * year) for year in (first - 1, last))
    return _days(first, last)


def _days(first: int, last: int) -> Days | None:
    begin, end = year_of(first), year_of(last)
    return (begin[0], end[1]) if begin and end else None


_MAYBE_THIRD = optional(named("third", Sign.EARLY_MID_OR_LATE), one_of(Gap.SPACE, Gap.DASH))
_DIRECTION = one_of(Sign.PAST, Sign.CURRENT, Sign.COMING)
_MAYBE_ERA = optional(Gap.SPACE, one_of(named("hijri", Sign.HIJRI_ERA), Sign.GREGORIAN_ERA))
_NOT_BEFORE_CHRIST = not_before(Gap.SPACE, Sign.BEFORE_OR_SINCE)
_MAYBE_ARTICLE = optional(Sign.OTHER_WORD, Gap.SPACE)
_ONE_OF_TWO = one_of(DAY_NUMBER, Sign.CARDINAL_WORD)
_MAYBE_AND = optional(Sign.AND, Gap.SPACE)

RULES = (
    # القرنين الثامن عشر والتاسع عشر, القرنين الـ18 والـ19
    rule(_two_centuries,
         named("first", Sign.CENTURIES, Gap.SPACE, named("one", _MAYBE_ARTICLE, _ONE_OF_TWO)), Gap.SPACE,
         named("second", _MAYBE_AND, named("other", _MAYBE_ARTICLE, _ONE_OF_TWO)), _NOT_BEFORE_CHRIST, _MAYBE_ERA,
         needs=[Sign.CENTURIES]),
    # the 18th and 19th centuries
    rule(_two_centuries, named("first", named("one", DAY_NUMBER)), Gap.SPACE, one_of(Sign.AND, Sign.TO), Gap.SPACE,
         named("second", named("other", DAY_NUMBER), Gap.SPACE, Sign.CENTURIES), _NOT_BEFORE_CHRIST,
         needs=[Sign.CENTURIES]),
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
