"""Read a text as the patterns see it: a sign for each token, and a gap before each sign."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from index.language.arabic import INVISIBLE
from index.language.clitics import strip_for_dates
from index.language.dates.signs import Gap, Sign
from index.language.dates.words import sign_of
from index.language.tokens import compared, tokens

# Longer tokens and gaps have no role in a date; skipping them keeps the caches small.
LONGEST_TOKEN = 24
LONGEST_GAP = 8


class Reading(NamedTuple):
    """A text and its signs. Token n is `text[slice(*places[n])]`.

    `signs` holds two characters for each token: `signs[2 * n]` is the gap before token n, `signs[2 * n + 1]` its sign.
    `values[n]` is the value of that sign.
    """

    text: str
    signs: str
    places: list[tuple[int, int]]
    values: list[int]

    @classmethod
    def of(cls, text: str) -> Reading:
        """Read every token. Linear in the length of the text."""
        signs: list[str] = []
        places, values = [], []
        before = 0
        for match in tokens(text):
            place = start, end = match.span()
            sign, value = sign_of(match.group()) if end - start <= LONGEST_TOKEN else _TOO_LONG
            if start == before and signs and sign in _SHORT_NUMBERS and text[start - 1].isascii():
                sign = Sign.OTHER_NUMBER  # B52
            signs.append(_gap(text[before:start]) if start - before <= LONGEST_GAP else Gap.END)
            signs.append(sign)
            places.append(place)
            values.append(value)
            before = end
        return cls(text, "".join(signs), places, values)

    def word(self, token: int) -> str:
        """Return the token, normalised for comparison; "" before the first and after the last."""
        return compared(self.text[slice(*self.places[token])]) if 0 <= token < len(self.places) else ""

    def one_of(self, token: int, words: frozenset[str]) -> bool:
        """Tell whether the token is one of these words, with or without attached letters."""
        word = self.word(token)
        return word in words or any(form in words for form in strip_for_dates(word))

    def gap_before(self, token: int) -> str:
        """Return the gap before the token; "" after the last."""
        return self.signs[2 * token:2 * token + 1]

    def sign_before(self, token: int) -> str:
        """Return the sign of the token before this one, if only a space stands between them; else ""."""
        return self.signs[2 * token - 1] if token and self.gap_before(token) == Gap.SPACE else ""

    def signs_between(self, first: int, end: int) -> str:
        """Return the signs and gaps of the tokens from `first` to before `end`; both may lie outside the text."""
        return self.signs[max(0, 2 * first):2 * end]

    def between(self, end: int, first: int) -> str:
        """Return the gaps and signs from behind one token to before another, both gaps included."""
        return self.signs[2 * end:2 * first + 1]


_TOO_LONG = Sign.OTHER_WORD, 0
_SHORT_NUMBERS = frozenset((Sign.UP_TO_31, Sign.FOUR_DIGITS))


@lru_cache(maxsize=1 << 12)
def _gap(between: str) -> Gap:
    """Name the characters between two tokens."""
    if "\n" in between or "\r" in between:
        return Gap.END
    visible = _UNSEEN.sub("", between)
    mark = visible.strip()
    if not mark:
        return Gap.SPACE
    if mark in _MARKS_WITH_SPACES:
        return (_TIGHT_MARKS if mark == visible else _MARKS_WITH_SPACES)[mark]
    return _OTHER_MARKS.get(mark, Gap.END)


_UNSEEN = re.compile(f"[{INVISIBLE}]")
_DASHES = ("-", "\u2010", "\u2011", "\u2013", "\u2014", "\u2212")
# These marks mean one thing without spaces around them and another with.
_TIGHT_MARKS = {".": Gap.POINT, ",": Gap.TIGHT_COMMA, ":": Gap.COLON, **dict.fromkeys(_DASHES, Gap.DASH)}
_MARKS_WITH_SPACES = {".": Gap.SPACED_POINT, ",": Gap.COMMA, ":": Gap.END, **dict.fromkeys(_DASHES, Gap.SPACED_DASH)}
_OTHER_MARKS = {
    "/": Gap.SLASH, "\\": Gap.SLASH, "،": Gap.COMMA, "٫": Gap.TIGHT_COMMA, "٬": Gap.TIGHT_COMMA,
    "(": Gap.OPENING_BRACKET, ")": Gap.CLOSING_BRACKET, "),": Gap.CLOSING_BRACKET, ")،": Gap.CLOSING_BRACKET}
