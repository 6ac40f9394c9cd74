"""Decide what a client may do: the one that sends a token may do what the token is for.

The token of MUSNAD_ADMIN_TOKEN is for everything; `tokens` has others.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping, Sequence

from index.settings import ADMIN_TOKEN
from web.errors import ProblemError
from web.gate.tokens import SCOPES, Grant, Scope, sha256_of


class Admin:
    """Guards what changes the index. Without a token nobody passes."""

    def __init__(self, token: str = "", grants: Sequence[Grant] = ()) -> None:
        secret = os.fsencode(token.strip())
        mine = [Grant("", frozenset(SCOPES), sha256_of(secret))] if secret else []
        self._grants = (*mine, *grants)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], grants: Sequence[Grant] = ()) -> Admin:
        """Take the token from MUSNAD_ADMIN_TOKEN: other users of the machine can see a command's arguments."""
        return cls(environ.get(ADMIN_TOKEN.variable, ""), grants)

    def has(self, *scopes: Scope) -> bool:
        """Tell whether a token is set that is for one of these scopes."""
        return any(grant.scopes.intersection(scopes) for grant in self._grants)

    def name_of(self, token: str, scope: Scope) -> str | None:
        """Return the name of a token of this scope, "" for the one of the environment; None for any other."""
        sent = sha256_of(token.encode("utf-8", "surrogateescape"))
        found = [grant.name for grant in self._grants
                 if hmac.compare_digest(sent, grant.sha256) and scope in grant.scopes]
        return found[0] if found else None

    def name_of_bearer(self, authorization: str, scope: Scope) -> str | None:
        """Return what `name_of` does of the token in an `Authorization` header; None if there is none."""
        return self.name_of(_token_in(authorization), scope)

    def scopes(self, authorization: str) -> frozenset[Scope]:
        """Return what an `Authorization` header (RFC 6750) is for; empty for no token or an unknown one.

        It is compared with every token there is, each in constant time.
        """
        return self.scopes_of(_token_in(authorization))

    def scopes_of(self, token: str) -> frozenset[Scope]:
        """Return what a token is for; empty for an unknown one."""
        sent = sha256_of(token.encode("utf-8", "surrogateescape"))
        found = frozenset[Scope]()
        for grant in self._grants:
            if hmac.compare_digest(sent, grant.sha256):
                found |= grant.scopes
        return found

    def admits(self, authorization: str, scope: Scope = "add") -> bool:
        """Tell whether the header carries a token of this scope."""
        return scope in self.scopes(authorization)

    def check(self, authorization: str, scope: Scope = "add") -> None:
        """Raise the problem `no-admin-token` (403) if no token is set, `unauthorized` (401) if none that is known is
        sent, or `insufficient-scope` (403) if it is for something else.
        """
        if not self._grants:
            raise ProblemError("no-admin-token", f"this server takes no articles and no claims: set "
                                                 f"{ADMIN_TOKEN.variable} to a long random text in its environment, "
                                                 f"and restart it")
        scopes = self.scopes(authorization)
        if not scopes:
            raise ProblemError("unauthorized", "send the server's token as Authorization: Bearer TOKEN")
        if scope not in scopes:
            raise ProblemError("insufficient-scope", f"this token is for {', '.join(sorted(scopes))}; one with the "
                                                     f"scope {scope} is needed")


def _token_in(authorization: str) -> str:
    """Return the token of an `Authorization: Bearer` header; empty, which is no token, for another."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
