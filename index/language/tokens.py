"""Split a text into words and numbers with their offsets, from which dates and numbers are read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from index.language.arabic import INVISIBLE, normalise

# A letter and the letters and marks after it, or a run of digits. Letters and digits are separate tokens even without
# a space: و5, 2022م, 1443هـ.
_MARKS = INVISIBLE + "\u0300-\u036f"
_TOKEN = re.compile(rf"[^\W\d_]++(?:[{_MARKS}]++[^\W\d_]*+)*+|\d++")
# A longer run of digits is no day, year or amount.
MAX_DIGITS = 12


def tokens(text: str) -> Iterator[re.Match[str]]:
    """Yield every word and every run of digits in order, as matches in `text`. Linear in the length of the text."""
    return _TOKEN.finditer(text)


@lru_cache(maxsize=1 << 15)
def compared(token: str) -> str:
    """Normalise a token for comparison."""
    return normalise(token)


def compared_words(words: str) -> frozenset[str]:
    """Split words at spaces and normalise each for comparison."""
    return frozenset(map(compared, words.split()))


def digits_value(token: str) -> int | None:
    """Return the value of digits in any script; None for a word or for more than `MAX_DIGITS` digits."""
    return int(token) if token.isdecimal() and len(token) <= MAX_DIGITS else None
