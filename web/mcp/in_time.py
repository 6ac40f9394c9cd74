"""HTTP on connections that nobody can hold for long: requests arrive and answers are taken within a time."""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from web.http.limits import Limits

# A whole request is received within so many seconds. Connections that send none count for `limit_concurrency` too, so
# that a few idle ones would keep everybody out.
REQUEST_WITHIN_S = 30.0
# So do those whose client does not read what it asked for.
TAKEN = Limits()


class InTime(H11Protocol):
    """A connection that is closed if a request, its body included, is not received in time, or an answer not taken."""

    _receiving: asyncio.TimerHandle | None = None
    _sending: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to wait for the first request."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=0)  # what is not taken at once is told to `pause_writing`
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Read what was sent; wait on if it does not end a request."""
        super().data_received(data)
        if self._is_receiving:
            self._wait()
        else:
            self._stop_waiting()

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
