"""Find seasons, decades, and parts of years and months: صيف 2015, تسعينيات القرن الماضي, الربع الأول من 2018."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from functools import partial

from index.language.clitics import without_article
from index.language.dates.days import CURRENT, Days, month_of, nearest, third_of, year_of, years_about
from index.language.dates.matches import Found, Match, rule
from index.language.dates.parts import MAYBE_YEAR_WORD, YEAR_NUMBER
from index.language.dates.patterns import named, not_before, one_of, optional, phrase, sequence
from index.language.dates.signs import Gap, Sign
from index.language.dates.words import MONTH, WEEK
from index.language.dates.written_gregorian import MONTH_NAME, RELATIVE_YEAR, month_number
from index.language.function_words import POSSESSIVES
from index.language.numbers import cardinal, ordinal
from index.language.tokens import compared_words

_SPRING, _WINTER = 3, 12
_DECADES_ALONE = range(30, 100, 10)  # "العشرينيات" alone may be those of this century
# Before and behind these, a decade is an age: رجل في الستينيات من العمر.
_OF_PEOPLE = compared_words("""
    رجل رجلا رجال امرأة سيدة سيدات نساء شاب شابة شخص مسن مسنة مواطن زوجان رجلين العمر أعمارهم أعمارهن عمره عمرها سن
    وهو وهي وهم الرجل المرأة السيدة المتهم الضحية القتيل
