"""What the connections of a server share, and the loop that serves them until it is asked to stop."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections import deque
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import TYPE_CHECKING

import h11

from web.http.calling import Part, call
from web.http.connection import Connection
from web.http.limits import Limits
from web.http.registry import Registry
from web.http.requests import Request
from web.http.shared import Answered
from web.http.workers import Workers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

BACKLOG = 1024  # connections that wait in the kernel
# Connections accepted in one turn of the loop, and heads read in one while many connect: reading one takes longer, and
# who asks for something urgent must be let in to be noticed.
ACCEPTED_AT_A_TIME, READ_AT_A_TIME = 128, 16
READ_BYTES = 32 * 1024  # of a connection in one turn, and so what it may have kept behind a request in hand
ACCEPT_AGAIN_S = 1.0  # after a failure, such as too many open files

log = logging.getLogger(__name__)


class Edge:
    """Serves an application on one listening socket.

    Requests for `urgent` paths do not wait for the others. `body_limit` says how many bytes of a request's body to
    keep; a longer body is not read, and the application gets its length alone. `client_of` names the client of an
    address, or is empty where connections are not counted.
    """

    def __init__(self, app: WSGIApplication, listener: socket.socket, workers: Workers, limits: Limits, *,
                 urgent: Collection[str], urgent_workers: Workers, body_limit: Callable[[h11.Request], int],
                 client_of: Callable[[str], str]) -> None:
        self.limits = limits
        self.body_limit, self.client_of = body_limit, client_of
        self.registry = Registry(limits)
        self.unsent: dict[Answered, int] = {}  # bytes that a client has not taken
        self.buffer = memoryview(bytearray(READ_BYTES))
        self.is_stopping = False
        self._app, self._listener, self._workers = app, listener, workers
        self._urgent, self._urgent_workers = urgent, urgent_workers
        self._beginning: set[asyncio.Task[object]] = set()  # connections that are accepted
        self._loop: asyncio.AbstractEventLoop | None = None
        self._to_read: deque[Callable[[], None]] = deque()
        self._many_connect = False
        self._stop = asyncio.Event()
        self._gone = asyncio.Event()

    async def serve(self, ready: Callable[[asyncio.AbstractEventLoop], None]) -> None:
        """Serve until `stop`; then answer what was asked, and close. Call `ready` when `stop` may be called."""
        self._loop = loop = asyncio.get_running_loop()
        loop.add_reader(self._listener, self._accept)
        ready(loop)
        await self._stop.wait()
        await self._close_listener()
        await self._drain()

    def stop(self) -> None:
        """Ask `serve` to end. Call it in the loop's thread."""
        self._stop.set()

    def work(self, request: Request, connection: Answered, number: int) -> None:
        """Have a thread answer a request."""
        receiver = _Receiver(self, connection, number)
        workers = self._urgent_workers if request.target in self._urgent else self._workers
        workers.submit(lambda: call(self._app, request, receiver))

    def read_soon(self, read: Callable[[], None], path: str) -> None:
        """Read a head: at once, unless many connect and the path is not urgent."""
        if path in self._urgent or not (self._many_connect or self._to_read):
            read()
            return
        self._to_read.append(read)
        if len(self._to_read) == 1:
            asyncio.get_running_loop().call_soon(self._read_some)

    def _read_some(self) -> None:
        for _ in range(min(READ_AT_A_TIME, len(self._to_read))):
            self._to_read.popleft()()
        if self._to_read:
            asyncio.get_running_loop().call_soon(self._read_some)

    def post(self, act: Callable[[], None]) -> None:
        """Run something in the loop, from another thread."""
        with suppress(RuntimeError):  # the loop is closed: a thread worked longer than the server waits when it stops
            assert self._loop is not None  # noqa: S101  # requests come from the loop
            self._loop.call_soon_threadsafe(act)

    def note_unsent(self, connection: Answered, count: int) -> None:
        """Note how much a client has not taken. Beyond the limit, clients that took longest lose their responses."""
        self.unsent.pop(connection, None)
        self.unsent[connection] = count
        total = sum(self.unsent.values())
        while total > self.limits.unsent_bytes and len(self.unsent) > 1:
            slowest = next(iter(self.unsent))
            total -= self.unsent.pop(slowest)
            slowest.give_way()

    def gone(self) -> None:
        """Note that a connection was closed."""
        if not len(self.registry):
            self._gone.set()

    def _accept(self, at_most: int = ACCEPTED_AT_A_TIME) -> None:
        """Accept waiting connections. `loop.create_server` would lose those that it accepts right before its end."""
        loop = asyncio.get_running_loop()
        count = 0
        try:
            while count < at_most:
                accepted, _ = self._listener.accept()
                count += 1
                accepted.settimeout(0)
                task = loop.create_task(self._begin(accepted))
                self._beginning.add(task)
                task.add_done_callback(self._beginning.discard)
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError:
            log.exception("no connections are accepted for %d s", ACCEPT_AGAIN_S)
            loop.remove_reader(self._listener)
            loop.call_later(ACCEPT_AGAIN_S, self._accept_again)
        finally:
            self._many_connect = count > READ_AT_A_TIME

    def _accept_again(self) -> None:
        if not self.is_stopping:
            asyncio.get_running_loop().add_reader(self._listener, self._accept)

    async def _begin(self, accepted: socket.socket) -> None:
        await asyncio.get_running_loop().connect_accepted_socket(lambda: Connection(self), accepted)

    async def _close_listener(self) -> None:
        """Refuse new connections, but none that the kernel has completed: closing the listener would reset those.

        Nothing is awaited before the listener is closed. No client knows of the stop until then, so none of those that
        are told to close their connections makes a new one in between.
        """
        self.is_stopping = True
        self._accept(at_most=BACKLOG)
        asyncio.get_running_loop().remove_reader(self._listener)
        self._listener.close()
        if self._beginning:
            await asyncio.wait(self._beginning)

    async def _drain(self) -> None:
        for connection in self.registry:
            if isinstance(connection, Connection):
                connection.expect_last_request()
        self._gone.clear()
        if len(self.registry):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._gone.wait(), self.limits.drain_timeout_s)
        for connection in self.registry:
            connection.give_way()
        await asyncio.sleep(0)  # transports close in the loop's next turn


class _Receiver:
    """Hands the parts of one response from a thread to the loop."""

    def __init__(self, edge: Edge, connection: Answered, number: int) -> None:
        self._edge, self._connection, self._number = edge, connection, number

    def send(self, part: Part) -> bool:
        if self._connection.number != self._number:
            return False
        self._edge.post(lambda: self._connection.take_part(self._number, part))
        return True

    def fail(self) -> None:
        self._edge.post(lambda: self._connection.fail(self._number))
