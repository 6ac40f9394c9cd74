"""Find Gregorian days and months with the month's name: 5 فبراير/شباط 2022, الخامس من شباط الماضي, في أيار."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial

from index.language.dates.days import Days, day_of, month_of, nearest, third_of, years_about
from index.language.dates.matches import Found, Match, rule
from index.language.dates.parts import (
    ANY_YEAR_WORD,
    DAY_NUMBER,
    DAY_OF_MONTH,
    MAYBE_OF_MONTH,
    MAYBE_WEEKDAY,
    MAYBE_YEAR_WORD,
    NUMBER,
    NUMBER_MARKS,
    YEAR_NUMBER,
    day_number,
)
from index.language.dates.patterns import after, named, not_after, not_before, one_of, optional, phrase, sequence
from index.language.dates.signs import Gap, Sign
from index.language.tokens import compared_words

_LEAP_YEAR = 2000
# Names made of a day are not about the year nearest to the publication: ثورة 25 يناير.
_NAMED_AFTER_DAYS = compared_words("""
    ثورة ثورتي هجمات هجوم اعتداءات أحداث حادث حرب انتفاضة انقلاب حركة قوى ميدان شارع جسر كوبري جامعة مدينة استاد ملعب
    قوات تحالف ضحايا عملية
""")
_ARTICLE = "ال"
# الأسبوع الأول من مايو is not a day.
_PARTED_BY_ORDINALS = compared_words("الأسبوع النصف الربع الثلث الشطر العقد")
# A month without a number needs one of these before it; a name that is another word needs one of the second.
_BEFORE_MONTHS = frozenset((
    Sign.IN, Sign.OF, Sign.BEFORE_OR_SINCE, Sign.TO, Sign.UNTIL, Sign.BETWEEN, Sign.AFTER, Sign.AND, Sign.MONTH,
    Sign.MONTH_OR_OTHER_WORD, Sign.ENGLISH_MONTH, Sign.ENGLISH_MONTH_OR_VERB))
_BEFORE_AMBIGUOUS_MONTHS = frozenset((Sign.IN, Sign.BEFORE_OR_SINCE, Sign.UNTIL))


def _day(match: Match, published: date | None) -> Iterable[Found]:
    """5 فبراير/شباط 2022, الخامس من شباط الماضي, February 5, 2022; or a range of days of one month."""
    month = month_number(match, "month")
    last = day_number(match, "day")
    first = day_number(match, "first_day") if match.signs("first_day") else last
    if month is None or not first or not last or match.read.one_of(match.span("day")[0] - 1, _PARTED_BY_ORDINALS):
        return

    def days_in(year: int) -> Days | None:
        begin, end = day_of(year, month, first), day_of(year, month, last)
        return (begin[0], end[1]) if begin and end and begin <= end else None

    if days_in(_LEAP_YEAR):
        before = match.span()[0] - 1
        before -= match.read.word(before) == _ARTICLE
        is_name = match.read.one_of(before, _NAMED_AFTER_DAYS)
        yield from _dated(match, (month, first), days_in, published, is_name=is_name)


def _two_days(match: Match, published: date | None) -> Iterable[Found]:
    """3 و5 مارس 2022: two days; the month and year belong to the second mention."""
    month = month_number(match, "month")
    for group in ("day", "second_day"):
        day = match.value(group)
        if month is not None and day_of(_LEAP_YEAR, month, day):
            yield from _dated(match, (month, day), partial(day_of, month=month, day=day), published, group=group,
                              to_end=group == "second_day")


def _month(match: Match, published: date | None) -> Iterable[Found]:
    """شباط 2022, مطلع فبراير الماضي, في أيار. Two names of one month are one mention, of two months two."""
    month = month_number(match, "month")
    second = month_number(match, "second_month") if match.signs("second_month") else None
    if month is None or not _is_month(match):
        return
    months = [("", month)]
    if second not in (None, month) and match.signs("between") not in (Gap.SLASH, Gap.OPENING_BRACKET):
        months = [("month", month)]
        # "في فبراير ومارس الرياضة" names one month.
        if second and (match.signs("year") or match.signs("second_month")[0] not in _AMBIGUOUS_MONTHS):
            months.append(("second_month", second))
    for group, number in months:
        third = match.value_if_any("third")
        yield from _dated(match, (number, 0), partial(_part_of_month, month=number, third=third), published,
                          group=group, to_end=group == "second_month", approximate=third is not None)


def _part_of_month(year: int, *, month: int, third: int | None) -> Days | None:
    days = month_of(year, month)
    return days if days is None or third is None else third_of(days, third)


def _is_month(match: Match) -> bool:
    """Tell a month from the verb, the father or the person of the same name."""
    if match.signs("year") or match.signs("second_month"):
        return True
    sign = match.signs("month")[0]
    if sign in (Sign.AUGUST_OR_FATHER, Sign.SHORT_MONTH):
        return False
    if any(map(match.signs, ("third", "month_word", "relative_year", "direction"))):
        return True
    return match.read.sign_before(match.span()[0]) in (
        _BEFORE_AMBIGUOUS_MONTHS if sign in _AMBIGUOUS_MONTHS else _BEFORE_MONTHS)


def _dated(match: Match, yearless: tuple[int, int], days_in: Callable[[int], Days | None], published: date | None, *,
           group: str = "", to_end: bool = False, approximate: bool = False, is_name: bool = False) -> Iterable[Found]:
    """Report a day or month in the year that the match gives; nothing if that year does not have the day."""
    if match.signs("year"):
        if days := days_in(match.value("year")):
            yield match.found(days, "gregorian", group=group, to_end=to_end, approximate=approximate)
        return
    direction = match.direction("relative_year", "direction")
    if direction is None:
        yield match.found(None, "gregorian", group=group, to_end=to_end, approximate=approximate, yearless=yearless,
                          days_in=None if is_name else days_in)
        return
    days = None
    if published and match.signs("relative_year"):
        days = days_in(published.year + direction)
    elif published:
        days = nearest(map(days_in, years_about(published)), published, direction)
    yield match.found(days, "relative", group=group, to_end=to_end, approximate=approximate, yearless=yearless)


def month_number(match: Match, group: str) -> int | None:
    """Return the number of the month.

    A name like كانون must be followed by a word or figure for "first" or "second" (كانون الثاني, كانون 2, ك2). Return
    None for any other: كانون الخامس.
    """
    first, end = match.span(group)
    value, second_value = match.read.values[first], match.read.values[end - 1]
    if end - first == 1:
        return value
    places = match.read.places
    if match.signs(group)[0] == Sign.SHORT_MONTH and places[first][1] != places[end - 1][0]:
        return None  # not ك 2
    return (value + second_value - 2) % 12 + 1 if second_value in (1, 2) else None


_AMBIGUOUS_MONTHS = frozenset((Sign.AUGUST_OR_FATHER, Sign.MONTH_OR_OTHER_WORD, Sign.ENGLISH_MONTH_OR_VERB))
_MONTH_SIGNS = (
    Sign.MONTH, Sign.MONTH_OR_OTHER_WORD, Sign.AUGUST_OR_FATHER, Sign.ENGLISH_MONTH, Sign.ENGLISH_MONTH_OR_VERB,
    Sign.TWO_WORD_MONTH, Sign.SHORT_MONTH)
MONTH_NAME = one_of(
    one_of(Sign.MONTH, Sign.MONTH_OR_OTHER_WORD, Sign.AUGUST_OR_FATHER, Sign.ENGLISH_MONTH, Sign.ENGLISH_MONTH_OR_VERB),
    phrase(Sign.TWO_WORD_MONTH, one_of(Sign.ORDINAL, Sign.FIRST_OR_SECOND, Sign.UP_TO_31)),
    phrase(Sign.SHORT_MONTH, Sign.UP_TO_31))
# شباط, or with a second name: فبراير/شباط, شباط (فبراير), February-March.
_MONTH = sequence(
    named("month", MONTH_NAME),
    optional(named("between", one_of(Gap.SPACE, Gap.SLASH, Gap.OPENING_BRACKET, Gap.SPACED_DASH, Gap.DASH)),
             named("second_month", MONTH_NAME)))
_DIRECTION = one_of(Sign.PAST, Sign.COMING, Sign.CURRENT)
# العام الماضي, هذا العام, last year.
RELATIVE_YEAR = named("relative_year", one_of(
    phrase(Sign.THE_YEAR, _DIRECTION),
    phrase(Sign.THIS, ANY_YEAR_WORD),
    phrase(one_of(Sign.PAST, Sign.COMING), Sign.YEAR_WORD)))
# 2022, من عام 2022 م, من العام الماضي, المقبل.
_MAYBE_WHICH_YEAR = optional(one_of(
    sequence(one_of(Gap.SPACE, Gap.CLOSING_BRACKET, Gap.COMMA, Gap.SLASH), optional(Sign.OF, Gap.SPACE),
             MAYBE_YEAR_WORD, named("year", YEAR_NUMBER), optional(Gap.SPACE, Sign.GREGORIAN_ERA)),
    sequence(one_of(Gap.SPACE, Gap.CLOSING_BRACKET), optional(Sign.OF, Gap.SPACE),
             one_of(RELATIVE_YEAR, named("direction", _DIRECTION)))))
_NOT_IN_A_NUMBER = not_after(one_of(*NUMBER_MARKS))

DAY_RULES = (
    # من 3 إلى 5 مارس 2022, 3-5 مارس 2022, بين 3 و5 مارس 2022
    rule(_day,
         named("first_day", DAY_NUMBER),
         one_of(sequence(Gap.SPACE, one_of(Sign.TO, Sign.UNTIL), Gap.SPACE),
                one_of(Gap.DASH, Gap.SPACED_DASH),
                sequence(after(phrase(Sign.BETWEEN, Sign.UP_TO_31)), Gap.SPACE, Sign.AND, Gap.SPACE)),
         DAY_OF_MONTH, MAYBE_OF_MONTH, Gap.SPACE, _MONTH, _MAYBE_WHICH_YEAR,
         needs=_MONTH_SIGNS),
    # 3 و5 مارس 2022
    rule(_two_days,
         _NOT_IN_A_NUMBER, phrase(named("day", Sign.UP_TO_31), Sign.AND, named("second_day", Sign.UP_TO_31)),
         MAYBE_OF_MONTH, Gap.SPACE, _MONTH, _MAYBE_WHICH_YEAR,
         needs=_MONTH_SIGNS),
    # الثلاثاء 5 شباط 2022
    rule(_day, MAYBE_WEEKDAY, _NOT_IN_A_NUMBER, DAY_OF_MONTH, MAYBE_OF_MONTH, Gap.SPACE, _MONTH, _MAYBE_WHICH_YEAR,
         needs=_MONTH_SIGNS),
    # Feb. 5, 2022; February 3-5
    rule(_day,
         MAYBE_WEEKDAY, named("month", one_of(Sign.ENGLISH_MONTH, Sign.ENGLISH_MONTH_OR_VERB)),
         one_of(Gap.SPACE, Gap.SPACED_POINT),
         optional(named("first_day", Sign.UP_TO_31), one_of(Gap.DASH, Gap.SPACED_DASH)),
         named("day", Sign.UP_TO_31), optional(Gap.SPACE, Sign.ORDINAL_ENDING),
         optional(one_of(Gap.SPACE, Gap.COMMA), named("year", YEAR_NUMBER)),
         not_before(one_of(*NUMBER_MARKS), NUMBER),
         needs=_MONTH_SIGNS),
)

MONTH_RULES = (
    # شباط 2022, مطلع شباط, شهر شباط الماضي
    rule(_month,
         optional(named("third", Sign.EARLY_MID_OR_LATE), one_of(Gap.SPACE, Gap.DASH)),
         optional(named("month_word", Sign.MONTH_WORD, Gap.SPACE)), _MONTH, _MAYBE_WHICH_YEAR,
         needs=_MONTH_SIGNS),
)
