"""The words and numbers of a text, with their places in it: what dates and numbers are read from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from index.language.arabic import INVISIBLE, normalise

# A letter and the letters and marks after it, or a run of digits. Letters and digits part even where nothing stands
# between them: و5, 2022م, 1443هـ.
_MARKS = INVISIBLE + "\u0300-\u036f"
_TOKEN = re.compile(rf"[^\W\d_]++(?:[{_MARKS}]++[^\W\d_]*+)*+|\d++")
# Longer runs are no numbers that mean a day, a year or a sum.
MAX_DIGITS = 12


def tokens(text: str) -> Iterator[re.Match[str]]:
    """Every word and every run of digits, in order; `match.span()` is its place. Linear in the length of the text."""
    return _TOKEN.finditer(text)


@lru_cache(maxsize=1 << 15)
def compared(token: str) -> str:
    """The token as it is compared: normalised."""
    return normalise(token)


def compared_words(words: str) -> frozenset[str]:
    """Words, parted by spaces, as they are compared."""
    return frozenset(map(compared, words.split()))


def digits_value(token: str) -> int | None:
    """The value of a token of digits of any script; None for a word or for more than `MAX_DIGITS` digits."""
    return int(token) if token.isdecimal() and len(token) <= MAX_DIGITS else None
