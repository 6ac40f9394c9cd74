"""Serve under a prefix of the address, such as /news: one that is set, or that a trusted proxy names.

WSGI calls it SCRIPT_NAME, and Flask writes it before every address that it makes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAX_PREFIX_CHARS = 200
# Parts that need no encoding and are none of the dots that a browser resolves. Two slashes would name another host.
_PREFIX = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)+")


def parse_prefix(text: str) -> str:
    """Return the prefix without a slash at its end, "" for none; raise ValueError for what is no prefix."""
    prefix = text.strip().rstrip("/")
    if prefix and (len(prefix) > MAX_PREFIX_CHARS or not _PREFIX.fullmatch(prefix)):
        raise ValueError(f"{text!r} is no prefix of addresses; write one such as /news, of letters, digits and ._~-")
    return prefix


class Prefixed:
    """WSGI middleware: takes `prefix` off the path, or keeps the one that the proxy has taken off.

    With a `prefix`, requests come with it (`/news/articles`) or, as health checks do, without. Without one, the
    environment's SCRIPT_NAME holds what a trusted proxy named in `X-Forwarded-Prefix`; what is no prefix is
    ignored.
    """

    def __init__(self, app: WSGIApplication, prefix: str) -> None:
        self._app, self._prefix = app, prefix

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on with the prefix in SCRIPT_NAME and the rest in PATH_INFO."""
        if self._prefix:
            path = environ["PATH_INFO"]
            environ["SCRIPT_NAME"] = self._prefix
            if path == self._prefix or path.startswith(f"{self._prefix}/"):
                environ["PATH_INFO"] = path[len(self._prefix):] or "/"
        else:
            environ["SCRIPT_NAME"] = _believed(environ.get("SCRIPT_NAME", ""))
        return self._app(environ, start_response)


def _believed(named: str) -> str:
    try:
        return parse_prefix(named)
    except ValueError:
        return ""
