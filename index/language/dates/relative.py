"""Dates that are counted from the day of publication: أمس, الثلاثاء الماضي, قبل ثلاثة أيام, last year."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from index.language.dates.days import (
    COMING,
    PAST,
    Days,
    day_of,
    direction_of,
    shifted_day,
    shifted_month,
    third_of,
    week_of,
    year_of,
)
from index.language.dates.signs import Found, Match
from index.language.dates.words import DAY, DUAL, MONTH, PLURAL, WEEK
from index.language.dates.written import DAY as DAY_OF_MONTH
from index.language.dates.written import day_number
from index.language.numbers import cardinal
from index.language.tokens import compared_words

_HALF_WEEK = timedelta(days=3)
# What is longer ago than so many days, weeks, months or years is not counted from the publication.
_MOST_AGO = 1000

_BEFORE_NAMES_OF_DAYS = compared_words("""
    صلاة صلوات خطبة خطب أيام كل ليلة ليالي عطلة بين كلا هذين سوق جامع مسيرات مسيرة
""")
_AFTER_NAMES_OF_DAYS = compared_words("العظيمة السوداء البيضاء الأسود الدامي الصمد الحزينة")
# العام is also "general": الأمين العام الحالي.
_GENERAL = compared_words("""
    الأمين أمين المدير مدير النائب المدعي القطاع الرأي القائد المفتش المراقب المنسق المقرر السكرتير الحاكم المجلس الوضع
    الإطار الاتجاه النظام
""")


def _day_beside(match: Match, published: date | None) -> Iterable[Found]:
    """أمس, أمس الأحد, مساء اليوم, tomorrow; twice as far in أمس الأول, أول من أمس, the day after tomorrow."""
    days = match.value("day") if match.codes("day") else 0
    ordinal_of = next(filter(match.codes, ("first", "after")), None)
    if ordinal_of and (match.value(ordinal_of) != 1 or days != -1):
        return
    if match.codes("beyond") and days != (1 if match.codes("beyond").endswith("r") else -1):
        return
    if ordinal_of or match.codes("beyond"):
        days *= 2
    if match.codes("weekday") and (told := shifted_day(published, days)):
        # Where the weekday is that of another day, it is the publication that is late by a time zone or a night.
        days += (match.value("weekday") - told[0].weekday() + 3) % 7 - 3
    yield match.found(shifted_day(published, days), "relative")


def _night(match: Match, published: date | None) -> Iterable[Found]:
    """الليلة الماضية: from yesterday to today."""
    yesterday = shifted_day(published, -1)
    yield match.found((yesterday[0], published) if yesterday and published else None, "relative")


def _weekday(match: Match, published: date | None) -> Iterable[Found]:
    """الثلاثاء, مساء الإثنين, الجمعة المقبل: alone it is the last one up to the publication."""
    first, end = match.span()
    if match.read.values[first] > PLURAL or match.read.one_of(first - 1, _BEFORE_NAMES_OF_DAYS) \
            or match.read.one_of(end, _AFTER_NAMES_OF_DAYS):
        return
    direction = direction_of(match.codes("direction") or match.codes("before"))
    days = None
    if published:
        since = (published.weekday() - match.value("day")) % 7
        days = shifted_day(published, 7 - since if direction == COMING else -(since or (7 if direction == PAST else 0)))
    yield match.found(days, "relative", inferred=days is not None and direction is None)


def _unit_beside(match: Match, published: date | None) -> Iterable[Found]:
    """العام الماضي, نهاية الشهر الجاري, هذا الأسبوع, last year; الخامس من الشهر الجاري."""
    direction = direction_of(match.codes("that"))
    unit = match.value("unit")
    in_arabic_without_article = match.codes("unit") in "asu" and not match.words("unit")[0].isascii()
    if direction is None or unit == DAY or unit > PLURAL or in_arabic_without_article \
            or (match.codes("unit") == "A" and match.read.one_of(match.span()[0] - 1, _GENERAL)):
        return
    days = _calendar_unit(published, unit, direction) if published else None
    if match.codes("day"):
        day = day_number(match, "day")
        if unit != MONTH or day is None:
            return
        days = day_of(days[0].year, days[0].month, day) if days else None
    elif days and match.codes("third"):
        days = third_of(days, match.value("third"))
    yield match.found(days, "relative", approximate=unit == WEEK or bool(match.codes("third")))


def _ago(match: Match, published: date | None) -> Iterable[Found]:
    """قبل ثلاثة أيام, منذ أسبوعين, two years ago."""
    unit = match.value("unit")
    count = 2 if DUAL < unit < PLURAL else 1
    if match.codes("count"):
        words = match.words("count")
        count, used = (match.value("count"), 1) if match.codes("count") in "9xl" else cardinal(words)
        if used != len(words):
            return
    elif unit > PLURAL:
        return
    unit %= DUAL
    days = None
    if published and count <= _MOST_AGO:
        if unit == WEEK:
            around = shifted_day(published, -7 * count)
            days = (around[0] - _HALF_WEEK, around[1] + _HALF_WEEK) if around else None
        else:
            days = _calendar_unit(published, unit, -count)
    yield match.found(days, "relative", approximate=unit != DAY)


def _calendar_unit(published: date, unit: int, count: int) -> Days | None:
    """The day, week, month or year that is so many after that of the publication."""
    if unit == DAY:
        return shifted_day(published, count)
    if unit == WEEK:
        day = shifted_day(published, 7 * count)
        return week_of(day[0]) if day else None
    return shifted_month(published, count) if unit == MONTH else year_of(published.year + count)


_COUNT = "(?P<count>[9xl]|c(?: c){0,6})"

PATTERNS: tuple[tuple[str, str, Callable[[Match, date | None], Iterable[Found]]], ...] = (
    ("U", rf"{DAY_OF_MONTH} f (?P<that>(?P<unit>U) [PFC])", _unit_beside),
    ("U", rf"{DAY_OF_MONTH} f (?P<that>h (?P<unit>U))", _unit_beside),
    ("AU", r"(?:(?P<third>e) )?(?P<that>(?P<unit>[AU]) [PFC])", _unit_beside),
    ("hPF", r"(?:(?P<third>e) )?(?P<that>[hPF] (?P<unit>[AUasu]))", _unit_beside),
    ("asu", rf"b (?:{_COUNT} )?(?P<unit>[asu])(?! [fLWYx9MmikHEOv])", _ago),
    ("g", rf"{_COUNT} (?P<unit>[asu]) g", _ago),
    ("Q", r"(?:j )?(?:(?P<first>o)(?: f)?|(?P<beyond>r|u [br])) (?P<day>Q)", _day_beside),
    ("Q", r"(?:[ju] )?(?P<day>Q)(?: (?P<after>O)(?! c))?(?:[ ,(](?P<weekday>W))?(?! L)", _day_beside),
    ("T", r"(?:j )?T[ ,(](?P<weekday>W)(?! L)", _day_beside),
    ("T", r"j T(?! [LO])", _day_beside),
    ("J", r"J P", _night),
    ("W", r"(?:(?P<before>[PF]) |[ju] )?(?P<day>W)(?: (?P<direction>[PF]))?", _weekday),
)
