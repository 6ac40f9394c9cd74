"""Give figures one form however they are written, and keep apart those that differ: 12.5 and 125, 10:30 and 1030."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from index.language.clitics import ATTACHED_TO_NUMBERS, ends_in_article
from index.language.numbers import SCALES_AND_HUNDRED, starts_number
from index.language.quantities import figure_value

# Digits with separators inside. An Arabic comma only groups thousands, since lists are written with it; a dash, colon
# or slash of scores, times and ratios may have spaces around it.
FIGURE = r"\d+(?:(?:[.,٫٬:/‐‑–−-]|،(?=\d{3}(?!\d)))\d+|(?<!\d{3}) ?[-–:/] ?(?=\d{1,2}(?![\d.,٫])(?! ?[%]))\d+)*"
_SEPARATED = re.compile(r" ?([^\d ]) ?")
_DASHES = str.maketrans("‐‑–−٫", "----.")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_TIME = re.compile(r"0?(\d{1,2}):(\d\d)")
_SCORE = re.compile(r"(\d{1,2}):(\d)")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3}){2,}")
_PHONE_DIGITS = 7


@lru_cache(maxsize=1 << 14)
def figure_form(written: str) -> str:
    """Return one form for a normalised figure: the value of an amount, and the parts of a date, time, score or ratio.

    2018-05-02 and 2/5/2018 are the same, 09:30 and 9:30, 10–2 and 10-2 and 10:2, and a telephone number with and
    without dashes. 22/54 and 2254 are not.
    """
    figure = _SEPARATED.sub(r"\1", written).translate(_DASHES)
    if date := _YEAR_LAST.fullmatch(figure):
        return f"{int(date[1])}/{int(date[3])}/{date[4]}"
    if date := _YEAR_FIRST.fullmatch(figure):
        return f"{int(date[4])}/{int(date[3])}/{date[1]}"
    if time := _TIME.fullmatch(figure):
        return f"{time[1]}:{time[2]}"
    if score := _SCORE.fullmatch(figure):
        return f"{score[1]}-{score[2]}"
    value = figure_value(figure)
    if value is not None:
        return value_form(value)
    digits = re.sub(r"\D", "", figure)
    is_phone = figure[0] == "0" and len(digits) >= _PHONE_DIGITS and "/" not in figure
    return digits if is_phone or _THOUSANDS.fullmatch(figure) else figure


def value_form(value: Fraction) -> str:
    """Return the form of an amount: 12, and 25÷2 for 12.5, which no ratio is written as."""
    return str(value).replace("/", "÷")


@lru_cache(maxsize=1 << 15)
def number_prefix(word: str, letters: str = "") -> int:
    """Return how many letters are attached in front of a number in words: 1 for بعشرين, 2 for العشرين, 0 for عشرين.

    With `letters`, only these count.
    """
    if starts_number(word) and not letters:
        return 0
    for prefix in (letters,) if letters else ATTACHED_TO_NUMBERS:
        rest = word[len(prefix):]
        if word.startswith(prefix) and len(rest) > 2 and starts_number(rest) and not (
                ends_in_article(prefix) and rest in SCALES_AND_HUNDRED):
            return len(prefix)
    return 0
