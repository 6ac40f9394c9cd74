"""The server over sockets: what it refuses, and how it stops."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, cast

import pytest

from qa.types.answer import Answer
from qa.types.question import Question
from tests.fake_answerer import FakeAnswerer, service_of
from tests.running import running
from web import create_app
from web.server import AddressError, FileLimitError, Server, serve

ROOT = Path(__file__).parent.parent


@pytest.fixture
def current(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What `current_generation` says: a name, or an error to raise."""
    state: dict[str, Any] = {"generation": "g1"}

    def current_generation(_index_dir: Path) -> str:
        if isinstance(state["generation"], Exception):
            raise state["generation"]
        return cast(str, state["generation"])

    monkeypatch.setattr("index.generation.source.current_generation", current_generation)
    return state


# ---- the server ----

def exchange(host: str, port: int, request: bytes) -> tuple[bytes, bytes]:
    """Send raw bytes and return the head and the body of the answer; the server must close the connection."""
    with socket.create_connection((host, port), timeout=30) as connection:
        connection.sendall(request)
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    return head, body


def test_the_server_answers_over_a_socket_and_does_not_name_itself(tmp_path: Path, current: dict[str, Any]) -> None:
    with running(Server(create_app(service_of(FakeAnswerer(), tmp_path)), "127.0.0.1", 0)) as (host, port):
        body = json.dumps({"question": "كم سعر الخبز؟"}).encode()
        head, answer = exchange(host, port, b"POST /api/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                            b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"\r\nserver:" not in head.lower()
        assert json.loads(answer)["status"] == "answered"


@pytest.mark.parametrize(("request_bytes", "status", "slug"), [
    (b"POST /api/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"
     b"Content-Length: 70000\r\n\r\n" + b" " * 70_000, 413, "content-too-large"),
    (b"POST /api/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n", 413, "content-too-large"),
    (b"GET / HTTP/1.1\r\nX: " + b"x" * 65_517, 431, "headers-too-large"),
    (b"GET /api/articles/%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400, "malformed-request"),
    (b"GET / HTTP/1.1\r\nBad header\r\n\r\n", 400, "malformed-request"),
    (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501, "not-implemented"),
])
def test_what_the_server_itself_refuses_is_a_problem_too(tmp_path: Path, current: dict[str, Any], request_bytes: bytes,
                                                         status: int, slug: str) -> None:
    with running(Server(create_app(service_of(FakeAnswerer(), tmp_path)), "127.0.0.1", 0)) as (host, port):
        head, body = exchange(host, port, request_bytes)
    assert head.split(b" ")[:2] in ([b"HTTP/1.1", b"%d" % status], [b"HTTP/1.0", b"%d" % status])
    assert b"Content-Type: application/problem+json" in head
    assert b"\r\nserver:" not in head.lower()
    assert (json.loads(body)["type"], json.loads(body)["status"]) == (f"urn:musnad:problem:{slug}", status)


def test_a_port_that_is_taken_is_refused_with_a_remedy(tmp_path: Path, current: dict[str, Any]) -> None:
    app = create_app(service_of(FakeAnswerer(), tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        with pytest.raises(AddressError) as refused:
            Server(app, "127.0.0.1", port)
    assert str(refused.value) == (f"cannot listen on 127.0.0.1:{port}: Address already in use; stop the program that "
                                  f"holds it or choose another host or port")


def test_too_few_open_files_are_refused_with_a_remedy(tmp_path: Path, current: dict[str, Any],
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(service_of(FakeAnswerer(), tmp_path))
    monkeypatch.setattr("resource.getrlimit", lambda _: (200, 200))
    monkeypatch.setattr("resource.setrlimit", lambda *_: None)
    with pytest.raises(FileLimitError) as refused:
        serve(app, "127.0.0.1", 0)
    assert str(refused.value).startswith("the system allows this process 200 open files, and the server needs more "
                                         "than 256; raise the limit with `ulimit -n ")


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70_000), ("192.0.2.1", 0), ("no such host", 0)])
def test_an_address_that_is_not_this_machines_is_refused(tmp_path: Path, current: dict[str, Any], host: str,
                                                         port: int) -> None:
    with pytest.raises(AddressError, match="^cannot listen on "):
        Server(create_app(service_of(FakeAnswerer(), tmp_path)), host, port)


def test_a_request_in_hand_is_finished_before_the_server_stops(tmp_path: Path, current: dict[str, Any]) -> None:
    asked, go_on = threading.Event(), threading.Event()

    class Slow(FakeAnswerer):
        def ask(self, question: Question) -> Answer:
            asked.set()
            assert go_on.wait(30)
            return super().ask(question)

    server = Server(create_app(service_of(Slow(), tmp_path)), "127.0.0.1", 0)
    answers: list[bytes] = []
    body = b'{"question": "x"}'
    request = (b"POST /api/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
               % len(body) + body)
    with running(server) as (host, port):
        asker = threading.Thread(target=lambda: answers.append(exchange(host, port, request)[0]))
        asker.start()
        assert asked.wait(30)
        server.stop()
        go_on.set()
        asker.join()
    assert answers[0].startswith(b"HTTP/1.1 200 OK\r\n")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, port))


@pytest.mark.process
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_server_with_exit_code_0(tmp_path: Path, number: signal.Signals) -> None:
    program = ("import sys; from pathlib import Path; from web import create_app; from web.server import serve; "
               "from web.service import Service; "
               "serve(create_app(Service(Path(sys.argv[1]), lambda: None)), '127.0.0.1', 0, "
               "announce=lambda url: print(url, flush=True))")
    with subprocess.Popen([sys.executable, "-W", "error", "-c", program, str(tmp_path)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)}) as server:
        assert server.stdout is not None
        assert server.stderr is not None
        assert server.stdout.readline().startswith("http://127.0.0.1:")
        server.send_signal(number)
        assert server.wait(30) == 0
        assert server.stderr.read().splitlines()[1:] == []  # one line says that there is no index
