"""The dates that a text names, Arabic or English, as days of the calendar."""

from index.dates.find import find_dates
from index.dates.types import Mention

__all__ = ["Mention", "find_dates"]
