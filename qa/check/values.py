"""Hold the figures and the dates of a claim against those of the sentences cited for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import isclose

from index.language.dates import Mention
from index.language.units import PERCENT
from qa.check.statement import Figure, Statement
from qa.topics.counts import contradict

# A Hijri date may be off by a day, and so may "yesterday" in an article that was written the day before.
APPROXIMATE = timedelta(days=1)
_TEMPORAL = frozenset(("second", "day", "month"))


def same_figure(claimed: Figure, found: Figure) -> bool:
    """Tell whether a claimed figure is the one found, or agrees with it: "about 5,500" with 5,512."""
    if not same_unit(claimed, found):
        return False
    if isclose(claimed.written, found.written) if claimed.unit is None else isclose(claimed.value, found.value):
        return not _bounds_differ(claimed, found)
    if claimed.count is None or found.count is None or claimed.count.bound != "about":
        return False
    return contradict(claimed.count, found.count) is False


def same_unit(claimed: Figure, found: Figure) -> bool:
    """Tell whether two figures have the same unit, or the claimed one names none."""
    return claimed.unit is None or claimed.unit == found.unit


def _bounds_differ(claimed: Figure, found: Figure) -> bool:
    bounds = {each.count.bound for each in (claimed, found) if each.count}
    return bounds == {"at least", "at most"}


def share_of_values(claimed: Statement, found: Statement) -> float:
    """Return the share, 0..1, of the figures and dates of a claim that a statement has; 0 without any."""
    total = len(claimed.figures) + len(claimed.dates)
    same = sum(any(same_figure(mine, theirs) for theirs in found.figures) for mine in claimed.figures) + sum(
        any(bears_out(mine, theirs) for theirs in found.dates) for mine in claimed.dates)
    return same / total if total else 0.0


def counterpart(claimed: Figure, statements: Sequence[Statement], used: Sequence[Figure]) -> tuple[int, Figure] | None:
    """Return the figure that a statement has in place of a claimed one, and the statement's place; None without one.

    `used` are the figures that agree with a claimed one. One of the same unit that counts the same thing goes before
    one of the same value in another unit.
    """
    others = [(place, found) for place, statement in enumerate(statements) for found in statement.figures
              if found not in used]
    same_units = [(place, found) for place, found in others
                  if claimed.unit == found.unit and _counts_alike(claimed, found)]
    if same_units:
        return same_units[0]
    return next(((place, found) for place, found in others if isclose(claimed.written, found.written) or (
        found.unit in _TEMPORAL and claimed.unit in _TEMPORAL)), None)


def _counts_alike(claimed: Figure, found: Figure) -> bool:
    """Tell whether two figures with one unit count the same thing: the words around them tell, or the word behind."""
    if claimed.count is None or found.count is None:
        return claimed.count is None and found.count is None
    if claimed.count.fate != found.count.fate:
        return False
    is_share_of_something = claimed.unit == PERCENT
    return contradict(claimed.count, found.count) is not None or (
        not is_share_of_something and claimed.count.unit == found.count.unit)


def bears_out(claimed: Mention, found: Mention) -> bool:
    """Tell whether a date found is within the claimed one. An unknown year agrees with any."""
    if not claimed.days:
        return claimed.yearless is None or _same_day_of_year(claimed.yearless, found)
    if not found.days:
        return found.yearless is not None and _same_day_of_year(found.yearless, claimed)
    margin = APPROXIMATE if "hijri" in (claimed.expressed, found.expressed) else timedelta(0)
    return claimed.days[0] - margin <= found.days[0] and found.days[1] <= claimed.days[1] + margin


def _same_day_of_year(yearless: tuple[int, int], found: Mention) -> bool:
    month, day = yearless
    if found.yearless:
        return found.yearless[0] == month and day in (0, found.yearless[1])
    if not found.days or found.days[0].month != month:
        return False
    return day == 0 or found.days[0].day == found.days[1].day == day


def is_published_then(claimed: Mention, published: date | None) -> bool:
    """Tell whether an article that names no date was published within the claimed days, of a month or more."""
    if published is None or not claimed.days:
        return False
    return claimed.days[0] <= published <= claimed.days[1] and (claimed.days[1] - claimed.days[0]).days >= 27


def other_date(claimed: Mention, statements: Sequence[Statement]) -> tuple[int, Mention] | None:
    """Return a date as exact as the claimed one that a statement has instead, and its place; None if there is none."""
    length = claimed.days[1] - claimed.days[0] if claimed.days else timedelta.max
    return next(((place, found) for place, statement in enumerate(statements) for found in statement.dates
                 if found.days and found.days[1] - found.days[0] <= length), None)
