"""Responses: the application's as h11 sends them, and those of the server itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from email.utils import formatdate
from http import HTTPStatus

import h11

from web.errors import Problem
from web.http.calling import Part

_SLUGS: Mapping[int, str] = {
    400: "malformed-request", 408: "request-timeout", 413: "content-too-large", 429: "rate-limited",
    431: "headers-too-large", 500: "internal-error", 501: "not-implemented", 503: "overloaded"}
_WITHOUT_BODY = (204, 304)
_OURS = frozenset(("connection", "date", "transfer-encoding"))


def as_event(part: Part, *, is_last: bool) -> h11.Response:
    """Return the head of a response, from its first part. `is_last` tells the client that the connection closes."""
    headers = [(name, value) for name, value in part.headers if name.lower() not in _OURS]
    headers.append(("Date", formatdate(usegmt=True)))
    if is_last:
        headers.append(("Connection", "close"))
    code, _, reason = part.status.partition(" ")
    return h11.Response(status_code=int(code), reason=reason.encode("latin-1"),
                        headers=[(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers])


def without_body(method: bytes, status: str) -> bool:
    """Tell whether a response has no body whatever the application gives."""
    return method == b"HEAD" or status[:3] in map(str, _WITHOUT_BODY)


def refusal(status: int, detail: str) -> bytes:
    """Return the response to a request that does not reach the application, in the shape of its errors."""
    problem = Problem(_SLUGS.get(status, "malformed-request"), detail)
    body = json.dumps(problem.as_json()).encode()
    lines = [f"HTTP/1.1 {problem.status} {HTTPStatus(problem.status).phrase}", f"Date: {formatdate(usegmt=True)}",
             "Content-Type: application/problem+json", f"Content-Length: {len(body)}",
             "X-Content-Type-Options: nosniff", "Cache-Control: no-store", "Connection: close"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
