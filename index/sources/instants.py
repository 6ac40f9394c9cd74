"""Convert the dates in records, pages and feeds to ISO 8601. A date that is not certain becomes "", never a guess.

Read are ISO 8601 (W3C's profile included), RFC 822 and RFC 2822, seconds and milliseconds since 1970, dates in English
(python-dateutil), and dates in words or in digits as `written_days` reads them. dateparser is not used: it reads
5.2.2018 as the second of May, knows neither شباط nor جوان nor Hijri months, and takes 2 to 60 ms a date, not 0.3.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

from index.sources.written_days import ASCII_DIGITS, day_in_digits, day_in_words

# Python 3.11 reads six digits of a second at most.
LONG_FRACTION = re.compile(r"([.,]\d{6})\d+")
SPACE_BEFORE_ZONE = re.compile(r"\s+(?=(?:[+-]\d\d:?\d\d|Z)$)")
UTC_BY_NAME = re.compile(r"\s*\b(?:UTC|GMT)$", re.IGNORECASE)
NAMED_OFFSET = re.compile(r"\b(?:GMT|UTC)\s*([+-])(\d{1,2})(?::?(\d\d))?\b", re.IGNORECASE)
BRACKETED = re.compile(r"\s*[\[(][^\[\]()]*[\])]\s*$")  # java's [Asia/Riyadh], JavaScript's (Arabia Standard Time)
DIGITS_ALONE = re.compile(r"\d{9,16}(?:\.\d+)?")
YEAR = re.compile(r"\b(?:1[89]|2[01])\d\d\b")
LATIN_MONTH = re.compile(r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*", re.IGNORECASE)
MAX_CHARS = 80
EARLIEST_YEAR, LATEST_YEAR = 1800, 2200  # a "date of publication" outside these years is a default or a typo
EPOCH_YEARS = range(1990, 2101)
# RFC 822's names of zones, in hours; of others, such as EST in Australia or AST in Arabia, nobody knows which is meant.
ZONES_H = {"UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
           "PST": -8, "PDT": -7}

# Python's mail parser takes AST for the Atlantic zone; on Arabic servers it is Arabia's.
OF_ARABIA_OR_ATLANTIC = re.compile(r"\s\bA[SD]T\b")


def iso_instant(raw: str | float) -> str:
    """Convert a date to ISO 8601, in the same time zone; a date without a time stays one.

    Returns "" for any text that is not one date with its day, month and year. A time zone name that RFC 2822 does not
    define is dropped.
    """
    if isinstance(raw, (int, float)):
        raw = f"{raw:.3f}" if isinstance(raw, float) else str(raw)
    return _iso_instant(" ".join(raw.split())) if len(raw) <= 4 * MAX_CHARS else ""


@lru_cache(maxsize=1 << 10)
def _iso_instant(line: str) -> str:
    text = OF_ARABIA_OR_ATLANTIC.sub("", line.translate(ASCII_DIGITS))
    if not text or len(text) > MAX_CHARS:
        return ""
    instant = _from_iso(text) or _from_digits(text) or _from_mail_date(text) or _from_english(text) or _from_words(text)
    return instant if instant and EARLIEST_YEAR <= int(instant[:4]) <= LATEST_YEAR else ""


def _from_iso(text: str) -> str:
    written = SPACE_BEFORE_ZONE.sub("", LONG_FRACTION.sub(r"\1", UTC_BY_NAME.sub("Z", BRACKETED.sub("", text))))
    for form in dict.fromkeys((text, written)):
        for parse in (date.fromisoformat, datetime.fromisoformat):
            try:
                return parse(form).isoformat()
            except ValueError:
                continue
    return ""


def _from_digits(text: str) -> str:
    """Read digits alone: seconds, milliseconds or microseconds since 1970, or a day and time without separators."""
    if not DIGITS_ALONE.fullmatch(text):
        return ""
    whole = text.partition(".")[0]
    try:
        if len(whole) in (12, 14) and int(whole[:4]) in EPOCH_YEARS:
            return datetime.strptime(whole, "%Y%m%d%H%M%S"[:2 * len(whole) - 14]).isoformat()  # noqa: DTZ007
        if len(whole) in (11, 15):
            return ""
        scale = {12: 1e3, 13: 1e3, 14: 1e6, 16: 1e6}.get(len(whole), 1)
        moment = datetime.fromtimestamp(int(float(text) / scale), UTC)
    except (ValueError, OverflowError, OSError):
        return ""
    return moment.isoformat() if moment.year in EPOCH_YEARS else ""


def _from_mail_date(text: str) -> str:
    if not re.search(r"[A-Za-z]{3}", text) or not re.search(r"\d{4}|\d\d:\d\d", text) or NAMED_OFFSET.search(text):
        return ""
    try:
        # "-0000" and unknown zone names give a time without a zone.
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, OverflowError, IndexError):
        return ""


def _from_english(text: str) -> str:
    """Read a date with the name of its month in Latin letters and four digits of its year."""
    if not text.isascii() or not LATIN_MONTH.search(text) or len(YEAR.findall(text)) != 1:
        return ""
    from dateutil import parser  # a tenth of a second, and most dates are in ISO 8601

    def zone(name: str | None, offset_s: int | None) -> int | None:
        return offset_s if name is None or offset_s else None if name not in ZONES_H else 3600 * ZONES_H[name]

    plain = NAMED_OFFSET.sub(lambda found: f"{found[1]}{found[2]:0>2}:{found[3] or '00'}", BRACKETED.sub("", text))
    try:
        # What the text lacks is taken from the default: with two defaults, two results show that it lacks something.
        one, other = (parser.parse(plain, default=default, tzinfos=zone, dayfirst=True)
                      for default in (datetime(2000, 1, 1), datetime(2003, 4, 2)))  # noqa: DTZ001
    except (ValueError, OverflowError, TypeError, AttributeError):
        return ""
    if one != other:
        return ""
    has_time = re.search(r"\d:\d\d|\d\s*[ap]\.?m\b", text, re.IGNORECASE)
    instant: str = one.isoformat() if has_time else one.date().isoformat()
    return instant


def _from_words(text: str) -> str:
    day = day_in_digits(text) or day_in_words(text)
    return day.isoformat() if day else ""
