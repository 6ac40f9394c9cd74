"""A receiver of webhooks on loopback, and a server process with a token, whose end the test chooses."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from tests.conftest import PROJECT
from tests.loopback import STOPS_SOON

TOKEN = "a long random text"


class Received(NamedTuple):
    """One request: the headers of Standard Webhooks, the body, and when it came (monotonic seconds)."""

    id: str
    timestamp: str
    signature: str
    body: bytes
    came: float

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)["data"]
        return found

    def is_signed_with(self, secret: str) -> bool:
        """Check the signature as a receiver does, from the secret as it was shown."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = hmac.new(key, f"{self.id}.{self.timestamp}.".encode() + self.body, hashlib.sha256).digest()
        return hmac.compare_digest(f"v1,{base64.b64encode(signed).decode()}", self.signature)


class Receiver:
    """Takes what is posted to it; `answer` gives the status for the n-th request, from 0, after any wait of its own.

    `location` is where its redirects lead.
    """

    def __init__(self, answer: Callable[[int], int] = lambda _: 204, location: str = "") -> None:
        self.received: list[Received] = []
        self._lock = threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with receiver._lock:
                    number = len(receiver.received)
                    receiver.received.append(Received(
                        self.headers["webhook-id"], self.headers["webhook-timestamp"],
                        self.headers["webhook-signature"], body, time.monotonic()))
                status = answer(number)
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", "0")
                    if location:
                        self.send_header("Location", location)
                    self.end_headers()
                except OSError:
                    pass  # the sender was killed

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs=STOPS_SOON)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/hook"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
                 ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class ClaimServer:
    """`musnad serve` with a token, which may send to `allowed`."""

    def __init__(self, index_dir: Path, allowed: str = "", command: Sequence[str] = ()) -> None:
        """Start it, or another `command` that prints its address; it may send to the host `allowed`."""
        environment = {**os.environ, "MUSNAD_ADMIN_TOKEN": TOKEN, "MUSNAD_ALLOW_HOSTS": allowed,
                       "PYTHONUNBUFFERED": "1"}
        serve = ["-m", "qa", "serve", "--index-dir", str(index_dir), "--port", "0", "--verify-every", "0"]
        self.process = subprocess.Popen([sys.executable, *(command or serve)], cwd=PROJECT, env=environment, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert self.process.stdout is not None
        found = re.search(r"http://\S+", self.process.stdout.readline())
        assert found is not None
        self.base = found.group().rstrip("/")

    def ask(self, path: str, method: str = "GET", body: object = None) -> Any:
        request = urllib.request.Request(
            self.base + path, None if body is None else json.dumps(body).encode(),
            {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=60) as response:
            content = response.read()
            return json.loads(content) if content else None

    def text(self, path: str) -> str:
        with urllib.request.urlopen(self.base + path, timeout=60) as response:
            found: str = response.read().decode()
            return found

    def follow(self, kind: str, text: str, speaker: str = "", webhook: str = "") -> dict[str, Any]:
        saved: dict[str, Any] = self.ask("/api/claims", "POST", {"kind": kind, "text": text, "speaker": speaker,
                                                                 "webhook": webhook})
        return saved

    def kill(self) -> None:
        self.end(signal.SIGKILL)

    def end(self, number: int = signal.SIGTERM) -> None:
        if self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(60)
        if self.process.stdout is not None:
            self.process.stdout.close()


def wait_until(is_so: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
