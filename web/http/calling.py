"""Run the WSGI application on a request, in a thread, and hand its response to the event loop."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from web.gate.wsgi import STREAMS
from web.http.requests import Request, environ_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

log = logging.getLogger(__name__)

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a response. The first has the status line's text and the headers; `is_last` ends the response."""

    data: bytes
    is_last: bool
    status: str = ""
    headers: tuple[tuple[str, str], ...] = ()


class Receiver(Protocol):
    """Takes the parts of one response, from any thread."""

    def send(self, part: Part) -> bool:
        """Take a part; return False if nobody reads any more."""

    def fail(self) -> None:
        """End a response that cannot be finished."""


def call(app: WSGIApplication, request: Request, receiver: Receiver) -> None:
    """Call the application and pass on its response: whole, or as it is made if it is a stream.

    The thread never waits for the client. A response that fails before its first part becomes a 500.
    """
    environ = environ_of(request)
    started: list[tuple[str, Headers]] = []
    sent = False

    def start_response(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
        if started and exc_info is None:
            raise RuntimeError("the application started its response twice")
        if sent:
            raise exc_info[1].with_traceback(exc_info[2])
        started[:] = [(status, headers)]
        return _no_write

    def pass_on(data: bytes, *, is_last: bool) -> bool:
        nonlocal sent
        if sent:
            return receiver.send(Part(data, is_last))
        sent = True
        status, headers = started[0]
        return receiver.send(Part(data, is_last, status, tuple(headers)))

    try:
        pieces = app(environ, start_response)
        try:
            _pass_on(pieces, pass_on, streams=bool(environ.get(STREAMS)))
        finally:
            close = getattr(pieces, "close", None)
            if close is not None:
                close()
    except Exception:
        log.error("%s failed outside the application's own handling", request.method, exc_info=sys.exc_info())
        receiver.fail()


def _pass_on(pieces: Iterable[bytes], pass_on: Callable[..., bool], *, streams: bool) -> None:
    if not streams:
        pass_on(b"".join(pieces), is_last=True)
        return
    for piece in pieces:
        if not pass_on(piece, is_last=False):
            return  # the client has gone; closing the iterable ends the work
    pass_on(b"", is_last=True)


def _no_write(_data: bytes) -> object:
    raise NotImplementedError("this server takes a response as an iterable")
