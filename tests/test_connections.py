"""Slow, half-closed, flooding and malformed connections to a real server."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from qa.types.answer import Answer
from qa.types.question import Question
from tests.fake_answerer import FakeAnswerer, service_of
from web.app import create_app
from web.gate.admin import Admin
from web.http.limits import Limits
from web.server import THREADS, Server

PLENTY_S = 30
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
Start = Callable[..., tuple[Server, tuple[str, int]]]


def question(number: int = 0, *headers: bytes) -> bytes:
    body = b'{"question": "%d ?"}' % number
    return (b"POST /api/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + b"".join(headers)
            + b"Content-Length: %d\r\n\r\n" % len(body) + body)


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")
    running: list[tuple[Server, threading.Thread]] = []

    def begin(answerer: FakeAnswerer | None = None, limits: Limits | None = None, *, counts_this_machine: bool = False,
              **settings: Any) -> tuple[Server, tuple[str, int]]:
        app = create_app(service_of(answerer or FakeAnswerer(), tmp_path), **settings)
        server = Server(app, "127.0.0.1", 0, limits=limits, counts_this_machine=counts_this_machine)
        thread = threading.Thread(target=server.run)
        thread.start()
        running.append((server, thread))
        parts = urlsplit(server.url)
        return server, (str(parts.hostname), int(parts.port or 0))

    yield begin
    for server, thread in running:
        server.stop()
        thread.join(PLENTY_S)
        assert not thread.is_alive()


@pytest.fixture
def connect() -> Iterator[Callable[..., socket.socket]]:
    with ExitStack() as stack:
        def open_one(address: tuple[str, int], sent: bytes = b"", **settings: Any) -> socket.socket:
            connection = stack.enter_context(socket.create_connection(address, PLENTY_S, **settings))
            connection.sendall(sent)
            return connection
        yield open_one


def read_answer(connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """Read one answer with Content-Length; a status of 0 if the server closes before it is whole."""
    stream = connection.makefile("rb", buffering=0)   # a buffer would take the beginning of the next answer with it
    status = stream.readline().split(b" ")
    headers = {}
    while (line := stream.readline().strip()):
        name, _, value = line.decode().partition(": ")
        headers[name.lower()] = value
    body = b""
    while (missing := int(headers.get("content-length", 0)) - len(body)) and (piece := stream.read(missing)):
        body += piece
    return int(status[1]) if len(status) > 1 else 0, headers, body


def until_closed(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65536), b""))


def is_cut(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def problem_of(received: bytes) -> tuple[str, int]:
    """The problem of the one answer that was received, which must say that the connection closes."""
    head, _, body = received.partition(b"\r\n\r\n")
    assert b"\r\nConnection: close" in head
    told = json.loads(body)
    assert head.startswith(b"HTTP/1.1 %d " % told["status"])
    return told["type"].removeprefix("urn:musnad:problem:"), told["status"]


# ---- slow clients ----

@pytest.mark.parametrize("sent", [b"", b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-", question()[:-3]],
                         ids=["silent", "head", "body"])
def test_500_slow_connections_take_nothing_from_the_others(start: Start, connect: Any, sent: bytes) -> None:
    _, address = start()
    slow = [connect(address, sent) for _ in range(500)]
    took = []
    for number in range(20):
        began = time.perf_counter()
        assert read_answer(connect(address, HEALTH))[0] == 200
        took.append(time.perf_counter() - began)
        assert read_answer(connect(address, question(number)))[0] == 200
    assert sorted(took)[len(took) // 2] < 0.1
    assert len(slow) == 500


def test_clients_that_do_not_read_take_no_thread(start: Start, connect: Any) -> None:
    _, address = start(limits=Limits(send_timeout_s=600))
    page = b"GET /static/page.js HTTP/1.1\r\nHost: x\r\n\r\n"
    unread = [connect(address, page * 300) for _ in range(THREADS + 6)]
    assert read_answer(connect(address, HEALTH))[0] == 200
    assert read_answer(connect(address, question()))[0] == 200
    assert len(unread) > THREADS


@pytest.mark.parametrize(("first", "drip"), [
    (b"GET / HTTP/1.1\r\nHost: x\r\n", b"X-Slow: x\r\n"),
    (question()[:-15].replace(b"Content-Length: ", b"Content-Length: 9"), b" ")], ids=["head", "body"])
def test_a_request_has_a_deadline_however_steadily_it_drips(start: Start, connect: Any, first: bytes,
                                                            drip: bytes) -> None:
    _, address = start(limits=Limits(head_timeout_s=0.3, body_timeout_s=0.3, linger_timeout_s=0.1))
    connection = connect(address, first)
    dripped, done = [], threading.Event()

    def trickle() -> None:
        while not done.wait(0.02):
            with suppress(OSError):
                dripped.append(connection.send(drip[len(dripped) % len(drip):][:1]))

    thread = threading.Thread(target=trickle)
    thread.start()
    received = connection.recv(65536)
    done.set()
    thread.join()
    assert problem_of(received) == ("request-timeout", 408)
    assert len(dripped) > 2


def test_a_client_that_never_reads_is_cut_off(start: Start, connect: Any) -> None:
    _, address = start(limits=Limits(send_timeout_s=0.2, least_bytes_per_s=10**9))
    connection = connect(address)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    page = b"GET /static/page.js HTTP/1.1\r\nHost: x\r\n\r\n"

    def ask_on() -> None:
        for _ in range(10**6):
            connection.sendall(page)

    with pytest.raises(ConnectionError):
        ask_on()


def test_silence_between_requests_ends_a_connection(start: Start, connect: Any) -> None:
    _, address = start(limits=Limits(head_timeout_s=PLENTY_S, idle_timeout_s=0.1))
    connection = connect(address, HEALTH)
    assert read_answer(connection)[0] == 200
    assert until_closed(connection) == b""


# ---- how many ----

def test_one_client_has_so_many_connections_and_its_own_slowest_give_way(start: Start, connect: Any) -> None:
    _, address = start(limits=Limits(connections_per_client=3), counts_this_machine=True)
    other = connect(address, source_address=("127.0.0.9", 0))
    slow = [connect(address, b"GET / HTTP/1.1\r\n", source_address=("127.0.0.2", 0)) for _ in range(3)]
    for _ in range(2):
        assert read_answer(connect(address, HEALTH, source_address=("127.0.0.2", 0)))[0] == 200
    assert [is_cut(gone) for gone in slow[:2]] == [True, True]
    slow[2].sendall(b"Host: x\r\n\r\n")
    assert read_answer(slow[2])[0] == 200
    other.sendall(HEALTH)
    assert read_answer(other)[0] == 200


class Held(FakeAnswerer):
    """Answers when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.may_end = threading.Semaphore(0), threading.Event()

    def ask(self, asked: Question, *, read_at_most: int | None = None) -> Answer:
        self.begun.release()
        assert self.may_end.wait(PLENTY_S)
        return super().ask(asked)


