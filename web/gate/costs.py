"""Measure what a request costs, the processor time of all threads that answer it, and let others go before it."""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from math import ceil

from index.settings import RATE_LIMIT, whole_number
from index.work import working_on

# A question counts as one more for each further half second of a processor, and another request for each tenth.
# Ordinary ones take less.
QUESTION_S, OTHER_S = 0.5, 0.1
# How many of them a client may ask in a minute, unless the operator says otherwise.
QUESTIONS_A_MINUTE = 120


def add_rate_limit_argument(parser: argparse.ArgumentParser) -> None:
    """Add the option `--rate-limit`."""
    parser.add_argument("--rate-limit", type=whole_number(0), default=RATE_LIMIT.value() or QUESTIONS_A_MINUTE,
                        metavar="N", help=RATE_LIMIT.help("questions a client may ask in a minute, and ten times "
                                                          "as many other requests; 0 for no limit",
                                                          default=QUESTIONS_A_MINUTE))


class Meter:
    """Adds up the processor time spent in `running` and in making the pieces of `around`, in seconds.

    The work in them is a `Task` (`index/work.py`): what it has other threads do counts too, and between its pieces
    `give_way` is called; while it waits for another program, it is in `outside`.
    """

    def __init__(self, give_way: Callable[[], None] = lambda: None,
                 outside: Callable[[], AbstractContextManager[None]] = nullcontext) -> None:
        self._give_way = give_way
        self.outside = outside
        self._seconds = self._charged = 0.0
        self._since: float | None = None
        self._lock = threading.Lock()

    @property
    def seconds(self) -> float:
        """The processor time so far; of what is `running`, seen from its own thread."""
        with self._lock:
            return self._seconds + (0.0 if self._since is None else time.thread_time() - self._since)

    def since_last(self) -> float:
        """Return the processor time since the last call, or since the beginning."""
        before, self._charged = self._charged, self.seconds
        return self._charged - before

    @contextmanager
    def running(self) -> Iterator[None]:
        """Measure what the calling thread does. What it waits for costs nothing."""
        self._since = time.thread_time()
        try:
            with working_on(self):
                yield
        finally:
            self.charge(time.thread_time() - self._since)
            self._since = None

    def charge(self, seconds: float) -> None:
        """Add what another thread did for the request."""
        with self._lock:
            self._seconds += seconds

    def pause(self) -> None:
        """Let others go first, if they should."""
        self._give_way()

    def around(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Measure the making of each piece of a stream, in whichever thread. The iterator has the stream's `close`."""
        return _Metered(self, pieces)


class _Metered(Iterator[bytes]):
    # No generator: closed before its first piece, it would not close the stream.
    def __init__(self, meter: Meter, pieces: Iterable[bytes]) -> None:
        self._meter, self._pieces = meter, iter(pieces)
        self.close: Callable[[], None] = getattr(pieces, "close", lambda: None)

    def __next__(self) -> bytes:
        with self._meter.running():
            return next(self._pieces)


def units(seconds: float, unit_s: float) -> int:
    """Return how many requests one counts as that took `seconds` of a processor; at least one."""
    return max(1, ceil(seconds / unit_s))
