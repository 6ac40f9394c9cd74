"""Be polite to hosts: send one request at a time, pause between requests, and obey Retry-After and Crawl-delay."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from index.errors import HostBusyError

MIN_INTERVAL_S = 1.0
MAX_CRAWL_DELAY_S = 60.0  # cap on Crawl-delay: one page a minute harms nobody
MAX_HOLD_S = 24 * 3600.0
# A host that does not answer so often in a row is left alone for so long, and twice as long after each further time.
FAILURES_UNTIL_HELD = 3
FIRST_HOLD_S = 300.0


@dataclass(slots=True)
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    interval_s: float = 0.0
    ended: float = float("-inf")  # when the last request ended
    held_until: float = float("-inf")
    failures: int = 0  # addresses in a row that were not answered
    is_held_for_failures: bool = False


class Pace:
    """Gives each host its turns.

    A host is named with its port, unless that is the usual one. Requests to one host never overlap. Each starts at
    least `min_interval_s` after the previous one ended. `clock` returns monotonic seconds, and `sleep` waits a number
    of seconds. Safe for use by several threads.
    """

    def __init__(self, min_interval_s: float, *, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._min_interval_s, self._clock, self._sleep = min_interval_s, clock, sleep
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, host: str, address: str) -> Iterator[None]:
        """Wait for the host's turn, and hold it until the `with` block ends.

        Raises HostBusyError for `address` at once, without waiting, while `hold` forbids requests to the host.
        """
        state = self._host(host)
        with state.lock:
            if (busy := self.busy(host, address)) is not None:
                raise busy
            wait_s = state.ended + max(self._min_interval_s, state.interval_s) - self._clock()
            if wait_s > 0:
                self._sleep(wait_s)
            try:
                yield
            finally:
                state.ended = self._clock()

    def busy(self, host: str, address: str) -> HostBusyError | None:
        """Return the error that `turn` would raise for `address` now, or None."""
        state = self._host(host)
        held_s = state.held_until - self._clock()
        failures = state.failures if state.is_held_for_failures else 0
        return HostBusyError(address, held_s, failures=failures) if held_s > 0 else None

    def hold(self, host: str, seconds: float) -> None:
        """Forbid requests to the host for `seconds` (its Retry-After), at most a day."""
        state = self._host(host)
        state.held_until = max(state.held_until, self._clock() + min(seconds, MAX_HOLD_S))
        state.is_held_for_failures = False

    def note_failure(self, host: str) -> None:
        """Record that the host did not answer. After several times in a row, requests to it are forbidden for a while.
        """
        state = self._host(host)
        state.failures += 1
        if state.failures >= FAILURES_UNTIL_HELD:
            self.hold(host, FIRST_HOLD_S * 2.0 ** min(state.failures - FAILURES_UNTIL_HELD, 10))
            state.is_held_for_failures = True

    def note_answer(self, host: str) -> None:
        """Record that the host answered."""
        self._host(host).failures = 0

    def slow_down(self, host: str, interval_s: float) -> None:
        """From now on, pause `interval_s` (its Crawl-delay) between requests to the host, or the usual pause if longer.
        """
        self._host(host).interval_s = min(interval_s, MAX_CRAWL_DELAY_S)

    def _host(self, host: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(host, _Host())
