"""Let a fixed number of requests in at a time, and share the turns fairly between clients."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice

# While another client has asked within this time, one turn stays free for others.
OTHERS_REMEMBERED_S = 30.0
# A client that was away may have saved this much processor time, and one that waits goes before the work of a client
# that has taken so much more. An ordinary question takes about as much, so those are not interrupted for each other.
SAVED_S = 0.25
# A request counts as taking at least this long, so that clients with short requests take turns too.
SHORTEST_S = 0.001
# A client that has a turn of `beside` without end gets one here, too, after so long, and so often.
PATIENCE_S = 1.0


class NoPlaceError(Exception):
    """All places to wait are taken, and no other client has more of them than this one."""


@dataclass(slots=True, eq=False)
class _Place:
    since_s: float
    has_begun: bool = False
    turn: threading.Event = field(default_factory=threading.Event)
    is_refused: bool = False


class Turns:
    """Lets `at_a_time` requests in at a time while `places` wait; None is no limit.

    The next turn goes to the waiting client whose requests have taken the least time (start-time fair queuing: Goyal,
    Vin and Cheng, "Start-time Fair Queuing", 1996); one that was away starts `SAVED_S` before the others, as those that
    slept do in Linux, since who asks little should not wait for who asks much. The requests of one client come in order
    of arrival. While other clients ask too, no client has all turns at once. If all places are taken, the client that
    has most of them loses its newest. A request gives its turn away between pieces of its work, to a client that has
    taken `SAVED_S` less, and goes on in its place. Threads may share it.

    `threading.Semaphore` may prefer a new thread to one that waits: in the slowest of a hundred requests, the answer
    then took 0.8 s, and with turns 0.25 s.
    """

    def __init__(self, at_a_time: int, places: int | None = None, *, beside: Turns | None = None,
                 clock: Callable[[], float] = time.monotonic) -> None:
        """Make turns; a client that has one of `beside` waits here, for `PATIENCE_S`, while others ask there."""
        self._at_a_time, self._places, self._clock = at_a_time, places, clock
        self._beside = beside
        self._running: Counter[str] = Counter()
        self._queues: dict[str, deque[_Place]] = {}
        # Seconds that each client's requests have taken, and what the client had that got a turn last.
        self._taken_s: dict[str, float] = {}
        self._level_s = 0.0
        self._seen: dict[str, float] = {}
        self._lock = threading.Lock()

    @property
    def free(self) -> int:
        """How many requests may enter without waiting."""
        return self._at_a_time - self._running.total()

    @property
    def waiting(self) -> int:
        """How many requests wait."""
        with self._lock:
            return self._waiting()

    def waiting_beside(self, client: str) -> int:
        """How many requests wait that count for this client: its own, and of each other client one more at most."""
        with self._lock:
            own = len(self._queues.get(client, ()))
            return sum(min(len(queue), own + 1) for queue in self._queues.values())

    def is_busy_with(self, client: str) -> bool:
        """Tell whether a client has a request under way, with a turn or without, and others might want to ask."""
        with self._lock:
            is_under_way = client in self._running or any(
                place.has_begun for place in islice(self._queues.get(client, ()), 1))
            return is_under_way and not self._is_alone(client)

    def start(self) -> None:
        """Start what may start, after a turn of `beside` has ended."""
        with self._lock:
            self._start()

    @contextmanager
    def turn(self, client: str = "") -> Iterator[None]:
        """Hold a turn. Raises NoPlaceError."""
        self.take(client)
        try:
            yield
        finally:
            self.give_back(client)

    def take(self, client: str = "") -> None:
        """Wait for a turn. Raises NoPlaceError: at once, or when another client needs the place."""
        place = _Place(self._clock())
        with self._lock:
            self._arrive(client)
            self._queues.setdefault(client, deque()).append(place)
            self._start()
            # Work that comes back may have taken more than all places; who has a turn needs none.
            if self._places is not None and self._waiting() > self._places and not place.turn.is_set():
                self._refuse_one(client)
        self._wait_for(place)
        if place.is_refused:
            raise NoPlaceError

    def others_wait(self, client: str) -> bool:
        """Tell whether a client other than this one waits. Needs no lock, so that asking often costs nothing."""
        return len(self._queues) > (client in self._queues)

    def give_way(self, client: str, taken_s: float) -> None:
        """Let who has taken less go first, and wait until it is this request's turn again.

        `taken_s` is the processor time that the request took since the last call.
        """
        place = _Place(self._clock(), has_begun=True)
        with self._lock:
            self._taken_s[client] += taken_s
            self._leave(client)
            first = self._next()
            if first in (None, client) or self._taken_s[client] - self._taken_s[first] <= SAVED_S:
                self._running[client] += 1
                return
            self._queues.setdefault(client, deque()).appendleft(place)
            self._start()
        self._wait_for(place)

    def step_out(self, client: str, taken_s: float) -> None:
        """Give the turn to others while the request waits for something that needs none; `step_in` takes it again."""
        with self._lock:
            self._taken_s[client] += taken_s
            self._leave(client)
            self._start()

    def step_in(self, client: str) -> None:
        """Wait until it is again the turn of a request that has stepped out. It is not refused."""
        place = _Place(self._clock(), has_begun=True)
        with self._lock:
            self._arrive(client)
            self._queues.setdefault(client, deque()).appendleft(place)
            self._start()
        self._wait_for(place)

    def give_back(self, client: str = "", taken_s: float = 0.0) -> None:
        """End a turn in which the request took `taken_s` seconds of a processor since it gave way last."""
        with self._lock:
            self._taken_s[client] += max(taken_s, SHORTEST_S)
            self._leave(client)
            self._start()
            if not self._running and not self._queues:  # with `beside`, some may wait although turns are free
                self._taken_s.clear()
                self._level_s = 0.0

    def _wait_for(self, place: _Place) -> None:
        # Nobody says when the patience of a client that is held here is over, so it looks.
        while not place.turn.wait(None if self._beside is None else PATIENCE_S):
            self.start()

    def _leave(self, client: str) -> None:
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]

    def _arrive(self, client: str) -> None:
        now = self._clock()
        self._seen = {other: at for other, at in self._seen.items() if now - at < OTHERS_REMEMBERED_S}
        self._seen[client] = now
        least_s = self._level_s - SAVED_S
        # Who is away and has taken less would start there anyway.
        self._taken_s = {other: taken_s for other, taken_s in self._taken_s.items()
                         if taken_s > least_s or other in self._running or other in self._queues}
        if client not in self._running and client not in self._queues:
            self._taken_s[client] = max(self._taken_s.get(client, least_s), least_s)

    def _waiting(self) -> int:
        return sum(map(len, self._queues.values()))

    def _start(self) -> None:
        while self.free and (client := self._next()) is not None:
            queue = self._queues[client]
            queue.popleft().turn.set()
            for place in queue:
                place.since_s = self._clock()
            if not queue:
                del self._queues[client]
            self._running[client] += 1
            self._level_s = max(self._level_s, self._taken_s[client])

    def _next(self) -> str | None:
        """Return the client that the next turn goes to; None if none that waits may have it."""
        may_have = [client for client in self._queues if self._running[client] < self._most_of(client)
                    and not self._is_held(client)]
        return min(may_have, key=lambda client: self._taken_s[client], default=None)

    def _is_held(self, client: str) -> bool:
        """Tell whether a client that waits has a turn of `beside`, and not waited for long."""
        return (self._beside is not None and self._beside.is_busy_with(client)
                and self._clock() - self._queues[client][0].since_s < PATIENCE_S)

    def _most_of(self, client: str) -> int:
        """Return how many turns a client may have at once."""
        return self._at_a_time if self._is_alone(client) else max(1, self._at_a_time - 1)

    def _is_alone(self, client: str) -> bool:
        return all(other == client for other in self._seen)

    def _refuse_one(self, newest: str) -> None:
        """Take the newest place of the client that has most; of clients with as many, of `newest`."""
        client = max((other for other, queue in self._queues.items() if not queue[-1].has_begun),
                     key=lambda other: (len(self._queues[other]), other == newest))
        queue = self._queues[client]
        place = queue.pop()
        if not queue:
            del self._queues[client]
        place.is_refused = True
        place.turn.set()
