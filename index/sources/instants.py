"""Convert the dates in pages and feeds to ISO 8601. An unreadable date becomes "", never a guess."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime

from index.sources.records import ASCII_DIGITS, iso_date

# Python 3.11 reads six digits of a second at most.
LONG_FRACTION = re.compile(r"(\.\d{6})\d+")
SPACE_BEFORE_ZONE = re.compile(r"\s+(?=(?:[+-]\d\d:?\d\d|Z)$)")
MAX_CHARS = 80
EARLIEST_YEAR, LATEST_YEAR = 1800, 2200  # a "date of publication" outside these years is a default or a typo


def iso_instant(raw: str) -> str:
    """Convert a date in ISO 8601 (W3C's profile included), RFC 822 or RFC 2822 to ISO 8601, in the same time zone.

    Returns "" for any other text. A time zone name that RFC 2822 does not define is dropped.
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
        # "-0000" and unknown zone names give a time without a zone.
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, OverflowError, IndexError):
        return ""
