"""Admit as many questions as can be answered soon, and refuse the rest at once.

A server that admits every question answers none in time once more arrive than it can handle. Here only a few wait,
each for as long as a handful of answers take; further questions are refused within milliseconds. Clients share turns
and places fairly (`turns.py`). Pages and articles have turns of their own, so that they are served while many ask.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from index.work import cores
from web.gate.clients import client_of
from web.gate.lanes import Lane
from web.gate.refusals import OVERLOADED
from web.gate.turns import NoPlaceError
from web.gate.wsgi import READ_AT_MOST, REFUSED, STREAMS, TAKEN_S, when_over

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Questions worked on at a time, one per core: more would only compete for the cores.
RUNNING = cores()
WAITING = 16
# Pages and articles made at a time, and those that may wait.
PAGES_RUNNING, PAGES_WAITING = 1, 4
ASKING_PATHS = frozenset(("/api/ask", "/api/ask/batch", "/api/search", "/api/verify", "/api/verify/batch", "/api/check",
                          "/api/timeline", "/api/affair", "/api/disagreements", "/api/suggestions", "/export",
                          "/timeline/export", "/affair/export",
                          "/check/export"))
ASKING_PAGES = frozenset(("/", "/verify", "/timeline", "/affair", "/disagreements", "/articles", "/api/articles"))
# Its form sends a text too long for an address.
CHECKING_PAGE = "/check"
ASKING_FIELDS = frozenset(("q", "quote"))
# Health checks, metrics and the files of a page are neither counted nor made to wait.
FREE = ("/healthz", "/readyz", "/metrics", "/static/", "/api/docs")
# How many passages are read for a question while so large a share of the waiting places is taken. Reading takes longer
# than everything else, so the server reads less before it refuses anyone.
READ_UNDER_LOAD = ((0.75, 0), (0.5, 1), (0.25, 2))


class Admission:
    """WSGI middleware: admits questions and pages in turn. Requests that are free, or refused already, pass through.

    The server needs more threads than `running + waiting` and those of the pages; otherwise requests queue before they
    can be refused.
    """

    def __init__(self, app: WSGIApplication, *, running: int = RUNNING, waiting: int = WAITING) -> None:
        self._app = app
        self._questions = Lane(running, waiting)
        self._pages = Lane(PAGES_RUNNING, PAGES_WAITING, beside=self._questions)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer when it is the request's turn; refuse with 503 when no place is free."""
        if REFUSED in environ or not takes_turn(environ):
            return self._app(environ, start_response)
        lane = self._questions if asks(environ) else self._pages
        client = client_of(environ.get("REMOTE_ADDR", ""))
        try:
            turn = lane.enter(client)
        except NoPlaceError:
            environ[REFUSED] = OVERLOADED
            return self._app(environ, start_response)

        def over() -> None:
            environ[TAKEN_S] = turn.meter.seconds
            turn.end()

        try:
            environ[READ_AT_MOST] = read_at_most(lane.waiting_beside(client), lane.places)
            with turn.meter.running():
                answered = self._app(environ, start_response)
        except BaseException:
            over()
            raise
        return when_over(environ, turn.meter.around(answered) if environ.get(STREAMS) else answered, over)

    @property
    def waiting(self) -> int:
        """How many questions wait for their turn."""
        return self._questions.waiting


def read_at_most(waiting: int, places: int | None) -> int | None:
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
    if path == CHECKING_PAGE and environ["REQUEST_METHOD"] == "POST":
        return True
    return path in ASKING_PATHS or (path in ASKING_PAGES and any(
        name in ASKING_FIELDS for name, _ in parse_qsl(query, keep_blank_values=True)))


def takes_turn(environ: dict[str, Any]) -> bool:
    """Tell whether a request must wait for its turn: all that read articles, not what changes or checks the server."""
    return asks(environ) or (environ["REQUEST_METHOD"] in ("GET", "HEAD")
                             and not environ["PATH_INFO"].startswith(FREE))
