"""Make one HTTP exchange over one new connection to a checked address. No other code opens a socket.

h11 reads and writes the protocol. The code connects by itself, without a client library. So it connects exactly to the
checked address, every wait ends at the deadline, and every size has a limit.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h11

from index.errors import FetchError, NoAnswerError
from index.sources.fetch.targets import IPAddress, Target
from index.sources.gzipped import gunzip
from index.sources.rejections import RejectedError

MAX_HEADER_BYTES = 64 * 1024
MAX_INTERIM_ANSWERS = 8
READ_BYTES = 64 * 1024
CONNECT_TIMEOUT_S = 10.0
TRY_AGAIN = "try again later"


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer.

    `headers` maps lower-case names to their first value. `content` is empty unless `status` is 200.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The time by which a request must end.

    `ends` is that time, in seconds of `time.monotonic`. `timeout_s` is the whole time allowed, which messages name.
    """

    ends: float
    timeout_s: float

    @classmethod
    def within(cls, seconds_left: float, timeout_s: float) -> Deadline:
        """Return a deadline that is `seconds_left` from now."""
        return cls(time.monotonic() + seconds_left, timeout_s)

    def remaining_s(self) -> float:
        """Return how many seconds are left. Raises TimeoutError if the deadline has passed."""
        remaining_s = self.ends - time.monotonic()
        if remaining_s <= 0:
            raise TimeoutError
        return remaining_s


def exchange(target: Target, ips: Sequence[IPAddress], headers: Sequence[tuple[str, str]], *, max_bytes: int,
             deadline: Deadline, tls: ssl.SSLContext | None, body: bytes | None = None) -> Answer:
    """Send one request to the first of `ips` that accepts a connection. A redirect is returned, not followed.

    It is a GET request, or with a `body` a POST request, of whose answer only the status and headers are read. An https
    `target` needs `tls`, which checks that the certificate is for the host's name. The body of an answer with
    status 200 must not exceed `max_bytes`, neither as sent nor unpacked. The body of any other answer is not read.
    Raises FetchError if the exchange fails, at the latest at `deadline`.
    """
    try:
        with closing(_connected(target, ips, deadline, tls)) as stream:
            return _ask(stream, target, headers, max_bytes, deadline, body)
    except TimeoutError:
        raise NoAnswerError(target.address, f"was not answered whole within {deadline.timeout_s:g} s; {TRY_AGAIN}"
                         ) from None
    except ssl.SSLCertVerificationError as error:
        raise FetchError(target.address, f"is not fetched: its certificate is not trusted ({error.verify_message}); "
                         f"check the address, or add its authority to the file that SSL_CERT_FILE names") from None
    except OSError as error:
        raise NoAnswerError(target.address, f"cannot be reached ({error.strerror or error}); {TRY_AGAIN}") from None
    except h11.RemoteProtocolError as error:
        what = (f"its headers are larger than {MAX_HEADER_BYTES:,} bytes" if error.error_status_hint == 431
                else str(error))
        raise FetchError(target.address, f"was answered with what is not HTTP/1.1 ({what}); check the address"
                         ) from None
    except RejectedError as error:  # from gunzip
        raise FetchError(target.address, error.reason) from None


def trusted_authorities() -> ssl.SSLContext:
    """Load the certificate authorities of the system or of SSL_CERT_FILE, or Mozilla's if the system has none."""
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if not paths.cafile and not (paths.capath and any(Path(paths.capath).iterdir())):
        import certifi  # not needed on most systems

        context.load_verify_locations(certifi.where())
    return context


def _connected(target: Target, ips: Sequence[IPAddress], deadline: Deadline,
               tls: ssl.SSLContext | None) -> socket.socket:
    error: OSError | None = None
    for ip in ips:
        try:
            stream = _connect(ip, target.port, deadline)
        except OSError as failure:
            error = failure
            continue
        if tls is None:
            return stream
        try:
            stream.settimeout(deadline.remaining_s())  # ssl counts the whole handshake against it
            return tls.wrap_socket(stream, server_hostname=target.host)
        except BaseException:
            stream.close()
            raise
    deadline.remaining_s()
    raise error or OSError("it has no address")


