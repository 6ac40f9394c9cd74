"""Convert Hijri dates to days of the Gregorian calendar, by the tables of Umm al-Qura that `hijridate` holds."""

from __future__ import annotations

from datetime import date, timedelta

from hijridate import Gregorian, Hijri

# Months that begin when the moon is seen may begin a day before or after those of the tables.
MARGIN = timedelta(days=1)
YEARS = range(1343, 1501)
"""The years that the tables hold."""
_MONTHS = 12


def days_of(year: int, month: int = 0, day: int = 0) -> tuple[date, date] | None:
    """Return the first and last day of a Hijri year, of one of its months, or of one day.

    None for a year outside the tables (1343 to 1500), and for a day that the month does not have.
    """
    try:
        first = Hijri(year, month or 1, day or 1)
        last = first if day else _last_day(year, month or _MONTHS)
    except (ValueError, OverflowError):
        return None
    return _gregorian(first), _gregorian(last)


def year_of(day: date) -> int | None:
    """Return the Hijri year that contains the day; None outside the tables."""
    try:
        return Gregorian.fromdate(day).to_hijri().year
    except OverflowError:
        return None


def within_gregorian(year: int, month: int, day: int = 0) -> tuple[date, date] | None:
    """Return the first and last day of the Hijri month `month` that begins in the Gregorian year `year`.

    With `day`, return that day of the month, twice. If the month begins twice in the year, the first one counts. Return
    None if the tables do not cover the year.
    """
    begins = year_of(date(year, 1, 1)) if 1 <= year <= 9999 else None
    if begins is None:
        return None
    return next((days for hijri_year in (begins, begins + 1)
                 if (days := days_of(hijri_year, month, day)) and days[0].year == year), None)


def _last_day(year: int, month: int) -> Hijri:
    return Hijri(year, month, Hijri(year, month, 1).month_length())


def _gregorian(hijri: Hijri) -> date:
    day = hijri.to_gregorian()
    return date(day.year, day.month, day.day)
