"""Find weekends: نهاية الأسبوع, عطلة نهاية الأسبوع الماضي, this weekend. They are Friday to Sunday, and approximate.

The weekend of most Arab states is Friday and Saturday, elsewhere Saturday and Sunday.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from index.language.dates.days import COMING, PAST, Days
from index.language.dates.matches import Found, Match, rule
from index.language.dates.patterns import named, one_of, optional
from index.language.dates.signs import Gap, Sign
from index.language.dates.tense import Tense, tense_around
from index.language.dates.words import WEEK

_FRIDAY, _LAST_DAY = 4, 2
_LATE = 2
_BEFORE_THE_WEEKEND = ("over", "the")


def _weekend(match: Match, published: date | None) -> Iterable[Found]:
    """نهاية الأسبوع, نهاية هذا الأسبوع, نهاية الأسبوع المقبل, next weekend; without a direction, the clause tells."""
    if match.signs("unit") and (match.value("unit") != WEEK or match.value("third") != _LATE):
        return
    direction = match.direction("direction", "direction_before")
    if published is None:
        yield match.found(None, "relative", approximate=True)
        return
    if direction not in (PAST, COMING):
        first, end = match.span()
        while match.read.word(first - 1) in _BEFORE_THE_WEEKEND:
            first -= 1
        tense = tense_around(match.read, first, end)
        direction = PAST if tense is Tense.PAST and not match.signs("this") or tense is Tense.PROBABLY_PAST else COMING
        days = _begun(published) if direction == PAST else _to_come(published)
        yield match.found(days, "relative", approximate=True, inferred=True)
        return
    days = _begun(published) if direction == PAST else _to_come(published)
    if days and days[0] <= published <= days[1]:  # the last or next one is not the one that it is
        days = _shifted(days, 7 * direction)
    yield match.found(days, "relative", approximate=True)


def _begun(published: date) -> Days | None:
    """Return the latest weekend that has begun."""
    return _from(published, -((published.weekday() - _FRIDAY) % 7))


def _to_come(published: date) -> Days | None:
    """Return the weekend that is now or comes next."""
    days = _begun(published)
    return days if days and published <= days[1] else _from(published, (_FRIDAY - published.weekday()) % 7)


def _from(day: date, shift: int) -> Days | None:
    return _shifted((day, day), shift, _LAST_DAY)


def _shifted(days: Days, shift: int, longer: int = 0) -> Days | None:
    try:
        return days[0] + timedelta(days=shift), days[1] + timedelta(days=shift + longer)
    except OverflowError:
        return None


_DIRECTION = one_of(Sign.PAST, Sign.COMING, Sign.CURRENT)

RULES = (
    # نهاية الأسبوع, نهاية الأسبوع المقبل, نهاية هذا الأسبوع
    rule(_weekend, named("third", Sign.EARLY_MID_OR_LATE), Gap.SPACE, optional(named("this", Sign.THIS), Gap.SPACE),
         named("unit", Sign.THE_WEEK_OR_MONTH), optional(Gap.SPACE, named("direction", _DIRECTION)),
         needs=[Sign.THE_WEEK_OR_MONTH]),
    # the weekend, last weekend
    rule(_weekend, optional(one_of(named("direction_before", one_of(Sign.PAST, Sign.COMING)), named("this", Sign.THIS)),
                            Gap.SPACE), Sign.WEEKEND, needs=[Sign.WEEKEND]),
)
