"""Let readers in: those whom a proxy has authenticated, those who know the shared password, those who have a token.

Where neither a password nor a header is set, everybody reads.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

from itsdangerous import BadSignature, TimestampSigner
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from web.errors import Problem
from web.gate.admin import Admin, sha256_of
from web.gate.clients import client_of
from web.gate.wsgi import LET_IN_BY, REFUSED

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SESSION_COOKIE = "musnad_session"
SESSION_S = 30 * 24 * 3600
ATTEMPTS_A_MINUTE = 10
LOGIN_REQUIRED = Problem("login-required", "readers of this server log in: on its page, with a token as "
                                           "Authorization: Bearer TOKEN, or with the shared password by Basic")
TOO_MANY = Problem("rate-limited", f"more than {ATTEMPTS_A_MINUTE} wrong passwords in a minute; try again later",
                   {"retry_after_s": 60})
# What needs no login: whether the server lives, what it measures (which has a gate of its own), and the form itself.
OPEN = ("/healthz", "/readyz", "/metrics", "/static/", "/login")


@dataclass(frozen=True, slots=True)
class Login:
    """How readers log in: with `password`, or by `header`, which a trusted proxy sets to whom it has authenticated."""

    password: str = ""
    header: str = ""

    @property
    def is_needed(self) -> bool:
        """Whether readers must log in at all."""
        return bool(self.password or self.header)


class Sessions:
    """Checks passwords, and signs and reads the cookie of who knew it. The key lasts as long as the process."""

    def __init__(self, password: str) -> None:
        self._password = sha256_of(password.encode()) if password else ""
        self._signer = TimestampSigner(secrets.token_bytes(32), salt="musnad.reader")
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._attempts = RateLimitItemPerMinute(ATTEMPTS_A_MINUTE)

    def check(self, password: str, address: str) -> bool | Problem:
        """Tell, in constant time, whether this is the password; return a problem to who has tried too often."""
        client = client_of(address)
        if not self._limiter.test(self._attempts, client):
            return TOO_MANY
        is_right = hmac.compare_digest(sha256_of(password.encode("utf-8", "surrogateescape")), self._password or "none")
        if not is_right:
            self._limiter.hit(self._attempts, client)
        return is_right

    def new(self) -> str:
        """Return a new cookie."""
        return self._signer.sign(secrets.token_hex(8)).decode()

    def is_valid(self, cookie: str) -> bool:
        """Tell whether this process made the cookie, not too long ago."""
        try:
            self._signer.unsign(cookie, max_age=SESSION_S)
        except BadSignature:
            return False
        return True


class Readers:
    """WSGI middleware: marks requests of readers who have not logged in to be refused with `login-required`."""

    def __init__(self, app: WSGIApplication, login: Login, sessions: Sessions, admin: Admin) -> None:
        self._app, self._login, self._sessions, self._admin = app, login, sessions, admin
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
            is_right = self._sessions.check(_password_of(credentials), environ.get("REMOTE_ADDR", ""))
            return "password" if is_right is True else LOGIN_REQUIRED if is_right is False else is_right
        if self._login.password and self._sessions.is_valid(_cookie(environ)):
            return "session"
        return LOGIN_REQUIRED


def _checks_scopes(environ: WSGIEnvironment) -> bool:
    """Tell whether the app itself checks what the token of the request is for: to change articles, and to operate."""
    path = environ["PATH_INFO"]
    return path.startswith(("/api/arrivals/", "/operate")) or (
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