def _connect(ip: IPAddress, port: int, deadline: Deadline) -> socket.socket:
    """Open a connection to exactly `ip`, without resolving a name."""
    family = socket.AF_INET if ip.version == 4 else socket.AF_INET6
    stream = socket.socket(family, socket.SOCK_STREAM)
    try:
        stream.settimeout(min(CONNECT_TIMEOUT_S, deadline.remaining_s()))
        stream.connect((str(ip), port) if ip.version == 4 else (str(ip), port, 0, 0))
    except BaseException:
        stream.close()
        raise
    return stream


def _ask(stream: socket.socket, target: Target, headers: Sequence[tuple[str, str]], max_bytes: int,
         deadline: Deadline, sent: bytes | None) -> Answer:
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEADER_BYTES)
    request = h11.Request(method="GET" if sent is None else "POST", target=target.path, headers=list(headers))
    with suppress(BrokenPipeError, ConnectionResetError):  # a server may answer early and hang up; read its answer
        stream.settimeout(deadline.remaining_s())
        stream.sendall(b"".join(connection.send(event) or b"" for event in _events(request, sent)))
    response = _response(connection, stream, deadline)
    named: dict[str, str] = {}
    for name, value in response.headers:
        named.setdefault(name.decode("ascii").lower(), value.decode("latin-1").strip())
    if response.status_code != 200 or sent is not None:
        return Answer(response.status_code, named)
    if int(named.get("content-length", "0")) > max_bytes:
        raise _too_large(target, max_bytes)
    body = _limited(_body(connection, stream, deadline), target, max_bytes)
    encoding = named.get("content-encoding", "identity").lower()
    if encoding in ("gzip", "x-gzip"):
        body = _limited(gunzip(body), target, max_bytes)
    elif encoding not in ("identity", ""):
        raise FetchError(target.address, f"was sent packed as {encoding!a} although only gzip was asked for; "
                                         f"save it to a file and index that")
    return Answer(200, named, b"".join(body))


def _events(request: h11.Request, body: bytes | None) -> Iterator[h11.Event]:
    yield request
    if body is not None:
        yield h11.Data(data=body)
    yield h11.EndOfMessage()


def _response(connection: h11.Connection, stream: socket.socket, deadline: Deadline) -> h11.Response:
    for _ in range(MAX_INTERIM_ANSWERS):
        event = _next_event(connection, stream, deadline)
        if isinstance(event, h11.Response):
            return event
        if not isinstance(event, h11.InformationalResponse):
            break
    raise h11.RemoteProtocolError("no final answer")


def _body(connection: h11.Connection, stream: socket.socket, deadline: Deadline) -> Iterator[bytes]:
    while True:
        event = _next_event(connection, stream, deadline)
        if isinstance(event, h11.Data):
            yield bytes(event.data)
        elif isinstance(event, h11.EndOfMessage):
            return
        else:
            raise h11.RemoteProtocolError("it ends in the middle")


def _next_event(connection: h11.Connection, stream: socket.socket, deadline: Deadline) -> Any:
    while True:
        event = connection.next_event()
        if event is not h11.NEED_DATA:
            return event
        stream.settimeout(deadline.remaining_s())
        connection.receive_data(stream.recv(READ_BYTES))


def _limited(pieces: Iterable[bytes], target: Target, max_bytes: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > max_bytes:
            raise _too_large(target, max_bytes)
        yield piece


def _too_large(target: Target, max_bytes: int) -> FetchError:
    return FetchError(target.address, f"is larger than the {max_bytes:,} bytes that are fetched; "
                                      f"save it to a file and index that")
