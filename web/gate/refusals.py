"""Say what a refused request is told, and answer those of programs without the app, which is faster when many come."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING

from web.errors import Problem
from web.gate.wsgi import REFUSED

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

RETRY_AFTER_S = 1
OVERLOADED = Problem("overloaded", "more requests arrive than this server can answer; try again in a second",
                     {"retry_after_s": RETRY_AFTER_S})


class Refusals:
    """WSGI middleware next to the app: answers requests to the API that have a problem in `REFUSED`.

    It takes a fifth of the app's time, which matters when every second question is refused (docs/benchmarks.md). The
    app still answers readers, with a page, and scripts in browsers, which send `Origin` and need CORS headers.
    """

    def __init__(self, app: WSGIApplication, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = list(headers.items())

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a refused request, or pass the request on."""
        problem: Problem | None = environ.get(REFUSED)
        if problem is None or problem.status == 401 or "HTTP_ORIGIN" in environ or (
                not environ["PATH_INFO"].startswith("/api/")):
            return self._app(environ, start_response)
        body = json.dumps(problem.as_json()).encode()
        later = [("Retry-After", str(problem.members["retry_after_s"]))] if "retry_after_s" in problem.members else []
        start_response(f"{problem.status} {HTTPStatus(problem.status).phrase}", [
            ("Content-Type", "application/problem+json"), ("Content-Length", str(len(body))), *later,
            ("Cache-Control", "no-store"), *self._headers])
        return [body]


def rate_limited(allowed: int, retry_after_s: int) -> Problem:
    """Return the problem of a client that exceeds its limit."""
    return Problem("rate-limited", f"this server allows a client {allowed} such requests a minute, and one that "
                                   f"takes long counts for several; try again in {retry_after_s} s",
                   {"retry_after_s": retry_after_s})
