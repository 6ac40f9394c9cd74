"""Find stretches up to the publication or from it on: العقود الثلاثة الماضية, the next two weeks, recent years."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date

from index.language.clitics import without_article
from index.language.dates.days import COMING, PAST, Days, day_of, month_of, shifted_day
from index.language.dates.matches import Found, Match, rule
from index.language.dates.patterns import named, not_before, one_of, optional, repeated, sequence
from index.language.dates.signs import Gap, Sign
from index.language.dates.words import DAY, DECADE, DUAL, HOUR, MONTH, PLURAL, UNIT_OF_CENTURY, WEEK, YEAR
from index.language.numbers import cardinal

# "A few" and "recent" are read as up to this many; of decades and centuries as fewer.
FEW, FEW_LONG = 5, 3
_MONTHS = {MONTH: 1, YEAR: 12, DECADE: 120, UNIT_OF_CENTURY: 1200}
_HOURS = 24
# Do not count further than this many units.
_MOST = 1000
_ARTICLE, _LAST = "ال", "اخر"


def _stretch(match: Match, published: date | None) -> Iterable[Found]:
    """السنوات الخمس الماضية, اليومين المقبلين, آخر ثلاث سنوات, the past decade: always approximate."""
    if match.signs("article") and match.words("article") != [_ARTICLE]:  # الأيام الـ10 الماضية
        return
    unit, count = match.value("unit"), _count(match)
    direction = _direction(match)
    is_whole_decade = unit in (DECADE, UNIT_OF_CENTURY) and direction == PAST
    if count is None or unit < DUAL and count == 1 and not (is_whole_decade or match.signs("which_stretch")):
        return
    days = _days(published, unit % DUAL, count, direction) if published else None
    yield match.found(days, "relative", approximate=True)


def _direction(match: Match) -> int:
    if match.signs("which_stretch"):
        return match.value("which_stretch")
    return COMING if match.direction("direction", "direction_before") == COMING else PAST


def _count(match: Match) -> int | None:
    """Return how many units a match counts; None if its words are no number."""
    unit = match.value("unit")
    if match.signs("digits"):
        return match.value("digits")
    if match.signs("count"):
        words = [without_article(word) for word in match.words("count")]
        count, used = cardinal(words)
        return count if used == len(words) and count > 0 else None
    if unit < DUAL:
        return 1
    if unit < PLURAL:
        return 2
    is_last = match.signs("which_stretch") and match.words("which_stretch") == [_LAST]
    return None if is_last else FEW if unit - PLURAL < DECADE else FEW_LONG


def _days(published: date, unit: int, count: int, direction: int) -> Days | None:
    """Return the days from the publication back to, or on to, the day that many units from it."""
    if count > _MOST:
        return None
    if unit in _MONTHS:
        other = _months_from(published, direction * count * _MONTHS[unit])
    else:
        length = {DAY: count, WEEK: 7 * count, HOUR: -(-count // _HOURS)}[unit]
        other = shifted_day(published, direction * length)
    if other is None:
        return None
    return (other[0], published) if direction == PAST else (published, other[0])


def _months_from(day: date, months: int) -> Days | None:
    """Return the same day of another month, or the last one that it has."""
    number = 12 * day.year + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return day_of(year, month, min(day.day, monthrange(year, month)[1])) if month_of(year, month) else None


_DIRECTION = named("direction", one_of(Sign.PAST, Sign.COMING, Sign.BOTH_PAST, Sign.BOTH_COMING, Sign.LAST_PART))
_THE_UNITS = named("unit", one_of(Sign.THE_UNITS, Sign.THE_MONTHS, Sign.CENTURIES))
_UNITS = named("unit", one_of(
    Sign.DAY_OR_WEEK_WORD, Sign.MONTH_WORD, Sign.YEAR_WORD, Sign.HOUR_WORD, Sign.DECADES, Sign.CENTURIES))
_MAYBE_ARTICLE = optional(named("article", Sign.OTHER_WORD), Gap.SPACE)
_NUMBER = one_of(Sign.UP_TO_31, Sign.OTHER_NUMBER)
_DIGITS = named("digits", _NUMBER)
_WORDS = named("count", repeated(one_of(Sign.CARDINAL_WORD, Sign.OTHER_WORD), most=3))
# The last days of something, and the two past years' of somebody, do not end with the publication.
_OF_NOTHING = not_before(Gap.SPACE, Sign.OF)

RULES = (
    # السنوات الثلاث الماضية, العقود الـ3 الأخيرة, الأشهر القليلة المقبلة, اليومين الماضيين
    rule(_stretch, _THE_UNITS, Gap.SPACE,
         optional(one_of(sequence(_MAYBE_ARTICLE, _DIGITS), Sign.FEW, _WORDS), Gap.SPACE), _DIRECTION, _OF_NOTHING,
         needs=[Sign.THE_UNITS, Sign.THE_MONTHS, Sign.CENTURIES]),
    # الـ24 ساعة الماضية, 5 سنوات الماضية
    rule(_stretch, _MAYBE_ARTICLE, _DIGITS, Gap.SPACE, _UNITS, Gap.SPACE,
         named("direction", one_of(Sign.PAST, Sign.COMING, Sign.LAST_PART)), _OF_NOTHING,
         needs=[Sign.UP_TO_31, Sign.OTHER_NUMBER]),
    # the past decade, recent years, the next two weeks, آخر ثلاث سنوات
    rule(_stretch, one_of(named("which_stretch", Sign.STRETCH_WORD),
                          named("direction_before", one_of(Sign.PAST, Sign.COMING))), Gap.SPACE,
         optional(one_of(_DIGITS, Sign.FEW, named("count", repeated(Sign.CARDINAL_WORD, most=3))), Gap.SPACE),
         _UNITS, not_before(Gap.SPACE, one_of(Sign.OF, Sign.AGO)),
         needs=[Sign.STRETCH_WORD, Sign.PAST, Sign.COMING]),
)
