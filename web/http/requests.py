"""A request as it came over the socket, and the WSGI environment of it (PEP 3333)."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

import h11

_END_OF_HEAD = re.compile(rb"\n\r?\n")
_FOLDED_LINE = re.compile(rb"\n[ \t]")
_BARE_LINE_FEED = re.compile(rb"(?<!\r)\n")
_LENGTHS = re.compile(rb"\ncontent-length:[^\n]*", re.IGNORECASE)
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_ABSOLUTE = re.compile(r"https?://([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)
MOST_OF_PATH = 256  # how much of a head `path_of` looks at
_NOT_HTTP_VARIABLES = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


class FramingError(Exception):
    """The bytes are no request that can be told from the next one. `status` is the response's."""

    def __init__(self, status: int, detail: str) -> None:
        self.status, self.detail = status, detail
        super().__init__(detail)


@dataclass(frozen=True, slots=True)
class Request:
    """A request. Names of headers are in small letters; `body` is None if it was too long to be kept."""

    method: str
    target: str
    version: str
    headers: Sequence[tuple[str, str]]
    body: bytes | None
    client: tuple[str, int]
    server: tuple[str, int]
    declared_bytes: int


def end_of_head(received: bytearray, searched: int) -> int:
    """Return where the first empty line ends, or -1. The first `searched` bytes are known to hold none."""
    found = _END_OF_HEAD.search(received, max(searched - 2, 0))
    return found.end() if found else -1


def checked_head(head: bytes, *, max_lines: int) -> bytes:
    """Return the head of a request with the letters of its target percent-encoded, which some programs do not do.

    Raises FramingError if it has too many lines, folded ones (RFC 9112, 5.2), lines that end in a bare LF or several
    lengths, even equal ones: a proxy in front may have read them otherwise.
    """
    lines = head.count(b"\n") - 2
    if lines > max_lines:
        raise FramingError(431, f"the request has {lines} header lines; {max_lines} are allowed")
    if _FOLDED_LINE.search(head):
        raise FramingError(400, "a header line begins with white space")
    if _BARE_LINE_FEED.search(head):
        raise FramingError(400, "a line of the head ends in LF without CR")
    lengths = _LENGTHS.findall(head)
    if len(lengths) > 1 or any(b"," in length for length in lengths):
        raise FramingError(400, "the request has several Content-Lengths")
    line, end, rest = head.partition(b"\n")
    if line.isascii():
        return head
    return _NOT_ASCII.sub(lambda byte: b"%%%02X" % byte[0][0], line) + end + rest


def check_framing(request: h11.Request) -> None:
    """Raise FramingError if it cannot be told for sure where the body ends (RFC 9112, 6.3), or what answers."""
    names = {name for name, _ in request.headers}
    if request.method == b"CONNECT":
        raise FramingError(501, "this server is no proxy")
    if not request.http_version.startswith(b"1."):
        raise FramingError(501, "this server speaks HTTP/1.1 and 1.0")
    if not _is_target(request):
        raise FramingError(400, "the target is neither a path nor an http address")
    if b"transfer-encoding" in names:
        if b"content-length" in names:
            raise FramingError(400, "the request has both Content-Length and Transfer-Encoding")
        if request.http_version < b"1.1":
            raise FramingError(400, "Transfer-Encoding is not known to HTTP/1.0")


def _is_target(request: h11.Request) -> bool:
    """Tell whether the target has one of the forms of RFC 9112, 3.2, that a server answers."""
    target = request.target.decode("latin-1")
    return target.startswith("/") or bool(_ABSOLUTE.fullmatch(target)) or (
        target == "*" and request.method == b"OPTIONS")


def path_of(head: bytes | bytearray) -> str:
    """Return the target of a head that has arrived, without its query, as it was sent; empty if it has none."""
    parts = bytes(head[:MOST_OF_PATH]).split(None, 2)
    return parts[1].partition(b"?")[0].decode("latin-1") if len(parts) > 1 else ""


def has_body(request: h11.Request) -> bool:
    """Tell whether a body follows the head."""
    return declared_bytes(request.headers) > 0 or any(name == b"transfer-encoding" for name, _ in request.headers)


def declared_bytes(headers: Iterable[tuple[bytes, bytes]]) -> int:
    """Return the Content-Length, which h11 has checked; 0 without one."""
    return next((int(value) for name, value in headers if name == b"content-length"), 0)


def wants_close(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Tell whether the client wants the connection closed after the response."""
    return any(option.strip().lower() == b"close" for name, value in headers if name == b"connection"
               for option in value.split(b","))


def address_of(named: object) -> tuple[str, int]:
    """Return host and port of a socket's address; that of IPv6 has two numbers more."""
    return (str(named[0]), int(named[1])) if isinstance(named, tuple) else ("", 0)


def environ_of(request: Request) -> dict[str, Any]:
    """Return the WSGI environment. Headers whose names have an underscore are left out: X_A would pass as X-A."""
    target, host = request.target, None
    if absolute := _ABSOLUTE.fullmatch(target):
        host, target = absolute[1], absolute[2]
    path, _, query = target.partition("#")[0].partition("?")
    body = b"" if request.body is None else request.body
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query, "SERVER_NAME": request.server[0], "SERVER_PORT": str(request.server[1]),
        "SERVER_PROTOCOL": f"HTTP/{request.version}", "REMOTE_ADDR": request.client[0],
        "REMOTE_PORT": str(request.client[1]), "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True, "wsgi.errors": sys.stderr,
        "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False}
    for name, value in request.headers:
        if "_" in name or name == "transfer-encoding":  # the body is whole now
            continue
        variable = _NOT_HTTP_VARIABLES.get(name) or f"HTTP_{name.upper().replace('-', '_')}"
        separator = "; " if name == "cookie" else ", "
        environ[variable] = f"{environ[variable]}{separator}{value}" if variable in environ else value
    if host is not None:
        environ["HTTP_HOST"] = host  # RFC 9112, 3.2.2
    if request.body is None or request.body:
        environ["CONTENT_LENGTH"] = str(request.declared_bytes)
    return environ
