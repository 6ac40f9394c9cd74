"""Dates as pages and feeds write them, to ISO 8601. A date that cannot be read is empty, never guessed."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime

from index.sources.records import ASCII_DIGITS, iso_date

# More digits of a second than Python 3.11 takes.
LONG_FRACTION = re.compile(r"(\.\d{6})\d+")
SPACE_BEFORE_ZONE = re.compile(r"\s+(?=(?:[+-]\d\d:?\d\d|Z)$)")
MAX_CHARS = 80
EARLIEST_YEAR, LATEST_YEAR = 1800, 2200  # outside of these a "date of publication" is a default or a slip


def iso_instant(raw: str) -> str:
    """`raw`, in ISO 8601 (W3C's profile included) or RFC 822 and 2822, as ISO 8601 with the zone it was written in.

    Empty when it is neither. A zone that RFC 2822 does not know leaves the time without one.
    """
    text = " ".join(raw.split()).translate(ASCII_DIGITS)
    if not text or len(text) > MAX_CHARS:
        return ""
    iso = iso_date(SPACE_BEFORE_ZONE.sub("", LONG_FRACTION.sub(r"\1", text)))
    instant = iso or _from_mail_date(text)
    return instant if instant and EARLIEST_YEAR <= int(instant[:4]) <= LATEST_YEAR else ""


def _from_mail_date(text: str) -> str:
    if not re.search(r"[A-Za-z]{3}", text) or not re.search(r"\d{4}|\d\d:\d\d", text):
        return ""
    try:
        # Without a zone for "-0000" and for names of zones that are not known.
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, OverflowError, IndexError):
        return ""
