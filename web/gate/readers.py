"""Let readers in: those whom a proxy has authenticated, those who know the shared password, those who have a token.

Where neither a password nor a header is set, everybody reads.
"""

from __future__ import annotations

import hmac
from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

from web.errors import Problem
from web.gate.admin import Admin
from web.gate.sessions import TOO_MANY, Sessions
from web.gate.tokens import sha256_of
from web.gate.wsgi import LET_IN_BY, REFUSED

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SESSION_COOKIE = "musnad_session"
SESSION_S = 30 * 24 * 3600
LOGIN_REQUIRED = Problem("login-required", "readers of this server log in: on its page, with a token as "
                                           "Authorization: Bearer TOKEN, or with the shared password by Basic")
# What needs no login: whether the server lives, the form itself, and what has a gate of its own.
OPEN = ("/healthz", "/readyz", "/metrics", "/static/", "/login", "/operate", "/operate/",
        "/claims", "/claims/", "/feeds/")


@dataclass(frozen=True, slots=True)
class Login:
    """How readers log in: with `password`, or by `header`, which a trusted proxy sets to whom it has authenticated."""

    password: str = ""
    header: str = ""

    @property
    def is_needed(self) -> bool:
        """Whether readers must log in at all."""
        return bool(self.password or self.header)


class Passwords:
    """Checks the shared password; `sessions` are those of who knew it."""

    def __init__(self, password: str) -> None:
        self.sessions = Sessions(SESSION_S)
        self._password = sha256_of(password.encode()) if password else "none"

    def check(self, password: str, address: str) -> bool | Problem:
        """Tell, in constant time, whether this is the password; return a problem to who has tried too often."""
        if self.sessions.has_tried_too_often(address):
            return TOO_MANY
        is_right = hmac.compare_digest(sha256_of(password.encode("utf-8", "surrogateescape")), self._password)
        if not is_right:
            self.sessions.failed(address)
        return is_right


class Readers:
    """WSGI middleware: marks requests of readers who have not logged in to be refused with `login-required`."""

    def __init__(self, app: WSGIApplication, login: Login, passwords: Passwords, admin: Admin) -> None:
        self._app, self._login, self._passwords, self._admin = app, login, passwords, admin
        self._header = f"HTTP_{login.header.upper().replace('-', '_')}" if login.header else ""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on, marked as refused if readers must log in and this one has not."""
        if self._login.is_needed and REFUSED not in environ and not self._is_open(environ):
            found = self._let_in_by(environ)
            if isinstance(found, Problem):
                environ[REFUSED] = found
            else:
                environ[LET_IN_BY] = found
        return self._app(environ, start_response)

    def _is_open(self, environ: WSGIEnvironment) -> bool:
        path: str = environ["PATH_INFO"]
        return environ["REQUEST_METHOD"] == "OPTIONS" or any(
            path == each or (each.endswith("/") and path.startswith(each)) for each in OPEN)

    def _let_in_by(self, environ: WSGIEnvironment) -> str | Problem:
        if self._header and environ.get(self._header, "").strip():
            return "header"
        scheme, _, credentials = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() == "bearer":
            scopes = self._admin.scopes_of(credentials.strip())
            if "read" in scopes or (scopes and _checks_scopes(environ)):
                return "token"
        elif scheme.lower() == "basic" and self._login.password:
            is_right = self._passwords.check(_password_of(credentials), environ.get("REMOTE_ADDR", ""))
            return "password" if is_right is True else LOGIN_REQUIRED if is_right is False else is_right
        if self._login.password and self._passwords.sessions.is_valid(_cookie(environ)):
            return "session"
        return LOGIN_REQUIRED


def _checks_scopes(environ: WSGIEnvironment) -> bool:
    """Tell whether the app itself checks what the token of the request is for: to change articles, and for claims."""
    path = environ["PATH_INFO"]
    return path.startswith(("/api/arrivals/", "/api/claims")) or (
        path.startswith("/api/articles") and environ["REQUEST_METHOD"] in ("POST", "DELETE"))


def _password_of(credentials: str) -> str:
    """Return the password of a Basic header (RFC 7617), whoever the user is; empty if it cannot be read."""
    try:
        return b64decode(credentials.strip(), validate=True).decode("utf-8").partition(":")[2]
    except ValueError:
        return ""


def _cookie(environ: WSGIEnvironment) -> str:
    try:
        found = SimpleCookie(environ.get("HTTP_COOKIE", "")).get(SESSION_COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""
