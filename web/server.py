"""Run the HTTP server: one socket, an event loop for its connections and threads for the application."""

from __future__ import annotations

import asyncio
import os
import resource
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from flask import Flask

from index.signals import on_ending
from web.api import arrival
from web.api.drafts import DRAFT_PATHS, MAX_DRAFT_BYTES
from web.gate.admission import RUNNING, WAITING
from web.gate.clients import client_of, is_this_machine
from web.http.edge import BACKLOG, Edge
from web.http.limits import Limits
from web.http.workers import Workers

if TYPE_CHECKING:
    import h11

# Threads besides those of admitted questions: to refuse the others, and to serve what needs no model.
SPARE_THREADS = 6
# Answered at once, by a thread of their own: whoever asks takes a late answer for a dead server.
URGENT = ("/healthz",)
THREADS = RUNNING + WAITING + SPARE_THREADS
# Files besides connections: those of the index, of the model and of a build that the server starts.
SPARE_FILES = 256
STOP_TIMEOUT_S = 0.5
MAX_PORT = 65_535


class FileLimitError(Exception):
    """The system lets this process open too few files at once. `limit` is how many."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"the system allows this process {limit} open files, and the server needs more than "
                         f"{SPARE_FILES}; raise the limit with `ulimit -n {SPARE_FILES + Limits().connections}`, or "
                         f"LimitNOFILE= of the service")


class AddressError(Exception):
    """The address cannot be listened on."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        self.host, self.port, self.reason = host, port, reason
        super().__init__(f"cannot listen on {host}:{port}: {reason}; stop the program that holds it or choose another "
                         f"host or port")


class Server:
    """One listening socket and its threads. Port 0 takes any free port. Raises AddressError if it cannot listen."""

    def __init__(self, app: Flask, host: str, port: int, *, limits: Limits | None = None,
                 counts_this_machine: bool = False) -> None:
        """Listen. `counts_this_machine` limits the connections of programs on the server's own machine, too."""
        self._app = app
        self._listener = listen(host, port)
        self._limits = limits or Limits()
        self._counts_this_machine = counts_this_machine
        self._stop_edge: Callable[[], object] | None = None
        self._is_stopping = False
        self.url = url_of(self._listener)

    def run(self) -> None:
        """Serve until `stop` is called; then answer what was asked, refuse new connections, and end."""
        workers, urgent_workers = Workers(THREADS), Workers(1)
        try:
            asyncio.run(self._serve(workers, urgent_workers))
        finally:
            self._listener.close()
            workers.stop(STOP_TIMEOUT_S)
            urgent_workers.stop(STOP_TIMEOUT_S)

    def stop(self) -> None:
        """Ask `run` to end. Safe to call in a signal handler, from any thread and more than once."""
        self._is_stopping = True
        stop = self._stop_edge
        if stop is not None:
            with suppress(RuntimeError):  # the loop has ended
                stop()

    async def _serve(self, workers: Workers, urgent_workers: Workers) -> None:
        urgent = [each.decode() for path in URGENT for each in self._under_prefix(path)]
        edge = Edge(self._app, self._listener, workers, self._limits, urgent=urgent,
                    urgent_workers=urgent_workers, body_limit=self._body_limit, client_of=self._client_of)

        def ready(loop: asyncio.AbstractEventLoop) -> None:
            self._stop_edge = lambda: loop.call_soon_threadsafe(edge.stop)
            if self._is_stopping:
                edge.stop()

        await edge.serve(ready)

    def _body_limit(self, request: h11.Request) -> int:
        """Return how much of a body to keep: much only with the admin token, since anyone could fill the memory."""
        path = request.target.partition(b"?")[0]
        if request.method == b"POST" and any(path in self._under_prefix(each.decode()) for each in DRAFT_PATHS):
            return MAX_DRAFT_BYTES
        if request.method == b"POST" and path in self._under_prefix("/api/articles") and (
                self._app.extensions["musnad.admits"](_authorization(request))):
            return arrival.MAX_BODY_BYTES
        limit: int = self._app.config["MAX_CONTENT_LENGTH"]
        return limit

    def _under_prefix(self, path: str) -> tuple[bytes, bytes]:
        """Return the path as requests may have it: as it is, and under the prefix that the server has."""
        return path.encode(), f"{self._app.extensions['musnad.prefix']}{path}".encode()

    def _client_of(self, address: str) -> str:
        """Return the client whose connections are counted together, or nothing."""
        if self._app.extensions["musnad.trusted_proxies"] or (
                not self._counts_this_machine and is_this_machine(address)):
            return ""
        return client_of(address)


def serve(app: Flask, host: str, port: int, *, announce: Callable[[str], None] = print) -> None:
    """Serve until SIGTERM, SIGINT or SIGHUP; call `announce` with the URL once connections are accepted.

    Raises AddressError, or FileLimitError. Call this in the main thread, where Python delivers signals.
    """
    wanted = Limits().connections
    allowed = _allow_files(wanted + SPARE_FILES)
    connections = min(wanted, allowed - SPARE_FILES)
    if connections < 1:
        raise FileLimitError(allowed)
    server = Server(app, host, port, limits=Limits(connections=connections))
    on_ending(server.stop)
    announce(server.url)
    server.run()


def url_of(listener: socket.socket) -> str:
    """Return the address of a listening socket as a URL, without a slash at its end."""
    address = listener.getsockname()
    return f"http://[{address[0]}]:{address[1]}" if listener.family == socket.AF_INET6 else f"http://{address[0]}:{address[1]}"


def is_loopback(host: str) -> bool:
    """Tell whether only programs on this machine can connect to a server that listens on `host`."""
    try:
        found = socket.getaddrinfo(host or None, 0, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except OSError:
        return False  # listening on it will fail
    return is_this_machine(str(found[4][0]))


def _authorization(request: h11.Request) -> str:
    return next((value.decode("latin-1") for name, value in request.headers if name == b"authorization"), "")


def _allow_files(count: int) -> int:
    """Raise this process's limit of open files to `count`, or as far as it may; return the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= count:
        return count
    allowed = count if hard == resource.RLIM_INFINITY else min(count, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return allowed


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there and does not block; port 0 takes any free one. Raises AddressError."""
    if not 0 <= port <= MAX_PORT:  # getaddrinfo takes it modulo 65,536
        raise AddressError(host, port, f"ports go from 0 to {MAX_PORT}")
    listener: socket.socket | None = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM,
                                                                flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)  # fails here if another program listens on the port
        listener.settimeout(0)
    except OSError as error:
        if listener is not None:
            listener.close()
        if isinstance(error, socket.gaierror) or error.errno is None:
            raise AddressError(host, port, str(error.args[-1])) from error
        raise AddressError(host, port, os.strerror(error.errno)) from error
    return listener
