"""Dates that are written out, in the Gregorian and in the Hijri calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial

from index.language.dates import hijri
from index.language.dates.days import Days, day_of, direction_of, month_of, nearest, third_of, year_of, years_about
from index.language.dates.signs import Found, Match
from index.language.numbers import cardinal, ordinal
from index.language.tokens import compared_words

_LEAP_YEAR = 2000
_LONGEST_HIJRI_MONTH = 30
# Tokens on either side among which a Hijri date is said to be of Umm al-Qura.
_NEAR = 12
_UMM_AL_QURA = "@"
# Numbers that are years behind "in" or "since" alone, and behind "year".
_YEARS_ALONE = range(1700, 2101)
_YEARS = range(100, 3000)
_YEARS_IN_WORDS = range(1001, 2101)

# Nouns that are counted; others are known by their ending.
_COUNTED = compared_words("""
    دولار يورو ريال دينار درهم ليرة جنيه روبل فرنك كيلومتر كلم كم متر طن برميل شخص قتيل جريح مليون مليار ألف ساعة دقيقة
    نقطة صاروخ موقع منزل عامل جندي لاجئ نازح طفل طالب مقاتل عنصر حالة درجة وحدة ميغاواط هكتار فدان كيلوغرام
    people dollars euros km miles men women children others
""")
_NOT_COUNTED = compared_words("عندما بعدما بينما كما حينما وكما ومنها منها إنها أنها لكنها فيما وفيما خاصة نتيجة إضافة")
# What is named after a day is not of the year nearest to the publication: ثورة 25 يناير.
_NAMED_AFTER_DAYS = compared_words("""
    ثورة ثورتي هجمات هجوم اعتداءات أحداث حادث حرب انتفاضة انقلاب حركة قوى ميدان شارع جسر كوبري جامعة مدينة استاد ملعب
    قوات تحالف ضحايا عملية
