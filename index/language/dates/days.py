"""Compute with stretches of days: months, weeks and years, and which of several is nearest to a day."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

Days = tuple[date, date]
"""First and last day, both included."""

PAST, CURRENT, COMING = -1, 0, 1


def day_of(year: int, month: int, day: int) -> Days | None:
    """Return that day; None if the calendar does not have it."""
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found, found


def month_of(year: int, month: int) -> Days | None:
    """Return that month; None for a year that `date` cannot hold."""
    try:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    except ValueError:
        return None


def year_of(year: int) -> Days | None:
    """Return that year; None if `date` cannot hold it."""
    return (date(year, 1, 1), date(year, 12, 31)) if 1 <= year <= 9999 else None


def week_of(day: date) -> Days:
    """Return the week that contains the day, Monday to Sunday (ISO 8601)."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def shifted_day(day: date | None, days: int) -> Days | None:
    """Return the day that comes `days` after another; None if that is unknown or beyond what `date` can hold."""
    try:
        found = day and day + timedelta(days=days)
    except OverflowError:
        return None
    return (found, found) if found else None


def shifted_month(day: date, months: int) -> Days | None:
    """Return the month that comes `months` after that of the day."""
    number = 12 * day.year + day.month - 1 + months
    return month_of(number // 12, number % 12 + 1)


def years_about(day: date) -> range:
    """Return the year of the day with the year before and the year after."""
    return range(day.year - 1, day.year + 2)


def third_of(days: Days, third: int) -> Days:
    """Return the first (0), second (1) or last (2) third of a month or year; a week stays whole.

    A third of a month is ten days, the last one the rest; of a year, four months.
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
    """Return the stretch nearest to the day; with PAST only one that ends before it, with COMING one that begins after.

    CURRENT excludes nothing. Future stretches count as twice as far, because news looks back further than ahead.
    """
    found = [days for days in candidates if days is not None]
    if direction == PAST:
        found = [days for days in found if days[1] < day]
    elif direction == COMING:
        found = [days for days in found if days[0] > day]
    return min(found, key=lambda days: _distance(days, day), default=None)


def _distance(days: Days, day: date) -> tuple[int, date]:
    return max(2 * (days[0] - day).days, (day - days[1]).days, 0), days[0]
