"""Find the dates of a text: read its tokens as signs, apply the rules, and infer the years that are missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from index.language.dates import numeric, relative, written_gregorian, written_hijri, written_years
from index.language.dates.days import PAST, nearest, years_about
from index.language.dates.matches import Found, Match
from index.language.dates.patterns import one_of, sequence
from index.language.dates.reading import Reading
from index.language.dates.signs import Gap, Sign
from index.language.dates.types import Mention
from index.language.tokens import compared

# The longer and more certain rules come first: a token belongs to the first rule that takes it.
_RULES = (*numeric.RULES, *written_gregorian.DAY_RULES, *written_hijri.RULES, *written_gregorian.MONTH_RULES,
          *written_years.RULES, *relative.RULES)
# What may join a date without a year to the next date: من 3 مارس إلى 5 أبريل 2022.
_JOINED = re.compile(one_of(
    one_of(Gap.SPACE, Gap.COMMA, Gap.DASH, Gap.SPACED_DASH, Gap.SLASH),
    sequence(one_of(Gap.SPACE, Gap.COMMA), one_of(Sign.TO, Sign.UNTIL, Sign.AND), Gap.SPACE)))
# After these words, a date cannot be later than the publication.
_SINCE = frozenset(map(compared, ("منذ", "ومنذ", "since")))


def find_dates(text: str, published: date | None = None) -> list[Mention]:
    """Return the dates that `text` names, in order, without overlaps; "today" is the day `published`.

    A day or month without its year takes the year of the date it is joined to (من 3 مارس إلى 5 أبريل 2022). Otherwise
    it takes the year that brings it nearest to `published`, preferring the past; without `published`, the year of the
    date before it. A number is a year only after a word that says so, or as part of a date. Linear in the length of
    the text.
    """
    read = Reading.of(text)
    present = set(read.signs)
    found: list[Found] = []
    taken = bytearray(len(read.places))
    for rule in _RULES:
        if rule.needs.isdisjoint(present):
            continue
        for each in rule.pattern.finditer(read.signs):
            first, end = each.start() // 2, each.end() // 2  # as `Match.span`, which takes longer
            if any(taken[first:end]):
                continue
            if mentions := list(rule.meaning(Match(read, each), published)):
                found += mentions
                taken[first:end] = b"\1" * (end - first)
    found.sort(key=lambda each: each.first)
    return _with_years(read, found, published)


def _with_years(read: Reading, found: Sequence[Found], published: date | None) -> list[Mention]:
    """Return the mentions, with the missing years inferred."""
    mentions: list[Mention] = []
    year_before: int | None = None
    for place, (first, _, mention, days_in) in enumerate(found):
        days = None
        if days_in is not None:
            if joined := _joined_day(read, found, place):
                days = nearest((days_in(joined.year - 1), days_in(joined.year)), joined, PAST)
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


def _joined_day(read: Reading, found: Sequence[Found], place: int) -> date | None:
    """Return the first day of the next date, if it has one and is joined to the date at `place`."""
    if place + 1 == len(found):
        return None
    following = found[place + 1]
    if not following.mention.first or following.mention.expressed != "gregorian":
        return None
    return following.mention.first if _JOINED.fullmatch(read.between(found[place].end, following.first)) else None