@pytest.mark.parametrize(("limits", "refused"), [
    (Limits(connections_per_client=2), ("rate-limited", 429)), (Limits(connections=2), ("overloaded", 503))])
def test_connections_with_a_request_in_hand_do_not_give_way(start: Start, connect: Any, limits: Limits,
                                                            refused: tuple[str, int]) -> None:
    answerer = Held()
    _, address = start(answerer, limits, counts_this_machine=True, questions_at_once=2)
    asked = [connect(address, question(number)) for number in range(2)]
    for _ in asked:
        assert answerer.begun.acquire(timeout=PLENTY_S)
    assert problem_of(until_closed(connect(address))) == refused
    answerer.may_end.set()
    assert [read_answer(connection)[0] for connection in asked] == [200, 200]


def test_the_connection_of_a_client_that_went_before_its_answer_is_closed(
        start: Start, connect: Any, caplog: pytest.LogCaptureFixture) -> None:
    answerer = Held()
    server, address = start(answerer, Limits(drain_timeout_s=2 * PLENTY_S))
    gone = connect(address, question(0, b"Connection: close\r\n"))
    assert answerer.begun.acquire(timeout=PLENTY_S)
    gone.close()
    answerer.may_end.set()
    assert read_answer(connect(address, question(1, b"Connection: close\r\n")))[0] == 200
    server.stop()  # which ends once every connection is closed, as `start` waits to see
    assert [record.getMessage() for record in caplog.records] == []


