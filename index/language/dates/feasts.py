"""Find feasts by name: عيد الفطر 2018, عيد الأضحى المقبل, رأس السنة, Christmas 2017.

Those of Islam go by the tables of Umm al-Qura and may begin a day before or after.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from index.language.dates import hijri
from index.language.dates.days import Days, day_of, nearest, years_about
from index.language.dates.matches import Found, Match, rule
from index.language.dates.parts import MAYBE_YEAR_WORD, YEAR_NUMBER
from index.language.dates.patterns import after, named, one_of, optional, phrase, sequence
from index.language.dates.signs import Gap, Sign
from index.language.dates.words import ADHA, ASHURA, BIRTH_OF_THE_PROPHET, CHRISTMAS, FITR, NEW_YEAR
from index.language.tokens import compared_words


class Feast(NamedTuple):
    """A feast: its month and day, for how many days it is held, and of which calendar."""

    month: int
    day: int
    length: int = 1
    is_hijri: bool = True


_FEASTS = {
    FITR: Feast(10, 1, 3), ADHA: Feast(12, 10, 4), ASHURA: Feast(1, 10), BIRTH_OF_THE_PROPHET: Feast(3, 12),
    CHRISTMAS: Feast(12, 25, is_hijri=False), NEW_YEAR: Feast(1, 1, is_hijri=False),
}
_HIJRI_NEW_YEAR = Feast(1, 1)
# A feast without its year is that of the publication only if it is no further from it.
_NEAR = timedelta(days=31)
# It is a time behind one of these; "the crowds of the feast" are those of every year.
_BEFORE_TIMES = frozenset((Sign.IN, Sign.BEFORE_OR_SINCE, Sign.AFTER, Sign.UNTIL, Sign.PART_OF_DAY,
                           Sign.DAY_OR_WEEK_WORD))
_DAYS_OF = compared_words("عطلة إجازة حلول قبيل عقب عشية مع اليوم بمناسبة أقصاها on at for")
# Other peoples' new years.
_OTHERS = compared_words("""
    السيخية الصينية الفارسية الكردية القبطية الأمازيغية العبرية اليهودية الأرثوذكسية الإيرانية القمرية البوذية
    الإثيوبية الدراسية القضائية المالية الروسية
""")
_NAMES_ALONE = compared_words("عاشوراء ashura christmas")
_HIJRI_YEAR = compared_words("الهجرية")
# عيد الميلاد الـ70 is a birthday.
_OF_A_PERSON = compared_words("ال لها له السبعين الثمانين التسعين الستين الخمسين الأربعين المئوي")


def _feast(match: Match, published: date | None) -> Iterable[Found]:
    """عيد الفطر 2018, عيد الأضحى المقبل; without a year, the one near the publication."""
    name = match.value("name") if match.signs("name") else NEW_YEAR
    first, end = match.span("feast")
    feast = _FEASTS[name]
    if end - first == 1 and not _stands_alone(match, first):
        return
    if name in (CHRISTMAS, NEW_YEAR) and (
            match.read.one_of(end, _OTHERS) or match.read.one_of(end, _OF_A_PERSON)):
        return
    if name == NEW_YEAR and match.read.one_of(end, _HIJRI_YEAR):
        feast = _HIJRI_NEW_YEAR
    if match.signs("year"):
        days = _days_in(match.value("year"), feast)
        if days:
            yield match.found(days, "hijri" if feast.is_hijri else "gregorian", approximate=feast.is_hijri)
        return
    direction = match.direction("direction")
    days = nearest((_days_in(year, feast) for year in years_about(published)), published, direction) \
        if published else None
    is_time = direction is not None or match.read.sign_before(first) in _BEFORE_TIMES \
        or match.read.one_of(first - 1, _DAYS_OF)
    if days and published and is_time and (direction is not None or _is_near(days, published)):
        yield match.found(days, "relative", approximate=True, inferred=direction is None)


def _stands_alone(match: Match, token: int) -> bool:
    """Tell whether one word names a feast: عاشوراء and Christmas do, الفطر and الميلاد do not."""
    word = match.read.word(token)
    return word in _NAMES_ALONE or (word == "المولد" and match.read.word(token + 1) == "النبوي")


def _is_near(days: Days, published: date) -> bool:
    return days[0] - published <= _NEAR and published - days[1] <= _NEAR


def _days_in(year: int, feast: Feast) -> Days | None:
    """Return the days of a feast in a Hijri year, if the tables have that year, else in a Gregorian one."""
    if not feast.is_hijri:
        return day_of(year, feast.month, feast.day)
    first = hijri.days_of(year, feast.month, feast.day) if year in hijri.YEARS else hijri.within_gregorian(
        year, feast.month, feast.day)
    return (first[0], first[0] + timedelta(days=feast.length - 1)) if first else None


def _month_of_fasting(match: Match, published: date | None) -> Iterable[Found]:
    """خلال رمضان, صيام رمضان, during Ramadan: the month by the publication, if that is near it."""
    year = hijri.year_of(published) if published else None
    if published and year and match.value("month") == _RAMADAN:
        days = nearest((hijri.days_of(each, _RAMADAN) for each in range(year - 1, year + 2)), published)
        if days and _is_near(days, published):
            yield match.found(days, "hijri", group="month", approximate=True, inferred=True)


_RAMADAN = 9
_DIRECTION = one_of(Sign.PAST, Sign.COMING, Sign.CURRENT)
_WHICH_YEAR = optional(optional(Gap.SPACE, Sign.HIJRI_MONTH_TITLE), one_of(
    sequence(one_of(Gap.SPACE, Gap.COMMA), optional(Sign.OF, Gap.SPACE), MAYBE_YEAR_WORD, named("year", YEAR_NUMBER),
             optional(Gap.SPACE, Sign.HIJRI_ERA)),
    sequence(Gap.SPACE, named("direction", _DIRECTION))))

RULES = (
    # عيد الفطر 2018, عيد الأضحى المقبل
    rule(_feast, named("feast", phrase(Sign.FEAST, named("name", Sign.NAME_OF_FEAST))), _WHICH_YEAR,
         needs=[Sign.FEAST]),
    # Eid al-Fitr
    rule(_feast, named("feast", Sign.FEAST, one_of(Gap.SPACE, Gap.DASH), Sign.OTHER_WORD, one_of(Gap.SPACE, Gap.DASH),
                       named("name", Sign.NAME_OF_FEAST)), _WHICH_YEAR, needs=[Sign.FEAST]),
    # رأس السنة الهجرية
    rule(_feast, named("feast", phrase(Sign.BEGINNING, Sign.THE_YEAR)), optional(
        Gap.SPACE, one_of(Sign.GREGORIAN_ERA, Sign.HIJRI_ERA)), _WHICH_YEAR, needs=[Sign.BEGINNING]),
    # عاشوراء, المولد النبوي, Christmas
    rule(_feast, named("feast", named("name", Sign.NAME_OF_FEAST)), _WHICH_YEAR, needs=[Sign.NAME_OF_FEAST]),
    # خلال رمضان, صيام رمضان
    rule(_month_of_fasting, after(one_of(Sign.IN, Sign.FASTING, Sign.BEFORE_OR_SINCE, Sign.AFTER), Gap.SPACE),
         named("month", Sign.HIJRI_MONTH), needs=[Sign.HIJRI_MONTH]),
)
