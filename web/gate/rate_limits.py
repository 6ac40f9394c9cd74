"""How much one client may ask: so many questions a minute, and ten times as many requests of any other kind.

A client is an address, or a network of 2^64 of them in IPv6, of which a household has one. Programs on the machine
itself are not limited, unless proxies are trusted: then an address is what the last of them says.
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

from web.errors import Problem
from web.gate.admission import asks
from web.gate.wsgi import REFUSED

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

QUESTIONS_A_MINUTE = 120
OTHER_REQUESTS = 10
IPV6_NETWORK_BITS = 64
# What is asked of a server to know that it lives, and what a page consists of.
UNLIMITED = ("/healthz", "/readyz", "/metrics", "/static/", "/api/docs")


class RateLimits:
    """WSGI middleware: has a client refused, with 429, that asks more than it may.

    `questions_a_minute` of 0 limits nobody.
    """

    def __init__(self, app: WSGIApplication, questions_a_minute: int, *, limits_this_machine: bool) -> None:
        self._app = app
        self._limits_this_machine = limits_this_machine
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._questions = RateLimitItemPerMinute(questions_a_minute, namespace="questions")
        self._others = RateLimitItemPerMinute(questions_a_minute * OTHER_REQUESTS, namespace="others")
        self._is_off = questions_a_minute == 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on, as refused where it is one too many."""
        path = environ["PATH_INFO"]
        client = None if self._is_off or path.startswith(UNLIMITED) else self._client(environ.get("REMOTE_ADDR", ""))
        limit = self._questions if asks(environ) else self._others
        if client is not None and not self._limiter.hit(limit, client):
            reset_at = self._limiter.get_window_stats(limit, client).reset_time
            environ[REFUSED] = rate_limited(limit.amount, max(1, ceil(reset_at - time.time())))
        return self._app(environ, start_response)

    def _client(self, address: str) -> str | None:
        """Whom a request counts for; None where it is not counted."""
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


def rate_limited(allowed: int, retry_after_s: int) -> Problem:
    """The problem of who asks too much."""
    return Problem("rate-limited", f"this server takes {allowed} such requests a minute of one client; ask again in "
                                   f"{retry_after_s} s", {"retry_after_s": retry_after_s})
