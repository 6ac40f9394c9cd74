"""Decide when a source or a page is due to be polled again."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from index.errors import FetchError, HostBusyError, RobotsRefusedError
from index.intake.poll_memory import Page, Source
from index.intake.poll_report import Counts, RejectedAddress
from index.sources.fetch.fetching import Fetched
from index.sources.rejections import RejectedError

INTERVAL_S = 300.0
MIN_INTERVAL_S = 60.0
DAY_S = 24 * 3600.0
MAX_RECHECK_S = 30 * DAY_S


@dataclass(frozen=True, slots=True)
class Schedule:
    """Times between polls.

    `interval_s` is the pause after a success. `jitter` returns a number from 0 to 1: see `back_off_s`.
    """

    interval_s: float = INTERVAL_S
    jitter: Callable[[], float] = random.random

    def next_interval_s(self, fetched: Fetched) -> float:
        """Return the pause after a success: longer if the server declares its answer fresh for longer, at most a day.
        """
        return min(DAY_S, max(self.interval_s, fetched.max_age_s or 0.0))

    def settle(self, page: Page, now: float, *, is_unchanged: bool) -> None:
        """Schedule a page's next reading: after a day, doubled for each consecutive reading without a change."""
        page.failures = 0
        page.unchanged = page.unchanged + 1 if is_unchanged else 0
        page.due = now + min(MAX_RECHECK_S, DAY_S * 2.0 ** min(page.unchanged, 10))

    def retry(self, remembered: Source | Page, now: float) -> None:
        """Schedule a retry. The pause before it grows with each consecutive failure."""
        remembered.failures += 1
        remembered.due = now + back_off_s(self.interval_s, remembered.failures, DAY_S, self.jitter)

    def fail(self, address: str, remembered: Source | Page, now: float, error: FetchError | RejectedError,
             counts: Counts) -> None:
        """Schedule a retry after an error, and report the error.

        A pause of the host is not counted as a failure, and reported of a source only; the retry is due when the pause
        ends. An address that robots.txt forbids is tried again after a day.
        """
        if isinstance(error, HostBusyError):
            remembered.due = now + error.retry_after_s
            if isinstance(remembered, Source):
                self._report(address, remembered, error.reason, counts)
            return
        self.retry(remembered, now)
        if isinstance(error, RobotsRefusedError):
            remembered.due = now + DAY_S
        self._report(address, remembered, error.reason, counts)

    def refuse(self, address: str, remembered: Source | Page, now: float, fetched: Fetched, counts: Counts) -> None:
        """Schedule a retry after an answer other than 200 or 304, no sooner than the host asks, and report the answer.
        """
        self.retry(remembered, now)
        remembered.due = max(remembered.due, now + min(fetched.retry_after_s or 0.0, DAY_S))
        self._report(address, remembered, f"was answered with {fetched.status}; check the address, or wait", counts)

    def _report(self, address: str, remembered: Source | Page, reason: str, counts: Counts) -> None:
        if isinstance(remembered, Source):
            remembered.fault = reason
        counts.rejected.append(RejectedAddress(address, reason, remembered.due))


def back_off_s(base_s: float, failures: int, max_s: float, jitter: Callable[[], float] = random.random) -> float:
    """Return how many seconds to wait after `failures` in a row.

    It is `base_s`, doubled for each failure after the first, up to `max_s`. `jitter` (0 to 1) picks a time between half
    and all of that, so that requests that failed together are not repeated together.
    """
    whole_s = min(max_s, base_s * 2.0 ** min(max(failures - 1, 0), 32))
    return whole_s * (0.5 + 0.5 * jitter())
