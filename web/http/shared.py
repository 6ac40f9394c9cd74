"""What a connection and its server ask of each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import h11

from web.http.calling import Part
from web.http.limits import Limits
from web.http.registry import Evictable, Registry
from web.http.requests import Request


class Answered(Evictable, Protocol):
    """A connection, as far as answering its requests goes. `number` is that of the request in hand."""

    number: int

    def take_part(self, number: int, part: Part) -> None:
        """Send a part of the response to the request of that number."""

    def fail(self, number: int) -> None:
        """End the response to the request of that number, which cannot be finished."""


class Shared(Protocol):
    """What the connections of a server share."""

    limits: Limits
    registry: Registry
    unsent: dict[Answered, int]
    buffer: memoryview
    is_stopping: bool
    body_limit: Callable[[h11.Request], int]
    client_of: Callable[[str], str]

    def work(self, request: Request, connection: Answered, number: int) -> None:
        """Have a thread answer a request."""

    def read_soon(self, read: Callable[[], None], path: str) -> None:
        """Read a head for this path now, or when its turn comes."""

    def note_unsent(self, connection: Answered, count: int) -> None:
        """Note how many bytes a client has not taken."""

    def gone(self) -> None:
        """Note that a connection was closed."""
