"""Fetchers of tests, and what their servers say."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

from index.sources.fetch.fetching import Fetcher
from index.sources.fetch.targets import (
    parse_allowed_hosts,
)
from tests.loopback import Say, answer

LOOPBACK = parse_allowed_hosts(["127.0.0.1:*", "[::1]:*"])

LOCAL = "it leads to"
NUMBER = "has a number for a host"
UNSAFE = "holds a space, a backslash or a control character"
SCHEME = "where http: or https: must stand"
USER = "holds a user name or password"
NO_HOST = "has no host, or an invalid port"
NO_NAME = "has an invalid host name"
ZONE = "holds a zone id"
BRACKETS = "has no IPv6 address between its brackets"


def fetcher(**options: Any) -> Fetcher:
    """A fetcher that may go to loopback, does not pause, and gives up early."""
    return Fetcher(**{"allowed": LOOPBACK, "min_interval_s": 0.0, "timeout_s": 10.0} | options)


def resolver(*answers: list[str]) -> Callable[..., list[tuple[Any, ...]]]:
    """A resolver that gives the first list of IP addresses first, the next one next, and fails after the last."""
    left = list(answers)

    def getaddrinfo(host: str, port: int, **_: object) -> list[tuple[Any, ...]]:
        if not left:
            raise AssertionError(f"{host} was resolved again")
        return [(socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_STREAM, 6, "",
                 (ip, port, 0, 0) if ":" in ip else (ip, port)) for ip in left.pop(0)]

    return getaddrinfo


def always(*sent: bytes) -> Say:
    def say(path: str, headers: dict[str, str], send: Callable[[bytes], None]) -> None:
        for piece in sent:
            send(piece)

    return say


def pages(**answers: bytes) -> Say:
    """Says `answers[name]` for /name, 404 for anything else."""
    return lambda path, headers, send: send(answers.get(path[1:], answer(404)))
