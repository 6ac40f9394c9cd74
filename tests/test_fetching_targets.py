"""Where a fetch may go: hostile addresses are refused, and hosts are allowed by name."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest

from index.errors import AddressRefusedError, FetchError
from index.sources.fetch.fetching import Fetcher
from index.sources.fetch.targets import (
    AllowedHost,
    AllowedHostError,
    check_name,
    parse_allowed_hosts,
    parse_target,
    why_not_public,
)
from tests.fetchers import (
    BRACKETS,
    LOCAL,
    NO_HOST,
    NO_NAME,
    NUMBER,
    SCHEME,
    UNSAFE,
    USER,
    ZONE,
    always,
    fetcher,
    pages,
    resolver,
)
from tests.loopback import Canary, answer, canary, serving

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
                                  f"if that is meant, allow it with --allow-host {host}:8000")


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
        fetch = fetcher(allowed=parse_allowed_hosts(["news.example:*"]),
                        getaddrinfo=resolver(["127.0.0.1"], ["127.0.0.1"]))
        with pytest.raises(AddressRefusedError, match=r"rebound\.example leads to 127\.0\.0\.1"):
            fetch.get(f"http://news.example:{server.port}/a")
    assert watcher.connections() == 0


def test_all_addresses_of_a_host_are_tried_in_order() -> None:
    with serving(always(answer(200, b"x"))) as server:
        fetch = fetcher(allowed=parse_allowed_hosts(["news.example:*"]), getaddrinfo=resolver(["::1", "127.0.0.1"]))
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
    ("127.0.0.1", "http://127.0.0.1:8000/", False), ("127.0.0.1:8000", "http://127.0.0.1:8000/", True),
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
