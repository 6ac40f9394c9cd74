"""How much one client may ask, and which pages elsewhere may call the API."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from limits import RateLimitItemPerDay
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, RateLimiter, SlidingWindowCounterRateLimiter

from tests.fake_answerer import FakeAnswerer, service_of
from web.app import create_app
from web.gate.counts import Counts
from web.gate.origins import is_allowed, parse_origin

ASK = "/api/search?q=x"
CLIENT, OTHER = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")
    monkeypatch.setattr("time.time", lambda: 1_800_000_010.0)  # or a minute might end between two requests
    monkeypatch.setattr("time.thread_time", lambda: 0.0)  # or a request might cost more on a busy machine

    def app(**settings: Any) -> FlaskClient:
        return create_app(service_of(FakeAnswerer(), tmp_path), **settings).test_client()

    return app


def statuses(client: FlaskClient, count: int, path: str = ASK, address: str = CLIENT, **headers: str) -> list[int]:
    found = []
    for _ in range(count):
        with client.get(path, environ_overrides={"REMOTE_ADDR": address}, headers=headers) as response:
            found.append(response.status_code)
    return found


def test_who_asks_too_much_is_told_when_to_ask_again_and_others_are_answered(make: Any) -> None:
    client = make(questions_a_minute=3)
    assert statuses(client, 5) == [200, 200, 200, 429, 429]
    refused = client.get(ASK, environ_overrides={"REMOTE_ADDR": CLIENT})
    problem = refused.get_json()
    assert (refused.mimetype, problem["type"], problem["status"]) == (
        "application/problem+json", "urn:musnad:problem:rate-limited", 429)
    assert problem["retry_after_s"] == 50
    assert refused.headers["Retry-After"] == str(problem["retry_after_s"])
    assert refused.headers["X-Content-Type-Options"] == "nosniff"
    assert statuses(client, 1, address=OTHER) == [200]


def test_a_reader_at_the_page_is_refused_with_a_page(make: Any) -> None:
    client = make(questions_a_minute=1)
    assert statuses(client, 2, "/?q=x", Accept="text/html") == [200, 429]
    page = client.get("/?q=x&lang=ar", environ_overrides={"REMOTE_ADDR": CLIENT}, headers={"Accept": "text/html"})
    assert (page.mimetype, "طلبات كثيرة في وقت قصير" in page.text) == ("text/html", True)
    assert int(page.headers["Retry-After"]) >= 1


def test_other_requests_have_ten_times_as_many_and_what_tells_that_the_server_lives_is_not_counted(make: Any) -> None:
    client = make(questions_a_minute=2)
    assert statuses(client, 21, "/verify") == [200] * 20 + [429]
    assert statuses(client, 2) == [200, 200]
    for path in ("/healthz", "/readyz", "/metrics", "/static/page.css", "/api/docs"):
        assert statuses(client, 30, path) == [200] * 30


def test_addresses_of_one_household_are_one_client(make: Any) -> None:
    client = make(questions_a_minute=1)
    assert statuses(client, 1, address="2001:db8:1:2::1") == [200]
    assert statuses(client, 1, address="2001:db8:1:2:ffff::9") == [429]
    assert statuses(client, 1, address="2001:db8:1:3::1") == [200]
    assert statuses(client, 1, address="::ffff:192.0.2.1") == [200]
    assert statuses(client, 1, address="192.0.2.1") == [429]


def test_programs_on_the_machine_itself_are_not_limited_unless_a_proxy_stands_before_it(make: Any) -> None:
    assert statuses(make(questions_a_minute=1), 5, address="127.0.0.1") == [200] * 5
    assert statuses(make(questions_a_minute=1), 5, address="::1") == [200] * 5
    behind = make(questions_a_minute=1, trusted_proxies=1)
    forwarded = {"X-Forwarded-For": CLIENT}
    assert statuses(behind, 2, address="127.0.0.1", **forwarded) == [200, 429]
    assert statuses(behind, 1, address="127.0.0.1", **{"X-Forwarded-For": OTHER}) == [200]


def test_nobody_is_limited_where_the_limit_is_none(make: Any) -> None:
    assert statuses(make(questions_a_minute=0), 300) == [200] * 300


@pytest.mark.parametrize("kind", [SlidingWindowCounterRateLimiter, FixedWindowRateLimiter])
def test_requests_are_counted_one_at_a_time(kind: type[RateLimiter], monkeypatch: pytest.MonkeyPatch) -> None:
    """Two at once would start the storage's timer twice, which fails."""
    inside, met = [0], threading.Event()
    count = MemoryStorage.incr

    def incr(*arguments: Any, **named: Any) -> int:
        inside[0] += 1
        if inside[0] == 2:
            met.set()
        met.wait(0.2)
        inside[0] -= 1
        return count(*arguments, **named)

    monkeypatch.setattr(MemoryStorage, "incr", incr)
    limiter, allowed = kind(Counts()), RateLimitItemPerDay(2)   # a minute may end meanwhile
    with ThreadPoolExecutor(3) as pool:
        counted = list(pool.map(lambda _: limiter.hit(allowed, CLIENT), range(3)))
    assert not met.is_set()
    assert counted.count(True) == 2


