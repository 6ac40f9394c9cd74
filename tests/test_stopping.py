"""A server that is told to stop answers what it was asked, whoever is connected, and then ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PROJECT
from tests.fake_answerer import FakeAnswerer, service_of
from tests.test_connections import PLENTY_S, Start, question, read_answer, start
from web.app import create_app
from web.http.limits import Limits
from web.server import Server

__all__ = ["start"]

CLIENTS = 8
# A server process that answers as FakeAnswerer does.
PROGRAM = """
import sys
from pathlib import Path
import index.generation.source
from tests.fake_answerer import FakeAnswerer, service_of
from web.app import create_app
from web.server import serve
index.generation.source.current_generation = lambda _index_dir: "g1"
serve(create_app(service_of(FakeAnswerer(), Path(sys.argv[1]))), "127.0.0.1", 0,
      announce=lambda url: print(url, flush=True))
"""


class BusyClient(threading.Thread):
    """Asks over kept-alive connections, one question after the other, until it cannot connect."""

    def __init__(self, address: tuple[str, int], begun: threading.Semaphore) -> None:
        super().__init__()
        self._address, self._begun = address, begun
        self.sent = self.answered = self.said_to_close = 0

    def run(self) -> None:
        while True:
            try:
                connection = socket.create_connection(self._address, PLENTY_S)
            except OSError:
                return
            with connection:
                stays = True
                while stays:
                    stays = self._ask(connection)

    def _ask(self, connection: socket.socket) -> bool:
        self.sent += 1
        if self.sent == 3:
            self._begun.release()
        status, headers = 0, {}
        with suppress(OSError):
            connection.sendall(question(self.sent))
            status, headers, _ = read_answer(connection)
        self.answered += status == 200
        closes = headers.get("connection") == "close"
        self.said_to_close += closes
        return status != 0 and not closes


def busy_clients(address: tuple[str, int]) -> list[BusyClient]:
    """Clients that have all asked."""
    begun = threading.Semaphore(0)
    clients = [BusyClient(address, begun) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for _ in clients:
        assert begun.acquire(timeout=PLENTY_S)
    return clients


@pytest.mark.slow
def test_50_stops_under_busy_clients_lose_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")
    app = create_app(service_of(FakeAnswerer(), tmp_path))
    told = []
    for number in range(50):
        server = Server(app, "127.0.0.1", 0)
        thread = threading.Thread(target=server.run)
        thread.start()
        host, _, port = server.url.removeprefix("http://").partition(":")
        clients = busy_clients((host, int(port)))
        time.sleep(0.001 * (number % 7))
        server.stop()
        thread.join(Limits().drain_timeout_s)
        assert not thread.is_alive()
        for client in clients:
            client.join(PLENTY_S)
        assert [(client.sent, client.answered) for client in clients] == [
            (client.sent, client.sent) for client in clients]
        told.append(sum(client.said_to_close for client in clients))
    assert min(told) >= CLIENTS


@pytest.mark.process
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_loses_no_answer(tmp_path: Path, number: signal.Signals) -> None:
    with started(tmp_path) as process:
        clients = busy_clients(address_of(process))
        process.send_signal(number)
        assert process.wait(PLENTY_S) == 0
        for client in clients:
            client.join(PLENTY_S)
    assert [client.sent for client in clients] == [client.answered for client in clients]
    assert [client.said_to_close >= 1 for client in clients] == [True] * CLIENTS


@pytest.mark.process
def test_under_nohup_a_terminal_that_closes_does_not_stop_the_server(tmp_path: Path) -> None:
    with started(tmp_path, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)) as process:
        address = address_of(process)
        process.send_signal(signal.SIGHUP)
        with socket.create_connection(address, PLENTY_S) as connection:
            connection.sendall(question())
            assert read_answer(connection)[0] == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(PLENTY_S) == 0


@contextmanager
def started(folder: Path, **settings: Any) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(folder)], stdout=subprocess.PIPE, text=True,
                               cwd=PROJECT, env=os.environ | {"PYTHONPATH": str(PROJECT)}, **settings)
    with process:
        try:
            yield process
        finally:
            process.kill()


def address_of(process: subprocess.Popen[str]) -> tuple[str, int]:
    assert process.stdout is not None
    host, _, port = process.stdout.readline().strip().removeprefix("http://").partition(":")
    return host, int(port)


def test_idle_and_slow_connections_do_not_keep_a_server_that_stops(start: Start) -> None:
    server, address = start(limits=Limits(last_requests_s=0.2, head_timeout_s=0.5, linger_timeout_s=0.2))
    with socket.create_connection(address, PLENTY_S) as idle, socket.create_connection(address, PLENTY_S) as slow:
        idle.sendall(question())
        assert read_answer(idle)[0] == 200
        slow.sendall(question()[:10])
        server.stop()
        assert idle.recv(1) == b""
        assert slow.recv(12) == b"HTTP/1.1 408"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)


def test_a_request_that_crosses_the_stop_is_answered_and_is_the_last(start: Start) -> None:
    server, address = start(limits=Limits(last_requests_s=PLENTY_S))
    with socket.create_connection(address, PLENTY_S) as connection:
        connection.sendall(question(1))
        assert read_answer(connection)[0] == 200
        server.stop()
        while not refuses(address):
            time.sleep(0.01)
        connection.sendall(question(2) + question(3))
        status, headers, _ = read_answer(connection)
        assert (status, headers["connection"]) == (200, "close")
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""


def refuses(address: tuple[str, int]) -> bool:
    try:
        socket.create_connection(address, PLENTY_S).close()
    except ConnectionRefusedError:
        return True
    except ConnectionResetError:  # it came in while the listener closed
        return False
    return False


def test_a_server_told_to_stop_before_it_runs_ends_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")
    server = Server(create_app(service_of(FakeAnswerer(), tmp_path)), "127.0.0.1", 0)
    server.stop()
    server.run()


@pytest.mark.index
@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize("after_s", [0.0, 0.5, 1.0])
def test_a_server_that_is_ended_right_after_its_start_ends_as_ever(sample_index: Path, after_s: float) -> None:
    """It works out its first page by then, with models that must not be taken away from under it."""
    process = subprocess.Popen([sys.executable, "-m", "qa", "serve", "--index-dir", str(sample_index), "--port", "0"],
                               cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        assert "http://" in process.stdout.readline()
        time.sleep(after_s)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
