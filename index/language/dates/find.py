"""Find the dates of a text: read its tokens as signs, apply the rules, and infer the years that are missing."""

from __future__ import annotations

from datetime import date

from index.language.dates import (
    centuries,
    counted,
    feasts,
    numeric,
    periods,
    relative,
    stretches,
    weekends,
    written_gregorian,
    written_hijri,
    written_years,
)
from index.language.dates.infer import mentions_of
from index.language.dates.matches import Found, Match
from index.language.dates.reading import Reading
from index.language.dates.types import Mention

# The longer and more certain rules come first: a token belongs to the first rule that takes it.
_RULES = (*numeric.RULES, *feasts.RULES, *periods.RULES, *stretches.RULES, *centuries.RULES, *weekends.RULES,
          *written_gregorian.DAY_RULES, *written_hijri.RULES,
          *written_gregorian.MONTH_RULES, *written_years.RULES, *relative.RULES, *counted.RULES, *periods.LAST_RULES)


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
    return mentions_of(read, found, published)
