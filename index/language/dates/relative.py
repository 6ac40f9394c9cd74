"""Find days and periods named from the day of publication: أمس, بعد غد, الثلاثاء الماضي, last year."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from index.language.dates.days import (
    COMING,
    PAST,
    Days,
    day_of,
    shifted_day,
    shifted_month,
    third_of,
    week_of,
    year_of,
)
from index.language.dates.matches import Found, Match, rule
from index.language.dates.parts import ANY_YEAR_WORD, DAY_OF_MONTH, day_number
from index.language.dates.patterns import after, named, not_before, one_of, optional, phrase, sequence
from index.language.dates.signs import Gap, Sign
from index.language.dates.tense import Tense, tense_around
from index.language.dates.words import DAY, DECADE, MONTH, PLURAL, WEEK
from index.language.function_words import NEVER_BEFORE_TOMORROW
from index.language.tokens import compared_words

_BEFORE_NAMES_OF_DAYS = compared_words("""
    صلاة صلوات خطبة خطب أيام كل ليلة ليالي عطلة بين كلا هذين سوق جامع مسيرات مسيرة
""")
_AFTER_NAMES_OF_DAYS = compared_words("العظيمة السوداء البيضاء الأسود الدامي الصمد الحزينة")
_IMPERFECT = re.compile("[يت][^\\W\\d_]{2,}")
_GUESSED = (Tense.PROBABLY_PAST, Tense.PROBABLY_COMING)
_BOTH = "الاثنين"
_YEARS_OF_DECADE = 10
_TWO_OF_THEM = compared_words("المتهمين المتهمان بين كلا الرجلين الشابين الطرفين")
# After these, العام means "general": الأمين العام الحالي.
_GENERAL = compared_words("""
    الأمين أمين المدير مدير النائب المدعي القطاع الرأي القائد المفتش المراقب المنسق المقرر السكرتير الحاكم المجلس الوضع
    الإطار الاتجاه النظام