def test_the_server_says_that_it_lives_while_every_thread_is_taken(start: Start, connect: Any) -> None:
    answerer = Held()
    _, address = start(answerer, questions_at_once=THREADS + 5)
    asked = [connect(address, question(number)) for number in range(THREADS + 3)]
    for _ in range(THREADS):
        assert answerer.begun.acquire(timeout=PLENTY_S)
    assert read_answer(connect(address, HEALTH))[0] == 200
    answerer.may_end.set()
    assert [read_answer(connection)[0] for connection in asked] == [200] * len(asked)


# ---- framing ----

SMUGGLED = b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(("request_bytes", "refused"), [
    (b"POST /api/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     ("malformed-request", 400)),
    (b"POST /api/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
     ("malformed-request", 400)),
    (b"POST /api/ask HTTP/1.1\r\nHost: x\r\nContent-Length: +4\r\n\r\nabcd", ("malformed-request", 400)),
    (b"POST /api/ask HTTP/1.1\r\nHost: x\r\nContent-Length : 4\r\n\r\nabcd", ("malformed-request", 400)),
    (b"POST /api/ask HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", ("not-implemented", 501)),
    (b"POST /api/ask HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ("malformed-request", 400)),
    (b"POST /api/ask HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", ("malformed-request", 400)),
    (b"POST /api/ask HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 5000,
     ("malformed-request", 400)),
    (b"GET / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n Content-Length: 4\r\n\r\n", ("malformed-request", 400)),
    (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", ("malformed-request", 400)),
    (b"GET / HTTP/1.1\r\n\r\n", ("malformed-request", 400)),
    (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 200 + b"\r\n", ("headers-too-large", 431)),
    (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"b" * 70_000 + b"\r\n\r\n", ("headers-too-large", 431)),
    (b"\x16\x03\x01\x02\x00\x01\n\n", ("malformed-request", 400)),
    (b"CONNECT x:80 HTTP/1.1\r\nHost: x:80\r\n\r\n", ("not-implemented", 501)),
])
def test_after_a_framing_error_nothing_more_is_answered(start: Start, connect: Any, request_bytes: bytes,
                                                        refused: tuple[str, int]) -> None:
    _, address = start()
    connection = connect(address, request_bytes + SMUGGLED)
    connection.shutdown(socket.SHUT_WR)
    assert problem_of(until_closed(connection)) == refused


def test_a_body_in_chunks_is_put_together(start: Start, connect: Any) -> None:
    _, address = start()
    connection = connect(address, b"POST /api/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                  b"Transfer-Encoding: chunked\r\n\r\n9\r\n{\"questio\r\n")
    connection.sendall(b'a;x=y\r\nn": "x ?"}\r\n0\r\nX-Trailer: z\r\n\r\n' + HEALTH)
    assert read_answer(connection)[0] == 200
    assert json.loads(read_answer(connection)[2]) == {"status": "ok"}


def test_who_waits_to_be_told_to_go_on_is_told(start: Start, connect: Any) -> None:
    _, address = start()
    head, _, body = question(0, b"Expect: 100-continue\r\n").partition(b"\r\n\r\n")
    connection = connect(address, head + b"\r\n\r\n")
    assert connection.recv(65536) == b"HTTP/1.1 100 \r\n\r\n"
    connection.sendall(body)
    assert read_answer(connection)[0] == 200


@pytest.mark.parametrize("framing", [b"Content-Length: 300000", b"Transfer-Encoding: chunked"])
def test_a_body_that_is_too_long_is_not_kept_and_its_sender_is_told(start: Start, connect: Any,
                                                                    framing: bytes) -> None:
    _, address = start()
    connection = connect(address, b"POST /api/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + framing
                         + b"\r\n\r\n" + (b"" if framing.startswith(b"C") else b"493e0\r\n") + b" " * 300_000)
    assert problem_of(until_closed(connection)) == ("content-too-large", 413)


def test_articles_may_be_long_with_the_token_alone(start: Start, connect: Any) -> None:
    _, address = start(admin=Admin("secret"))
    body = json.dumps({"id": "a", "text": "x" * 200_000}).encode()
    head = (b"POST /api/articles HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
            % len(body))
    assert read_answer(connect(address, head + b"Authorization: Bearer secret\r\n\r\n" + body))[0] == 202
    assert read_answer(connect(address, head + b"\r\n" + body))[0] == 401


# ---- half-closed, pipelined, raw ----

def test_who_sends_no_more_is_answered_still(start: Start, connect: Any) -> None:
    answerer = Held()
    _, address = start(answerer)
    connection = connect(address, question())
    connection.shutdown(socket.SHUT_WR)
    assert answerer.begun.acquire(timeout=PLENTY_S)
    answerer.may_end.set()
    assert until_closed(connection).startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_request_that_ends_too_early_is_refused(start: Start, connect: Any) -> None:
    _, address = start()
    for sent in (question()[:-5], b"GET / HTTP/1.1\r\nHost"):
        connection = connect(address, sent)
        connection.shutdown(socket.SHUT_WR)
        assert problem_of(until_closed(connection)) == ("malformed-request", 400)


def test_pipelined_requests_are_answered_in_order(start: Start, connect: Any) -> None:
    _, address = start()
    sent = b"".join(question(number) for number in range(40))
    connection = connect(address, sent + b"HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n" + b"\r\n" + HEALTH)
    connection.shutdown(socket.SHUT_WR)
    received = until_closed(connection)
    asked = [json.loads(part.partition(b"\r\n\r\n")[2])["question"]
             for part in received.split(b"HTTP/1.1 200 OK\r\n")[1:41]]
    assert asked == [f"{number} ?" for number in range(40)]
    assert received.count(b"HTTP/1.1 200 OK\r\n") == 42
    assert received.endswith(b'\r\n\r\n{"status":"ok"}\n')


def test_an_address_is_taken_as_it_is_typed(start: Start, connect: Any) -> None:
    _, address = start()
    connection = connect(address, "GET /api/search?q=كم سعر الخبز؟ HTTP/1.1\r\nHost: x\r\n\r\n".replace(
        "كم سعر ", "كم+سعر+").encode())
    assert json.loads(read_answer(connection)[2])["query"] == "كم سعر الخبز؟"


def test_a_header_with_an_underscore_does_not_pass_as_one_with_a_hyphen(start: Start, connect: Any) -> None:
    _, address = start(trusted_hosts=["x"], trusted_proxies=1)
    spoofed = connect(address, b"GET /healthz HTTP/1.1\r\nHost: x\r\nX_Forwarded_Host: evil.example\r\n\r\n")
    assert read_answer(spoofed)[0] == 200
    real = connect(address, b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Forwarded-Host: evil.example\r\n\r\n")
    assert read_answer(real)[0] == 400


def test_what_a_trusted_proxy_says_of_clients_reaches_the_application(start: Start, connect: Any) -> None:
    _, address = start(trusted_proxies=1, questions_a_minute=1)
    asked = [b"GET /api/search?q=x HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.%d\r\n\r\n" % client
             for client in (1, 1, 2)]
    assert [read_answer(connect(address, request))[0] for request in asked] == [200, 429, 200]


def test_the_server_named_in_an_absolute_address_counts(start: Start, connect: Any) -> None:
    _, address = start(trusted_hosts=["news.example"])
    named = b"GET http://news.example/healthz?a HTTP/1.1\r\nHost: evil.example\r\n\r\n"
    assert read_answer(connect(address, named))[0] == 200
    assert read_answer(connect(address, named.replace(b"news", b"evil")))[0] == 400
