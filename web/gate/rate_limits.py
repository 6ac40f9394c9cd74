"""Limit each client to a number of questions a minute, and to ten times as many other requests.

A client is an address, or in IPv6 a /64 network, the least that a household gets. Programs on the server's own machine
are not limited unless proxies are trusted: the address is then the one that the last proxy names.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import TYPE_CHECKING

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from web.gate.admission import asks
from web.gate.refusals import rate_limited
from web.gate.wsgi import REFUSED

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

QUESTIONS_A_MINUTE = 120
OTHER_REQUESTS = 10
IPV6_NETWORK_BITS = 64
# Health checks, metrics and the files of a page are not counted.
UNLIMITED = ("/healthz", "/readyz", "/metrics", "/static/", "/api/docs")


class RateLimits:
    """WSGI middleware: marks requests beyond a client's limit to be refused with 429.

    With `questions_a_minute` of 0 there is no limit.
    """

    def __init__(self, app: WSGIApplication, questions_a_minute: int, *, limits_this_machine: bool) -> None:
        self._app = app
        self._limits_this_machine = limits_this_machine
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._questions = RateLimitItemPerMinute(questions_a_minute, namespace="questions")
        self._others = RateLimitItemPerMinute(questions_a_minute * OTHER_REQUESTS, namespace="others")
        self._is_off = questions_a_minute == 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on, marked as refused if it exceeds the limit."""
        path = environ["PATH_INFO"]
        client = None if self._is_off or path.startswith(UNLIMITED) else self._client(environ.get("REMOTE_ADDR", ""))
        limit = self._questions if asks(environ) else self._others
        if client is not None and not self._limiter.hit(limit, client):
            reset_at = self._limiter.get_window_stats(limit, client).reset_time
            environ[REFUSED] = rate_limited(limit.amount, max(1, ceil(reset_at - time.time())))
        return self._app(environ, start_response)

    def _client(self, address: str) -> str | None:
        """Return the client that a request counts for, or None if it is not counted."""
        try:
            client = ip_address(address)
        except ValueError:
            return address or None
        if isinstance(client, IPv6Address):
            client = client.ipv4_mapped or client
        if client.is_loopback and not self._limits_this_machine:
            return None
        if isinstance(client, IPv6Address):
            return str(ip_network((client, IPV6_NETWORK_BITS), strict=False))
        return str(client)