""")


def _day_near_today(match: Match, published: date | None) -> Iterable[Found]:
    """أمس, أمس الأحد, مساء اليوم, tomorrow; and one day further: أمس الأول, أول من أمس, بعد غد."""
    days = match.value_if_any("day") or 0
    beyond = match.signs("beyond")
    ordinal = next(filter(match.signs, ("ordinal_before", "ordinal_after")), None)
    if ordinal and (match.value(ordinal) != 1 or days != -1):
        return
    if days == 1 and match.read.one_of(match.span()[0] - 1, NEVER_BEFORE_TOMORROW):
        return
    if beyond and days != (1 if beyond[-1] == Sign.AFTER else -1):
        return
    if ordinal or beyond:
        days *= 2
    if match.signs("weekday") and (counted := shifted_day(published, days)):
        # Trust the weekday: the publication may be late by a time zone or a night.
        days += (match.value("weekday") - counted[0].weekday() + 3) % 7 - 3
    yield match.found(shifted_day(published, days), "relative")


def _last_night(match: Match, published: date | None) -> Iterable[Found]:
    """الليلة الماضية: from yesterday to today."""
    yesterday = shifted_day(published, -1)
    yield match.found((yesterday[0], published) if yesterday and published else None, "relative")


def _weekday(match: Match, published: date | None) -> Iterable[Found]:
    """الثلاثاء, مساء الإثنين, الجمعة المقبل. Without a direction, the clause tells whether it lies ahead or behind."""
    first, end = match.span()
    if match.read.values[first] > PLURAL or _is_no_day(match, first, end):
        return
    direction = match.direction("direction", "direction_before")
    weekday = match.value("day")
    if published is None or direction is not None:
        days = _weekday_from(published, weekday, direction) if published else None
        yield match.found(days, "relative")
        return
    tense = tense_around(match.read, first, end)
    is_this = bool(match.signs("this"))
    if is_this and tense is Tense.PAST and _IMPERFECT.fullmatch(match.read.word(end)):
        tense = Tense.PROBABLY_COMING  # هذا الأحد يفتتح
    days = _weekday_in(published, weekday, tense)
    yield match.found(days, "relative", approximate=days is not None and (is_this or tense in _GUESSED),
                      inferred=days is not None)


def _is_no_day(match: Match, first: int, end: int) -> bool:
    """Tell names of days and the word for "both" from days: صلاة الجمعة, الأحد الدامي, كلا الاثنين."""
    return match.read.one_of(first - 1, _BEFORE_NAMES_OF_DAYS) or match.read.one_of(end, _AFTER_NAMES_OF_DAYS) or (
        match.read.word(end - 1) == _BOTH and match.read.one_of(first - 1, _TWO_OF_THEM))


def _weekday_from(day: date, weekday: int, direction: int | None) -> Days | None:
    """Return the last such weekday up to a day; with PAST the one before that day, with COMING the one after it."""
    since = (day.weekday() - weekday) % 7
    return shifted_day(day, 7 - since if direction == COMING else -(since or (7 if direction == PAST else 0)))


def _weekday_in(published: date, weekday: int, tense: Tense) -> Days | None:
    """Return the weekday that a clause of this tense names; None if it may lie ahead or behind.

    What is to come on the weekday of the publication comes on that day.
    """
    if tense in (Tense.COMING, Tense.PROBABLY_COMING):
        return shifted_day(published, (weekday - published.weekday()) % 7)
    if tense is Tense.UNSURE and weekday != published.weekday():
        return None
    return _weekday_from(published, weekday, None)


def _two_weekdays(match: Match, published: date | None) -> Iterable[Found]:
    """ليل الأحد الاثنين, من الأحد إلى الثلاثاء: from the first to the second."""
    first, end = match.span()
    weekday = match.value("first_day" if match.signs("until") else "day")
    between = (match.value("second_day") - weekday) % 7
    if between == 0 or (not match.signs("until") and between != 1) or _is_no_day(match, first, end):
        return
    days, tense = None, Tense.PAST
    if published:
        tense = tense_around(match.read, first, end)
        begin = _weekday_in(published, weekday, tense)
        last = shifted_day(begin[0], between) if begin else None
        days = (begin[0], last[1]) if begin and last else None
    yield match.found(days, "relative", approximate=days is not None and tense in _GUESSED, inferred=days is not None)


def _pair_of_weekdays(match: Match, published: date | None) -> Iterable[Found]:
    """السبت والأحد المقبلين: two days, both in the direction."""
    for group in ("day", "second_day"):
        days = _weekday_from(published, match.value(group), match.direction("direction")) if published else None
        yield match.found(days, "relative", group=group, to_end=group == "second_day")


def _week_month_or_year(match: Match, published: date | None) -> Iterable[Found]:
    """العام الماضي, نهاية الشهر الجاري, هذا الأسبوع, last year; الخامس من الشهر الجاري."""
    direction = match.direction("period")
    unit = match.value("unit")
    is_arabic_without_article = match.signs("unit") in _UNITS_WITHOUT_ARTICLE and not match.words("unit")[0].isascii()
    if direction is None or unit == DAY or unit > PLURAL or is_arabic_without_article \
            or (match.signs("unit") == Sign.THE_YEAR and match.read.one_of(match.span()[0] - 1, _GENERAL)):
        return
    days = shifted_unit(published, unit, direction) if published else None
    third = match.value_if_any("third")
    if match.signs("day"):
        day = day_number(match, "day")
        if unit != MONTH or day is None:
            return
        days = day_of(days[0].year, days[0].month, day) if days else None
    elif days and third is not None:
        days = third_of(days, third)
    yield match.found(days, "relative", approximate=unit == WEEK or third is not None)


def shifted_unit(published: date, unit: int, count: int) -> Days | None:
    """Return the day, week, month or year that comes `count` units after that of the publication; of decades, the year.
    """
    if unit == DAY:
        return shifted_day(published, count)
    if unit == WEEK:
        day = shifted_day(published, 7 * count)
        return week_of(day[0]) if day else None
    if unit == MONTH:
        return shifted_month(published, count)
    return year_of(published.year + count * (_YEARS_OF_DECADE if unit == DECADE else 1))


_UNITS_WITHOUT_ARTICLE = frozenset((Sign.DAY_OR_WEEK_WORD, Sign.MONTH_WORD, Sign.YEAR_WORD))
_THE_WEEK_OR_MONTH = named("unit", Sign.THE_WEEK_OR_MONTH)
_THE_UNIT = named("unit", one_of(Sign.THE_WEEK_OR_MONTH, Sign.THE_YEAR))
_ANY_UNIT = named("unit", one_of(
    Sign.THE_WEEK_OR_MONTH, ANY_YEAR_WORD, Sign.DAY_OR_WEEK_WORD, Sign.MONTH_WORD))
_DIRECTION = one_of(Sign.PAST, Sign.COMING, Sign.CURRENT)
_PAST_OR_COMING = one_of(Sign.PAST, Sign.COMING)
_MAYBE_THIRD = optional(named("third", Sign.EARLY_MID_OR_LATE), Gap.SPACE)
_DAY_NEAR_TODAY = named("day", Sign.DAY_NEAR_TODAY)
_WEEKDAY_BESIDE = sequence(one_of(Gap.SPACE, Gap.COMMA, Gap.OPENING_BRACKET), named("weekday", Sign.WEEKDAY))
_MAYBE_PART_OF_DAY = optional(Sign.PART_OF_DAY, Gap.SPACE)
_MAYBE_DAY_OR_PART = optional(one_of(Sign.PART_OF_DAY, Sign.DAY_OR_WEEK_WORD), Gap.SPACE)
_COUNTS_FROM_TODAY = not_before(Gap.SPACE, Sign.NOT_FROM_TODAY)

RULES = (
    # الخامس من الشهر الجاري
    rule(_week_month_or_year,
         phrase(DAY_OF_MONTH, Sign.OF, named("period", phrase(_THE_WEEK_OR_MONTH, _DIRECTION))),
         needs=[Sign.THE_WEEK_OR_MONTH]),
    # الخامس من هذا الشهر
    rule(_week_month_or_year,
         phrase(DAY_OF_MONTH, Sign.OF, named("period", phrase(Sign.THIS, _THE_WEEK_OR_MONTH))),
         needs=[Sign.THE_WEEK_OR_MONTH]),
    # نهاية العام الماضي
    rule(_week_month_or_year, _MAYBE_THIRD, named("period", phrase(_THE_UNIT, _DIRECTION)),
         needs=[Sign.THE_YEAR, Sign.THE_WEEK_OR_MONTH]),
    # هذا الأسبوع, last year
    rule(_week_month_or_year,
         _MAYBE_THIRD, named("period", phrase(one_of(Sign.THIS, Sign.PAST, Sign.COMING), _ANY_UNIT)),
         needs=[Sign.THIS, Sign.PAST, Sign.COMING]),
    # أول من أمس, بعد غد, the day before yesterday
    rule(_day_near_today,
         _MAYBE_PART_OF_DAY,
         one_of(sequence(named("ordinal_before", Sign.FIRST_OR_SECOND), optional(Gap.SPACE, Sign.OF)),
                named("beyond", one_of(
                    Sign.AFTER, phrase(Sign.DAY_OR_WEEK_WORD, one_of(Sign.BEFORE_OR_SINCE, Sign.AFTER))))),
         Gap.SPACE, _DAY_NEAR_TODAY,
         needs=[Sign.DAY_NEAR_TODAY]),
    # مساء أمس, أمس الأول, أمس الأحد
    rule(_day_near_today,
         _MAYBE_DAY_OR_PART, _DAY_NEAR_TODAY,
         optional(Gap.SPACE, named("ordinal_after", Sign.ORDINAL), not_before(Gap.SPACE, Sign.CARDINAL_WORD)),
         optional(_WEEKDAY_BESIDE), _COUNTS_FROM_TODAY,
         needs=[Sign.DAY_NEAR_TODAY]),
    # اليوم الأحد
    rule(_day_near_today, _MAYBE_PART_OF_DAY, Sign.TODAY_OR_NOWADAYS, _WEEKDAY_BESIDE, _COUNTS_FROM_TODAY,
         needs=[Sign.TODAY_OR_NOWADAYS]),
    # صباح اليوم
    rule(_day_near_today,
         phrase(Sign.PART_OF_DAY, Sign.TODAY_OR_NOWADAYS),
         not_before(Gap.SPACE, one_of(Sign.NOT_FROM_TODAY, Sign.ORDINAL)),
         needs=[Sign.TODAY_OR_NOWADAYS]),
    # الليلة الماضية
    rule(_last_night, phrase(Sign.TONIGHT, Sign.PAST), needs=[Sign.TONIGHT]),
    # ليل الأحد الاثنين, من الأحد إلى الثلاثاء
    rule(_two_weekdays,
         one_of(sequence(phrase(Sign.PART_OF_DAY, named("day", Sign.WEEKDAY)),
                         one_of(Gap.SPACE, Gap.SLASH, Gap.DASH, Gap.SPACED_DASH)),
                sequence(after(one_of(Sign.OF, Sign.BETWEEN), Gap.SPACE), named("first_day", Sign.WEEKDAY), Gap.SPACE,
                         named("until", one_of(Sign.TO, Sign.UNTIL)), Gap.SPACE)),
         named("second_day", Sign.WEEKDAY), not_before(Gap.SPACE, _PAST_OR_COMING),
         needs=[Sign.WEEKDAY]),
    # السبت والأحد المقبلين
    rule(_pair_of_weekdays, phrase(named("day", Sign.WEEKDAY), named("second_day", Sign.WEEKDAY),
                                   named("direction", one_of(Sign.BOTH_PAST, Sign.BOTH_COMING))),
         needs=[Sign.BOTH_PAST, Sign.BOTH_COMING]),
    # الثلاثاء, يوم الثلاثاء الماضي, last Tuesday
    rule(_weekday,
         optional(one_of(named("direction_before", _PAST_OR_COMING), named("this", Sign.THIS),
                         one_of(Sign.PART_OF_DAY, Sign.DAY_OR_WEEK_WORD)), Gap.SPACE),
         named("day", Sign.WEEKDAY), optional(Gap.SPACE, named("direction", _PAST_OR_COMING)),
         needs=[Sign.WEEKDAY]),
)
