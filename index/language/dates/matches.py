"""Rules that find dates: a pattern of signs, and the meaning of what it matches."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from index.language.dates.days import COMING, CURRENT, PAST, Days
from index.language.dates.patterns import sequence
from index.language.dates.reading import Reading
from index.language.dates.signs import Sign
from index.language.dates.types import Expressed, Mention


class Found(NamedTuple):
    """A mention and its tokens, from `first` to before `end`.

    `days_in` works out the days in a given year, for a mention whose year is not known yet; `days_after` those that
    come some time after a day that the sentence names before.
    """

    first: int
    end: int
    mention: Mention
    days_in: Callable[[int], Days | None] | None = None
    days_after: Callable[[date], Days | None] | None = None


class Match(NamedTuple):
    """Part of a reading that a pattern matched. Its named groups are whole tokens.

    A group that the pattern does not have counts as one that matched nothing.
    """

    read: Reading
    match: re.Match[str]

    def span(self, group: str = "") -> tuple[int, int]:
        """Return the first token of a group and the one after its last; of the whole match without a name."""
        return self.match.start(group or 0) // 2, self.match.end(group or 0) // 2

    def signs(self, group: str) -> str:
        """Return the signs of a group and the gaps between them; "" if it matched nothing."""
        return (self.match[group] or "") if group in self.match.re.groupindex else ""

    def value(self, group: str) -> int:
        """Return the value of the first token of a group that matched."""
        return self.read.values[self.match.start(group) // 2]

    def value_if_any(self, group: str) -> int | None:
        """Return the value of the first token of a group; None if the group matched nothing."""
        return self.value(group) if self.signs(group) else None

    def words(self, group: str) -> list[str]:
        """Return the tokens of a group, normalised for comparison."""
        return [self.read.word(token) for token in range(*self.span(group))]

    def direction(self, *groups: str) -> int | None:
        """Return PAST, COMING or CURRENT as the first group that matched says; None if it says none of them."""
        signs = next(filter(None, map(self.signs, groups)), "")
        return next((direction for sign, direction in _DIRECTIONS if sign in signs), None)

    def found(self, days: Days | None, expressed: Expressed, *, group: str = "", to_end: bool = False,
              approximate: bool = False, inferred: bool = False, yearless: tuple[int, int] | None = None,
              days_in: Callable[[int], Days | None] | None = None,
              days_after: Callable[[date], Days | None] | None = None) -> Found:
        """Report a mention of these days at the place of a group, or of the whole match.

        With `to_end`, the mention goes on from the group to the end of the match.
        """
        first, end = self.span(group)
        if to_end:
            end = self.span()[1]
        place = self.read.places[first][0], self.read.places[end - 1][1]
        first_day, last_day = days or (None, None)
        mention = Mention(*place, first_day, last_day, expressed, approximate, inferred, yearless)
        return Found(first, end, mention, days_in, days_after)


_DIRECTIONS = ((Sign.PAST, PAST), (Sign.COMING, COMING), (Sign.CURRENT, CURRENT), (Sign.THIS, CURRENT),
               (Sign.BOTH_PAST, PAST), (Sign.BOTH_COMING, COMING))

Meaning = Callable[[Match, date | None], Iterable[Found]]
"""Work out the mentions of a match, given the day of publication; none if the match is no date after all."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern and its meaning. A text without any of the signs in `needs` cannot match and is skipped."""

    needs: frozenset[str]
    pattern: re.Pattern[str]
    meaning: Meaning


def rule(meaning: Meaning, *parts: str, needs: Iterable[Sign]) -> Rule:
    """Make a rule of the parts in sequence."""
    return Rule(frozenset(sign.value for sign in needs), re.compile(sequence(*parts)), meaning)
