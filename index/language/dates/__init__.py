"""Find the dates that a text names, in Arabic or English, as days of the calendar.

How a date is found: each token of the text gets a `Sign` (`signs.py`) by looking up its word (`words.py`). Rules match
patterns of signs and work out the days. The rules live in one file per kind of date: `written_gregorian.py`,
`written_hijri.py`, `written_years.py`, `numeric.py` and `relative.py`. `find.py` runs them over a text, and `near.py`
over what stands around a place in it.
"""

from index.language.dates.find import find_dates
from index.language.dates.near import find_dates_near
from index.language.dates.types import Mention

__all__ = ["Mention", "find_dates", "find_dates_near"]
