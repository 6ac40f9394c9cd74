"""Stretches of days: months, weeks and years, and the one of several that is nearest to a day."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

Days = tuple[date, date]
"""First and last day, both included."""

PAST, CURRENT, COMING = -1, 0, 1


def day_of(year: int, month: int, day: int) -> Days | None:
    """That day; None when there is none."""
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found, found


def month_of(year: int, month: int) -> Days | None:
    """That month; None for a year that `date` does not have."""
    try:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    except ValueError:
        return None


def year_of(year: int) -> Days | None:
    """That year; None when `date` does not have it."""
    return (date(year, 1, 1), date(year, 12, 31)) if 1 <= year <= 9999 else None


def week_of(day: date) -> Days:
    """The week that the day is in, from Monday to Sunday (ISO 8601)."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def shifted_month(day: date, months: int) -> Days | None:
    """The month that lies so many after that of the day."""
    number = 12 * day.year + day.month - 1 + months
    return month_of(number // 12, number % 12 + 1)


def third_of(days: Days, third: int) -> Days:
    """The first (0), second or last third: ten days of a month, the rest being the last, or four months of a year.

    A week is not parted.
    """
    first, last = days
    length = (last - first).days + 1
    if length > 31:
        begin, end = month_of(first.year, 4 * third + 1), month_of(first.year, 4 * third + 4)
        return (begin[0], end[1]) if begin and end else days
    if length < 28:
        return days
    begin_day = first + timedelta(days=10 * third)
    return begin_day, last if third == 2 else begin_day + timedelta(days=9)


def nearest(candidates: Iterable[Days | None], day: date, direction: int | None = None) -> Days | None:
    """The stretch that is nearest to the day: any, the last one before it (PAST), or the first one after it (COMING).

    CURRENT is as any. News looks back further than ahead: what is to come counts as twice as far.
    """
    found = [days for days in candidates if days is not None]
    if direction == PAST:
        found = [days for days in found if days[1] < day]
    elif direction == COMING:
        found = [days for days in found if days[0] > day]
    return min(found, key=lambda days: _distance(days, day), default=None)


def _distance(days: Days, day: date) -> tuple[int, date]:
    return max(2 * (days[0] - day).days, (day - days[1]).days, 0), days[0]


def direction_of(signs: str) -> int | None:
    """PAST, CURRENT or COMING, where the signs of a match hold one of the words that say so."""
    return PAST if "P" in signs else COMING if "F" in signs else CURRENT if "C" in signs or "h" in signs else None


def shifted_day(day: date | None, days: int) -> Days | None:
    """The day that lies so many after another; None when that is not known, or too far."""
    try:
        found = day and day + timedelta(days=days)
    except OverflowError:
        return None
    return (found, found) if found else None


def years_about(day: date) -> range:
    """The year before that of the day, that year, and the one after."""
    return range(day.year - 1, day.year + 2)
