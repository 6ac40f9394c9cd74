"""Run calls in threads, each when it is its client's turn, by the rules and limits of the REST endpoints."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import TypeVar

import anyio
import anyio.from_thread
import anyio.to_thread

from web.errors import Problem
from web.gate.admission import PAGES_RUNNING, RUNNING, WAITING, read_at_most
from web.gate.clients import client_of
from web.gate.lanes import Lane
from web.gate.rate_limits import ClientLimits, Counted
from web.gate.refusals import OVERLOADED
from web.gate.turns import NoPlaceError

# One besides those that have a turn or wait for one, to refuse the next.
THREADS = RUNNING + PAGES_RUNNING + 2 * WAITING + 1

address: ContextVar[str] = ContextVar("address", default="")
"""Where the message that is answered came from; empty for the client that started this process."""
passages: ContextVar[int | None] = ContextVar("passages", default=None)
"""How many passages may be read for the answer; None for as many as serve it."""

_Result = TypeVar("_Result")


class RefusedError(Exception):
    """A call is refused for `problem`."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.detail)


class Shares:
    """The turns of calls that ask, and those of calls that only read an article."""

    def __init__(self, places: int | None = None, limits: ClientLimits | None = None) -> None:
        """Let so many of each wait, None for any number, and each client send what `limits` has; None limits nobody."""
        self.asking = Lane(RUNNING, places)
        self.reading = Lane(PAGES_RUNNING, places, beside=self.asking)
        self._limits = limits
        self._threads = anyio.CapacityLimiter(THREADS)

    async def run(self, lane: Lane, act: Callable[[], _Result]) -> _Result:
        """Return the result of `act`. Raises RefusedError.

        It ends at its next pause once nobody waits for it.
        """
        return await anyio.to_thread.run_sync(self._run, lane, address.get(), act, limiter=self._threads)

    def _run(self, lane: Lane, sender: str, act: Callable[[], _Result]) -> _Result:
        counted = self._limits.counted(sender, is_question=lane is self.asking) if self._limits else None
        refused = counted.one_more() if counted else None
        if refused is not None:
            raise RefusedError(refused)
        return _run(lane, client_of(sender), counted, act)


def _run(lane: Lane, client: str, counted: Counted | None, act: Callable[[], _Result]) -> _Result:
    try:
        turn = lane.enter(client, check=anyio.from_thread.check_cancelled)
    except NoPlaceError:
        raise RefusedError(OVERLOADED) from None
    try:
        anyio.from_thread.check_cancelled()  # the client may have gone while it waited
        passages.set(read_at_most(lane.waiting_beside(client), lane.places))
        with turn.meter.running():
            return act()
    finally:
        turn.end()
        if counted:
            counted.charge(turn.meter.seconds)
