"""What the finder returns: a date at its place in the text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from index.language.dates.days import Days

Expressed = Literal["gregorian", "hijri", "relative"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A date named at `text[start:end]`, offsets in code points; its days run from `first` to `last`, both included.

    `first` and `last` are None where the text does not say enough: a day without its year, "yesterday" in a text
    without a day of publication, a Hijri year outside the tables.
    `yearless` is the month and the day (0 for the whole month) of a Gregorian date written without its year.
    `approximate` marks days that may be off: a Hijri date by one day; "early May", "two weeks ago" and "last week" by
    more.
    `inferred` marks a year, or the week of a weekday, that the mention does not give: it comes from the day of
    publication (future days count as twice as far), or from a date beside or before the mention.
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
        """Return the first and last day; None if they are not known."""
        return None if self.first is None or self.last is None else (self.first, self.last)
