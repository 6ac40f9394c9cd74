"""Find the dates at a place in a text, reading only what stands around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from index.language.dates.find import find_dates
from index.language.dates.types import Mention

# Characters that are read on either side of a place; and before it, for the year that an undated article gave last.
READ_AROUND, READ_FOR_YEAR = 400, 2000


def find_dates_near(text: str, start: int, end: int, published: date | None = None) -> list[Mention]:
    """Return the dates that overlap `text[start:end]`, as `find_dates` finds them, with offsets into `text`.

    The time depends on the length of the place, not on that of the text. The dates are those of the whole text, since
    dates are shorter than `READ_AROUND`, except that without `published` a missing year is that of a date at most
    `READ_FOR_YEAR` characters before.
    """
    low = max(0, start - (READ_FOR_YEAR if published is None else READ_AROUND))
    if low:
        line_end = text.find("\n", low, start)
        space = text.find(" ", low, start)
        low = next((place + 1 for place in (line_end, space) if place >= 0), low)
    found = find_dates(text[low:end + READ_AROUND], published)
    return [replace(mention, start=mention.start + low, end=mention.end + low) for mention in found
            if mention.start + low < end and start < mention.end + low]
