"""Dates as pages and feeds write them, to ISO 8601. A date that cannot be read is empty, never guessed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_tz

from index.sources.records import ASCII_DIGITS, iso_date

# A year and month alone, or a fraction of more digits than Python 3.11 takes.
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
        fields = parsedate_tz(text)
        if fields is None:
            return ""
        moment = datetime(*fields[:6])  # noqa: DTZ001  # the zone is set below, where one is known
        offset = fields[9]
        # "-0000" and unknown names of zones say that the zone is not known.
        zone = timezone(timedelta(seconds=offset)) if offset is not None else None
        return moment.replace(tzinfo=zone).isoformat()
    except (ValueError, TypeError, OverflowError, IndexError):
        return ""