ORIGIN = "https://paper.example"


def test_no_other_origin_may_call_the_api_unless_it_is_named(make: Any) -> None:
    for method in ("GET", "OPTIONS"):
        response = make().open(ASK, method=method, headers={"Origin": ORIGIN, "Access-Control-Request-Method": "GET"})
        assert not [name for name, _ in response.headers if name.startswith("Access-Control")]


def test_an_origin_that_is_named_may_and_no_cookie_goes_along(make: Any) -> None:
    client = make(allowed_origins=[ORIGIN])
    answered = client.get(ASK, headers={"Origin": ORIGIN})
    assert answered.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Access-Control-Allow-Credentials" not in answered.headers
    assert "ETag" in answered.headers["Access-Control-Expose-Headers"]
    asked_first = client.options("/api/ask", headers={
        "Origin": ORIGIN, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"})
    assert (asked_first.status_code, asked_first.headers["Access-Control-Allow-Origin"]) == (200, ORIGIN)
    assert "POST" in asked_first.headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Origin" not in client.get(ASK, headers={"Origin": "https://else.example"}).headers
    assert "Access-Control-Allow-Origin" not in client.get("/?q=x", headers={"Origin": ORIGIN}).headers


@pytest.mark.parametrize(("named", "calling", "may"), [
    ("https://paper.example", "https://PAPER.example", True),
    ("https://paper.example/", "https://paper.example", True),
    ("http://localhost:3000", "http://localhost:30001", False),
    ("https://paper.example", "https://paper.example.org", False),
    ("https://a.example", "https://aXexample", False),
    ("http://[::1]:3000", "http://[::1]:3000", True),
    ("http://[::1]:3000", "http://1:3000", False),
    ("*", "https://any.example", True)])
def test_an_origin_is_the_one_that_is_named_and_no_pattern(make: Any, named: str, calling: str, may: bool) -> None:
    answered = make(allowed_origins=[parse_origin(named)]).get(ASK, headers={"Origin": calling})
    assert (answered.headers.get("Access-Control-Allow-Origin") in (calling, "*")) == may
    assert is_allowed(calling, [parse_origin(named)]) == may


@pytest.mark.parametrize("text", ["", "https://*.example.org", "paper.example", "https://paper.example/news",
                                  "https://paper.example?x", "null", ".*", "https://.*"])
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not an origin; write"):
        parse_origin(text)


def test_a_page_elsewhere_may_read_that_it_is_limited_and_its_preflights_are_not_counted(make: Any) -> None:
    client = make(questions_a_minute=1, allowed_origins=[ORIGIN])
    for _ in range(5):
        asked_first = client.options(ASK, environ_overrides={"REMOTE_ADDR": CLIENT},
                                     headers={"Origin": ORIGIN, "Access-Control-Request-Method": "GET"})
        assert asked_first.status_code == 200
    assert statuses(client, 2) == [200, 429]
    refused = client.get(ASK, environ_overrides={"REMOTE_ADDR": CLIENT}, headers={"Origin": ORIGIN})
    assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (429, ORIGIN)
    assert "Retry-After" in refused.headers["Access-Control-Expose-Headers"]
