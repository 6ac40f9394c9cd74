"""Limit each client to a number of questions a minute, and to ten times as many other requests.

A request counts for more the more processor time it took (`costs.py`). Programs on the server's own machine are not
limited unless proxies are trusted: the address is then the one that the last proxy names.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from math import ceil
from typing import TYPE_CHECKING

from limits import RateLimitItemPerMinute
from limits.storage import Storage
from limits.strategies import SlidingWindowCounterRateLimiter

from web.errors import Problem
from web.gate.admission import FREE, asks
from web.gate.clients import client_of, is_this_machine
from web.gate.costs import OTHER_S, QUESTION_S, units
from web.gate.counts import Counts
from web.gate.refusals import rate_limited
from web.gate.wsgi import COUNT_ONE_MORE, REFUSED, TAKEN_S, when_over

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

OTHER_REQUESTS = 10


class RateLimits:
    """WSGI middleware: marks requests beyond a client's limit to be refused with 429.

    With `questions_a_minute` of 0 there is no limit.
    """

    def __init__(self, app: WSGIApplication, questions_a_minute: int, *, limits_this_machine: bool,
                 counts: Storage | None = None) -> None:
        """Count in `counts`, which servers may share, or in the memory of this process."""
        self._app = app
        self._limits_this_machine = limits_this_machine
        self._limiter = SlidingWindowCounterRateLimiter(counts or Counts())
        self._questions = RateLimitItemPerMinute(questions_a_minute, namespace="questions")
        self._others = RateLimitItemPerMinute(questions_a_minute * OTHER_REQUESTS, namespace="others")
        self._is_off = questions_a_minute == 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on, marked as refused if it exceeds the limit; count what it took when it is over."""
        address = environ.get("REMOTE_ADDR", "")
        if not self._counts(address, environ["PATH_INFO"]):
            return self._app(environ, start_response)
        client, is_question = client_of(address), asks(environ)
        limit, unit_s = (self._questions, QUESTION_S) if is_question else (self._others, OTHER_S)
        refused = self._count(limit, client)
        if refused is not None:
            environ[REFUSED] = refused
            return self._app(environ, start_response)
        counted = 1

        def count_one_more() -> Problem | None:
            nonlocal counted
            refused = self._count(limit, client)
            counted += refused is None
            return refused

        environ[COUNT_ONE_MORE] = count_one_more
        answered = self._app(environ, start_response)
        return when_over(environ, answered, lambda: self._charge(
            limit, client, units(environ.get(TAKEN_S, 0.0), unit_s) - counted))

    def _count(self, limit: RateLimitItemPerMinute, client: str) -> Problem | None:
        """Count one request; return its problem if it is one too many."""
        if self._limiter.hit(limit, client):
            return None
        reset_at = self._limiter.get_window_stats(limit, client).reset_time
        return rate_limited(limit.amount, max(1, ceil(reset_at - time.time())))

    def _counts(self, address: str, path: str) -> bool:
        """Tell whether a request counts."""
        return bool(address) and not self._is_off and not path.startswith(FREE) \
            and (self._limits_this_machine or not is_this_machine(address))

    def _charge(self, limit: RateLimitItemPerMinute, client: str, further: int) -> None:
        """Count a request for `further` more, or for as many as the client has left."""
        left = self._limiter.get_window_stats(limit, client).remaining if further > 0 else 0
        if left:
            self._limiter.hit(limit, client, cost=min(further, left))
