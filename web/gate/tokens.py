"""Read a file of tokens, each with what it is for: a line has

    NAME SCOPE[,SCOPE...] SHA256

where SHA256 is that of the token in hexadecimal. So the file tells nobody a token; `musnad token` makes one and its
line.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from index.settings import TOKENS, named_path

Scope = Literal["read", "add", "remove", "operate", "claims"]
"""To read where readers must log in, to add and replace articles, to remove them, to open the operator's page, and to
have claims stand."""

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


def add_tokens_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--tokens`."""
    parser.add_argument("--tokens", type=named_path, default=TOKENS.value(), metavar="FILE",
                        help=TOKENS.help("a file of tokens and what each is for, as `musnad token` prints them",
                                         default="none"))


def read_grants(path: Path) -> tuple[Grant, ...]:
    """Read a file of tokens; empty lines and those that begin with # are passed over. Raises TokensError."""
    grants: list[Grant] = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise TokensError(f"{path}: no text in UTF-8; `musnad token` prints the lines of such a file") from error
    except OSError as error:
        raise TokensError(f"{path}: cannot be read: {error.strerror}; `musnad token` prints the lines of such a file"
                          ) from error
    for number, line in enumerate(lines, start=1):
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
