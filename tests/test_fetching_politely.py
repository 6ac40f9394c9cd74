"""Fetching with TLS, and politely: pauses, robots.txt and back-off."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import Any

import pytest
import trustme

from index.errors import AddressRefusedError, FetchError, HostBusyError, RobotsRefusedError
from index.intake.poll_schedule import back_off_s
from index.sources.fetch import fetching
from index.sources.fetch.fetching import Fetcher
from index.sources.fetch.targets import (
    parse_allowed_hosts,
)
from tests.fetchers import (
    always,
    fetcher,
    pages,
    resolver,
)
from tests.loopback import Canary, Server, answer, canary, serving


@pytest.fixture(scope="module")
def watcher() -> Iterator[Canary]:
    with canary() as watched:
        yield watched

# TLS


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def tls_server(authority: trustme.CA) -> Iterator[Server]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("news.example").configure_cert(context)
    with serving(always(answer(200, b"safe")), tls=context) as server:
        yield server


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def test_a_certificate_of_an_unknown_authority_is_refused(tls_server: Server) -> None:
    with pytest.raises(FetchError, match="its certificate is not trusted"):
        fetcher().get(tls_server.base)


def test_a_certificate_is_checked_for_the_name_and_not_the_address(tls_server: Server, authority: trustme.CA) -> None:
    options = {"allowed": parse_allowed_hosts(["news.example:*", "other.example:*"]), "tls": trusting(authority)}
    fetch = fetcher(getaddrinfo=resolver(["127.0.0.1"]), **options)
    assert fetch.get(f"https://news.example:{tls_server.port}/").content == b"safe"
    with pytest.raises(FetchError, match="its certificate is not trusted .Hostname mismatch"):
        fetcher(getaddrinfo=resolver(["127.0.0.1"]), **options).get(f"https://other.example:{tls_server.port}/")


def test_a_redirect_from_https_to_http_is_refused(authority: trustme.CA, watcher: Canary) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with (serving(always(answer(301, Location=f"http://127.0.0.1:{watcher.port}/")), tls=context) as server,
          pytest.raises(AddressRefusedError, match="is redirected from https to http://127")):
        fetcher(tls=trusting(authority)).get(server.base)
    assert watcher.connections() == 0


def test_ipv6_loopback_is_fetched_when_allowed() -> None:
    with serving(always(answer(200, b"six")), host="::1") as server:
        assert fetcher().get(server.base).content == b"six"
        assert server.headers()["host"] == f"[::1]:{server.port}"


# Politeness


class Clock:
    """Seconds that pass only when somebody sleeps."""

    def __init__(self) -> None:
        self.seconds, self.slept = 1000.0, list[float]()

    def __call__(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


def polite(clock: Clock, **options: Any) -> Fetcher:
    return fetcher(**{"min_interval_s": 1.0, "clock": clock, "now": clock, "sleep": clock.sleep} | options)


def test_two_requests_to_one_host_are_a_second_apart() -> None:
    clock = Clock()
    with serving(always(answer(200))) as first, serving(always(answer(200)), host="::1") as other:
        fetch = polite(clock)
        fetch.get(first.base)
        fetch.get(other.base)
        assert clock.slept == []
        fetch.get(first.base)
        assert clock.slept == [1.0]
        clock.seconds += 0.75
        fetch.get(first.base)
        assert clock.slept == [1.0, 0.25]


@pytest.mark.parametrize(("status", "retry_after", "seconds"), [
    (429, "120", 120.0), (503, "Thu, 01 Jan 1970 00:20:00 GMT", 200.0), (503, "999999", 86400.0)])
def test_a_host_that_asks_to_be_left_alone_is(status: int, retry_after: str, seconds: float) -> None:
    clock = Clock()
    with serving(always(answer(status, Retry_After=retry_after))) as server:
        fetch = polite(clock, min_interval_s=0)
        assert fetch.get(server.base + "/a").status == status
        clock.seconds += seconds - 1
        with pytest.raises(HostBusyError) as busy:
            fetch.get(server.base + "/b")
        assert busy.value.retry_after_s == 1.0
        assert len(server.requests) == 1
        clock.seconds += 1
        fetch.get(server.base + "/b")
        assert server.paths == ["/a", "/b"]


ROBOTS = b"User-agent: *\nDisallow: /\n\nUser-agent: Musnad\nDisallow: /private/*.html$\nAllow: /\nCrawl-delay: 7\n"


def test_robots_txt_is_asked_for_pages_that_were_found_and_not_for_those_named() -> None:
    with serving(lambda path, headers, send: send(answer(200, ROBOTS if path == "/robots.txt" else b"page"))) as server:
        fetch, feed = fetcher(sleep=lambda _: None), server.base + "/feed"
        assert fetch.get(server.base + "/private/a.html").content == b"page"
        assert server.paths == ["/private/a.html"]
        assert fetch.get(server.base + "/news", found_on=feed).content == b"page"
        with pytest.raises(RobotsRefusedError, match="asks programs not to"):
            fetch.get(server.base + "/private/a.html", found_on=feed)
        assert server.paths == ["/private/a.html", "/robots.txt", "/news"]


def test_a_crawl_delay_is_kept() -> None:
    clock = Clock()
    with serving(lambda path, headers, send: send(answer(200, ROBOTS if path == "/robots.txt" else b"page"))) as server:
        fetch = polite(clock)
        for name in ("a", "b"):
            fetch.get(f"{server.base}/{name}", found_on=server.base)
        assert clock.slept == [7.0, 7.0]


@pytest.mark.parametrize(("status", "fine"), [(404, True), (403, True), (500, False), (503, False), (429, False)])
def test_no_robots_txt_allows_everything_and_one_that_fails_nothing(status: int, fine: bool) -> None:
    with serving(lambda path, headers, send: send(answer(status if path == "/robots.txt" else 200, b"x"))) as server:
        fetch = fetcher()
        if fine:
            assert fetch.get(server.base + "/a", found_on=server.base).status == 200
        else:
            with pytest.raises(FetchError, match=f"its robots.txt was answered with {status}; try again later"):
                fetch.get(server.base + "/a", found_on=server.base)
            assert server.paths == ["/robots.txt"]


def test_robots_txt_is_asked_again_where_a_redirect_leads() -> None:
    with (serving(lambda path, headers, send: send(answer(200, b"User-agent: *\nDisallow: /")), host="::1") as closed,
          serving(pages(a=answer(302, Location=closed.base + "/b"))) as server):
        with pytest.raises(RobotsRefusedError):
            fetcher().get(server.base + "/a", found_on=server.base)
        assert closed.paths == ["/robots.txt"]


def test_robots_txt_is_read_once_a_day() -> None:
    clock = Clock()
    with serving(always(answer(404))) as server:
        fetch = polite(clock)
        for _ in range(3):
            fetch.get(server.base + "/a", found_on=server.base)
        assert server.paths.count("/robots.txt") == 1
        clock.seconds += 24 * 3600
        fetch.get(server.base + "/a", found_on=server.base)
        assert server.paths.count("/robots.txt") == 2


@pytest.mark.parametrize(("failures", "whole_s"), [(1, 300), (2, 600), (3, 1200), (20, 86400), (10**6, 86400)])
def test_back_off_doubles_up_to_a_day_and_is_spread_over_its_second_half(failures: int, whole_s: float) -> None:
    assert back_off_s(300, failures, 86400, jitter=lambda: 1.0) == whole_s
    assert back_off_s(300, failures, 86400, jitter=lambda: 0.0) == whole_s / 2


def test_the_name_of_the_program_carries_no_link() -> None:
    assert "http" not in fetching.user_agent()
    assert fetching.user_agent().startswith("Musnad")
