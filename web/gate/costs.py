"""Measure what a request costs: the processor time of the threads that answer it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from math import ceil
from typing import Protocol, runtime_checkable

# A question counts as one more for each further half second of a processor, and another request for each tenth.
# Ordinary ones take less.
QUESTION_S, OTHER_S = 0.5, 0.1


@runtime_checkable
class _Closing(Protocol):
    def close(self) -> None: ...


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
        """Measure the making of each piece of a stream, in whichever thread; close the stream with this iterator."""
        iterator = iter(pieces)
        try:
            while True:
                with self.running():
                    piece = next(iterator, None)
                if piece is None:
                    return
                yield piece
        finally:
            if isinstance(pieces, _Closing):
                pieces.close()


def units(seconds: float, unit_s: float) -> int:
    """Return how many requests one counts as that took `seconds` of a processor; at least one."""
    return max(1, ceil(seconds / unit_s))
