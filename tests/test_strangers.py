"""What a page of another site, another name or another machine gets from a server, which is nothing."""

from __future__ import annotations

import argparse
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from qa import cli
from tests.fake_answerer import FakeAnswerer, service_of
from web.app import create_app
from web.command import add_command
from web.gate.networks import parse_network
from web.gate.strangers import is_loopback_name
from web.server import is_loopback

PATHS = ("/", "/healthz", "/metrics", "/api/articles", "/api/search?q=x", "/static/page.js", "/api/nothing")
ORIGIN = "https://paper.example"
ELSEWHERE = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
FOLLOWED = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")

    def client(**settings: Any) -> FlaskClient:
        return create_app(service_of(FakeAnswerer(), tmp_path), **settings).test_client()

    return client


def asked(client: FlaskClient, path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
    """The status, and the problem's name if it is one."""
    with client.open(path, method=method, headers={name.replace("_", "-"): value for name, value in headers.items()}
                     ) as response:
        told = response.get_json(silent=True) if response.mimetype == "application/problem+json" else None
        return response.status_code, told["type"].removeprefix("urn:musnad:problem:") if told else ""


# ---- names ----

@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "127.8.9.1", "[::1]", "[::1]:8000",
                                  "LocalHost", "news.localhost", "localhost."])
def test_the_names_of_this_machine_are_answered_to(make: Any, host: str) -> None:
    assert is_loopback_name(host)
    assert asked(make(any_host=False), "/api/articles", Host=host) == (200, "")
    assert asked(make(trusted_hosts=["news.example"]), "/api/articles", Host=host) == (200, "")


@pytest.mark.parametrize("host", [
    "evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.nip.example", "0.0.0.0:8000", "192.0.2.1",
    "[::2]", "[::ffff:192.0.2.1]", "notlocalhost", "evil example"])
def test_a_rebound_name_reads_nothing(make: Any, host: str) -> None:
    assert not is_loopback_name(host)
    for path in PATHS:
        assert asked(make(any_host=False), path, Host=host)[0] == 400
    assert asked(make(any_host=False), "/api/articles", Host=host) == (400, "untrusted-host")


def test_a_name_that_is_named_is_answered_to(make: Any) -> None:
    client = make(any_host=False, trusted_hosts=["news.example"])
    assert asked(client, "/api/articles", Host="news.example") == (200, "")
    assert asked(client, "/api/articles", Host="evil.example") == (400, "untrusted-host")


def test_a_reader_is_told_how_the_name_is_allowed_in_the_language_of_the_page(make: Any) -> None:
    for language, said in (("ar", "لا يستجيب الخادم لهذا الاسم"), ("en", "The server does not answer to this name")):
        page = make(any_host=False).get(f"/?lang={language}", headers={"Host": "evil.example", "Accept": "text/html"})
        assert (page.status_code, said in page.text, "--trusted-host" in page.text) == (400, True, True)


@pytest.mark.parametrize(("host", "is_local"), [("127.0.0.1", True), ("localhost", True), ("::1", True),
                                                ("127.1.2.3", True), ("0.0.0.0", False), ("::", False), ("", False)])
def test_a_server_knows_whether_only_this_machine_can_connect(host: str, is_local: bool) -> None:
    assert is_loopback(host) == is_local


# ---- pages of other sites ----

@pytest.mark.parametrize("path", PATHS)
def test_what_a_page_elsewhere_asks_for_is_refused(make: Any, path: str) -> None:
    assert asked(make(), path, **ELSEWHERE)[0] == 403
    assert asked(make(), path, **ELSEWHERE | {"Sec-Fetch-Site": "same-site"})[0] == 403


@pytest.mark.parametrize("headers", [
    {}, {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}, {"Sec-Fetch-Site": "none"}, FOLLOWED],
    ids=["program", "own page", "typed", "link"])
def test_programs_readers_and_links_are_answered(make: Any, headers: dict[str, str]) -> None:
    assert [asked(make(), path, **headers)[0] for path in PATHS] == [200] * (len(PATHS) - 1) + [404]


@pytest.mark.parametrize(("method", "headers"), [
    ("POST", FOLLOWED), ("GET", FOLLOWED | {"Sec-Fetch-Dest": "iframe"}),
    ("GET", FOLLOWED | {"Sec-Fetch-Mode": "cors"}), ("DELETE", ELSEWHERE)])
