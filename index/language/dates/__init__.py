"""The dates that a text names, Arabic or English, as days of the calendar."""

from index.language.dates.find import find_dates
from index.language.dates.types import Mention

__all__ = ["Mention", "find_dates"]
