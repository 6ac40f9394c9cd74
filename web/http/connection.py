"""One connection: h11 reads its requests and frames the responses; here are the deadlines and when it closes.

A request is handed to a thread once it has arrived whole, and its response is kept until the client has read it. So a
client that sends or reads slowly, or not at all, takes no thread.
"""

from __future__ import annotations

import asyncio
from typing import cast

import h11

from web.http.calling import Part
from web.http.deadline import Deadline
from web.http.registry import Refusal
from web.http.requests import (
    FramingError,
    Request,
    address_of,
    check_framing,
    checked_head,
    declared_bytes,
    end_of_head,
    has_body,
    path_of,
    wants_close,
)
from web.http.responses import as_event, refusal, without_body
from web.http.shared import Shared
from web.http.stage import Stage

# Of a connection that has no request yet; a real one takes as long to make as all else that a new connection needs.
_NONE_YET = h11.Connection(h11.SERVER)


class Connection(asyncio.BufferedProtocol):
    """A client's connection. All methods run in the event loop's thread."""

    def __init__(self, edge: Shared) -> None:
        self._edge, self._limits = edge, edge.limits
        self.client = ""
        self.stage = Stage.IDLE
        self._transport: asyncio.Transport | None = None
        self._deadline = Deadline()
        self._h11 = _NONE_YET
        self._received = bytearray()  # of a head, and what came behind it
        self._searched = self._head_end = 0
        self._request: h11.Request | None = None
        self._body = bytearray()
        self._body_limit = 0
        self._chunks = 0
        self._is_last = False
        self._is_answered = False
        self._has_ended = False  # the client sends no more
        self.number = 0  # of the request, to know a part of a response that was given up

    # ---- what asyncio calls ----

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the first request, or refuse the connection."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=0)  # so that `resume_writing` means that everything was taken
        self._peer = address_of(transport.get_extra_info("peername"))
        self._own = address_of(transport.get_extra_info("sockname"))
        self.client = self._edge.client_of(self._peer[0])
        refused: Refusal | None = self._edge.registry.add(self)
        self._edge.registry.wait(self)
        if refused is None:
            self._deadline.set(self._limits.head_timeout_s, self._leave)
        elif refused == "client":
            self._refuse(429, f"{self._limits.connections_per_client} connections of one client are allowed")
        else:
            self._refuse(503, "the server has as many connections as it can serve")

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002  # asyncio's signature
        """Return where to put what arrives. All connections share it, as each takes it at once."""
        return self._edge.buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Take bytes of a request."""
        data = bytes(self._edge.buffer[:nbytes])
        match self.stage:
            case Stage.IDLE | Stage.HEAD:
                self._take_head(data)
            case Stage.BODY:
                self._h11.receive_data(data)
                self._take_body()
            case Stage.ARRIVED | Stage.WORKING:  # what came behind the request, or as it was paused
                self._received += data
                self._on_wire.pause_reading()

    def eof_received(self) -> bool:
        """The client sends no more, but may still read."""
        self._has_ended = True
        match self.stage:
            case Stage.HEAD | Stage.BODY:
                self._refuse(400, "the request ends too early")
            case Stage.IDLE | Stage.LEAVING:
                self._close()
        return True

    def resume_writing(self) -> None:
        """The client has taken everything that was sent."""
        self._edge.unsent.pop(self, None)
        if self.stage is Stage.LEAVING:
            self._linger()
        elif self._is_answered:
            self._next()
        else:
            self._deadline.cancel()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's signature
        """Forget the connection."""
        self.stage = Stage.CLOSED
        self.number += 1
        self._deadline.cancel()
        self._edge.unsent.pop(self, None)
        self._edge.registry.remove(self)
        self._edge.gone()

    # ---- reading ----

    def _take_head(self, data: bytes) -> None:
        if self.stage is Stage.IDLE:
            data = data.lstrip(b"\r\n")  # RFC 9112, 2.2
            if not data:
                return
            self.stage = Stage.HEAD
            self._deadline.set(self._limits.head_timeout_s, self._refuse_slow)
        self._received += data
        end = end_of_head(self._received, self._searched)
        self._searched = len(self._received)
        if (end if end >= 0 else self._searched) >= self._limits.head_bytes:
            self._refuse(431, f"the head of the request has {self._limits.head_bytes} bytes or more")
        elif end >= 0:
            self.stage, self._head_end = Stage.ARRIVED, end
            self._edge.read_soon(self._begin, path_of(self._received))

    def _begin(self) -> None:
        if self.stage is not Stage.ARRIVED:  # it was closed meanwhile
            return
        try:
            event = self._read_head()
        except FramingError as error:
            self._refuse(error.status, error.detail)
            return
        except h11.RemoteProtocolError as error:
            self._refuse(error.error_status_hint, str(error))
            return
        del self._received[:self._head_end]
        self._searched = 0
        self._request = event
        self._body_limit = self._edge.body_limit(event)
        declared = declared_bytes(event.headers)
        if declared > max(self._body_limit, self._limits.refused_body_bytes):
            self._refuse(413, f"the request body is larger than {self._body_limit} bytes")
            return
        if declared > self._body_limit:
            self._hand_over(None, declared)
            return
        self.stage = Stage.BODY
        self._deadline.set(self._limits.body_timeout_s + declared / self._limits.least_bytes_per_s, self._refuse_slow)
        if has_body(event) and self._h11.they_are_waiting_for_100_continue:
            self._write(self._h11.send(h11.InformationalResponse(status_code=100, headers=[])))
        if self._received and has_body(event):
            # Of what is not the body, h11 would copy all for each request in it.
            behind = declared or len(self._received)
            self._h11.receive_data(bytes(self._received[:behind]))
            del self._received[:behind]
        self._take_body()
        if self.stage is Stage.BODY:
            if self._has_ended:
                self._refuse(400, "the request ends too early")
            else:
                self._on_wire.resume_reading()

    def _read_head(self) -> h11.Request:
        """Read the head that has arrived. Raises FramingError or h11's own."""
        self._h11 = h11.Connection(h11.SERVER)
        self._h11.receive_data(checked_head(bytes(self._received[:self._head_end]), max_lines=self._limits.head_lines))
        event = self._h11.next_event()
        if not isinstance(event, h11.Request):
            raise FramingError(400, "the request cannot be read")
        check_framing(event)
        return event

    def _take_body(self) -> None:
        while True:
            try:
                event = self._h11.next_event()
            except h11.RemoteProtocolError as error:
                self._refuse(error.error_status_hint, str(error))
                return
            if isinstance(event, h11.Data):
                self._body += event.data
                self._chunks += 1
                if self._chunks > self._limits.chunks:
                    self._refuse(400, f"the body has more than {self._limits.chunks} chunks")
                    return
                if len(self._body) > self._body_limit:
                    self._hand_over(None, len(self._body))
                    return
            elif isinstance(event, h11.EndOfMessage):
                self._hand_over(bytes(self._body), len(self._body))
                return
            else:
                return

    def _hand_over(self, body: bytes | None, declared: int) -> None:
        """Give the request to a thread. A body that is too long is not read: the application refuses its length."""
        asked = cast("h11.Request", self._request)
        self._body.clear()
        self.stage = Stage.WORKING
        self._is_answered = False
        self._is_last = body is None or asked.http_version < b"1.1" or wants_close(asked.headers)
        self._deadline.cancel()
        self._edge.registry.work(self)
        if not self._has_ended:
            self._on_wire.pause_reading()
        request = Request(
            asked.method.decode(), asked.target.decode(), asked.http_version.decode(),
            [(name.decode(), value.decode("latin-1")) for name, value in asked.headers], body, self._peer, self._own,
            declared)
        self._edge.work(request, self, self.number)

    # ---- writing ----

    def take_part(self, number: int, part: Part) -> None:
        """Send a part of the response to the request of that number."""
        if number != self.number or self.stage is not Stage.WORKING:
            return
        request = cast("h11.Request", self._request)
        pieces: list[bytes | None] = []
        try:
            if part.status:
                self._is_last |= self._edge.is_stopping
                pieces.append(self._h11.send(as_event(part, is_last=self._is_last)))
            if part.data and not without_body(request.method, part.status):
                pieces.append(self._h11.send(h11.Data(data=part.data)))
            if part.is_last:
                pieces.append(self._h11.send(h11.EndOfMessage()))
        except h11.LocalProtocolError:
            self.fail(number)
            raise
        self._write(b"".join(piece for piece in pieces if piece))
        if part.is_last:
            self._is_answered = True
            if self._is_last or self._h11.our_state is not h11.DONE or self._h11.their_state is not h11.DONE:
                self._leave()
            elif not self._on_wire.get_write_buffer_size():
                self._next()

    def fail(self, number: int) -> None:
        """Answer with 500, or cut the connection if part of the response was sent."""
        if number != self.number or self.stage is not Stage.WORKING:
            return
        if self._h11.our_state is h11.SEND_RESPONSE:
            self._refuse(500, "the server could not finish this request; its log says why")
        else:
            self._on_wire.abort()

    def _write(self, data: bytes) -> None:
        if not data or self.stage is Stage.CLOSED:
            return
        self._on_wire.write(data)
        unsent = self._on_wire.get_write_buffer_size()
        if unsent:
            self._deadline.set(self._limits.send_timeout_s + unsent / self._limits.least_bytes_per_s, self._abort)
            self._edge.note_unsent(self, unsent)

    def _next(self) -> None:
        """Read the next request, which may have arrived already."""
        pending = self._h11.trailing_data[0] + bytes(self._received)
        self._h11 = _NONE_YET
        self._received.clear()
        self._searched = self._chunks = 0
        self.number += 1
        self._request = None
        self._is_answered = False
        self.stage = Stage.IDLE
        self._edge.registry.wait(self)
        self._deadline.set(self._limits.last_requests_s if self._edge.is_stopping else self._limits.idle_timeout_s,
                     self._leave)
        if pending:
            self._take_head(pending)
        if self.stage in (Stage.IDLE, Stage.HEAD):
            self._on_wire.resume_reading()

    # ---- ending ----

    def expect_last_request(self) -> None:
        """Close soon if nothing arrives: the server stops."""
        if self.stage is Stage.IDLE:
            self._deadline.set(self._limits.last_requests_s, self._leave)

    def give_way(self) -> None:
        """Close the connection for another one."""
        self._abort()

    def _refuse_slow(self) -> None:
        self._refuse(408, "the request did not arrive in time")

    def _refuse(self, status: int, detail: str) -> None:
        """Answer with a problem and close: where the next request begins is not known."""
        self._deadline.cancel()
        self.number += 1
        if self._h11.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self._write(refusal(status, detail))
        self._leave()

    def _leave(self) -> None:
        """Send the end of the stream, and close when the client does or after a while."""
        if self.stage in (Stage.LEAVING, Stage.CLOSED):
            return
        self.stage = Stage.LEAVING
        self._received.clear()
        self._edge.registry.wait(self)
        try:
            self._on_wire.write_eof()
        except OSError:  # the client has gone, as the last write may have found out
            self._abort()
            return
        if self._has_ended and not self._on_wire.get_write_buffer_size():
            self._close()
            return
        self._on_wire.resume_reading()
        if not self._on_wire.get_write_buffer_size():
            self._linger()

    def _linger(self) -> None:
        if self._has_ended:
            self._close()
        else:
            self._deadline.set(self._limits.linger_timeout_s, self._close)

    def _close(self) -> None:
        self._deadline.cancel()
        self._on_wire.close()

    def _abort(self) -> None:
        self._deadline.cancel()
        self._on_wire.abort()

    @property
    def _on_wire(self) -> asyncio.Transport:
        assert self._transport is not None  # noqa: S101  # asyncio calls connection_made first
        return self._transport
