"""Types that count what one poll did, and list the addresses that it rejected."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from index.intake.unread_dates import UnreadDate
from index.output import printable
from index.sources.records import unread_date
from index.types import Article


@dataclass(frozen=True, slots=True)
class RejectedAddress:
    """An address or feed entry from which no article was read. `reason` says what is wrong and what to do about it.

    `next_try` is when it is tried again, in seconds since 1970; None if that is not known.
    """

    address: str
    reason: str
    next_try: float | None = None

    def __str__(self) -> str:
        when = "" if self.next_try is None else (
            f"; it is tried again from {datetime.fromtimestamp(self.next_try, UTC):%Y-%m-%d %H:%M} UTC on")
        return f"{printable(self.address, 200)}: {self.reason}{when}"


@dataclass(frozen=True, slots=True)
class PollReport:
    """Counts of one poll: addresses read, articles new, changed, unchanged and withdrawn; and the addresses rejected.

    `waiting` counts the pages that are due but left for the next poll, which is due in `next_due_s` seconds. `failing`
    are the feeds, sitemaps, lists and named pages that failed in an earlier run and are not due yet; only the first
    poll of a run names them. `under_way` are the addresses that have not answered yet: a later poll takes what they
    send. `unread_dates` are those of new and changed articles that are not read.
    """

    read: int
    new: int
    changed: int
    unchanged: int
    withdrawn: int
    rejected: tuple[RejectedAddress, ...]
    waiting: int
    next_due_s: float
    failing: tuple[RejectedAddress, ...] = ()
    under_way: tuple[str, ...] = ()
    unread_dates: tuple[UnreadDate, ...] = ()


@dataclass(slots=True)
class Counts:
    """The counts of a poll that is still running.

    `postponed` maps a feed to how many of its pages wait since their host is left alone, and to why the last one does.
    """

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    rejected: list[RejectedAddress] = field(default_factory=list)
    postponed: dict[str, tuple[int, str]] = field(default_factory=dict)
    unread_dates: list[UnreadDate] = field(default_factory=list)

    def note_date(self, article: Article, address: str) -> None:
        """Note an article whose date is not read."""
        if written := unread_date(article):
            self.unread_dates.append(UnreadDate(address, article.id, written))
