"""Admit as many questions as can be answered soon, and refuse the rest at once.

A server that admits every question answers none in time once more arrive than it can handle. Here only a few wait,
each for as long as a handful of answers take; further questions are refused within milliseconds.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from web.gate.refusals import OVERLOADED
from web.gate.wsgi import READ_AT_MOST, REFUSED, when_over

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Questions worked on at a time, one per core: more would only compete for the cores.
RUNNING = os.cpu_count() or 1
WAITING = 16
ASKING_PATHS = frozenset(("/api/ask", "/api/search", "/api/verify", "/api/timeline", "/api/disagreements",
                          "/api/suggestions", "/export"))
ASKING_PAGES = frozenset(("/", "/verify", "/timeline", "/disagreements", "/articles", "/api/articles"))
ASKING_FIELDS = frozenset(("q", "quote"))
# How many passages are read for a question while so large a share of the waiting places is taken. Reading takes longer
# than everything else, so the server reads less before it refuses anyone.
READ_UNDER_LOAD = ((0.75, 0), (0.5, 1), (0.25, 2))


class Turns:
    """Lets a fixed number of threads in at a time, in order of arrival.

    `threading.Semaphore` may prefer a new thread to one that waits: in the slowest of a hundred requests, the answer
    then took 0.8 s, and with turns 0.25 s.
    """

    def __init__(self, at_a_time: int) -> None:
        self._free = at_a_time
        self._waiting: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    @property
    def free(self) -> int:
        """How many threads may enter without waiting."""
        return self._free

    @property
    def waiting(self) -> int:
        """How many threads wait."""
        return len(self._waiting)

    def __enter__(self) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            turn = threading.Event()
            self._waiting.append(turn)
        turn.wait()

    def __exit__(self, *_: object) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1


class Admission:
    """WSGI middleware: admits questions in turn. Requests that need no model, or are refused already, pass through.

    The server needs more threads than `running + waiting`; otherwise requests queue before they can be refused.
    """

    def __init__(self, app: WSGIApplication, *, running: int = RUNNING, waiting: int = WAITING) -> None:
        self._app = app
        self._work = Turns(running)
        self._places = waiting
        self._free = threading.Semaphore(running + waiting)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer when it is the request's turn; refuse with 503 when no place is free."""
        if REFUSED in environ or not asks(environ):
            return self._app(environ, start_response)
        if not self._free.acquire(blocking=False):
            environ[REFUSED] = OVERLOADED
            return self._app(environ, start_response)
        with ExitStack() as place:
            place.callback(self._free.release)
            place.enter_context(self._work)
            environ[READ_AT_MOST] = read_at_most(self._work.waiting, self._places)
            answered = self._app(environ, start_response)
            return when_over(environ, answered, place.pop_all().close)

    @property
    def waiting(self) -> int:
        """How many questions wait for their turn."""
        return self._work.waiting


def read_at_most(waiting: int, places: int) -> int | None:
    """Return how many passages to read for an answer while `waiting` of the `places` are taken; None for all."""
    if not places:
        return None
    return next((passages for share, passages in READ_UNDER_LOAD if waiting / places >= share), None)


def asks(environ: dict[str, Any]) -> bool:
    """Tell whether the request asks a question or checks a quote, which keeps a core busy.

    A browser's preflight request (OPTIONS) does not.
    """
    if environ["REQUEST_METHOD"] == "OPTIONS":
        return False
    path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
    return path in ASKING_PATHS or (path in ASKING_PAGES and any(
        name in ASKING_FIELDS for name, _ in parse_qsl(query, keep_blank_values=True)))
