"""Who may change what is indexed: whoever sends the token that the server was started with."""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping

from index.settings import ADMIN_TOKEN
from web.errors import ProblemError


class Admin:
    """The gate before what changes the index. Without a token nobody passes."""

    def __init__(self, token: str = "") -> None:
        self._token = os.fsencode(token.strip())

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Admin:
        """The gate of MUSNAD_ADMIN_TOKEN, which is no argument of a command since others see those."""
        return cls(environ.get(ADMIN_TOKEN.variable, ""))

    @property
    def has_token(self) -> bool:
        """Whether anybody can pass."""
        return bool(self._token)

    def admits(self, authorization: str) -> bool:
        """Whether this `Authorization` header carries the token (RFC 6750); as long for a wrong one as for another."""
        scheme, _, token = authorization.partition(" ")
        sent = token.strip().encode("utf-8", "surrogateescape")
        return hmac.compare_digest(sent, self._token) and scheme.lower() == "bearer" and self.has_token

    def check(self, authorization: str) -> None:
        """Raise the problem `no-admin-token` (403) where no token is set, `unauthorized` (401) where it is not sent."""
        if not self.has_token:
            raise ProblemError("no-admin-token", f"this server takes no articles: set {ADMIN_TOKEN.variable} to a long "
                                                 f"random text in its environment, and start it again")
        if not self.admits(authorization):
            raise ProblemError("unauthorized", "send the server's token as Authorization: Bearer TOKEN")
