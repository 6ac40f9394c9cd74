"""A text as the patterns of dates see it: a sign for each token, behind one for what parts it from the one before."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from index.language.arabic import INVISIBLE
from index.language.clitics import strip_for_dates
from index.language.dates.days import Days
from index.language.dates.types import Expressed, Mention
from index.language.dates.words import reading
from index.language.tokens import compared, tokens

# What is longer has no meaning here and is not worth a place among what is remembered.
LONGEST_TOKEN = 24
LONGEST_GAP = 8


class Signs(NamedTuple):
    """Token n, at `text[slice(*places[n])]`, is the letter `signs[2 * n + 1]` of `index/language/dates/words.py`;
    `signs[2 * n]` says what parts it from the one before, as `_gap` has it."""

    text: str
    signs: str
    places: list[tuple[int, int]]
    values: list[int]

    @classmethod
    def of(cls, text: str) -> Signs:
        """Read every token; linear in the length of the text."""
        signs: list[str] = []
        places, values = [], []
        before = 0
        for match in tokens(text):
            place = start, end = match.span()
            code, value = reading(match.group()) if end - start <= LONGEST_TOKEN else (".", 0)
            if start == before and signs and code in "9Y" and text[start - 1].isascii():
                code = "x"  # B52
            signs.append(_gap(text[before:start]) if start - before <= LONGEST_GAP else "|")
            signs.append(code)
            places.append(place)
            values.append(value)
            before = end
        return cls(text, "".join(signs), places, values)

    def word(self, token: int) -> str:
        """The token as it is compared; nothing before the first and after the last."""
        return compared(self.text[slice(*self.places[token])]) if 0 <= token < len(self.places) else ""

    def one_of(self, token: int, words: frozenset[str]) -> bool:
        """Whether the token is one of these words, with or without attached letters."""
        word = self.word(token)
        return word in words or any(form in words for form in strip_for_dates(word))

    def code_before(self, token: int) -> str:
        """The letter of the token before, when nothing but a space parts the two."""
        return self.signs[2 * token - 1] if token and self.signs[2 * token] == " " else ""


class Found(NamedTuple):
    """A mention, the tokens from `first` to before `end` that it covers, and, while it has no year, its days in any."""

    first: int
    end: int
    mention: Mention
    days_in: Callable[[int], Days | None] | None = None


class Match(NamedTuple):
    """What a pattern matched; its named groups are whole tokens. A group that the pattern lacks is as one that is
    empty."""

    read: Signs
    groups: dict[str, str]
    match: re.Match[str]

    def span(self, group: str = "") -> tuple[int, int]:
        """The first token of a group, or of the whole, and the one after the last."""
        return self.match.start(group or 0) // 2, self.match.end(group or 0) // 2

    def codes(self, group: str) -> str:
        """The signs of a group."""
        return self.groups.get(group) or ""

    def value(self, group: str) -> int:
        """The value of the first token of a group."""
        return self.read.values[self.match.start(group) // 2]

    def words(self, group: str) -> list[str]:
        """The tokens of a group as they are compared."""
        return [self.read.word(token) for token in range(*self.span(group))]

    def found(self, days: Days | None, expressed: Expressed, *, group: str = "", approximate: bool = False,
              inferred: bool = False, yearless: tuple[int, int] | None = None,
              days_in: Callable[[int], Days | None] | None = None) -> Found:
        """The mention of a group, or of the whole, that means these days; that of the group `again` or `last` has what
        is behind it as well."""
        first, end = self.span(group)
        if group in ("again", "last"):
            end = self.span()[1]
        place = self.read.places[first][0], self.read.places[end - 1][1]
        first_day, last_day = days or (None, None)
        mention = Mention(*place, first_day, last_day, expressed, approximate, inferred, yearless)
        return Found(first, end, mention, days_in)


@lru_cache(maxsize=1 << 12)
def _gap(between: str) -> str:
    """The sign for what stands between two tokens: a space also for nothing; | for what ends a date.

    . ; : and - are the marks . , : and - without spaces; with them they are ! , | and =.
    """
    if "\n" in between or "\r" in between:
        return "|"
    visible = _UNSEEN.sub("", between)
    mark = visible.strip()
    if not mark:
        return " "
    tight = mark == visible
    if mark in _TIGHT_OR_NOT:
        return _TIGHT_OR_NOT[mark][0 if tight else 1]
    return _MARKS.get(mark, "|")


_UNSEEN = re.compile(f"[{INVISIBLE}]")
_TIGHT_OR_NOT = {".": ".!", ",": ";,", ":": ":|",
                 **dict.fromkeys(("-", "\u2010", "\u2011", "\u2013", "\u2014", "\u2212"), "-=")}
_MARKS = {"/": "/", "\\": "/", "،": ",", "(": "(", ")": ")", "),": ")", ")،": ")", "٫": ";", "٬": ";"}
