"""Types that count what one poll did, and list the addresses that it rejected."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.output import printable


@dataclass(frozen=True, slots=True)
class RejectedAddress:
    """An address or feed entry from which no article was read. `reason` says what is wrong and what to do about it."""

    address: str
    reason: str

    def __str__(self) -> str:
        return f"{printable(self.address, 200)}: {self.reason}"


@dataclass(frozen=True, slots=True)
class PollReport:
    """Counts of one poll: addresses read, articles new, changed, unchanged and withdrawn; and the addresses rejected.

    `waiting` counts the pages that are due but left for the next poll, which is due in `next_due_s` seconds.
    """

    read: int
    new: int
    changed: int
    unchanged: int
    withdrawn: int
    rejected: tuple[RejectedAddress, ...]
    waiting: int
    next_due_s: float


@dataclass(slots=True)
class Counts:
    """The counts of a poll that is still running."""

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    rejected: list[RejectedAddress] = field(default_factory=list)
