"""Real servers on loopback for tests: one that answers with a function, one that counts connections."""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

# How `serve_forever` is called: it looks so often whether it is to stop, or each test would wait half a second.
STOPS_SOON = {"poll_interval": 0.01}


@dataclass(slots=True)
class Server:
    """A running server. `requests` are the request lines and headers it read, in order of arrival."""

    port: int
    host: str = "127.0.0.1"
    scheme: str = "http"
    requests: list[str] = field(default_factory=list)

    @property
    def base(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [request.split(" ")[1] for request in self.requests if " " in request]

    def headers(self, number: int = -1) -> dict[str, str]:
        lines = self.requests[number].split("\r\n")[1:]
        return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}


Say = Callable[[str, dict[str, str], Callable[[bytes], None]], None]


@contextmanager
def serving(say: Say, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Run a server that calls `say(path, headers, send)` for each connection and hangs up when that returns."""
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            stream = self.request
            with suppress(OSError):
                if tls is not None:
                    stream = tls.wrap_socket(stream, server_side=True)
                read = b""
                while b"\r\n\r\n" not in read:
                    piece = stream.recv(65536)
                    if not piece:
                        break
                    read += piece
                server.requests.append(read.decode("latin-1"))
                if server.paths:
                    say(server.paths[-1], server.headers(), stream.sendall)
            if tls is not None and isinstance(stream, ssl.SSLSocket):
                with suppress(OSError):
                    stream.unwrap()
                stream.close()

    class Listener(socketserver.ThreadingTCPServer):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        daemon_threads = True
        block_on_close = False
        allow_reuse_address = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass

    with Listener((host, 0), Handler) as listener:
        server = Server(listener.server_address[1], host, "https" if tls else "http")
        thread = threading.Thread(target=listener.serve_forever, kwargs=STOPS_SOON, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown()
            thread.join(timeout=10)


def answer(status: int = 200, content: bytes = b"", **headers: str) -> bytes:
    """Return the bytes of an HTTP answer with a correct Content-Length; `content_type` sets Content-Type."""
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(content)}",
             *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + content


@contextmanager
def canary() -> Iterator[Canary]:
    """Listen on one port of all loopback addresses, IPv4 and IPv6, and count connections."""
    with socket.socket(socket.AF_INET6) as listener:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind(("::", 0))
        listener.listen(16)
        yield Canary(listener)


@dataclass(slots=True)
class Canary:
    """A listener that counts connections and answers none."""

    listener: socket.socket
    count: int = 0

    @property
    def port(self) -> int:
        port: int = self.listener.getsockname()[1]
        return port

    def connections(self) -> int:
        """Return how many connections were made so far.

        The kernel completes a connection before connect() returns, so each one can be accepted now.
        """
        self.listener.setblocking(False)
        while True:
            try:
                self.listener.accept()[0].close()
            except BlockingIOError:
                return self.count
            self.count += 1
