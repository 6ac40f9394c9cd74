"""Connections to `musnad mcp` over HTTP that send nothing, or never the rest of a request, or are too many."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import Any, cast

import anyio
import anyio.to_thread
import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from web.http.limits import Limits
from web.http.registry import Registry
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


def test_connections_that_send_nothing_keep_nobody_out(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_time, "REQUEST_WITHIN_S", 30.0)
    with ExitStack() as stack:
        idle = [stack.enter_context(connect(port)) for _ in range(over_http.RUNNING + over_http.WAITING)]
        assert answer(port) == b"200"
        assert idle[0].recv(1) == b""  # the oldest has made room
        idle[1].sendall(WHOLE)
        assert idle[1].makefile("rb").readline().split()[1] == b"200"


def test_while_all_connections_are_in_use_another_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(over_http, "IDLE", 0)
    begun, may_end = threading.Semaphore(0), threading.Event()

    async def hold(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            begun.release()
            await anyio.to_thread.run_sync(may_end.wait, 20)
            await PlainTextResponse("ok")(scope, receive, send)

    with served(hold) as port, ExitStack() as stack:
        held = [stack.enter_context(connect(port)) for _ in range(over_http.RUNNING + over_http.WAITING)]
        for connection in held:
            connection.sendall(WHOLE)
            assert begun.acquire(timeout=20)
        assert answer(port) == b"503"
        may_end.set()
        assert {connection.makefile("rb").readline().split()[1] for connection in held} == {b"200"}


@pytest.mark.parametrize(("counts_clients", "address", "client"), [
    (True, "192.0.2.1", "192.0.2.1"), (True, "2001:db8:1:2::5", "2001:db8:1:2::/64"), (True, "127.0.0.1", ""),
    (False, "192.0.2.1", ""),  # a proxy
])
def test_a_client_elsewhere_has_half_of_the_connections(
        counts_clients: bool, address: str, client: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Registry] = []
    monkeypatch.setattr(over_http, "Registry", lambda limits: made.append(Registry(limits)) or made[-1])
    config = over_http.configured(echo, counts_clients=counts_clients)
    assert cast("Any", config.http).keywords["client_of"](address) == client
    (registry,) = made
    most = over_http.RUNNING + over_http.WAITING + over_http.IDLE
    refusals = []
    for _ in range(most):
        connection = FakeConnection(client)
        refusals.append(registry.add(connection))
        registry.work(connection)
    assert refusals.index("client") == most // 2 if client else set(refusals) == {None}


class FakeConnection:
    """A connection that is counted for a client."""

    def __init__(self, client: str) -> None:
        self.client = client

    def give_way(self) -> None:
        """Nothing gives way: all are in use."""
        raise AssertionError


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
        for _ in range(over_http.RUNNING + over_http.WAITING):
            connection = stack.enter_context(connect(port))
            connection.sendall(WHOLE[:-2] + b"gr")
            assert connection.recv(1) == b"H"
        # Those held are as many as there may be.
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
