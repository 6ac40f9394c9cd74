"""Limit each client to a number of questions a minute, and to ten times as many other requests.

A request counts for more the more processor time it took (`costs.py`). Programs on the server's own machine are not
limited unless proxies are trusted: the address is then the one that the last proxy names.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from math import ceil
from typing import TYPE_CHECKING

from limits import RateLimitItemPerMinute, WindowStats
from limits.strategies import RateLimiter, SlidingWindowCounterRateLimiter

from index.shared.database import Database
from web.errors import Problem
from web.gate.admission import FREE, asks
from web.gate.clients import client_of, is_this_machine
from web.gate.costs import OTHER_S, QUESTION_S, units
from web.gate.counts import Counts
from web.gate.refusals import rate_limited
from web.gate.shared_counts import SharedCounts
from web.gate.wsgi import COUNT_ONE_MORE, REFUSED, TAKEN_S, when_over

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

OTHER_REQUESTS = 10


class ClientLimits:
    """What each client may send, however it reaches the server. With `questions_a_minute` of 0 there is no limit."""

    def __init__(self, questions_a_minute: int, *, trusted_proxies: int, database: Database | None = None) -> None:
        """Count in the `database` that servers share, or in the memory of this process.

        Programs on this machine are limited if there are `trusted_proxies`.
        """
        self._limits_this_machine = trusted_proxies > 0
        self._limiter = SlidingWindowCounterRateLimiter(SharedCounts(database) if database else Counts())
        self._questions = RateLimitItemPerMinute(questions_a_minute, namespace="questions")
        self._others = RateLimitItemPerMinute(questions_a_minute * OTHER_REQUESTS, namespace="others")
        self._is_off = questions_a_minute == 0

    def counted(self, address: str, *, is_question: bool) -> Counted | None:
        """Return the account of a request from an address, on which nothing is counted yet; None if none is kept."""
        if not address or self._is_off or not self._limits_this_machine and is_this_machine(address):
            return None
        return Counted(self._limiter, *((self._questions, QUESTION_S) if is_question else (self._others, OTHER_S)),
                       client_of(address))


class Counted:
    """A request of a client: how often it was counted, and what it is charged for when it is over."""

    def __init__(self, limiter: RateLimiter, limit: RateLimitItemPerMinute, unit_s: float, client: str) -> None:
        self._limiter, self._limit, self._unit_s, self._client = limiter, limit, unit_s, client
        self._count = 0

    def one_more(self) -> Problem | None:
        """Count the request once; return its problem if it is one too many."""
        if self._limiter.hit(self._limit, self._client):
            self._count += 1
            return None
        reset_at = self._window.reset_time
        return rate_limited(self._limit.amount, max(1, ceil(reset_at - time.time())))

    def charge(self, taken_s: float) -> None:
        """Count it for as many as it took processor time for, or for as many as the client has left."""
        further = units(taken_s, self._unit_s) - self._count
        left = self._window.remaining if further > 0 else 0
        if left:
            self._limiter.hit(self._limit, self._client, cost=min(further, left))

    @property
    def _window(self) -> WindowStats:
        return self._limiter.get_window_stats(self._limit, self._client)


class RateLimits:
    """WSGI middleware: marks requests beyond a client's limit to be refused with 429."""

    def __init__(self, app: WSGIApplication, limits: ClientLimits) -> None:
        self._app, self._limits = app, limits

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on, marked as refused if it exceeds the limit; count what it took when it is over."""
        counted = None if environ["PATH_INFO"].startswith(FREE) else self._limits.counted(
            environ.get("REMOTE_ADDR", ""), is_question=asks(environ))
        if counted is None:
            return self._app(environ, start_response)
        refused = counted.one_more()
        if refused is not None:
            environ[REFUSED] = refused
            return self._app(environ, start_response)
        environ[COUNT_ONE_MORE] = counted.one_more
        answered = self._app(environ, start_response)
        return when_over(environ, answered, lambda: counted.charge(environ.get(TAKEN_S, 0.0)))
