"""Keep-alive connections to a server on this machine, from which each request gets the status of its answer."""

from __future__ import annotations

import asyncio
import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

MAX_CONNECTIONS = 4_000
FAILED = 0  # the status of a request that got no answer


@dataclass(frozen=True, slots=True)
class Target:
    """The server that requests are sent to, which must have a loopback address."""

    host: str
    port: int

    @classmethod
    def parse(cls, url: str) -> Target:
        """Parse a base URL; raises ValueError when it is not a loopback address."""
        parts = urlsplit(url)
        host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
        if parts.scheme != "http" or not _is_loopback(host):
            raise ValueError(f"{url}: load is sent to http:// on a loopback address only")
        return cls(host, parts.port or 80)


class BadReplyError(Exception):
    """The server closed the connection early, or its reply is not a complete HTTP/1.1 answer."""


class Pool:
    """A pool of connections to one target. It reuses the one used last, and opens another when none is idle."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._idle: list[Connection] = []
        self._open: set[Connection] = set()

    async def exchange(self, request: bytes) -> int:
        """Send a request and return the status; retry on a new connection if the server had dropped an idle one."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.reusable:
                self._drop(connection)
                continue
            try:
                return await self._ask(connection, request)
            except BadReplyError:
                if connection.has_begun_to_answer():
                    raise
        return await self._ask(await self._connect(), request)

    def close(self) -> None:
        """Drop all connections."""
        for connection in self._open:
            connection.close()

    async def _ask(self, connection: Connection, request: bytes) -> int:
        try:
            status = await connection.ask(request)
        except BaseException:
            self._drop(connection)
            raise
        if connection.reusable:
            self._idle.append(connection)
        else:
            self._drop(connection)
        return status

    async def _connect(self) -> Connection:
        if len(self._open) >= MAX_CONNECTIONS:
            raise BadReplyError(f"the generator has its {MAX_CONNECTIONS} connections in use")
        connection = Connection()
        self._open.add(connection)
        try:
            await asyncio.get_running_loop().create_connection(lambda: connection, self._target.host,
                                                               self._target.port)
        except BaseException:
            self._drop(connection)
            raise
        return connection

    def _drop(self, connection: Connection) -> None:
        connection.close()
        self._open.discard(connection)


class Connection(asyncio.Protocol):
    """One keep-alive connection with at most one request in flight."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._wanted: int | None = None
        self._status = FAILED
        self._reply: asyncio.Future[int] | None = None
        self._transport: asyncio.Transport | None = None
        self.reusable = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Store the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail the request in flight."""
        self.reusable = False
        self._fail(f"the connection was closed{f': {exc}' if exc else ''}")

    def data_received(self, data: bytes) -> None:
        """Collect one answer: a header, then as many bytes of body as Content-Length says."""
        self._received += data
        if self._wanted is None and (end := self._received.find(b"\r\n\r\n")) >= 0:
            self._read_header(bytes(self._received[:end]).lower().split(b"\r\n"), end + 4)
        if self._wanted is not None and len(self._received) >= self._wanted:
            reply, self._reply = self._reply, None
            if reply is not None and not reply.done():
                reply.set_result(self._status)

    def ask(self, request: bytes) -> asyncio.Future[int]:
        """Send a request; the future gets the status once the whole answer has arrived."""
        self._received.clear()
        self._wanted = None
        self._reply = asyncio.get_running_loop().create_future()
        if self._transport is None or self._transport.is_closing():
            self._fail("the connection was closed")
            return self._reply_or_fault()
        self._transport.write(request)
        return self._reply

    def close(self) -> None:
        """Drop the connection."""
        self.reusable = False
        if self._transport is not None:
            self._transport.abort()

    def has_begun_to_answer(self) -> bool:
        """Tell whether any byte of the present answer has arrived."""
        return bool(self._received)

    def _read_header(self, lines: list[bytes], body_from: int) -> None:
        headers = dict(line.split(b":", 1) for line in lines[1:] if b":" in line)
        length = headers.get(b"content-length", b"").strip()
        parts = lines[0].split()
        if len(parts) < 2 or not parts[1].isdigit() or not length.isdigit():
            self._fail(f"no status or no Content-Length: {lines[0]!r}")
            return
        self._status, self._wanted = int(parts[1]), body_from + int(length)
        if headers.get(b"connection", b"").strip() == b"close" or parts[0] == b"http/1.0":
            self.reusable = False

    def _fail(self, reason: str) -> None:
        if self._reply is not None and not self._reply.done():
            self._reply.set_exception(BadReplyError(reason))

    def _reply_or_fault(self) -> asyncio.Future[int]:
        assert self._reply is not None
        return self._reply


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a host name, which could resolve to any address
        return False
