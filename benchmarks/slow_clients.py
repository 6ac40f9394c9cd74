"""Measure what slow and hostile clients cost the others, and what SIGTERM costs busy ones.

    python -m benchmarks.slow_clients [--connections 500] [--stops 50] [--cases silent ...] [--out FILE] -- COMMAND...

COMMAND starts a server on loopback and prints its URL, as `musnad serve --port 0` does. Each case has a fresh server:

- `silent`, `slow_head`, `slow_body`: so many connections that send nothing, or a byte a second of a head or of a body;
  `unread`: they ask for a page over and over and read nothing. Meanwhile `/healthz` and questions are asked, each over
  a new connection. `closed_s` is after how long the server had closed all of the slow ones.
- `framing`: after a request with both Content-Length and Transfer-Encoding, is another one on the connection answered?
- `stops`: so many times, SIGTERM while eight clients send questions over connections that are kept alive. `lost` counts
  requests that were sent and got no whole answer; a connection that is refused sends none.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.load_records import quantiles

CLIENTS = 8
PROBE_S = 6.0
PROBE_TIMEOUT_S = 5.0
CLOSED_WITHIN_S = 45.0
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
QUESTIONS = ("متى وُقّعت اتفاقيتا كامب ديفيد؟", "من وقّع اتفاق الدوحة؟", "أين عُقدت قمة ريكيافيك؟")
PAGE = b"GET /static/page.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
BOTH = (b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 4\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")

Address = tuple[str, int]


@contextmanager
def running(command: Sequence[str]) -> Iterator[tuple[Address, subprocess.Popen[str]]]:
    """Start a server, and end it; yield its address and its process."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                               env=os.environ | {"PYTHONUNBUFFERED": "1"})
    assert process.stdout is not None
    try:
        url = None
        while url is None and (line := process.stdout.readline()):
            url = re.search(r"http://\S+", line)
        if url is None:
            raise RuntimeError("the server did not print a URL")
        parts = urlsplit(url.group())
        address = parts.hostname or "", parts.port or 80
        for _ in range(500):  # some print their URL before they listen
            if exchange(address, HEALTH)[1] == 200:
                break
            time.sleep(0.02)
        else:
            raise RuntimeError("the server is not healthy")
        yield address, process
    finally:
        process.kill()
        process.communicate()


def ask_request(number: int) -> bytes:
    """Return a question as a request on a connection that is kept alive."""
    body = json.dumps({"question": f"{QUESTIONS[number % len(QUESTIONS)]} ({number})"}).encode()
    return (b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            % len(body) + body)


def exchange(address: Address, request: bytes) -> tuple[float, int]:
    """Send a request over a new connection; return milliseconds and the status, 0 if there was no whole answer."""
    started = time.perf_counter()
    status = 0
    with suppress(OSError), socket.create_connection(address, PROBE_TIMEOUT_S) as connection:
        connection.settimeout(PROBE_TIMEOUT_S)
        connection.sendall(request)
        status, _ = read_answer(connection)
    return (time.perf_counter() - started) * 1000, status


def read_answer(connection: socket.socket) -> tuple[int, bool]:
    """Return the status of an answer with Content-Length and whether the connection stays; (0, False) if cut short."""
    received = b""
    while b"\r\n\r\n" not in received:
        if not (data := connection.recv(65536)):
            return 0, False
        received += data
    head, _, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    wanted = int(length[1]) if length else 0
    while len(body) < wanted:
        if not (data := connection.recv(65536)):
            return 0, False
        body += data
    return int(head.split(b" ")[1]), not re.search(rb"\r\nconnection: *close", head, re.IGNORECASE)


class SlowClients:
    """Connections that send `first`, then `drip` over and over, a byte a second each; they read nothing."""

    def __init__(self, address: Address, count: int, first: bytes, drip: bytes, *, pipelined: int = 1) -> None:
        self._first, self._drip, self._pipelined = first, drip, pipelined
        self._sockets: list[socket.socket] = []
        for _ in range(count):
            each = socket.socket()
            each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            each.settimeout(1.0)
            with suppress(OSError):
                each.connect(address)
                each.sendall(first * pipelined)
            each.settimeout(0)
            self._sockets.append(each)
        self._started = time.monotonic()
        self.closed_s: float | None = None
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        place, open_ones = 0, list(self._sockets)
        while not self._done.wait(1.0) and open_ones:
            if self._drip:
                for each in open_ones:
                    with suppress(OSError):
                        each.send(self._drip[place % len(self._drip):][:1])
                place += 1
            open_ones = [each for each in open_ones if not hung_up(each)]
        if not open_ones:
            self.closed_s = round(time.monotonic() - self._started, 1)

    def end(self, *, wait_s: float) -> None:
        """Wait until the server has closed all of them, for so long at most; then close them."""
        self._thread.join(wait_s)
        self._done.set()
        self._thread.join()
        for each in self._sockets:
            each.close()


def hung_up(connection: socket.socket) -> bool:
    """Tell whether the other side has closed a connection, without reading from it."""
    with selectors.PollSelector() as selector:
        selector.register(connection, selectors.EVENT_READ)
        if not selector.select(0):
            return False
    try:
        return connection.recv(65536, socket.MSG_PEEK) == b"" or _has_ended(connection)
    except OSError:
        return True


def _has_ended(connection: socket.socket) -> bool:
    state = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
    return state in (7, 8, 9)  # CLOSE, CLOSE_WAIT, LAST_ACK


