"""Measure what a request costs: the processor time of the threads that answer it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from math import ceil

# A question counts as one more for each further half second of a processor, and another request for each tenth.
# Ordinary ones take less.
QUESTION_S, OTHER_S = 0.5, 0.1


class Meter:
    """Adds up the processor time spent in `running` and in making the pieces of `around`, in seconds."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Measure what the calling thread does. What it waits for costs nothing."""
        started = time.thread_time()
        try:
            yield
        finally:
            self.seconds += time.thread_time() - started

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
