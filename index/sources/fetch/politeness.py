"""Be polite to hosts: one request at a time, a pause between two, and obey Retry-After and Crawl-delay."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from index.errors import HostBusyError

MIN_INTERVAL_S = 1.0
MAX_CRAWL_DELAY_S = 60.0  # cap on Crawl-delay: one page a minute harms nobody
MAX_HOLD_S = 24 * 3600.0


@dataclass(slots=True)
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    interval_s: float = 0.0
    ended: float = float("-inf")  # when the last request ended
    held_until: float = float("-inf")


class Pace:
    """Give each host its turns: requests never overlap, and start `min_interval_s` after the last one ended.

    `clock` returns monotonic seconds, `sleep` waits a number of seconds. Safe for several threads.
    """

    def __init__(self, min_interval_s: float, *, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._min_interval_s, self._clock, self._sleep = min_interval_s, clock, sleep
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, host: str, address: str) -> Iterator[None]:
        """Wait for the host's turn and keep it until the block ends.

        While the host asks not to be disturbed, raises HostBusyError, which names `address`, at once.
        """
        state = self._host(host)
        with state.lock:
            held_s = state.held_until - self._clock()
            if held_s > 0:
                raise HostBusyError(address, held_s)
            wait_s = state.ended + max(self._min_interval_s, state.interval_s) - self._clock()
            if wait_s > 0:
                self._sleep(wait_s)
            try:
                yield
            finally:
                state.ended = self._clock()

    def hold(self, host: str, seconds: float) -> None:
        """Send the host no request for that time (its Retry-After), at most a day."""
        state = self._host(host)
        state.held_until = max(state.held_until, self._clock() + min(seconds, MAX_HOLD_S))

    def slow_down(self, host: str, interval_s: float) -> None:
        """From now on, pause `interval_s` between two requests (its Crawl-delay), unless the usual pause is longer."""
        self._host(host).interval_s = min(interval_s, MAX_CRAWL_DELAY_S)

    def _host(self, host: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(host, _Host())
