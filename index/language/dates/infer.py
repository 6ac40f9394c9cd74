"""Infer what dates do not say from those before and beside them: a missing year, the day that others count from.

A sentence that begins with another time ("في مارس 2015، …") tells of that time: what counts from today in it, such as
"last month", has no days.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from index.language.dates.days import PAST, Days, nearest, years_about
from index.language.dates.matches import Found
from index.language.dates.patterns import one_of, sequence
from index.language.dates.reading import Reading
from index.language.dates.signs import Gap, Sign
from index.language.dates.types import Mention
from index.language.function_words import COMPARING
from index.language.tokens import compared

# What may join a date without a year to the next date: من 3 مارس إلى 5 أبريل 2022.
_JOINED = re.compile(one_of(
    one_of(Gap.SPACE, Gap.COMMA, Gap.DASH, Gap.SPACED_DASH, Gap.SLASH),
    sequence(one_of(Gap.SPACE, Gap.COMMA), one_of(Sign.TO, Sign.UNTIL, Sign.AND), Gap.SPACE)))
# After these words, a date cannot be later than the publication.
_SINCE = frozenset(map(compared, ("منذ", "ومنذ", "since")))
_SENTENCE_END = re.compile(r"[.!?؟…۔](?=\s)|[\n\r]")
# Another time is at least this far from the publication; a year that begins a sentence stands within so many words.
_OTHER_TIME = timedelta(days=366)
_OPENS_WITHIN_CHARS, _FRAME_REACHES_CHARS = 24, 300
# A quotation in a sentence that names another time may be of that time.
_OPENING_QUOTE = re.compile('["“«]')
# What follows these is compared with the other time, and is of today.
_COMPARED = COMPARING


class _Frame:
    """The other time that the sentence so far tells of, if any."""

    def __init__(self, read: Reading, published: date | None) -> None:
        self._read, self._published = read, published
        self._sentence_start = self._read_to = 0
        self._named: Mention | None = None
        self._is_opening = False

    def at(self, place: int) -> Mention | None:
        """Return the date of the other time that holds at a place; None if none does."""
        self._go_to(place)
        named = self._named
        if named is None or place - named.end > _FRAME_REACHES_CHARS:
            return None
        between = self._read.text[named.end:place]
        if not self._is_opening and not _OPENING_QUOTE.search(between):
            return None
        return None if any(compared(word) in _COMPARED for word in between.split()) else named

    def named_before(self, place: int) -> Mention | None:
        """Return the date of another time that the sentence names before a place."""
        self._go_to(place)
        near = self._named is not None and place - self._named.end <= _FRAME_REACHES_CHARS
        return self._named if near else None

    def name(self, mention: Mention) -> None:
        """Take note of a date; places that are asked for later lie behind it."""
        self._go_to(mention.start)
        if self._published is None or mention.first is None or mention.last is None or mention.inferred \
                or mention.expressed == "relative":
            return
        if min(abs(mention.first - self._published), abs(mention.last - self._published)) >= _OTHER_TIME:
            self._is_opening = mention.start - self._sentence_start <= _OPENS_WITHIN_CHARS
            self._named = mention
        else:
            self._named = None

    def _go_to(self, place: int) -> None:
        for end in _SENTENCE_END.finditer(self._read.text, self._read_to, place):
            self._sentence_start, self._named = end.end(), None
        self._read_to = max(self._read_to, place)


def mentions_of(read: Reading, found: Sequence[Found], published: date | None) -> list[Mention]:
    """Return the mentions in order, with what they do not say inferred; those that count from nothing are left out."""
    mentions: list[Mention] = []
    year_before: int | None = None
    frame = _Frame(read, published)
    for place, each in enumerate(found):
        mention = each.mention
        if each.days_after is not None:
            days = _days_after(read, each, mentions)
            if days is None:
                continue
            mention = replace(mention, first=days[0], last=days[1], inferred=True)
        elif each.days_in is not None:
            mention = _with_year(read, found, place, published, year_before, frame)
        elif mention.expressed == "relative" and mention.days and frame.at(mention.start):
            mention = replace(mention, first=None, last=None, inferred=False)
        elif mention.first and mention.expressed == "gregorian":
            year_before = mention.first.year
        frame.name(mention)
        mentions.append(mention)
    return mentions


def _with_year(read: Reading, found: Sequence[Found], place: int, published: date | None, year_before: int | None,
               frame: _Frame) -> Mention:
    """Return a mention with the year of the date that it is joined to, or of the publication, or of the date before."""
    each = found[place]
    mention, days_in = each.mention, each.days_in
    if days_in is None:
        return mention
    days: Days | None = None
    if joined := _joined_day(read, found, place):
        days = nearest((days_in(joined.year - 1), days_in(joined.year)), joined, PAST)
    if days is None and published is not None:
        if other := frame.named_before(mention.start):
            year = other.first.year if other.first and frame.at(mention.start) else None
            days = None if year is None else days_in(year)
            return replace(mention, first=days[0], last=days[1], inferred=True, approximate=True) if days else mention
        begun = read.word(each.first - 1) in _SINCE
        days = nearest((days for year in years_about(published) if (days := days_in(year))
                        and not (begun and days[0] > published)), published)
    if days is None and year_before is not None:
        days = days_in(year_before)
    return replace(mention, first=days[0], last=days[1], inferred=True) if days else mention


def _joined_day(read: Reading, found: Sequence[Found], place: int) -> date | None:
    """Return the first day of the next date, if it has one and is joined to the date at `place`."""
    if place + 1 == len(found):
        return None
    following = found[place + 1]
    if not following.mention.first or following.mention.expressed != "gregorian":
        return None
    return following.mention.first if _JOINED.fullmatch(read.between(found[place].end, following.first)) else None


def _days_after(read: Reading, each: Found, before: Sequence[Mention]) -> Days | None:
    """Return the days that come so long after the day that the sentence names last before them; None without one."""
    if each.days_after is None or not before:
        return None
    last = before[-1]
    if last.first is None or last.first != last.last or each.mention.start - last.end > _FRAME_REACHES_CHARS \
            or _SENTENCE_END.search(read.text, last.end, each.mention.start):
        return None
    return each.days_after(last.first)
