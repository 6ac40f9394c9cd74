"""Keep count of connections. When there are too many, those that sent no whole request give way, oldest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Literal, Protocol

from web.http.limits import Limits

Refusal = Literal["client", "server"]


class Evictable(Protocol):
    """A connection, as far as counting goes. `client` is empty if connections of its client are not counted."""

    client: str

    def give_way(self) -> None:
        """Close the connection for another one."""


class Registry:
    """The open connections. Used in the event loop's thread only."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._open: dict[Evictable, None] = {}  # a dict, since its order is that of arrival
        self._waiting: dict[Evictable, None] = {}
        self._of_client: defaultdict[str, dict[Evictable, None]] = defaultdict(dict)

    def __len__(self) -> int:
        return len(self._open)

    def __iter__(self) -> Iterator[Evictable]:
        return iter(tuple(self._open))

    def add(self, connection: Evictable) -> Refusal | None:
        """Count a new connection. Return whose limit refuses it, if no waiting connection can give way."""
        refusal: Refusal | None = None
        own = self._of_client[connection.client] if connection.client else {}
        if len(own) >= self._limits.connections_per_client and not self._close_one_of(own):
            refusal = "client"
        elif len(self._open) >= self._limits.connections and not self._close_one_of(self._waiting):
            refusal = "server"
        self._open[connection] = None
        if connection.client:
            own[connection] = None
        return refusal

    def remove(self, connection: Evictable) -> None:
        """Forget a closed connection."""
        self._open.pop(connection, None)
        self._waiting.pop(connection, None)
        own = self._of_client.get(connection.client, {})
        own.pop(connection, None)
        if not own:
            self._of_client.pop(connection.client, None)

    def wait(self, connection: Evictable) -> None:
        """Note that a connection has no request in hand, as of now."""
        self._waiting.pop(connection, None)
        self._waiting[connection] = None

    def work(self, connection: Evictable) -> None:
        """Note that a connection has a request in hand."""
        self._waiting.pop(connection, None)

    def _close_one_of(self, connections: Iterable[Evictable]) -> bool:
        oldest = next((each for each in connections if each in self._waiting), None)
        if oldest is None:
            return False
        self.remove(oldest)
        oldest.give_way()
        return True