def beside(address: Address, clients: Callable[[], SlowClients], *, wait_s: float) -> dict[str, Any]:
    """Ask beside slow clients; return how it went."""
    slow = clients()
    healthy: list[tuple[float, int]] = []
    asked: list[tuple[float, int]] = []
    give_up_at = time.monotonic() + PROBE_S
    while time.monotonic() < give_up_at:
        healthy.append(exchange(address, HEALTH))
        asked.append(exchange(address, ask_request(len(asked))))
        time.sleep(0.05)
    slow.end(wait_s=wait_s)
    return {"healthz": _summary(healthy), "asked": _summary(asked), "closed_s": slow.closed_s}


def _summary(exchanges: Sequence[tuple[float, int]]) -> dict[str, Any]:
    times = [round(took, 1) for took, status in exchanges if status == 200]
    return {"sent": len(exchanges), "answered": len(times), "ms": quantiles(times, (50, 95))}


def goes_on_after_framing_error(address: Address) -> bool:
    """Tell whether the server answers a request that follows one whose end is not certain."""
    with socket.create_connection(address, PROBE_TIMEOUT_S) as connection:
        connection.settimeout(PROBE_TIMEOUT_S)
        with suppress(OSError):
            connection.sendall(BOTH)
            read_answer(connection)
            time.sleep(0.1)
            connection.sendall(HEALTH)
            return read_answer(connection)[0] == 200
    return False


class BusyClient(threading.Thread):
    """Sends questions over a kept-alive connection, one after the other, until it cannot connect any more."""

    def __init__(self, address: Address, number: int) -> None:
        super().__init__()
        self._address, self._number = address, number
        self.sent = self.answered = self.lost = 0

    def run(self) -> None:
        """Ask until the server is gone."""
        while True:
            try:
                connection = socket.create_connection(self._address, 30)
            except OSError:
                return
            with connection:
                self._ask_over(connection)

    def _ask_over(self, connection: socket.socket) -> None:
        stays = True
        while stays:
            self._number += CLIENTS
            self.sent += 1
            status = 0
            stays = False
            with suppress(OSError):
                connection.sendall(ask_request(self._number))
                status, stays = read_answer(connection)
            self.answered += status != 0
            self.lost += status == 0


def stop_while_busy(command: Sequence[str], number: int) -> dict[str, Any]:
    """Send SIGTERM to a server with busy clients; return what became of their requests."""
    with running(command) as (address, process):
        clients = [BusyClient(address, CLIENTS * number * 1000 + each) for each in range(CLIENTS)]
        for client in clients:
            client.start()
        time.sleep(0.4 + 0.013 * (number % 23))
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        code = process.wait(60)
        took_s = time.monotonic() - started
        for client in clients:
            client.join()
    return {"code": code, "took_s": round(took_s, 2), "sent": sum(client.sent for client in clients),
            "lost": sum(client.lost for client in clients)}


def cases(connections: int) -> dict[str, Callable[[Address], SlowClients]]:
    """Return the slow clients of each case."""
    head = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
    body = ask_request(0).partition(b"\r\n\r\n")[0] + b"0\r\n\r\n"  # ten times as long as it says
    return {"silent": lambda address: SlowClients(address, connections, b"", b""),
            "slow_head": lambda address: SlowClients(address, connections, head, b"X-Slow: x\r\n"),
            "slow_body": lambda address: SlowClients(address, connections, body, b" "),
            "unread": lambda address: SlowClients(address, connections // 5, PAGE, b"", pipelined=50)}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the cases, print a line for each and write all as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.slow_clients")
    parser.add_argument("--connections", type=int, default=500)
    parser.add_argument("--stops", type=int, default=50)
    parser.add_argument("--wait", type=float, default=CLOSED_WITHIN_S, help="seconds to wait until the slow are closed")
    parser.add_argument("--cases", nargs="*", default=["silent", "slow_head", "slow_body", "unread"])
    parser.add_argument("--out", type=Path)
    parser.add_argument("command", nargs=argparse.REMAINDER, metavar="-- COMMAND")
    arguments = parser.parse_args(argv)
    command = arguments.command[1:] if arguments.command[:1] == ["--"] else arguments.command
    result: dict[str, Any] = {}
    for name in arguments.cases:
        clients = cases(arguments.connections)[name]
        with running(command) as (address, _):
            exchange(address, ask_request(0))
            result[name] = beside(address, lambda clients=clients, address=address: clients(address),
                                  wait_s=arguments.wait)
        print(name, json.dumps(result[name]), flush=True)
    with running(command) as (address, _):
        result["framing"] = {"goes_on": goes_on_after_framing_error(address)}
    print("framing", json.dumps(result["framing"]), flush=True)
    stops = [stop_while_busy(command, number) for number in range(arguments.stops)]
    if stops:
        result["stops"] = {"count": len(stops), "sent": sum(stop["sent"] for stop in stops),
                           "lost": sum(stop["lost"] for stop in stops),
                           "stops_that_lost": sum(stop["lost"] > 0 for stop in stops),
                           "took_s": quantiles([stop["took_s"] for stop in stops], (50,)),
                           "codes": sorted({stop["code"] for stop in stops})}
        print("stops", json.dumps(result["stops"]), flush=True)
    if arguments.out:
        arguments.out.write_text(json.dumps(result) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
