"""Decide what a client may do: the one that sends a token may do what the token is for.

The token of MUSNAD_ADMIN_TOKEN is for everything. A file gives others, one a line, with their scopes:

    NAME SCOPE[,SCOPE...] SHA256

where SHA256 is that of the token in hexadecimal. So the file tells nobody a token; `musnad token` makes one and its
line.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from index.settings import ADMIN_TOKEN
from web.errors import ProblemError

Scope = Literal["read", "add", "remove", "operate"]
"""To read where readers must log in, to add and replace articles, to remove them, and to open the operator's page."""

SCOPES: tuple[Scope, ...] = get_args(Scope)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


class TokensError(ValueError):
    """A file of tokens that cannot be used; the message names its line and the remedy."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A token by its SHA-256, and what it is for."""

    name: str
    scopes: frozenset[Scope]
    sha256: str


def read_grants(path: Path) -> tuple[Grant, ...]:
    """Read a file of tokens; empty lines and those that begin with # are passed over. Raises TokensError or OSError."""
    grants: list[Grant] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        fields = line.split()
        scopes = frozenset(fields[1].split(",")) if len(fields) == 3 else frozenset[str]()
        if len(fields) != 3 or not _NAME.fullmatch(fields[0]) or not _SHA256.fullmatch(fields[2].lower()):
            raise TokensError(f"{path}:{number}: write NAME SCOPE[,SCOPE...] SHA256; `musnad token` prints such a line")
        if scopes - set(SCOPES):
            raise TokensError(f"{path}:{number}: a scope is one of {', '.join(SCOPES)}")
        grants.append(Grant(fields[0], frozenset(each for each in SCOPES if each in scopes), fields[2].lower()))
    return tuple(grants)


def sha256_of(secret: bytes) -> str:
    """Return the SHA-256 of a token, in hexadecimal. One of 256 random bits needs no slower hash."""
    return hashlib.sha256(secret).hexdigest()


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

    @property
    def has_token(self) -> bool:
        """Whether a token is set that may change the index."""
        return any(grant.scopes & {"add", "remove"} for grant in self._grants)

    @property
    def has_operator(self) -> bool:
        """Whether a token is set that opens the operator's page."""
        return any("operate" in grant.scopes for grant in self._grants)

    def scopes(self, authorization: str) -> frozenset[Scope]:
        """Return what an `Authorization` header (RFC 6750) is for; empty for no token or an unknown one.

        It is compared with every token there is, each in constant time.
        """
        scheme, _, token = authorization.partition(" ")
        return self.scopes_of(token.strip()) if scheme.lower() == "bearer" else frozenset()

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
            raise ProblemError("no-admin-token", f"this server takes no articles: set {ADMIN_TOKEN.variable} to a long "
                                                 f"random text in its environment, and restart it")
        scopes = self.scopes(authorization)
        if not scopes:
            raise ProblemError("unauthorized", "send the server's token as Authorization: Bearer TOKEN")
        if scope not in scopes:
            raise ProblemError("insufficient-scope", f"this token is for {', '.join(sorted(scopes))}; one with the "
                                                     f"scope {scope} is needed")
