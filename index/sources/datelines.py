"""Find the date of publication in the text of a file that does not declare one: a line that is a date, or a dateline.

Only what a reader would take for the date is read: a line near the beginning or the end that is a date with its year
and nothing more ("نُشر في 5 مايو 2018"; "بيروت، 5 مايو 2018"), or a dateline in front of the first paragraph ("LONDON,
May 5, 2018 (Reuters) -"). If the text has several such lines of different days, none is taken. The day on which a file
was made is no date of publication, but it tells the year of a dateline that agrees with it.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from index.language.dates import find_dates
from index.language.function_words import NOT_IN_NAMES_OF_PLACES
from index.language.tokens import compared_words
from index.sources.instants import DIGITS_ALONE, MAX_CHARS, iso_instant
from index.sources.written_days import ASCII_DIGITS, is_nothing_but_a_date

DATE_LINE = "published_from"
"""Key of `metadata` with the line that gave the date of publication."""
MAX_LINES_BEFORE, MAX_LINES_BEHIND = 6, 3  # non-blank lines at either end in which a date line may stand
MAX_DATE_LINES = 50  # a chronology has more
# A place, an agency and a dash around the date in front of a first paragraph.
_DATELINE = re.compile(
    r"^(?P<place>[^\d،,:؛;.–—()\-]{2,40})(?:\([^()\d]{2,40}\))?\s*[،,]?\s*(?P<date>[^()–—]{3,40}?)\s*"
    r"(?:\([^()\d]{2,40}\)|/[^/\d]{2,30}/)?\s*(?:[–—]|-{1,2})\s")
_PLACE_AND_DATE = re.compile(r"^(?P<place>[^\d،,:؛;.–—()\-]{2,40})[،,]?\s*(?P<date>\S.{5,40})$")
_MAX_WORDS_OF_DATE = 3  # in front of its first figure: "الاثنين", "في"; "Monday, May"
_MAX_WORDS_OF_PLACE = 3
# A file may be made two days behind the day of its text, and a day ahead of it.
_BEHIND, _AHEAD = timedelta(days=2), timedelta(days=1)


def with_date_of_text(fields: dict[str, Any], text: str, *, made: str = "") -> dict[str, Any]:
    """Return the fields with the date of publication that the text gives; unchanged if they have one or it gives none.

    A line that is nothing but a date and does not say for certain which day it is becomes the date as written.
    `made` is the day on which the file was made, in ISO 8601, or "".
    """
    if fields.get("published"):
        return fields
    found, line = _date_in(text, made)
    if not found:
        return {**fields, "published": line} if line else fields
    return {**fields, "published": found, DATE_LINE: line[:MAX_CHARS]}


def date_of_line(line: str) -> str:
    """Return the date, in ISO 8601, of a line that is a date of publication and nothing more; else ""."""
    line = line.strip()
    if not 6 <= len(line) <= MAX_CHARS or DIGITS_ALONE.fullmatch(line.translate(ASCII_DIGITS)) or line.isdecimal():
        return ""
    return iso_instant(line)


def is_date_line(line: str) -> bool:
    """Tell whether a line is a date of publication and nothing more, perhaps with a place in front."""
    line = line.strip()
    return len(line) <= MAX_CHARS and bool(date_of_line(line) or _at_place(line))


def _date_in(text: str, made: str) -> tuple[str, str]:
    """Return the date and its line; of a line that is an uncertain date only the line; else two empty strings."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    dated = [(number, found, line) for number, line in enumerate(lines)
             if len(line) <= MAX_CHARS and (found := date_of_line(line) or _at_place(line))]
    if len({found[:10] for _, found, _ in dated}) > 1 or len(dated) > MAX_DATE_LINES:
        return "", ""
    near = [(found, line) for number, found, line in dated
            if number < MAX_LINES_BEFORE or number >= len(lines) - MAX_LINES_BEHIND]
    if len(lines) > len(dated) and near:
        return near[0]
    near_lines = [*lines[:MAX_LINES_BEFORE], *lines[MAX_LINES_BEFORE:][-MAX_LINES_BEHIND:]]
    for line in lines[:2]:
        if (match := _DATELINE.match(line)) and (found := _behind_place(match["place"], match["date"], made)):
            return found, match[0].strip()
    unsure = [] if dated else [
        line for line in near_lines if 6 <= len(line) <= MAX_CHARS and is_nothing_but_a_date(line)]
    return "", unsure[0] if len(unsure) == 1 and len(lines) > 1 else ""


def _at_place(line: str) -> str:
    """Return the date of a line such as "بيروت، 5 مايو 2018" and "بيروت في 5 أيار 2018"; else ""."""
    match = _PLACE_AND_DATE.match(line)
    return _behind_place(match["place"], match["date"], "") if match else ""


def _behind_place(before: str, written: str, made: str) -> str:
    """Return the date behind the name of a place; the words nearest before its figures may be the weekday or "في"."""
    words = before.split()
    written = written.strip(" ،,")
    for count in range(min(_MAX_WORDS_OF_DATE, len(words) - 1) + 1):
        place, own = words[:len(words) - count], words[len(words) - count:]
        line = " ".join((*own, written))
        if _is_place(" ".join(place)) and (found := date_of_line(line) or _in_year_of(line, made)):
            return found
    return ""


def _is_place(words: str) -> bool:
    names = compared_words(words)
    return (0 < len(words.split()) <= _MAX_WORDS_OF_PLACE and names.isdisjoint(NOT_IN_NAMES_OF_PLACES)
            and not find_dates(words))


def _in_year_of(written: str, made: str) -> str:
    """Return the day of a date without a year that agrees with the day on which the file was made; else ""."""
    day = made[:10] and date.fromisoformat(made[:10])
    mentions = find_dates(written)
    if not day or len(mentions) != 1 or not mentions[0].yearless or not mentions[0].yearless[1] \
            or written[:mentions[0].start].strip(" ،,") or written[mentions[0].end:].strip(" ،,"):
        return ""
    for year in (day.year, day.year - 1, day.year + 1):
        try:
            found = date(year, *mentions[0].yearless)
        except ValueError:
            continue
        if found - _AHEAD <= day <= found + _BEHIND:
            return found.isoformat()
    return ""
