"""Connections to `musnad mcp` over HTTP that send nothing, or never the rest of a request."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice

import anyio
import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from web.http.limits import Limits
from web.mcp import in_time, over_http
from web.mcp.posts import Posts
from web.server import listen

pytestmark = pytest.mark.slow

# Instead of half a minute.
WITHIN_S = 0.5
WHOLE = b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nok"
UNFINISHED = (b"", b"P", b"POST /mcp HTTP/1.1\r\nHost: local", WHOLE[:-1], WHOLE + b"GET /")


LARGE = b"x" * 8_000_000  # more than a socket takes at once


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the body, once it is there."""
    if scope["type"] == "http":
        body = await Request(scope, receive).body()
        await PlainTextResponse(LARGE if body == b"gr" else body)(scope, receive, send)


@contextmanager
def served(app: ASGIApp) -> Iterator[int]:
    """The port of a server of this application."""
    listener = listen("127.0.0.1", 0)
    server = uvicorn.Server(over_http.configured(app))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of a server with little patience."""
    monkeypatch.setattr(in_time, "REQUEST_WITHIN_S", WITHIN_S)
    monkeypatch.setattr(in_time, "TAKEN", Limits(send_timeout_s=WITHIN_S, least_bytes_per_s=len(LARGE)))
    monkeypatch.setattr(over_http, "IDLE", 0)
    with served(echo) as served_at:
        yield served_at


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def answer(port: int) -> bytes:
    """The status of a whole request."""
    with connect(port) as connection:
        connection.sendall(WHOLE)
        return connection.makefile("rb").readline().split()[1]


@pytest.mark.parametrize("sent", UNFINISHED)
def test_a_request_that_does_not_end_is_given_up(port: int, sent: bytes) -> None:
    with connect(port) as connection:
        connection.sendall(sent)
        began = time.monotonic()
        got = connection.makefile("rb").read()  # until the server closes it
        assert time.monotonic() - began > WITHIN_S * 0.8
    assert got.count(b"HTTP/1.1 200") == int(sent.startswith(WHOLE))


def test_connections_that_send_nothing_keep_nobody_out_for_long(port: int) -> None:
    with ExitStack() as stack:
        idle = [stack.enter_context(connect(port)) for _ in range(over_http.RUNNING + over_http.WAITING)]
        assert answer(port) == b"503"
        assert [connection.recv(1) for connection in idle] == [b""] * len(idle)
        assert answer(port) == b"200"


def test_a_request_in_pieces_that_ends_in_time_is_answered(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_time, "REQUEST_WITHIN_S", 30.0)
    with connect(port) as connection:
        for piece in (WHOLE[:9], WHOLE[9:-1], WHOLE[-1:]) * 3:  # one after the other on one connection
            connection.sendall(piece)
        # A body has no end of line: the next status follows it on one.
        answered = (line for line in connection.makefile("rb") if line.endswith(b"HTTP/1.1 200 OK\r\n"))
        assert len(list(islice(answered, 3))) == 3


def test_an_answer_that_nobody_takes_is_given_up(port: int) -> None:
    with ExitStack() as stack:
        for _ in range(over_http.RUNNING + over_http.WAITING - 1):
            connection = stack.enter_context(connect(port))
            connection.sendall(WHOLE[:-2] + b"gr")
            assert connection.recv(1) == b"H"
        # Together with this one, those held are as many as there may be.
        assert b"200" in (answer(port) for _ in range(3_000))


def test_a_large_answer_that_is_taken_arrives_whole(port: int) -> None:
    with connect(port) as connection:
        connection.sendall(WHOLE[:-2] + b"gr")
        reader = connection.makefile("rb")
        while reader.readline() != b"\r\n":
            pass
        assert reader.read(len(LARGE)) == LARGE


def test_a_call_ends_with_its_client() -> None:
    began, ended = threading.Event(), threading.Event()

    async def wait(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                began.set()
                await anyio.sleep_forever()
            finally:
                ended.set()

    body = b'{"jsonrpc":"2.0","id":1,"method":"ping"}'
    with served(Posts(wait, "/mcp")) as port:
        with connect(port) as connection:
            connection.sendall(b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                               b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
            assert began.wait(20)
            assert not ended.is_set()
        assert ended.wait(20)