""")
_ARTICLE = "ال"
# الأسبوع الأول من مايو is not a day.
_PARTED_BY_ORDINALS = compared_words("الأسبوع النصف الربع الثلث الشطر العقد")
# What the name of a month follows when it stands without a number; and one that is also a verb.
_BEFORE_MONTHS = "pfbtBnr&MmEv"
_BEFORE_VERBS = "pbB"


def _numeric(match: Match, _published: date | None) -> Iterable[Found]:
    """05/02/2022 (the day first, unless only the second number can be one), 2022-02-05."""
    first, end = match.span("numbers")
    one, month, other = match.read.values[first:end]
    year, day = (one, other) if one > 31 else (other, one)
    if month > 12 >= day:
        month, day = day, month
    if match.codes("hijri") or (not match.codes("era") and year in hijri.YEARS):
        yield _found_hijri(match, hijri.days_of(year, month, day))
    elif days := day_of(year, month, day):
        yield match.found(days, "gregorian")


def _day(match: Match, published: date | None) -> Iterable[Found]:
    """5 فبراير/شباط 2022, الخامس من شباط الماضي, February 5, 2022; or from one day of the month to another."""
    month = _month_number(match, "month")
    last = day_number(match, "day")
    first = day_number(match, "since") if match.codes("since") else last
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
    """3 و5 مارس 2022: two days, the second with the month and year."""
    month = _month_number(match, "month")
    for group in ("day", "last"):
        day = match.value(group)
        if month is not None and day_of(_LEAP_YEAR, month, day):
            yield from _dated(match, (month, day), partial(day_of, month=month, day=day), published, group=group)


def _month(match: Match, published: date | None) -> Iterable[Found]:
    """شباط 2022, مطلع فبراير الماضي, في أيار; two different months side by side are two."""
    month = _month_number(match, "month")
    again = _month_number(match, "again") if match.codes("again") else None
    if month is None or not _is_month(match):
        return
    months = [("", month)]
    if again not in (None, month) and match.codes("between") not in "/(":
        months = [("month", month)]
        # "في فبراير ومارس الرياضة" names one month.
        if again and (match.codes("year") or match.codes("again")[0] not in "miv"):
            months.append(("again", again))
    for group, number in months:
        third = match.value("third") if match.codes("third") else None
        yield from _dated(match, (number, 0), partial(_part_of_month, month=number, third=third), published,
                          group=group, approximate=third is not None)


def _part_of_month(year: int, *, month: int, third: int | None) -> Days | None:
    days = month_of(year, month)
    return days if days is None or third is None else third_of(days, third)


def _is_month(match: Match) -> bool:
    """Whether the word is the month and not the verb, the father or the person of that name."""
    if match.codes("year") or match.codes("again"):
        return True
    sign = match.codes("month")[0]
    if sign == "i":
        return False
    if any(map(match.codes, ("third", "unit", "that", "direction"))):
        return True
    before = match.read.code_before(match.span()[0])
    return bool(before) and before in (_BEFORE_VERBS if sign in "mv" else _BEFORE_MONTHS)


def _dated(match: Match, yearless: tuple[int, int], days_in: Callable[[int], Days | None], published: date | None, *,
           group: str = "", approximate: bool = False, is_name: bool = False) -> Iterable[Found]:
    """A day or month, in the year that the match says; nothing for a day that this year does not have."""
    if match.codes("year"):
        if days := days_in(match.value("year")):
            yield match.found(days, "gregorian", group=group, approximate=approximate)
        return
    direction = direction_of(match.codes("that") or match.codes("direction"))
    if direction is None:
        yield match.found(None, "gregorian", group=group, approximate=approximate, yearless=yearless,
                          days_in=None if is_name else days_in)
        return
    days = None
    if published and match.codes("that"):
        days = days_in(published.year + direction)
    elif published:
        days = nearest(map(days_in, years_about(published)), published, direction)
    yield match.found(days, "relative", group=group, approximate=approximate, yearless=yearless)


def _years(match: Match, _published: date | None) -> Iterable[Found]:
    """2010-2015, بين 2010 و2015."""
    first, last = year_of(match.value("since")), year_of(match.value("year"))
    if first and last and first < last and match.value("since") in _YEARS_ALONE and match.value("year") in _YEARS_ALONE:
        yield match.found((first[0], last[1]), "gregorian")


def _year(match: Match, _published: date | None) -> Iterable[Found]:
    """عام 2022, مطلع 2022, في 2022."""
    if match.value("year") not in _YEARS or (not match.codes("unit") and _is_counted(match)):
        return
    yield from _found_year(match, match.value("year"))


def _year_in_words(match: Match, _published: date | None) -> Iterable[Found]:
    """عام ألفين وثمانية عشر."""
    words = match.words("words")
    value, used = cardinal(words)
    if used == len(words) and value in _YEARS_IN_WORDS:
        yield from _found_year(match, value)


def _found_year(match: Match, year: int) -> Iterable[Found]:
    days = year_of(year)
    third = match.value("third") if match.codes("third") else None
    if days:
        yield match.found(days if third is None else third_of(days, third), "gregorian", approximate=third is not None)


def _is_counted(match: Match) -> bool:
    """Whether the number says how many there are of the noun after it: 2022 دولارًا, 1990 شخصا."""
    if match.value("year") not in _YEARS_ALONE:
        return True
    token = match.span()[1]
    if token == len(match.read.places) or match.read.signs[2 * token] != " ":
        return False
    noun = match.read.word(token)
    return noun in _COUNTED or (noun.endswith(("ا", "ه")) and len(noun) > 3 and noun not in _NOT_COUNTED)


def _hijri(match: Match, published: date | None) -> Iterable[Found]:
    """17 رمضان 1443 هـ, رمضان 1443, شهر رمضان الماضي."""
    day = day_number(match, "day") if match.codes("day") else 0
    month = _hijri_month(match)
    if month is None or day is None or day > _LONGEST_HIJRI_MONTH:
        return
    if match.codes("year"):
        year = match.value("year")
        if year in hijri.YEARS or "~" in match.codes("year"):
            yield _found_hijri(match, hijri.days_of(year, month, day))
        elif in_that_year := hijri.within_gregorian(year, month, day):  # رمضان 2018
            yield _found_hijri(match, in_that_year)
        return
    direction = direction_of(match.codes("direction"))
    days = None
    if published and (year_now := hijri.year_of(published)):
        days = nearest((hijri.days_of(year, month, day) for year in range(year_now - 1, year_now + 2)), published,
                       direction)
    yield _found_hijri(match, days, inferred=days is not None and direction is None)


def _hijri_year(match: Match, _published: date | None) -> Iterable[Found]:
    """1443هـ, عام 1443 هجري."""
    yield _found_hijri(match, hijri.days_of(match.value("year")))


def _found_hijri(match: Match, days: Days | None, *, inferred: bool = False) -> Found:
    first, end = match.span()
    stated = _UMM_AL_QURA in match.read.signs[max(0, 2 * (first - _NEAR)):2 * (end + _NEAR)]
    return match.found(days, "hijri", approximate=not stated, inferred=inferred)


def day_number(match: Match, group: str) -> int | None:
    """The day of the month that a group says in digits or words; None when its words are no number."""
    words = match.words(group)
    if len(words) == 1 or match.codes(group)[0] == "9":
        return match.value(group)
    value, used = ordinal(words)
    return value if used == len(words) else None


def _month_number(match: Match, group: str) -> int | None:
    """The month that a group names in one word or two."""
    first, end = match.span(group)
    value, which = match.read.values[first], match.read.values[end - 1]
    if end - first == 1:
        return value
    return (value + which - 2) % 12 + 1 if which in (1, 2) else None


def _hijri_month(match: Match) -> int | None:
    first, end = match.span("month")
    value, which = match.read.values[first], match.read.values[end - 1]
    if end - first == 1 or match.codes("month")[0] == "d":
        return which
    return value + which - 1 if which in (1, 2) else None


_MONTH_NAME = "(?:[MmiEv]|k [Oo])"
_MONTH_NAMES = rf"(?P<month>{_MONTH_NAME})(?:(?P<between>[ /(=-])(?P<again>{_MONTH_NAME}))?"
_DAY_NUMBER = "(?:9(?: y)?|O(?: [Oc])?|(?:c[ -])?S)"
DAY = f"(?P<day>{_DAY_NUMBER})"
_WEEKDAY = "(?:(?:T )?(?:u )?W[ ,(])?"
_OF = "(?: f)?(?: s)?"
_YEAR = r"Y(?![.;:/][9xY])"
_WHICH_YEAR = (
    rf"(?:[ ),/](?:f )?(?:[aA] )?(?P<year>{_YEAR})(?: \+)?"
    r"|[ )](?:f )?(?:(?P<that>A [PFC]|h [Aa]|[PF] a)|(?P<direction>[PFC])))?")
_HIJRI_MONTH = "(?P<month>H|q [Oo]|d w)(?: z)?"
_HIJRI_YEAR = r"[ ,)](?:f )?(?:[aA] )?(?P<year>Y(?: ~)?|[9x] ~)"

PATTERNS: tuple[tuple[str, str, Callable[[Match, date | None], Iterable[Found]]], ...] = (
    ("Y", rf"{_WEEKDAY}(?<![/.:;+-])(?P<numbers>Y(?P<one>[/-])9(?P=one)9|9(?P<other>[/.-])9(?P=other)Y)"
     r"(?:(?P<hijri> ~)|(?P<era> \+))?(?![/.:;-][9xY])", _numeric),
    ("MmiEvk", rf"(?P<since>{_DAY_NUMBER})(?: [tB] |[-=]|(?<=n 9) & ){DAY}{_OF} {_MONTH_NAMES}{_WHICH_YEAR}", _day),
    ("MmiEvk", rf"(?<![.:;/])(?P<day>9) & (?P<last>9){_OF} {_MONTH_NAMES}{_WHICH_YEAR}", _two_days),
    ("MmiEvk", rf"{_WEEKDAY}(?<![.:;/]){DAY}{_OF} {_MONTH_NAMES}{_WHICH_YEAR}", _day),
    ("MmiEvk", rf"{_WEEKDAY}(?P<month>[Ev])[ !](?:(?P<since>9)[-=])?(?P<day>9)(?: y)?(?:[ ,](?P<year>{_YEAR}))?"
     r"(?![.:;/][9xY])", _day),
    ("Hqd", rf"{_WEEKDAY}{DAY}{_OF} {_HIJRI_MONTH}(?:{_HIJRI_YEAR}|[ )](?P<direction>[PFC]))?", _hijri),
    ("Hqd", rf"s {_HIJRI_MONTH}(?:{_HIJRI_YEAR}|[ )](?P<direction>[PFC]))?", _hijri),
    ("Hqd", rf"{_HIJRI_MONTH}{_HIJRI_YEAR}", _hijri),
    ("~", r"(?:[aA] )?(?P<year>[Yx9]) ~", _hijri_year),
    ("MmiEvk", rf"(?:(?P<third>e)[ -])?(?P<unit>s )?{_MONTH_NAMES}{_WHICH_YEAR}", _month),
    ("Y", rf"(?<!-)(?:[aA] )?(?P<since>Y)(?:[-=]|(?<=f Y) [tB] )(?P<year>{_YEAR})(?!-[9xY])", _years),
    ("n", rf"(?<=n )(?:a )?(?P<since>Y) & (?P<year>{_YEAR})", _years),
    ("c", r"(?:(?P<third>e) )?[aA] (?P<words>c(?: c){1,6})", _year_in_words),
    ("Yx", rf"(?:(?P<third>e) )?(?P<unit>[aA] )(?P<year>{_YEAR}|x)(?: \+)?", _year),
    ("Yx", rf"(?:(?P<third>e) |(?<=[pbB] )|(?<=[aA] Y & ))(?P<year>{_YEAR})(?: \+)?", _year),
)