""")
_AGE = compared_words("عمره عمرها عمرهم عمرهما العمر أعمارهم عمري")
_AGE_WITHIN = 4
# العام الدراسي begins in autumn, and the fiscal year when a state wants it to.
_OTHER_YEARS = compared_words("الدراسي الدراسية المالي المالية الجامعي الهجري الهجرية الإيراني الأكاديمي القضائي")
_MONTHS = 12
_THIS = compared_words("هذا this")


def _season(match: Match, published: date | None) -> Iterable[Found]:
    """صيف 2015, أواخر الصيف الماضي, شتاء 2013-2014, last spring; the winter of one year alone is not certain."""
    month = match.value("season")
    if month not in (_SPRING, 6, 9, _WINTER):  # جمادى has the sign of ربيع
        return
    if match.signs("direction") == Sign.THIS and match.words("direction")[0] not in _THIS:
        return  # "for this spring" is no time
    days_in = partial(_season_of, month=month, third=match.value_if_any("third"))
    if match.signs("direction"):
        days = nearest(map(days_in, years_about(published)), published, match.direction("direction")) \
            if published else None
        yield match.found(days, "relative", approximate=True)
        return
    year = match.value("year")
    has_two_years = bool(match.signs("next_year"))
    if has_two_years == (month == _WINTER) and (not has_two_years or _follows(year, match.value("next_year"))) \
            and (days := days_in(year)):
        yield match.found(days, "gregorian", approximate=True)


def _follows(year: int, next_year: int) -> bool:
    return next_year in (year + 1, (year + 1) % 100)


def _season_of(year: int, *, month: int, third: int | None) -> Days | None:
    first, last = (0, 2) if third is None else (third, third)
    begin, end = (month_of(year + (month + each - 1) // _MONTHS, (month + each - 1) % _MONTHS + 1)
                  for each in (first, last))
    return (begin[0], end[1]) if begin and end else None


def _decade(match: Match, published: date | None) -> Iterable[Found]:
    """تسعينيات القرن الماضي, ثمانينيات القرن التاسع عشر, منتصف التسعينيات, the early nineties."""
    first, end = match.span()
    tens = match.value("decade")
    century = 19
    if match.signs("century"):
        ordinal_century, used = ordinal(match.words("century"))
        if used != len(match.words("century")) or not ordinal_century:
            return
        century = ordinal_century - 1
    elif match.signs("last_century"):
        century = published.year // 100 - 1 if published else 19
    elif tens not in _DECADES_ALONE or _is_age(match, first, end):
        return
    yield from _found_decade(match, 100 * century + tens)


def _decade_in_digits(match: Match, _published: date | None) -> Iterable[Found]:
    """1990s; the 1900s may be a century."""
    first, end = match.span("digits")
    year = match.value("digits")
    places = match.read.places
    if year % 10 == 0 and (year % 100 or year >= 2000) and places[first][1] == places[end][0]:
        yield from _found_decade(match, year)


def _found_decade(match: Match, year: int) -> Iterable[Found]:
    third = match.value_if_any("third")
    first, last = ((0, 9), (0, 3), (3, 6), (6, 9))[0 if third is None else third + 1]
    begin, end = year_of(year + first), year_of(year + last)
    if begin and end:
        yield match.found((begin[0], end[1]), "gregorian", approximate=third is not None)


def _is_age(match: Match, first: int, end: int) -> bool:
    read = match.read
    return any(read.one_of(token, _OF_PEOPLE) for token in range(max(0, first - _AGE_WITHIN), first)) \
        or any(read.one_of(token, _AGE) for token in range(end, end + _AGE_WITHIN)) \
        or read.word(first - 1) in POSSESSIVES


def _part(match: Match, published: date | None) -> Iterable[Found]:
    """الربع الأول من 2018, النصف الثاني من العام الجاري, الأسبوع الأول من مايو, the first half of this year."""
    parts = match.value("part")
    if match.signs("part") == Sign.THE_WEEK_OR_MONTH:
        if parts != WEEK:
            return
        parts = 0
    which = parts if match.signs("which") in (Sign.LAST_PART, Sign.PAST) else ordinal(match.words("which"))[0]
    if not match.signs("month"):
        year = _year(match, published)
        days = _part_of_year(year, parts, which) if year else None
        if days or published is None:
            is_said = bool(match.signs("year"))
            yield match.found(days, "gregorian" if is_said else "relative",
                              approximate=bool(match.signs("this_year")))
        return
    month = month_number(match, "month")
    if month is None or not which:
        return
    days_in = partial(_part_of_month, month=month, parts=parts, which=which)
    year = _year(match, published)
    if year:
        if days := days_in(year):
            yield match.found(days, "gregorian" if match.signs("year") else "relative", approximate=True)
        return
    direction = match.direction("direction")
    if direction is not None:
        days = nearest(map(days_in, years_about(published)), published, direction) if published else None
        yield match.found(days, "relative", approximate=True)
    elif days_in(2000):
        yield match.found(None, "gregorian", approximate=True, yearless=(month, 0), days_in=days_in)


def _first_months(match: Match, published: date | None) -> Iterable[Found]:
    """الأشهر التسعة الأولى من 2018, the first nine months of 2018."""
    words = match.words("count")
    value, used = (match.value("count"), 1) if match.signs("count") == Sign.UP_TO_31 \
        else cardinal([without_article(word) for word in words])
    year = _year(match, published)
    if used == len(words) and 1 < value < _MONTHS and year and match.value("which") == 1 \
            and (begin := month_of(year, 1)) and (end := month_of(year, value)):
        yield match.found((begin[0], end[1]), "gregorian" if match.signs("year") else "relative",
                          approximate=bool(match.signs("this_year")))


def _third_of_this(match: Match, published: date | None) -> Iterable[Found]:
    """بداية العام, نهاية الشهر: of the year or month of the publication; نهاية الأسبوع may be the weekend."""
    unit = match.value("unit")
    if unit == WEEK or match.read.one_of(match.span()[1], _OTHER_YEARS):
        return
    whole = None if published is None else month_of(published.year, published.month) if unit == MONTH \
        else year_of(published.year)
    yield match.found(third_of(whole, match.value("third")) if whole else None, "relative", approximate=True)


def _year(match: Match, published: date | None) -> int | None:
    """Return the year that a match names, or of the publication with "this year"; None if it names none."""
    if match.signs("year"):
        return match.value("year")
    if match.signs("this_year") and match.read.one_of(match.span()[1], _OTHER_YEARS):
        return None
    direction = CURRENT if match.signs("this_year") else match.direction("relative_year")
    return None if direction is None or published is None else published.year + direction


def _part_of_year(year: int, parts: int, which: int) -> Days | None:
    if not parts or not 1 <= which <= parts:
        return None
    length = _MONTHS // parts
    begin, end = month_of(year, length * (which - 1) + 1), month_of(year, length * which)
    return (begin[0], end[1]) if begin and end else None


def _part_of_month(year: int, *, month: int, parts: int, which: int) -> Days | None:
    days = month_of(year, month)
    if days is None:
        return None
    if parts == 3:
        return third_of(days, which - 1) if which <= parts else None
    last = monthrange(year, month)[1]
    first_day, last_day = {0: (7 * which - 6, 7 * which), 2: (15 * which - 14, 15 if which == 1 else last)}.get(
        parts, (0, 0))
    if not 1 <= first_day <= last_day <= last or which > (parts or 4):
        return None
    return date(year, month, first_day), date(year, month, last_day)


_THIRD = named("third", Sign.EARLY_MID_OR_LATE)
_MAYBE_THIRD = optional(_THIRD, one_of(Gap.SPACE, Gap.DASH))
_MAYBE_OF = optional(Sign.OF, Gap.SPACE)
_YEAR = sequence(MAYBE_YEAR_WORD, named("year", YEAR_NUMBER))
_ANY_SEASON = named("season", one_of(Sign.SEASON, Sign.TWO_WORD_HIJRI_MONTH))
_DIRECTION = one_of(Sign.PAST, Sign.COMING, Sign.CURRENT)
_WHICH = named("which", one_of(Sign.ORDINAL, Sign.FIRST_OR_SECOND, Sign.LAST_PART, Sign.ENGLISH_ORDINAL))
_WHICH_PART = phrase(named("part", one_of(Sign.PART, Sign.THE_WEEK_OR_MONTH)), _WHICH)
_ENGLISH_PART = phrase(named("which", one_of(Sign.ENGLISH_ORDINAL, Sign.PAST)), named("part", Sign.PART))
_OF_YEAR = sequence(_MAYBE_OF, one_of(_YEAR, RELATIVE_YEAR))
_OF_THIS_YEAR = sequence(Sign.OF, Gap.SPACE, named("this_year", Sign.THE_YEAR), not_before(Gap.SPACE, _DIRECTION))
_OF_MONTH = sequence(
    _MAYBE_OF, optional(Sign.MONTH_WORD, Gap.SPACE), named("month", MONTH_NAME),
    optional(one_of(Gap.SLASH, Gap.SPACE, Gap.OPENING_BRACKET), MONTH_NAME, optional(Gap.CLOSING_BRACKET)),
    optional(Gap.SPACE, one_of(named("direction", _DIRECTION), _OF_YEAR)))

RULES = (
    # تسعينيات القرن الماضي, ثمانينيات القرن التاسع عشر
    rule(_decade, _MAYBE_THIRD, named("decade", Sign.DECADE), Gap.SPACE, _MAYBE_OF, Sign.CENTURY, Gap.SPACE,
         one_of(named("last_century", Sign.PAST),
                named("century", Sign.ORDINAL, optional(Gap.SPACE, one_of(Sign.ORDINAL, Sign.CARDINAL_WORD)))),
         needs=[Sign.DECADE]),
    # منتصف التسعينيات, the nineties
    rule(_decade, _MAYBE_THIRD, named("decade", Sign.DECADE), needs=[Sign.DECADE]),
    # the 1990s
    rule(_decade_in_digits, _MAYBE_THIRD, named("digits", Sign.FOUR_DIGITS), Gap.SPACE, Sign.DECADE_ENDING,
         needs=[Sign.DECADE_ENDING]),
    # صيف عام 2015, summer of 2015, شتاء 2013-2014
    rule(_season, _MAYBE_THIRD, _ANY_SEASON, Gap.SPACE, _MAYBE_OF, _YEAR,
         optional(one_of(Gap.DASH, Gap.SPACED_DASH, Gap.SLASH),
                  named("next_year", one_of(Sign.FOUR_DIGITS, Sign.UP_TO_31, Sign.OTHER_NUMBER))),
         needs=[Sign.SEASON, Sign.TWO_WORD_HIJRI_MONTH]),
    # الصيف الماضي
    rule(_season, _MAYBE_THIRD, _ANY_SEASON, Gap.SPACE, named("direction", _DIRECTION),
         needs=[Sign.SEASON, Sign.TWO_WORD_HIJRI_MONTH]),
    # هذا الصيف, last summer
    rule(_season, _MAYBE_THIRD, named("direction", one_of(Sign.THIS, Sign.PAST, Sign.COMING)), Gap.SPACE,
         named("season", Sign.SEASON), needs=[Sign.SEASON]),
    # الربع الأول من عام 2018, النصف الثاني من العام
    rule(_part, _WHICH_PART, Gap.SPACE, one_of(_OF_YEAR, _OF_THIS_YEAR), needs=[Sign.PART]),
    # الأسبوع الأول من مايو, النصف الثاني من شباط الماضي
    rule(_part, _WHICH_PART, Gap.SPACE, _OF_MONTH, needs=[Sign.PART, Sign.THE_WEEK_OR_MONTH]),
    # the first quarter of 2018, the last quarter of this year
    rule(_part, _ENGLISH_PART, Gap.SPACE, _OF_YEAR, needs=[Sign.PART]),
    # الأشهر التسعة الأولى من عام 2018
    rule(_first_months, phrase(Sign.THE_MONTHS, named("count", Sign.OTHER_WORD), named("which", Sign.FIRST_OR_SECOND)),
         Gap.SPACE, one_of(_OF_YEAR, _OF_THIS_YEAR), needs=[Sign.THE_MONTHS]),
    # 9 أشهر الأولى من 2018
    rule(_first_months, phrase(named("count", one_of(Sign.UP_TO_31, Sign.CARDINAL_WORD)), Sign.MONTH_WORD,
                               named("which", Sign.FIRST_OR_SECOND)),
         Gap.SPACE, one_of(_OF_YEAR, _OF_THIS_YEAR), needs=[Sign.FIRST_OR_SECOND]),
    # the first nine months of 2018
    rule(_first_months, phrase(named("which", Sign.ENGLISH_ORDINAL), named("count", Sign.CARDINAL_WORD),
                               Sign.MONTH_WORD), Gap.SPACE, _OF_YEAR, needs=[Sign.ENGLISH_ORDINAL]),
)

LAST_RULES = (
    # بداية العام, نهاية الشهر
    rule(_third_of_this, _THIRD, Gap.SPACE, named("unit", one_of(Sign.THE_WEEK_OR_MONTH, Sign.THE_YEAR)),
         not_before(Gap.SPACE, one_of(_DIRECTION, Sign.ORDINAL, Sign.FIRST_OR_SECOND, Sign.FOUR_DIGITS)),
         needs=[Sign.EARLY_MID_OR_LATE]),
)