def test_only_a_followed_link_counts_as_navigation(make: Any, method: str, headers: dict[str, str]) -> None:
    assert asked(make(), "/api/articles", method, **headers) == (403, "cross-site")


def test_an_origin_that_is_named_may_still_call_the_api_and_nothing_else(make: Any) -> None:
    calling = ELSEWHERE | {"Sec-Fetch-Mode": "cors", "Origin": ORIGIN}
    client = make(allowed_origins=[ORIGIN])
    assert asked(client, "/api/articles", **calling) == (200, "")
    preflight = calling | {"Access-Control-Request-Method": "POST"}
    assert asked(client, "/api/ask", "OPTIONS", **preflight) == (200, "")
    assert asked(client, "/", **calling)[0] == 403
    assert asked(client, "/api/articles", **calling | {"Origin": "https://else.example"}) == (403, "cross-site")
    assert asked(make(allowed_origins=["*"]), "/api/articles", **calling) == (200, "")


def test_questions_of_a_page_elsewhere_take_no_place_from_others(make: Any) -> None:
    client = make(questions_at_once=1, questions_waiting=0, questions_a_minute=0)
    assert [asked(client, "/api/search?q=x", **ELSEWHERE) for _ in range(3)] == [(403, "cross-site")] * 3
    assert 'status="403"' in client.get("/metrics").text


# ---- metrics ----

def read_metrics(client: FlaskClient, address: str, **headers: str) -> int:
    return client.get("/metrics", environ_overrides={"REMOTE_ADDR": address}, headers={
        name.replace("_", "-"): value for name, value in headers.items()}).status_code


def test_the_metrics_are_for_this_machine_and_for_who_is_named(make: Any) -> None:
    client = make(metrics_from=[ip_network("10.1.0.0/16"), ip_network("2001:db8::/32")])
    assert [read_metrics(client, address) for address in (
        "127.0.0.1", "::1", "10.1.2.3", "::ffff:10.1.2.3", "2001:db8::5", "10.2.0.1", "192.0.2.1", "")] == [
        200, 200, 200, 200, 200, 403, 403, 403]
    refused = make(metrics_from=[]).get("/metrics", environ_overrides={"REMOTE_ADDR": "192.0.2.1"})
    assert refused.get_json()["type"] == "urn:musnad:problem:metrics-forbidden"


def test_behind_a_proxy_neither_it_nor_a_forged_address_passes_for_this_machine(make: Any) -> None:
    client = make(metrics_from=[], trusted_proxies=1)
    assert read_metrics(client, "127.0.0.1", X_Forwarded_For="192.0.2.1") == 403
    assert read_metrics(client, "192.0.2.1", X_Forwarded_For="127.0.0.1") == 403
    assert read_metrics(client, "127.0.0.1") == 200


@pytest.mark.parametrize("text", ["", "10.0.0.0/99", "example.org", "10.0.0.1/8"])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not an address or a network; write"):
        parse_network(text)


def test_the_command_refuses_what_is_no_network(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["serve", "--metrics-from", "x"]) == 2
    assert capsys.readouterr().err == (
        "musnad: argument --metrics-from: 'x' is not an address or a network; write 192.0.2.7 or 10.0.0.0/8\n")


def test_the_command_refuses_what_is_no_origin(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["serve", "--allow-origin", "https://*.example.org"]) == 2
    assert "musnad: argument --allow-origin: 'https://*.example.org' is not an origin; write" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["serve", "mcp"])
@pytest.mark.parametrize("number", ["-1", "1.5", "one"])
def test_the_command_refuses_what_is_no_number_of_proxies(capsys: pytest.CaptureFixture[str], command: str,
                                                          number: str) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([command, f"--trusted-proxies={number}"])
    assert ended.value.code == 2
    assert f"{number!r} is not a whole number; write 0 or more" in capsys.readouterr().err


def test_the_option_and_the_variable_name_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSNAD_METRICS_FROM", "10.0.0.1, 10.0.0.2")
    parser = argparse.ArgumentParser()
    add_command(parser.add_subparsers())
    assert parser.parse_args(["serve"]).metrics_from == ["10.0.0.1", "10.0.0.2"]
