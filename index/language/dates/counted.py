"""Find days that are counted from another: قبل ثلاثة أيام, بعد أسبوعين, خلال 48 ساعة, two years ago, in three days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial

from index.language.clitics import strip_and_for_numbers
from index.language.dates.days import Days, shifted_day
from index.language.dates.matches import Found, Match, rule
from index.language.dates.patterns import named, not_before, one_of, optional, phrase, repeated, sequence
from index.language.dates.relative import shifted_unit
from index.language.dates.signs import Gap, Sign
from index.language.dates.tense import Tense, tense_around
from index.language.dates.words import DAY, DUAL, HOUR, PLURAL, WEEK
from index.language.numbers import cardinal
from index.language.tokens import compared_words

_HALF_WEEK = timedelta(days=3)
# Do not count further than this many days, weeks, months or years.
_MOST = 1000
_HOURS = 24
_WITHIN = compared_words("خلال وخلال غضون within")
_IN = frozenset(("in",))
_DATES = frozenset((Sign.FOUR_DIGITS, Sign.MONTH, Sign.ENGLISH_MONTH, Sign.UP_TO_31))


def _ago(match: Match, published: date | None) -> Iterable[Found]:
    """قبل ثلاثة أيام, منذ أسبوعين, two years ago: before the publication."""
    count, unit = _count(match)
    if count is None:
        return
    days = _counted(published, unit, -count)
    yield match.found(days, "relative", approximate=unit != DAY or bool(match.signs("hours") or match.signs("about")))


def _after(match: Match, published: date | None) -> Iterable[Found]:
    """بعد ثلاثة أيام, after three days: behind a date that the sentence names, or behind the publication.

    It counts from the publication only if the clause tells of what is to come.
    """
    count, unit = _count(match)
    if count is None or match.read.sign_before(match.span()[0]) == Sign.UNTIL or _ends_there(match):
        return
    is_later = bool(match.signs("later"))
    if published and not is_later and tense_around(match.read, *match.span()) is Tense.COMING:
        yield match.found(_counted(published, unit, count), "relative", approximate=True)
    else:
        yield match.found(None, "relative", approximate=True, days_after=partial(_counted, unit=unit, count=count))


def _ends_there(match: Match) -> bool:
    """Tell whether a date stands right before, by which what lasted so long ended: في 20 يناير 1981، بعد 444 يومًا."""
    first = match.span()[0]
    word = match.read.word(first)
    return not match.signs("later") and not strip_and_for_numbers(word) and not _DATES.isdisjoint(
        match.read.signs_between(first - 1, first))


def _within(match: Match, published: date | None) -> Iterable[Found]:
    """خلال 48 ساعة, within three days: from the publication on; "in three days": on that day.

    Both only in a clause about what is to come; otherwise, and behind في, it is how long something went on.
    """
    word = match.words("preposition")[0]
    count, unit = _count(match)
    if word not in (_WITHIN | _IN) or count is None or published is None \
            or tense_around(match.read, *match.span()) is not Tense.COMING:
        return
    days = _counted(published, unit, count)
    yield match.found((published, days[1]) if days and word in _WITHIN else days, "relative", approximate=True)


def _count(match: Match) -> tuple[int | None, int]:
    """Return how many units a match counts and which; None if its words are no number, or the hours no days."""
    unit = match.value("unit")
    count = 2 if DUAL < unit < PLURAL else 1
    if match.signs("count"):
        words = match.words("count")
        count, used = (match.value("count"), 1) if match.signs("count") in _COUNT_SIGNS else cardinal(words)
        if used != len(words):
            return None, unit
    elif unit > PLURAL:
        return None, unit
    unit %= DUAL
    if unit == HOUR:
        return (None if count % _HOURS or count <= 0 else count // _HOURS), DAY
    return count, unit


def _counted(day: date | None, unit: int, count: int) -> Days | None:
    """Return the days that come `count` units after a day; of weeks, the seven days around that."""
    if day is None or abs(count) > _MOST:
        return None
    if unit == WEEK:
        around = shifted_day(day, 7 * count)
        return (around[0] - _HALF_WEEK, around[1] + _HALF_WEEK) if around else None
    return shifted_unit(day, unit, count)


_COUNT_SIGNS = frozenset((Sign.UP_TO_31, Sign.OTHER_NUMBER, Sign.ONE))
_COUNT = named("count", one_of(one_of(Sign.UP_TO_31, Sign.OTHER_NUMBER, Sign.ONE),
                               repeated(Sign.CARDINAL_WORD, most=7)))
_UNIT = one_of(Sign.DAY_OR_WEEK_WORD, Sign.MONTH_WORD, Sign.YEAR_WORD, Sign.DECADES, named("hours", Sign.HOUR_WORD))
_COUNTED_UNIT = sequence(optional(named("about", Sign.ABOUT), Gap.SPACE), optional(_COUNT, Gap.SPACE),
                         named("unit", _UNIT))
_UNITS = (Sign.DAY_OR_WEEK_WORD, Sign.MONTH_WORD, Sign.YEAR_WORD, Sign.DECADES, Sign.HOUR_WORD)
# After "قبل ثلاثة أيام", these make it count from something else: قبل ثلاثة أيام من الانتخابات.
_COUNTS_FROM_ELSEWHERE = one_of(
    Sign.OF, Sign.NOT_FROM_TODAY, Sign.WEEKDAY, Sign.FOUR_DIGITS, Sign.OTHER_NUMBER, Sign.UP_TO_31, Sign.MONTH,
    Sign.MONTH_OR_OTHER_WORD, Sign.AUGUST_OR_FATHER, Sign.TWO_WORD_MONTH, Sign.HIJRI_MONTH, Sign.ENGLISH_MONTH,
    Sign.ORDINAL, Sign.ENGLISH_MONTH_OR_VERB)
_NO_OTHER = not_before(optional(Gap.SPACE, Sign.ONLY), Gap.SPACE, _COUNTS_FROM_ELSEWHERE)
# بعد ساعات قليلة, within days: nobody knows how many.
_FEW = one_of(Sign.THIS, Sign.PAST, Sign.COMING, Sign.CURRENT)

RULES = (
    # قبل ثلاثة أيام, قبل نحو أسبوعين
    rule(_ago, Sign.BEFORE_OR_SINCE, Gap.SPACE, _COUNTED_UNIT, _NO_OTHER, needs=_UNITS),
    # two years ago
    rule(_ago, phrase(_COUNT, named("unit", _UNIT), Sign.AGO), needs=[Sign.AGO]),
    # three days later
    rule(_after, phrase(_COUNT, named("unit", _UNIT), named("later", Sign.LATER)), needs=[Sign.LATER]),
    # بعد ثلاثة أيام, after three days
    rule(_after, Sign.AFTER, Gap.SPACE, _COUNTED_UNIT, _NO_OTHER, not_before(Gap.SPACE, _FEW), needs=_UNITS),
    # خلال 48 ساعة, within three days, in three days
    rule(_within, named("preposition", Sign.IN), Gap.SPACE, _COUNTED_UNIT, _NO_OTHER, not_before(Gap.SPACE, _FEW),
         needs=_UNITS),
)
