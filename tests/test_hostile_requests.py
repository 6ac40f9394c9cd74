"""Requests that two servers might cut differently, floods of them, and connections that break off in every state."""

from __future__ import annotations

import json
import logging
import select
import socket
import struct
import time
from typing import Any

import pytest

from tests.fake_answerer import FakeAnswerer
from tests.test_connections import (
    HEALTH,
    PLENTY_S,
    SMUGGLED,
    Held,
    Start,
    connect,
    problem_of,
    question,
    read_answer,
    start,
    until_closed,
)
from web.http.edge import READ_AT_A_TIME, READ_BYTES
from web.http.limits import Limits

__all__ = ["connect", "start"]

POST = b"POST /api/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(("request_bytes", "refused"), [
    (POST + b"Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd", ("malformed-request", 400)),
    (POST + b"Content-Length: 4, 4\r\n\r\nabcd", ("malformed-request", 400)),
    (POST + b"Content-Length: 4,\r\n\r\nabcd", ("malformed-request", 400)),
    (POST + b"Content-Length: 0x4\r\n\r\nabcd", ("malformed-request", 400)),
    (POST + b"Content-Length: -1\r\n\r\n", ("malformed-request", 400)),
    (POST + b"Content-Length: 4_0\r\n\r\nabcd", ("malformed-request", 400)),
    (POST + "Content-Length: ٤\r\n\r\nabcd".encode(), ("malformed-request", 400)),
    (POST + b"Content-Length: " + b"9" * 40 + b"\r\n\r\n", ("malformed-request", 400)),
    (POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", ("not-implemented", 501)),
    (POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", ("not-implemented", 501)),
    (POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n", ("malformed-request", 400)),
    (POST + b"Transfer-Encoding\x00: chunked\r\n\r\n0\r\n\r\n", ("malformed-request", 400)),
    (CHUNKED + b"1;a\nb\r\nx\r\n0\r\n\r\n", ("malformed-request", 400)),
    (CHUNKED + b"1\nx\n0\n\n", ("malformed-request", 400)),
    (CHUNKED + b"1\r\nxy\r\n0\r\n\r\n", ("malformed-request", 400)),
    (CHUNKED + b"+1\r\nx\r\n0\r\n\r\n", ("malformed-request", 400)),
    (CHUNKED + b"0x1\r\nx\r\n0\r\n\r\n", ("malformed-request", 400)),
    (CHUNKED + b"0\r\nX-A : b\r\n\r\n", ("malformed-request", 400)),
    (CHUNKED + b"1;" + b"a" * 70_000 + b"\r\nx\r\n0\r\n\r\n", ("headers-too-large", 431)),
    (CHUNKED + b"0\r\n" + b"X-A: b\r\n" * 9_000 + b"\r\n", ("headers-too-large", 431)),
    (b"GET / HTTP/1.1\nHost: x\n\n", ("malformed-request", 400)),
    (b"GET / HTTP/1.1\r\nHost: x\r\nX-A: b\nX-C: d\r\n\r\n", ("malformed-request", 400)),
    (b"GET / HTTP/1.1\r\nHost: x\r\nX-A: b\rX-C: d\r\n\r\n", ("malformed-request", 400)),
    (b"GET / HTTP/1.1\r\nHost: x\r\nX-A: b\r\r\n\r\n", ("malformed-request", 400)),
    (b"GET / HTTP/1.1\r\n X-A: b\r\nHost: x\r\n\r\n", ("malformed-request", 400)),
    (b"GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n", ("malformed-request", 400)),
    (b"GET / HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n", ("malformed-request", 400)),
    (b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n", ("malformed-request", 400)),
    (b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", ("malformed-request", 400)),
    (b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n", ("malformed-request", 400)),
    (b"GET / http/1.1\r\nHost: x\r\n\r\n", ("malformed-request", 400)),
    (b"GET /\r\n\r\n", ("malformed-request", 400)),
    (b"GET articles HTTP/1.1\r\nHost: x\r\n\r\n", ("malformed-request", 400)),
    (b"GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n", ("malformed-request", 400)),
    (b"GET * HTTP/1.1\r\nHost: x\r\n\r\n", ("malformed-request", 400)),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", ("not-implemented", 501)),
    (b"GET / HTTP/2.0\r\nHost: x\r\n\r\n", ("not-implemented", 501)),
    (b"GET / HTTP/0.9\r\nHost: x\r\n\r\n", ("not-implemented", 501)),
    (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"b" * 1_000_000 + b"\r\n\r\n", ("headers-too-large", 431)),
    (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 160_000 + b"\r\n", ("headers-too-large", 431)),
    (b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", ("headers-too-large", 431)),
])
def test_what_two_servers_might_cut_differently_is_refused_and_ends_the_connection(
        start: Start, connect: Any, request_bytes: bytes, refused: tuple[str, int]) -> None:
    _, address = start()
    connection = connect(address, request_bytes + SMUGGLED)
    connection.shutdown(socket.SHUT_WR)
    assert problem_of(until_closed(connection)) == refused


@pytest.mark.parametrize(("request_bytes", "status"), [
    (b"GET http://x/healthz HTTP/1.1\r\nHost: other\r\n\r\n", 200),
    (b"GET http://a@x/healthz HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    (b"GET http://x:1@evil/healthz HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    (b"GET http:///healthz HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    (b"GET /healthz HTTP/1.1\r\nHost: \r\n\r\n", 400),
    (b"GET /healthz HTTP/1.1\r\nHost: x y\r\n\r\n", 400),
    (b"GET /healthz HTTP/1.1\r\nHost: x, evil\r\n\r\n", 400),
    (b"GET /healthz HTTP/1.1\r\nHost: x@evil\r\n\r\n", 400),
    (b"GET /healthz HTTP/1.1\r\nHost: evil#x\r\n\r\n", 400),
    (b"GET //evil/healthz HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    (b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabcd", 200),
    (b"GET /healthz HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n", 200),
    (b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", 200),
    (b"OPTIONS /healthz HTTP/1.1\r\nHost: x\r\n\r\n", 200),
    (b"TRACE /healthz HTTP/1.1\r\nHost: x\r\n\r\n", 405),
    (b"GET /healthz HTTP/1.1\r\nHost: x\r\nTransfer_Encoding: chunked\r\nContent_Length: 9\r\n\r\n", 200),
])
def test_after_a_request_that_is_whole_the_next_one_begins_behind_it(start: Start, connect: Any, request_bytes: bytes,
                                                                     status: int) -> None:
    _, address = start(trusted_hosts=["x"])
    connection = connect(address, request_bytes + b"GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
    with connection.makefile("rb") as stream:
        assert stream.readline().split(b" ")[1] == b"%d" % status
        assert read_rest(stream)
        assert stream.readline().split(b" ")[1] == b"404"


def read_rest(stream: Any) -> bytes:
    """Read the headers and the body of an answer whose first line was read; an answer without a body gives b"-"."""
    headers = {}
    while line := stream.readline().strip().lower():
        name, _, value = line.partition(b": ")
        headers[name] = value
    return stream.read(int(headers.get(b"content-length", 0))) or b"-"


def test_an_answer_to_head_has_no_body_and_says_how_long_it_would_be(start: Start, connect: Any) -> None:
    _, address = start()
    _, _, body = read_answer(connect(address, HEALTH))
    connection = connect(address, HEALTH.replace(b"GET", b"HEAD") + HEALTH)
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += connection.recv(1)
    assert b"\r\nContent-Length: %d\r\n" % len(body) in head
    assert read_answer(connection)[2] == body


def test_options_for_the_whole_server_is_no_address_of_it(start: Start, connect: Any) -> None:
    _, address = start()
    assert read_answer(connect(address, b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"))[0] == 404


def test_a_body_is_asked_for_only_where_there_is_one(start: Start, connect: Any) -> None:
    _, address = start()
    connection = connect(address, b"GET /healthz HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n")
    assert connection.recv(65536).startswith(b"HTTP/1.1 200 OK\r\n")
    too_long = connect(address, POST + b"Content-Length: 300000\r\nExpect: 100-continue\r\n\r\n")
    assert read_answer(too_long)[0] == 413


# ---- floods ----

def accepted_of(connection: socket.socket, data: bytes, most: int) -> int:
    """Send without reading until the server takes nothing for half a second; return how much it took."""
    connection.setblocking(False)
    view, taken = memoryview(data), 0
    while taken < most and select.select([], [connection], [], 0.5)[1]:
        taken += connection.send(view[taken % len(data):])
    return taken


def test_of_a_flood_of_requests_whose_answers_are_not_read_only_a_little_is_taken(start: Start, connect: Any) -> None:
    answerer = Held()
    _, address = start(answerer, questions_at_once=4)
    connection = connect(address)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
    flood = b"".join(question(number) for number in range(200_000))
    taken = accepted_of(connection, flood, len(flood))
    assert taken < len(flood) // 4  # what the kernel holds, and what the server read before the first answer
    answerer.may_end.set()
    assert read_answer(connect(address, HEALTH))[0] == 200


def test_a_flood_on_one_connection_has_one_request_in_hand_at_a_time(start: Start, connect: Any) -> None:
    answerer = Held()
    _, address = start(answerer, questions_at_once=4)
    flood = connect(address, b"".join(question(number) for number in range(300)))
    assert answerer.begun.acquire(timeout=PLENTY_S)
    others = [connect(address, question(number)) for number in range(3)]
    for _ in others:
        assert answerer.begun.acquire(timeout=PLENTY_S)
    assert not answerer.begun.acquire(timeout=0.2)
    answerer.may_end.set()
    assert [read_answer(other)[0] for other in others] == [200, 200, 200]
    with flood.makefile("rb") as stream:
        for _ in range(300):
            assert stream.readline() == b"HTTP/1.1 200 OK\r\n"
            assert read_rest(stream) != b"-"


def test_others_are_answered_while_one_floods_and_reads_slowly(start: Start, connect: Any) -> None:
    answerer = FakeAnswerer()
    _, address = start(answerer)
    flood = connect(address)
    flood.setblocking(False)
    requests = b"".join(question(number) for number in range(20_000))
    sent = read = 0
    for number in range(40):
        if select.select([], [flood], [], 0)[1]:
            sent += flood.send(requests[sent:])
        if select.select([flood], [], [], 0)[0]:
            read += len(flood.recv(2048))
        before = len(answerer.asked)
        assert read_answer(connect(address, question(number)))[0] == 200
        assert len(answerer.asked) - before < 200  # its turn came soon
    assert sent > READ_BYTES
    assert read > 0


def test_pipelined_requests_cost_as_much_each_however_many_wait_behind_them(start: Start, connect: Any) -> None:
    _, address = start()

    def spent_s(behind: int) -> float:
        connection = connect(address, HEALTH * 200 + b"GET /healthz HTTP/1.1\r\nX-Long: " + b"x" * behind)
        started = time.process_time()
        with connection.makefile("rb") as stream:
            for _ in range(200):
                assert stream.readline() == b"HTTP/1.1 200 OK\r\n"
                assert read_rest(stream) != b"-"
        return time.process_time() - started

    spent_s(0)
    assert spent_s(24_000) < 2 * spent_s(0) + 0.2


def test_who_asks_for_the_health_is_let_in_before_the_heads_of_many_are_read(start: Start, connect: Any) -> None:
    _, address = start(Held())
    slow = [connect(address, question()[:-3]) for _ in range(20 * READ_AT_A_TIME)]
    assert read_answer(connect(address, HEALTH))[0] == 200
    for each in slow:
        each.sendall(question()[-3:][:1])
    assert len(slow) == 20 * READ_AT_A_TIME


# ---- resets ----

STATES = {
    "idle": b"", "head": b"GET / HT", "body": question()[:-3], "working": question(), "answered": HEALTH,
    "pipelined": question() + HEALTH * 50, "chunk": CHUNKED + b"9\r\nabc", "refused": b"x\r\n\r\n",
    "too long": POST + b"Content-Length: 300000\r\n\r\n" + b"x" * 1000}


@pytest.mark.parametrize("sent", STATES.values(), ids=STATES)
def test_a_connection_may_be_reset_in_any_state(start: Start, connect: Any, sent: bytes,
                                                caplog: pytest.LogCaptureFixture) -> None:
    answerer = Held()
    server, address = start(answerer, questions_at_once=8)
    for _ in range(3):
        connection = connect(address, sent)
        if sent.startswith(question()):
            assert answerer.begun.acquire(timeout=PLENTY_S)
        elif sent:
            read_answer(connect(address, HEALTH))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()  # resets it
    answerer.may_end.set()
    assert json.loads(read_answer(connect(address, HEALTH))[2]) == {"status": "ok"}
    assert read_answer(connect(address, question()))[0] == 200
    assert server.url.endswith(str(address[1]))
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_an_answer_that_its_client_reads_slowly_arrives_whole(start: Start, connect: Any) -> None:
    _, address = start(limits=Limits(send_timeout_s=PLENTY_S))
    connection = connect(address)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    page = b"GET /static/page.js HTTP/1.1\r\nHost: x\r\n\r\n"
    connection.sendall(page * 3)
    whole = read_answer(connect(address, page))[2]
    bodies = []
    with connection.makefile("rb", buffering=512) as stream:
        for _ in range(3):
            assert stream.readline() == b"HTTP/1.1 200 OK\r\n"
            bodies.append(read_rest(stream))
    assert bodies == [whole] * 3
