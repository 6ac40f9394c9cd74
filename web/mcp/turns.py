"""Run calls in threads, each when it is its client's turn: clients share turns here as at the REST endpoints."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import TypeVar

import anyio
import anyio.from_thread
import anyio.to_thread

from web.gate.admission import PAGES_RUNNING, RUNNING, WAITING
from web.gate.lanes import Lane

# One besides those that have a turn or wait for one, to refuse the next.
THREADS = RUNNING + PAGES_RUNNING + 2 * WAITING + 1

client: ContextVar[str] = ContextVar("client", default="")
"""The client of the message that is answered; empty for the one that started this process."""

_Result = TypeVar("_Result")


class Shares:
    """The turns of calls that ask, and those of calls that only read an article."""

    def __init__(self, places: int | None = None) -> None:
        """Let so many of each wait; None for any number."""
        self.asking = Lane(RUNNING, places)
        self.reading = Lane(PAGES_RUNNING, places, beside=self.asking)
        self._threads = anyio.CapacityLimiter(THREADS)

    async def run(self, lane: Lane, act: Callable[[], _Result]) -> _Result:
        """Return the result of `act`. Raises NoPlaceError.

        It ends at its next pause once nobody waits for it.
        """
        return await anyio.to_thread.run_sync(_run, lane, client.get(), act, limiter=self._threads)


def _run(lane: Lane, of_client: str, act: Callable[[], _Result]) -> _Result:
    turn = lane.enter(of_client, check=anyio.from_thread.check_cancelled)
    try:
        anyio.from_thread.check_cancelled()  # the client may have gone while it waited
        with turn.meter.running():
            return act()
    finally:
        turn.end()
