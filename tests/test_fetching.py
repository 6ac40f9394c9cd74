"""What goes out and what never does: hostile addresses, rebinding, redirects, and servers that misbehave."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from index.errors import FetchError
from index.sources.fetch.targets import (
    parse_allowed_hosts,
)
from tests.fetchers import (
    NUMBER,
    SCHEME,
    UNSAFE,
    USER,
    always,
    fetcher,
    pages,
)
from tests.loopback import Canary, Say, answer, canary, serving


@pytest.fixture(scope="module")
def watcher() -> Iterator[Canary]:
    with canary() as watched:
        yield watched


# Redirects


@pytest.mark.parametrize(("location", "reason"), [
    ("http://127.0.0.2:{port}/", "127.0.0.2, a loopback address"), ("http://[::1]:{port}/", "::1, a loopback address"),
    ("//127.0.0.2:{port}/", "127.0.0.2, a loopback address"), ("http://2130706433:{port}/", NUMBER),
    ("http://localhost:{port}/", "localhost is this machine"), ("http://a@127.0.0.1:{port}/", USER),
    ("file:///etc/passwd", f"file: {SCHEME}"), ("ftp://127.0.0.1:{port}/", f"ftp: {SCHEME}"),
    ("gopher://127.0.0.1:{port}/", f"gopher: {SCHEME}"), ("data:text/html,x", f"data: {SCHEME}"),
    ("\\\\127.0.0.2:{port}/", UNSAFE), ("http://127.0.0.2\t:{port}/", UNSAFE), ("http://[::1", "is no address"),
    ("http://169.254.169.254/", "169.254.169.254, a link-local address")])
def test_where_a_redirect_leads_is_checked_like_an_address_given(location: str, reason: str, watcher: Canary) -> None:
    with serving(always(answer(302, Location=location.format(port=watcher.port)))) as server:
        with pytest.raises(FetchError) as refused:
            fetcher(allowed=parse_allowed_hosts(["127.0.0.1:*"])).get(server.base + "/")
        assert reason in str(refused.value)
        assert server.paths == ["/"]
    assert watcher.connections() == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_relative_redirect_is_followed_and_its_end_reported(status: int) -> None:
    with serving(lambda path, headers, send: send(answer(status, Location="../b?c") if path == "/a/x"
                                                  else answer(200, b"there"))) as server:
        fetched = fetcher().get(server.base + "/a/x")
        assert (fetched.address, fetched.content) == (f"{server.base}/b?c", b"there")
        assert server.paths == ["/a/x", "/b?c"]


def counting(path: str, headers: dict[str, str], send: Callable[[bytes], None]) -> None:
    """/5 leads to /4 and so on to /0."""
    number = int(path[1:])
    send(answer(302, Location=f"/{number - 1}") if number else answer(200, b"end"))


def test_five_redirects_are_followed_and_six_are_not() -> None:
    with serving(counting) as server:
        assert fetcher().get(server.base + "/5").content == b"end"
        with pytest.raises(FetchError, match="is redirected more than 5 times"):
            fetcher().get(server.base + "/6")


def test_a_redirect_loop_ends() -> None:
    with serving(always(answer(302, Location="/a"))) as server:
        with pytest.raises(FetchError, match="is redirected more than 5 times"):
            fetcher().get(server.base + "/a")
        assert len(server.requests) == 6


def test_a_redirect_to_nowhere_is_an_error() -> None:
    with serving(always(answer(302))) as server, pytest.raises(FetchError, match="is redirected .302. to nowhere"):
        fetcher().get(server.base)


# What servers do


def test_what_is_sent_names_the_program_and_carries_nothing_else() -> None:
    with serving(pages(a=answer(302, Location="/b", Set_Cookie="a=b"), b=answer(200, b"x"))) as server:
        fetcher().get(server.base + "/a", etag='"1"', last_modified="Thu, 26 Nov 2026 06:00:00 GMT")
        for number in (0, 1):
            assert set(server.headers(number)) == {"host", "user-agent", "accept", "accept-encoding", "connection",
                                                   "if-none-match", "if-modified-since"}
        assert server.headers()["user-agent"].startswith("Musnad")
        assert server.headers()["host"] == f"127.0.0.1:{server.port}"


def test_an_answer_carries_what_the_next_request_needs() -> None:
    said = answer(200, b"<rss/>", ETag='"1"', Last_Modified="Thu, 26 Nov 2026 06:00:00 GMT", Age="100",
                  Content_Type="application/rss+xml", Cache_Control="public, max-age=600")
    with serving(always(said)) as server:
        fetched = fetcher().get(server.base)
    assert (fetched.status, fetched.etag, fetched.last_modified, fetched.content_type, fetched.max_age_s) == (
        200, '"1"', "Thu, 26 Nov 2026 06:00:00 GMT", "application/rss+xml", 500.0)


@pytest.mark.parametrize("status", [304, 404, 410, 500])
def test_other_answers_are_given_without_content(status: int) -> None:
    with serving(always(answer(status, b"" if status == 304 else b"sorry"))) as server:
        assert (fetcher().get(server.base).status, fetcher().get(server.base).content) == (status, b"")


@pytest.mark.parametrize("damaged", ["a\r\nX: y", "\x00", "x" * 2000, " "])
def test_a_tag_that_cannot_be_sent_is_left_out(damaged: str) -> None:
    with serving(always(answer(200))) as server:
        fetcher().get(server.base, etag=damaged, last_modified=damaged)
        assert not {"if-none-match", "if-modified-since", "x"} & set(server.headers())


def test_gzip_is_unpacked() -> None:
    with serving(always(answer(200, gzip.compress("خبر".encode()), Content_Encoding="gzip"))) as server:
        assert fetcher().get(server.base).content == "خبر".encode()


def test_a_gzip_bomb_is_cut_where_the_limit_is() -> None:
    with (serving(always(answer(200, gzip.compress(bytes(50_000_000)), Content_Encoding="gzip"))) as server,
          pytest.raises(FetchError, match="is larger than the 1,000,000 bytes that are fetched")):
        fetcher().get(server.base, max_bytes=1_000_000)


@pytest.mark.parametrize(("said", "reason"), [
    (answer(200, b"x", Content_Encoding="br"), "was sent packed as 'br'"),
    (answer(200, b"no gzip", Content_Encoding="gzip"), "is damaged here"),
    (answer(200, gzip.compress(b"x" * 100, mtime=0)[:-9], Content_Encoding="gzip"), "is cut off here"),
    (answer(200, bytes(1001)), "is larger than the 1,000 bytes"),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort", "is not HTTP/1.1"),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "is not HTTP/1.1"),
    (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nab", "is not HTTP/1.1"),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "is not HTTP/1.1"),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "is not HTTP/1.1"),
    (b"<html>HTTP/0.9 has no headers</html>", "is not HTTP/1.1"),
    (b"", "is not HTTP/1.1"),
    (b"HTTP/1.1 100 Continue\r\n\r\n" * 9, "no final answer"),
    (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "is not HTTP/1.1"),
    (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 300_000 + b"\r\n\r\n", "its headers are larger than 65,536 bytes"),
    (b"HTTP/1.1 200 OK\r\n" + b"".join(b"X%d: y\r\n" % n for n in range(90_000)), "its headers are larger than")])
def test_a_broken_answer_is_an_error_that_says_so(said: bytes, reason: str) -> None:
    with serving(always(said)) as server, pytest.raises(FetchError) as error:
        fetcher().get(server.base + "/a", max_bytes=1000)
    assert reason in str(error.value)
    assert str(error.value).startswith(f"{server.base}/a: ")


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"])
def test_an_endless_body_is_cut_at_the_limit(head: bytes) -> None:
    piece = b"1000\r\n" + bytes(4096) + b"\r\n" if b"chunked" in head else bytes(4096)

    def say(path: str, headers: dict[str, str], send: Callable[[bytes], None]) -> None:
        send(head)
        while True:
            send(piece)

    with serving(say) as server, pytest.raises(FetchError, match="is larger than the 1,000,000 bytes"):
        fetcher().get(server.base, max_bytes=1_000_000)


def drip(head: bytes) -> Say:
    def say(path: str, headers: dict[str, str], send: Callable[[bytes], None]) -> None:
        send(head)
        while True:
            time.sleep(0.05)
            send(b"x")

    return say


@pytest.mark.parametrize(("head", "reason"), [
    (b"HTTP/1.1 200 OK\r\n\r\n", "was not answered whole within 0.5 s"),
    (b"HTTP/1.1 200 OK\r\nX: ", "was not answered whole within 0.5 s"),
    (b"", "was not answered whole within 0.5 s|is not HTTP/1.1")])  # what drips then is no status line: also an end
def test_a_server_that_drips_is_cut_at_the_deadline(head: bytes, reason: str) -> None:
    started = time.monotonic()
    with serving(drip(head)) as server, pytest.raises(FetchError, match=reason):
        fetcher(timeout_s=0.5).get(server.base)
    assert time.monotonic() - started < 5


def test_the_deadline_counts_all_redirects_together() -> None:
    def say(path: str, headers: dict[str, str], send: Callable[[bytes], None]) -> None:
        time.sleep(0.2)
        send(answer(302, Location="/again"))

    started = time.monotonic()
    with serving(say) as server, pytest.raises(FetchError, match="was not answered whole within 0.5 s"):
        fetcher(timeout_s=0.5).get(server.base)
    assert time.monotonic() - started < 5


def test_a_resolver_that_hangs_is_left_at_the_deadline() -> None:
    release = threading.Event()

    def hang(*_: object, **__: object) -> list[tuple[Any, ...]]:
        release.wait(timeout=30)
        return []

    with pytest.raises(FetchError, match=r"within 0\.3 s: the name news\.example is not resolved"):
        fetcher(timeout_s=0.3, getaddrinfo=hang).get("http://news.example/")
    release.set()


def test_a_name_that_does_not_resolve_is_an_error() -> None:
    def fail(*_: object, **__: object) -> list[tuple[Any, ...]]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(FetchError, match="is not resolved .Name or service not known.; check it"):
        fetcher(getaddrinfo=fail).get("http://news.example/")
