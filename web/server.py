"""Run the HTTP server: waitress on one socket, with limits, until it is asked to stop."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from copy import copy
from types import FrameType
from typing import Any

from flask import Flask
from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask

from web.api import arrival
from web.errors import Problem
from web.gate.admission import RUNNING, WAITING

# Threads besides those of admitted questions: to refuse the others, and to serve what needs no model.
SPARE_THREADS = 6
THREADS = RUNNING + WAITING + SPARE_THREADS
MAX_HEADER_BYTES = 64 * 1024
# The app itself refuses a body of more than 64 KiB. The server's limit is higher, because exceeding it cuts the
# connection, and a client that is still sending would not see why.
MAX_BODY_BYTES = 1024 * 1024
MAX_ARRIVAL_BYTES = 2 * arrival.MAX_BODY_BYTES
CHANNEL_TIMEOUT_S = 60
CONNECTION_LIMIT = 200
DRAIN_TIMEOUT_S = 10.0
MAX_PORT = 65_535

_SLUGS = {400: "malformed-request", 413: "content-too-large", 431: "headers-too-large", 501: "not-implemented"}


class AddressError(Exception):
    """The address cannot be listened on."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        self.host, self.port, self.reason = host, port, reason
        super().__init__(f"cannot listen on {host}:{port}: {reason}; stop the program that holds it or choose another "
                         f"host or port")


class _ProblemTask(ErrorTask):
    """Answers requests that never reach the app, such as a broken request line, with the same shape of error."""

    def execute(self) -> None:
        problem = Problem(_SLUGS.get(self.request.error.code, "internal-error"), str(self.request.error.body))
        body = json.dumps(problem.as_json()).encode()
        self.status = f"{problem.status} {self.request.error.reason}"
        self.response_headers.extend([("Content-Type", "application/problem+json"),
                                      ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store")])
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Parser(HTTPRequestParser):
    """Takes a long body only with the admin token: waitress stores long bodies on disk, which anyone could fill."""

    admits: Callable[[str], bool]
    adj: Any

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.command == "POST" and self.path == "/api/articles" and self.admits(
                self.headers.get("AUTHORIZATION", "")):
            self.adj = copy(self.adj)
            self.adj.max_request_body_size = MAX_ARRIVAL_BYTES


def _channel_class(admits: Callable[[str], bool]) -> type[HTTPChannel]:
    class Parser(_Parser):
        pass

    class Channel(HTTPChannel):
        error_task_class = _ProblemTask
        parser_class = Parser

    Parser.admits = staticmethod(admits)
    return Channel


class Server:
    """One listening socket and its threads. Port 0 takes any free port. Raises AddressError if it cannot listen."""

    def __init__(self, app: Flask, host: str, port: int) -> None:
        self._listener = _listen(host, port)
        self._channels: dict[int, Any] = {}
        self._stopping = threading.Event()
        self._waitress: Any = create_server(
            app, map=self._channels, sockets=[self._listener], threads=THREADS, ident=None,
            max_request_header_size=MAX_HEADER_BYTES, max_request_body_size=MAX_BODY_BYTES,
            channel_timeout=CHANNEL_TIMEOUT_S, connection_limit=CONNECTION_LIMIT, asyncore_use_poll=True)
        self._waitress.channel_class = _channel_class(app.extensions["musnad.admits"])
        address = self._listener.getsockname()
        shown = f"[{address[0]}]" if self._listener.family == socket.AF_INET6 else address[0]
        self.url = f"http://{shown}:{address[1]}"

    def run(self) -> None:
        """Serve until `stop` is called; then refuse new connections and finish the requests in progress."""
        while not self._stopping.is_set():
            self._turn(1.0)
        self._waitress.del_channel()
        self._waitress.socket.close()
        give_up_at = time.monotonic() + DRAIN_TIMEOUT_S
        while self._busy() and time.monotonic() < give_up_at:
            self._turn(0.05)
        self._waitress.task_dispatcher.shutdown()
        wasyncore.close_all(self._channels)

    def stop(self) -> None:
        """Ask `run` to end. Safe to call in a signal handler, from any thread and more than once."""
        if not self._stopping.is_set():
            self._stopping.set()
            self._waitress.pull_trigger()

    def _turn(self, timeout_s: float) -> None:
        wasyncore.loop(timeout=timeout_s, use_poll=True, map=self._channels, count=1)

    def _busy(self) -> bool:
        return any(channel.requests or channel.total_outbufs_len
                   for channel in list(self._waitress.active_channels.values()))


def serve(app: Flask, host: str, port: int, *, announce: Callable[[str], None] = print) -> None:
    """Serve until SIGTERM or SIGINT; call `announce` with the URL once connections are accepted.

    Raises AddressError. Call this in the main thread, where Python delivers signals.
    """
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short queue is normal, not news
    server = Server(app, host, port)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        server.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    announce(server.url)
    server.run()


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port <= MAX_PORT:  # getaddrinfo takes it modulo 65,536
        raise AddressError(host, port, f"ports go from 0 to {MAX_PORT}")
    listener: socket.socket | None = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM,
                                                                flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)  # fails here if another program listens on the port
    except OSError as error:
        if listener is not None:
            listener.close()
        if isinstance(error, socket.gaierror) or error.errno is None:
            raise AddressError(host, port, str(error.args[-1])) from error
        raise AddressError(host, port, os.strerror(error.errno)) from error
    return listener
