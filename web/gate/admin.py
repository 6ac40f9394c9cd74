"""Decide who may change the index: clients that send the token the server was started with."""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping

from index.settings import ADMIN_TOKEN
from web.errors import ProblemError


class Admin:
    """Guards what changes the index. Without a token nobody passes."""

    def __init__(self, token: str = "") -> None:
        self._token = os.fsencode(token.strip())

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Admin:
        """Take the token from MUSNAD_ADMIN_TOKEN: other users of the machine can see a command's arguments."""
        return cls(environ.get(ADMIN_TOKEN.variable, ""))

    @property
    def has_token(self) -> bool:
        """Whether a token is set."""
        return bool(self._token)

    def admits(self, authorization: str) -> bool:
        """Tell, in constant time, whether this `Authorization` header carries the token (RFC 6750)."""
        scheme, _, token = authorization.partition(" ")
        sent = token.strip().encode("utf-8", "surrogateescape")
        return hmac.compare_digest(sent, self._token) and scheme.lower() == "bearer" and self.has_token

    def check(self, authorization: str) -> None:
        """Raise the problem `no-admin-token` (403) if no token is set, or `unauthorized` (401) if it is not sent."""
        if not self.has_token:
            raise ProblemError("no-admin-token", f"this server takes no articles: set {ADMIN_TOKEN.variable} to a long "
                                                 f"random text in its environment, and restart it")
        if not self.admits(authorization):
            raise ProblemError("unauthorized", "send the server's token as Authorization: Bearer TOKEN")
