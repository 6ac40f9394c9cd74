"""HTTP on connections that nobody can hold for long: requests arrive and answers are taken within a time.

When there are too many, those that have no request in hand give way, oldest first, as at the REST endpoints.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from web.http.limits import Limits
from web.http.registry import Registry

# A whole request is received within so many seconds.
REQUEST_WITHIN_S = 30.0
# So do those whose client does not read what it asked for.
TAKEN = Limits()


@dataclass(eq=False, slots=True)
class _Counted:
    """A connection, as `Registry` counts it."""

    client: str
    transport: asyncio.Transport

    def give_way(self) -> None:
        """Close the connection for another one."""
        self.transport.close()


class InTime(H11Protocol):
    """A connection that is closed if a request, its body included, is not received in time, or an answer not taken.

    It is in the `registry` of the server's; `client_of` says for whom it counts there, by its address.
    """

    _counted: _Counted
    _receiving: asyncio.TimerHandle | None = None
    _sending: asyncio.TimerHandle | None = None

    def __init__(self, *, registry: Registry, client_of: Callable[[str], str], **of_uvicorn: Any) -> None:
        super().__init__(**of_uvicorn)
        self._registry, self._client_of = registry, client_of

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to wait for the first request; one of too many connections is answered with 503."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=0)  # what is not taken at once is told to `pause_writing`
        self._counted = _Counted(self._client_of(self.client[0]) if self.client else "", transport)
        if self._registry.add(self._counted):
            self.limit_concurrency = 0
        self._registry.wait(self._counted)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Read what was sent; wait on if it does not end a request."""
        super().data_received(data)
        if self._is_receiving:
            self._wait()
        else:
            self._registry.work(self._counted)
            self._stop_waiting()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        if not self.transport.is_closing() and self._is_receiving:
            self._registry.wait(self._counted)

    def pause_writing(self) -> None:
        """Begin to wait for the client to take everything that was sent."""
        super().pause_writing()
        within_s = TAKEN.send_timeout_s + self.transport.get_write_buffer_size() / TAKEN.least_bytes_per_s
        self._sending = self.loop.call_later(within_s, self.transport.abort)

    def resume_writing(self) -> None:
        """Wait no longer: it has taken it."""
        self._stop_sending()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the limits with the connection."""
        self._registry.remove(self._counted)
        self._stop_waiting()
        self._stop_sending()
        super().connection_lost(exc)

    @property
    def _is_receiving(self) -> bool:
        return self.conn.their_state in (h11.IDLE, h11.SEND_BODY)

    def _wait(self) -> None:
        if self._receiving is None:
            self._receiving = self.loop.call_later(REQUEST_WITHIN_S, self._give_up)

    def _give_up(self) -> None:
        self._receiving = None
        if self._is_receiving:
            self.transport.close()

    def _stop_waiting(self) -> None:
        if self._receiving is not None:
            self._receiving.cancel()
            self._receiving = None

    def _stop_sending(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
            self._sending = None
