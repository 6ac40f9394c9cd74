"""Give requests their turns, whatever brings them: each is measured, and gives way to clients that have taken less."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from web.gate.costs import Meter
from web.gate.turns import Turns


class Lane:
    """The turns of one kind of request: `running` at a time while `places` wait, None for any number.

    `followers` are the turns of lanes beside this one, where a client may wait for its request here to end.
    """

    def __init__(self, running: int, places: int | None, *, beside: Lane | None = None) -> None:
        """Make a lane; a client that has a request under way in the one `beside` waits longer here (`turns.py`)."""
        self.places = places
        self.turns: Turns = Turns(running, places, beside=None if beside is None else beside.turns)
        self.followers: list[Turns] = []
        if beside is not None:
            beside.followers.append(self.turns)

    @property
    def waiting(self) -> int:
        """How many requests wait."""
        return self.turns.waiting

    def waiting_beside(self, client: str) -> int:
        """How many requests wait that count for this client: its own, and of each other client one more at most."""
        return self.turns.waiting_beside(client)

    def enter(self, client: str, check: Callable[[], None] = lambda: None) -> Turn:
        """Wait for the turn of a request. Raises NoPlaceError.

        Its work calls `check` at each pause, which may raise to end it.
        """
        self.turns.take(client)
        return Turn(self.turns, self.followers, client, check)


class Turn:
    """A request that has its turn: its work runs in the `meter`, and `end` lets the next one in."""

    def __init__(self, turns: Turns, followers: Sequence[Turns], client: str, check: Callable[[], None]) -> None:
        self._turns, self._followers, self._client, self._check = turns, followers, client, check
        self.meter = Meter(self._give_way, self._outside)

    def end(self) -> None:
        """End the turn."""
        self._turns.give_back(self._client, self.meter.since_last())
        self._start_followers()

    def _give_way(self) -> None:
        self._check()
        if self._turns.others_wait(self._client):
            self._turns.give_way(self._client, self.meter.since_last())

    @contextmanager
    def _outside(self) -> Iterator[None]:
        self._turns.step_out(self._client, self.meter.since_last())
        self._start_followers()
        try:
            yield
        finally:
            self._turns.step_in(self._client)

    def _start_followers(self) -> None:
        for turns in self._followers:
            turns.start()
