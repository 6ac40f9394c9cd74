"""Finds the dates of a text: reads its tokens as signs, matches the patterns, and gives years to what has none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from index.language.dates import relative, written
from index.language.dates.days import PAST, nearest, years_about
from index.language.dates.signs import Found, Match, Signs
from index.language.dates.types import Mention
from index.language.tokens import compared

# What a date without a year may be joined to: "من 3 مارس إلى 5 أبريل 2022".
_JOINED = re.compile(r"[ ,=/-]|[ ,][tB&] ")
# What has lasted since then has begun.
_SINCE = frozenset(map(compared, ("منذ", "ومنذ", "since")))
# Longer and more certain patterns first: a token belongs to the first that takes it.
_PATTERNS = tuple((frozenset(needed), re.compile(pattern), meaning)
                  for needed, pattern, meaning in (*written.PATTERNS, *relative.PATTERNS))


def find_dates(text: str, published: date | None = None) -> list[Mention]:
    """The dates that `text` names, in order, none within another; `published` is the day that "today" is.

    A day or month without its year gets that of the date it is joined to (من 3 مارس إلى 5 أبريل 2022), else the one
    that makes it nearest to `published`, the past before the future, else that of the last date before it. A number is
    a year only behind a word that says so, or as part of a date. Linear in the length of the text.
    """
    read = Signs.of(text)
    present = set(read.signs)
    found: list[Found] = []
    taken = bytearray(len(read.places))
    for needed, pattern, meaning in _PATTERNS:
        if needed.isdisjoint(present):
            continue
        for match in pattern.finditer(read.signs):
            first, end = match.start() // 2, match.end() // 2
            if any(taken[first:end]):
                continue
            if meant := list(meaning(Match(read, match.groupdict(), match), published)):
                found += meant
                taken[first:end] = b"\1" * (end - first)
    found.sort(key=lambda each: each.first)
    return _with_years(read, found, published)


def _with_years(read: Signs, found: Sequence[Found], published: date | None) -> list[Mention]:
    """The mentions, those without a year given the one that is meant."""
    mentions: list[Mention] = []
    year_before: int | None = None
    for place, (first, end, mention, days_in) in enumerate(found):
        days = None
        if days_in is not None:
            following = found[place + 1] if place + 1 < len(found) else None
            if following and following.mention.first and following.mention.expressed == "gregorian" \
                    and _JOINED.fullmatch(read.signs, 2 * end, 2 * following.first + 1):
                later = following.mention.first
                days = nearest((days_in(later.year - 1), days_in(later.year)), later, PAST)
            if days is None and published is not None:
                begun = read.word(first - 1) in _SINCE
                days = nearest((days for year in years_about(published) if (days := days_in(year))
                                and not (begun and days[0] > published)), published)
            if days is None and year_before is not None:
                days = days_in(year_before)
        elif mention.first and mention.expressed == "gregorian":
            year_before = mention.first.year
        mentions.append(replace(mention, first=days[0], last=days[1], inferred=True) if days else mention)
    return mentions
