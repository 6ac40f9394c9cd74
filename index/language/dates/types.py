"""What is found: a date at its place in the text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from index.language.dates.days import Days

Expressed = Literal["gregorian", "hijri", "relative"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A date at `text[start:end]`, offsets in code points: the days from `first` to `last`, both of them included.

    `first` and `last` are None where the text does not say enough: a day without its year, "yesterday" in a text
    without a day of publication, a Hijri year outside the tables. `yearless` is the month and the day (0: the whole
    month) of a Gregorian date written without its year.
    `approximate`: a Hijri day may be the one before or after; "early May", "two weeks ago", "last week" are about then.
    `inferred`: the year, or the week of a weekday, is not written: it is the nearest to the publication (what is to
    come counting as twice as far), or the one named beside it or before it.
    """

    start: int
    end: int
    first: date | None
    last: date | None
    expressed: Expressed
    approximate: bool = False
    inferred: bool = False
    yearless: tuple[int, int] | None = None

    @property
    def days(self) -> Days | None:
        """First and last day, or None when they are not known."""
        return None if self.first is None or self.last is None else (self.first, self.last)
