"""Find years that stand without a month: عام 2022, مطلع 2022, بين 2010 و2015, عام ألفين وثمانية عشر."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from index.language.dates.days import third_of, year_of
from index.language.dates.matches import Found, Match, rule
from index.language.dates.parts import ANY_YEAR_WORD, MAYBE_YEAR_WORD, NUMBER, YEAR_NUMBER
from index.language.dates.patterns import (
    after,
    named,
    not_after,
    not_before,
    one_of,
    optional,
    phrase,
    repeated,
    sequence,
)
from index.language.dates.signs import Gap, Sign
from index.language.function_words import BEHIND_A_YEAR
from index.language.numbers import cardinal
from index.language.tokens import compared_words

# Numbers that are years after "in" or "since" alone.
_YEARS_ALONE = range(1700, 2101)
# Numbers that are years after "year".
_YEARS = range(100, 3000)
_YEARS_IN_WORDS = range(1001, 2101)

# Nouns that show that the number before them counts; more are known by their ending.
_COUNTED = compared_words("""
    دولار يورو ريال دينار درهم ليرة جنيه روبل فرنك كيلومتر كلم كم متر طن برميل شخص قتيل جريح مليون مليار ألف ساعة دقيقة
    نقطة صاروخ موقع منزل عامل جندي لاجئ نازح طفل طالب مقاتل عنصر حالة درجة وحدة ميغاواط هكتار فدان كيلوغرام
    people dollars euros km miles men women children others
""")


def _years(match: Match, _published: date | None) -> Iterable[Found]:
    """2010-2015, بين 2010 و2015."""
    first, last = year_of(match.value("first_year")), year_of(match.value("year"))
    if first and last and first < last and match.value("first_year") in _YEARS_ALONE \
            and match.value("year") in _YEARS_ALONE:
        yield match.found((first[0], last[1]), "gregorian")


def _year(match: Match, _published: date | None) -> Iterable[Found]:
    """عام 2022, مطلع 2022, في 2022."""
    if match.value("year") not in _YEARS or (not match.signs("year_word") and _is_counted(match)):
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
    third = match.value_if_any("third")
    if days:
        yield match.found(days if third is None else third_of(days, third), "gregorian", approximate=third is not None)


def _is_counted(match: Match) -> bool:
    """Tell whether the number counts the noun after it: 2022 دولارًا, 1990 شخصا."""
    if match.value("year") not in _YEARS_ALONE:
        return True
    token = match.span()[1]
    if match.read.gap_before(token) != Gap.SPACE:
        return False
    noun = match.read.word(token)
    return noun in _COUNTED or (noun.endswith(("ا", "ه")) and len(noun) > 3 and noun not in BEHIND_A_YEAR)


_THIRD = named("third", Sign.EARLY_MID_OR_LATE)
_FIRST_YEAR = named("first_year", Sign.FOUR_DIGITS)
_LAST_YEAR = named("year", YEAR_NUMBER)
_MAYBE_ERA = optional(Gap.SPACE, Sign.GREGORIAN_ERA)

RULES = (
    # 2010-2015, من 2010 إلى 2015
    rule(_years, not_after(Gap.DASH), MAYBE_YEAR_WORD, _FIRST_YEAR,
         one_of(Gap.DASH, Gap.SPACED_DASH,
                sequence(after(Sign.OF, Gap.SPACE, Sign.FOUR_DIGITS), Gap.SPACE, one_of(Sign.TO, Sign.UNTIL),
                         Gap.SPACE)),
         _LAST_YEAR, not_before(Gap.DASH, NUMBER),
         needs=[Sign.FOUR_DIGITS]),
    # بين عامي 2010 و2015
    rule(_years, after(Sign.BETWEEN, Gap.SPACE), optional(Sign.YEAR_WORD, Gap.SPACE),
         phrase(_FIRST_YEAR, Sign.AND, _LAST_YEAR),
         needs=[Sign.BETWEEN]),
    # عام ألفين وثمانية عشر
    rule(_year_in_words, optional(_THIRD, Gap.SPACE), ANY_YEAR_WORD, Gap.SPACE,
         named("words", repeated(Sign.CARDINAL_WORD, least=2, most=7)),
         needs=[Sign.CARDINAL_WORD]),
    # عام 2022
    rule(_year, optional(_THIRD, Gap.SPACE), named("year_word", ANY_YEAR_WORD, Gap.SPACE),
         named("year", one_of(YEAR_NUMBER, Sign.OTHER_NUMBER)), _MAYBE_ERA,
         needs=[Sign.FOUR_DIGITS, Sign.OTHER_NUMBER]),
    # مطلع 2022, في 2022, and the second year of "عامي 2010 و2015"
    rule(_year,
         one_of(sequence(_THIRD, Gap.SPACE),
                after(one_of(Sign.IN, Sign.BEFORE_OR_SINCE, Sign.UNTIL), Gap.SPACE),
                after(ANY_YEAR_WORD, Gap.SPACE, Sign.FOUR_DIGITS, Gap.SPACE, Sign.AND, Gap.SPACE)),
         _LAST_YEAR, _MAYBE_ERA,
         needs=[Sign.FOUR_DIGITS, Sign.OTHER_NUMBER]),
)
