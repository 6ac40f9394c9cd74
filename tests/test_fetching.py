"""What goes out and what never does: hostile addresses, rebinding, redirects, and servers that misbehave."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from typing import Any

import pytest
import trustme

from index.errors import AddressRefusedError, FetchError, HostBusyError, RobotsRefusedError
from index.intake.poll_schedule import back_off_s
from index.sources.fetch import fetching
from index.sources.fetch.fetching import Fetcher
from index.sources.fetch.targets import (
    AllowedHost,
    AllowedHostError,
    check_name,
    parse_allowed_hosts,
    parse_target,
    why_not_public,
)
from tests.loopback import Canary, Say, Server, answer, canary, serving

LOOPBACK = parse_allowed_hosts(["127.0.0.1", "[::1]"])

LOCAL = "it leads to"
NUMBER = "has a number for a host"
UNSAFE = "holds a space, a backslash or a control character"
SCHEME = "where http: or https: must stand"
USER = "holds a user name or password"
NO_HOST = "has no host, or an invalid port"
NO_NAME = "has an invalid host name"
ZONE = "holds a zone id"
BRACKETS = "has no IPv6 address between its brackets"

# Where a lax client would go to is this machine, or another that is nobody's business.
HOSTILE = [
    # plain
    ("http://127.0.0.1:{port}/", f"{LOCAL} 127.0.0.1, a loopback address"),
    ("https://127.0.0.1:{port}/", f"{LOCAL} 127.0.0.1, a loopback address"),
    ("http://127.0.0.2:{port}/", f"{LOCAL} 127.0.0.2, a loopback address"),
    ("http://127.255.255.254:{port}/", f"{LOCAL} 127.255.255.254, a loopback address"),
    ("HTTP://127.0.0.1:{port}/", f"{LOCAL} 127.0.0.1, a loopback address"),
    ("http://127.0.0.1.:{port}/", f"{LOCAL} 127.0.0.1, a loopback address"),
    ("http://0.0.0.0:{port}/", f"{LOCAL} 0.0.0.0, an unspecified address"),
    ("http://0.1.2.3:{port}/", f"{LOCAL} 0.1.2.3, an unspecified address"),
    ("http://127.0.0.1:{port}#@example.com/", f"{LOCAL} 127.0.0.1, a loopback address"),
    ("http://127.0.0.1:{port}?@example.com/", f"{LOCAL} 127.0.0.1, a loopback address"),
    # other ways to write 127.0.0.1
    ("http://2130706433:{port}/", NUMBER),
    ("http://017700000001:{port}/", NUMBER),
    ("http://0x7f000001:{port}/", NUMBER),
    ("http://0X7F000001:{port}/", NUMBER),
    ("http://0177.0.0.1:{port}/", NUMBER),
    ("http://0177.0.0.01:{port}/", NUMBER),
    ("http://0x7f.0.0.1:{port}/", NUMBER),
    ("http://0x7f.1:{port}/", NUMBER),
    ("http://127.1:{port}/", NUMBER),
    ("http://127.0.1:{port}/", NUMBER),
    ("http://127.0.0x1:{port}/", NUMBER),
    ("http://127.00.00.01:{port}/", NUMBER),
    ("http://127.0.0.1.1:{port}/", NUMBER),
    ("http://0:{port}/", NUMBER),
    ("http://0x0:{port}/", NUMBER),
    ("http://4294967297:{port}/", NUMBER),
    ("http://127.0.0.1..:{port}/", NO_NAME),
    # the same in other characters
    ("http://１２７.０.０.１:{port}/", f"{LOCAL} 127.0.0.1, a loopback address"),
    ("http://127。0。0。1:{port}/", f"{LOCAL} 127.0.0.1, a loopback address"),
    ("http://①②⑦.⓪.⓪.①:{port}/", f"{LOCAL} 127.0.0.1, a loopback address"),
    ("http://٠x7f.1:{port}/", NO_NAME),
    ("http://١٢٧.٠.٠.١:{port}/", NO_NAME),
    ("http://%31%32%37.0.0.1:{port}/", NUMBER),
    ("http://127.0.0.%31:{port}/", NO_NAME),
    ("http://127.0.0.1%00.example.com:{port}/", NO_NAME),
    # names of this machine
    ("http://localhost:{port}/", "localhost is this machine"),
    ("http://LOCALHOST:{port}/", "localhost is this machine"),
    ("http://localhost.:{port}/", "localhost is this machine"),
    ("http://news.localhost:{port}/", "news.localhost is this machine"),
    ("http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{port}/", "localhost is this machine"),
    ("http://loc\u00adalhost:{port}/", UNSAFE),
    ("http://local\thost:{port}/", UNSAFE),
    ("http://local\nhost:{port}/", UNSAFE),
    # user names and separators
    ("http://example.com@127.0.0.1:{port}/", USER),
    ("http://user:secret@127.0.0.1:{port}/", USER),
    ("http://@127.0.0.1:{port}/", USER),
    ("http://127.0.0.1:{port}\\@example.com/", UNSAFE),
    ("http:\\\\127.0.0.1:{port}\\", UNSAFE),
    ("http://example.com\\@127.0.0.1:{port}/", UNSAFE),
    ("http://127.0.0.1:{port}/\r\nHost: example.com", UNSAFE),
    (" http://127.0.0.1:{port}/", UNSAFE),
    ("http://127.0.0.1 :{port}/", UNSAFE),
    ("http:///127.0.0.1:{port}/", NO_HOST),
    ("http:127.0.0.1:{port}/", NO_HOST),
    ("http:/127.0.0.1:{port}/", NO_HOST),
    ("http://127.0.0.1:{port}:80/", NO_HOST),
    ("http://127.0.0.1:０{port}/", NO_HOST),
    ("http://127.0.0.1:-{port}/", NO_HOST),
    ("http://:{port}/", NO_HOST),
    ("http://127.0.0.1:0/", NO_HOST),
    ("http://127.0.0.1:65536/", NO_HOST),
    # IPv6, and IPv4 inside it
    ("http://[::1]:{port}/", f"{LOCAL} ::1, a loopback address"),
    ("http://[0:0:0:0:0:0:0:1]:{port}/", f"{LOCAL} ::1, a loopback address"),
    ("http://[::]:{port}/", f"{LOCAL} ::, an unspecified address"),
    ("http://[::ffff:127.0.0.1]:{port}/", "which embeds 127.0.0.1, a loopback address"),
    ("http://[::ffff:7f00:1]:{port}/", "which embeds 127.0.0.1, a loopback address"),
    ("http://[0:0:0:0:0:ffff:127.0.0.1]:{port}/", "which embeds 127.0.0.1, a loopback address"),
    ("http://[::127.0.0.1]:{port}/", "which embeds 127.0.0.1, a loopback address"),
    ("http://[::ffff:0:127.0.0.1]:{port}/", "which embeds 127.0.0.1, a loopback address"),
    ("http://[64:ff9b::127.0.0.1]:{port}/", "which embeds 127.0.0.1, a loopback address"),
    ("http://[64:ff9b:1::7f00:1]:{port}/", "an address of a local translator"),
    ("http://[2002:7f00:1::]:{port}/", "which embeds 127.0.0.1, a loopback address"),
    ("http://[2001:0:808:808::80ff:fffe]:{port}/", "which embeds 127.0.0.1, a loopback address"),
    ("http://[2001:0:7f00:1::f7f7:f7f7]:{port}/", "which embeds 127.0.0.1, a loopback address"),
    ("http://[2606:4700::5efe:127.0.0.1]:{port}/", "which embeds 127.0.0.1, a loopback address"),
    ("http://[2606:4700::200:5efe:127.0.0.1]:{port}/", "which embeds 127.0.0.1, a loopback address"),
    ("http://[::1%25lo]:{port}/", ZONE),
    ("http://[::1%lo]:{port}/", ZONE),
    ("http://[fe80::1%25eth0]:{port}/", ZONE),
    ("http://[v1.127.0.0.1]:{port}/", BRACKETS),
    ("http://[127.0.0.1]:{port}/", BRACKETS),
    ("http://[::1]example.com:{port}/", NO_HOST),
    ("http://example.com[::1]:{port}/", NO_HOST),
    ("http://::1:{port}/", NO_HOST),
    # other machines that are nobody's business
    ("http://169.254.169.254/latest/meta-data/", f"{LOCAL} 169.254.169.254, a link-local address"),
    ("http://[fd00:ec2::254]/", f"{LOCAL} fd00:ec2::254, a unique local address"),
    ("http://10.0.0.1/", f"{LOCAL} 10.0.0.1, a private address"),
    ("http://172.31.255.255/", f"{LOCAL} 172.31.255.255, a private address"),
    ("http://192.168.1.1/", f"{LOCAL} 192.168.1.1, a private address"),
    ("http://100.64.0.1/", f"{LOCAL} 100.64.0.1, an address of carrier-grade NAT"),
    ("http://[fe80::1]/", f"{LOCAL} fe80::1, a link-local address"),
    ("http://[fec0::1]/", f"{LOCAL} fec0::1, a site-local address"),
    ("http://[ff02::1]/", f"{LOCAL} ff02::1, a multicast address"),
    ("http://224.0.0.1/", f"{LOCAL} 224.0.0.1, a multicast address"),
    ("http://255.255.255.255/", f"{LOCAL} 255.255.255.255, a broadcast address"),
    ("http://240.0.0.1/", f"{LOCAL} 240.0.0.1, a reserved address"),
    ("http://192.0.0.8/", f"{LOCAL} 192.0.0.8, a reserved address"),
    ("http://192.88.99.1/", f"{LOCAL} 192.88.99.1, a reserved address"),
    ("http://198.18.0.1/", f"{LOCAL} 198.18.0.1, a benchmarking address"),
    ("http://203.0.113.1/", f"{LOCAL} 203.0.113.1, a documentation address"),
    ("http://[2001:db8::1]/", f"{LOCAL} 2001:db8::1, a documentation address"),
    ("http://[3fff::1]/", f"{LOCAL} 3fff::1, a documentation address"),
    ("http://[2002:a9fe:a9fe::]/", "which embeds 169.254.169.254, a link-local address"),
    ("http://[100::1]/", f"{LOCAL} 100::1, a reserved address"),
    ("http://[5f00::1]/", f"{LOCAL} 5f00::1, a reserved address"),
    ("http://8.8.8.8:25/", "port 25 is not one of web servers"),
    ("http://8.8.8.8:6667/", "port 6667 is not one of web servers"),
    # other schemes
    ("file:///etc/passwd", f"file: {SCHEME}"),
    ("file://127.0.0.1:{port}/etc/passwd", f"file: {SCHEME}"),
    ("ftp://127.0.0.1:{port}/", f"ftp: {SCHEME}"),
    ("gopher://127.0.0.1:{port}/_GET", f"gopher: {SCHEME}"),
    ("dict://127.0.0.1:{port}/", f"dict: {SCHEME}"),
    ("ws://127.0.0.1:{port}/", f"ws: {SCHEME}"),
    ("http+unix://127.0.0.1:{port}/", f"http+unix: {SCHEME}"),
    ("data:text/html,x", f"data: {SCHEME}"),
    ("javascript:alert(1)", f"javascript: {SCHEME}"),
    ("//127.0.0.1:{port}/", f"no scheme {SCHEME}"),
    ("127.0.0.1:{port}", SCHEME),
    ("", f"no scheme {SCHEME}"),
    ("http://" + "a" * 5000, "is longer than 4,096 characters"),
]


@pytest.fixture(scope="module")
def watcher() -> Iterator[Canary]:
    with canary() as watched:
        yield watched


def fetcher(**options: Any) -> Fetcher:
    """A fetcher that may go to loopback, does not pause, and gives up early."""
    return Fetcher(**{"allowed": LOOPBACK, "min_interval_s": 0.0, "timeout_s": 10.0} | options)


def resolver(*answers: list[str]) -> Callable[..., list[tuple[Any, ...]]]:
    """A resolver that gives the first list of IP addresses first, the next one next, and fails after the last."""
    left = list(answers)

    def getaddrinfo(host: str, port: int, **_: object) -> list[tuple[Any, ...]]:
        if not left:
            raise AssertionError(f"{host} was resolved again")
        return [(socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_STREAM, 6, "",
                 (ip, port, 0, 0) if ":" in ip else (ip, port)) for ip in left.pop(0)]

    return getaddrinfo


def always(*sent: bytes) -> Say:
    def say(path: str, headers: dict[str, str], send: Callable[[bytes], None]) -> None:
        for piece in sent:
            send(piece)

    return say


def pages(**answers: bytes) -> Say:
    """Says `answers[name]` for /name, 404 for anything else."""
    return lambda path, headers, send: send(answers.get(path[1:], answer(404)))


# Where nothing may go


def test_the_canary_counts_whoever_connects(watcher: Canary) -> None:
    with canary() as own:
        for address in (("127.0.0.1", own.port), ("::1", own.port)):
            socket.create_connection(address).close()
        assert own.connections() == 2
    assert watcher.connections() == 0


@pytest.mark.parametrize(("form", "reason"), HOSTILE)
def test_a_hostile_address_is_refused_and_nothing_is_sent(form: str, reason: str, watcher: Canary) -> None:
    asked: list[str] = []

    def getaddrinfo(host: str, *_: object, **__: object) -> list[tuple[Any, ...]]:
        asked.append(host)
        raise OSError("this test resolves nothing")

    with pytest.raises(AddressRefusedError) as refused:
        Fetcher(min_interval_s=0, getaddrinfo=getaddrinfo).get(form.format(port=watcher.port))
    assert reason in str(refused.value)
    assert asked == []
    assert watcher.connections() == 0


def test_there_are_more_than_sixty_hostile_forms() -> None:
    assert len({form for form, _ in HOSTILE}) == len(HOSTILE) > 100


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_a_refusal_names_the_address_and_how_to_allow_it(host: str) -> None:
    with pytest.raises(AddressRefusedError) as refused:
        Fetcher().get(f"http://{host}:8000/a")
    ip = host.strip("[]")
    assert str(refused.value) == (f"http://{host}:8000/a: is not fetched: it leads to {ip}, a loopback address; "
                                  f"if that is meant, allow it with --allow-host {host}")


@pytest.mark.parametrize("ips", [["127.0.0.1"], ["93.184.215.14", "127.0.0.1"], ["::1"], ["10.1.2.3"],
                                 ["2606:4700::1111", "::ffff:127.0.0.1"], ["64:ff9b::7f00:1"], ["169.254.169.254"]])
def test_a_name_with_one_private_address_among_its_addresses_is_refused(ips: list[str], watcher: Canary) -> None:
    with pytest.raises(AddressRefusedError, match=r"news\.example leads to"):
        Fetcher(getaddrinfo=resolver(ips)).get(f"http://news.example:{watcher.port}/")
    assert watcher.connections() == 0


def test_a_scoped_address_that_the_resolver_gives_is_refused() -> None:
    def getaddrinfo(host: str, port: int, **_: object) -> list[tuple[Any, ...]]:
        return [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2606:4700::1111", port, 0, 2))]

    with pytest.raises(AddressRefusedError, match="an address with a zone id"):
        Fetcher(getaddrinfo=getaddrinfo).get("http://news.example/")


def test_a_name_is_resolved_once_and_that_address_is_connected_to(monkeypatch: pytest.MonkeyPatch,
                                                                  watcher: Canary) -> None:
    """Rebinding: the second answer would be loopback; nobody asks for it, and the socket gets the first, as numbers."""
    connected: list[object] = []

    class Socket(socket.socket):
        def connect(self, address: Any) -> None:
            connected.append(address)
            raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket, "socket", Socket)
    with pytest.raises(FetchError, match="cannot be reached"):
        Fetcher(getaddrinfo=resolver(["93.184.215.14"], ["127.0.0.1"])).get(f"http://news.example:{watcher.port}/")
    assert connected == [("93.184.215.14", watcher.port)]
    assert watcher.connections() == 0


def test_each_request_resolves_and_checks_anew(watcher: Canary) -> None:
    """A name that was allowed to lead to this machine is no pass for another that does."""
    with serving(pages(a=answer(302, Location=f"http://rebound.example:{watcher.port}/"))) as server:
        fetch = fetcher(allowed=parse_allowed_hosts(["news.example"]),
                        getaddrinfo=resolver(["127.0.0.1"], ["127.0.0.1"]))
        with pytest.raises(AddressRefusedError, match=r"rebound\.example leads to 127\.0\.0\.1"):
            fetch.get(f"http://news.example:{server.port}/a")
    assert watcher.connections() == 0


def test_all_addresses_of_a_host_are_tried_in_order() -> None:
    with serving(always(answer(200, b"x"))) as server:
        fetch = fetcher(allowed=parse_allowed_hosts(["news.example"]), getaddrinfo=resolver(["::1", "127.0.0.1"]))
        assert fetch.get(f"http://news.example:{server.port}/").content == b"x"


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch, watcher: Canary) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{watcher.port}")
    with serving(always(answer(200, b"x"))) as server:
        assert fetcher().get(server.base).content == b"x"
    assert watcher.connections() == 0


@pytest.mark.parametrize(("text", "public"), [
    ("8.8.8.8", True), ("93.184.215.14", True), ("172.32.0.1", True), ("100.128.0.1", True), ("2606:4700::1111", True),
    ("::ffff:8.8.8.8", True), ("64:ff9b::808:808", True), ("2002:808:808::1", True), ("192.0.1.1", True),
    ("2002:a00:1::1", False), ("4000::1", False), ("2001:10::1", False), ("::2", False)])
def test_public_is_what_the_registries_leave(text: str, public: bool) -> None:
    assert (why_not_public(ip_address(text)) == "") is public


# What is allowed by name


@pytest.mark.parametrize(("value", "address", "fine"), [
    ("127.0.0.1", "http://127.0.0.1:8000/", True), ("127.0.0.1:8000", "http://127.0.0.1:8000/", True),
    ("127.0.0.1:8001", "http://127.0.0.1:8000/", False), ("127.0.0.2", "http://127.0.0.1:8000/", False),
    ("[::1]:8000", "http://[0::1]:8000/", True), ("NEWS.Example.", "https://news.example/", True),
    ("news.example", "http://news.example:25/", False), ("news.example:25", "http://news.example:25/", True),
    ("news.example", "http://www.news.example/", False), ("الجزيرة.نت", "http://xn--mgbeiue0iwb.xn--pgb9c/", True)])
def test_a_host_is_allowed_by_its_own_name_and_port(value: str, address: str, fine: bool) -> None:
    fetch = Fetcher(allowed=parse_allowed_hosts([value]))
    assert fetch.is_allowed(parse_target(address)) is fine


def test_several_hosts_are_allowed_in_one_value() -> None:
    assert parse_allowed_hosts(["a.example, b.example:81", "", "c.example"]) == {
        AllowedHost("a.example"), AllowedHost("b.example", 81), AllowedHost("c.example")}


@pytest.mark.parametrize(("value", "reason"), [
    ("http://a.example/", "is not a host"), ("a.example:99999", "has no port between 1 and 65535"),
    ("*.example", "has an invalid host name"), ("127.1", "has a number for a host")])
def test_what_is_no_host_cannot_be_allowed(value: str, reason: str) -> None:
    with pytest.raises(AllowedHostError) as refused:
        parse_allowed_hosts([value])
    assert str(refused.value) == (f"--allow-host '{value}': {reason}; write NAME or NAME:PORT, as in "
                                  f"news.example:8080")


def test_a_public_page_cannot_send_the_program_to_an_allowed_private_host(watcher: Canary) -> None:
    with pytest.raises(AddressRefusedError, match="a loopback address"):
        fetcher().get(f"http://127.0.0.1:{watcher.port}/", found_on="http://news.example/feed")
    assert watcher.connections() == 0


@pytest.mark.parametrize("address", ["http://news.example:22/", "http://news.example:6000/"])
def test_ports_that_are_not_of_web_servers_are_refused_before_a_name_is_resolved(address: str) -> None:
    with pytest.raises(AddressRefusedError, match="is not one of web servers"):
        check_name(parse_target(address))


def test_an_address_in_arabic_is_sent_encoded() -> None:
    target = parse_target("http://الجزيرة.نت/أخبار/خبر%20١?س=ج&x=a+b#هنا")
    assert target.address == ("http://xn--mgbeiue0iwb.xn--pgb9c/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/%D8%AE%D8%A8%D8%B1%20"
                              "%D9%A1?%D8%B3=%D8%AC&x=a+b")


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
            fetcher(allowed=parse_allowed_hosts(["127.0.0.1"])).get(server.base + "/")
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
    options = {"allowed": parse_allowed_hosts(["news.example", "other.example"]), "tls": trusting(authority)}
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
