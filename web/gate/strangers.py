"""Refuse requests that a browser was led to make: for names of other hosts, and for pages of other sites.

A page can have its own name resolve to 127.0.0.1 (DNS rebinding). The browser then takes the server for that page's
own, and lets it read everything; the name in `Host` gives it away. A page can also make requests to any address without
reading the answers; browsers say so in `Sec-Fetch-Site` (W3C Fetch Metadata).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING

from werkzeug.sansio.utils import host_is_trusted
from werkzeug.wsgi import get_host

from web.errors import Problem
from web.gate.wsgi import REFUSED

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

OTHER_SITE = Problem("cross-site", "a page of another site made this request; the operator of this server can allow "
                                   "its origin to call the API with --allow-origin")


class Strangers:
    """WSGI middleware: marks requests to be refused with `untrusted-host` or `cross-site`.

    It answers to the `named` hosts, and to those of this machine; to any other only if `any_host`. A name with a
    leading dot includes its subdomains. Pages for which `may_call(origin)` is true may call what is under /api.
    """

    def __init__(self, app: WSGIApplication, named: Sequence[str], *, any_host: bool,
                 may_call: Callable[[str], bool]) -> None:
        self._app = app
        self._named, self._any_host, self._may_call = list(named), any_host, may_call

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on, marked as refused if it is for another host or from a page of another site."""
        host = get_host(environ)
        if not self._answers_to(host):
            shown = host[:100] if host.isascii() and host.isprintable() else "given"
            environ[REFUSED] = Problem("untrusted-host", f"this server does not answer to the host {shown}; its "
                                                         f"operator can name it with --trusted-host")
        elif self._is_of_other_site(environ):
            environ[REFUSED] = OTHER_SITE
        return self._app(environ, start_response)

    def _answers_to(self, host: str) -> bool:
        host = host.lower()
        if self._any_host:
            return host_is_trusted(host)
        return is_loopback_name(host) or (bool(self._named) and host_is_trusted(host, self._named))

    def _is_of_other_site(self, environ: WSGIEnvironment) -> bool:
        if environ.get("HTTP_SEC_FETCH_SITE", "none") in ("none", "same-origin"):
            return False
        if (environ.get("HTTP_SEC_FETCH_MODE") == "navigate" and environ["REQUEST_METHOD"] in ("GET", "HEAD")
                and environ.get("HTTP_SEC_FETCH_DEST", "document") == "document"):
            return False  # a reader follows a link
        origin = environ.get("HTTP_ORIGIN", "")
        return not (origin and environ["PATH_INFO"].startswith("/api/") and self._may_call(origin))


def is_loopback_name(host: str) -> bool:
    """Tell whether a host, with or without a port, is a name or an address of the machine itself."""
    name, bracket, _ = host.removeprefix("[").partition("]")
    if not bracket:
        name = host.partition(":")[0] if host.count(":") < 2 else host
    name = name.lower().removesuffix(".")
    if name == "localhost" or name.endswith(".localhost"):  # RFC 6761: never resolved to another machine
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
