"""Which names the server answers to, and which proxies it believes."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from index.types import Article
from tests.fake_answerer import FakeAnswerer, service_of
from web.app import create_app
from web.gate.logs import FIELDS

FORWARDED = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "news.example"}
EXPORT = {"q": "كم سعر الخبز؟", "format": "csl"}


@pytest.fixture(autouse=True)
def _current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")


def answerer() -> FakeAnswerer:
    return FakeAnswerer((Article("bread", "ارتفع سعر الخبز في تونس. ثم انخفض."),))


@pytest.mark.parametrize(("host", "status"), [
    ("news.example", 200), ("news.example:8443", 200), ("a.b.example.org", 200), ("example.org", 200),
    ("evil.example", 400), ("news.example.evil.example", 400), ("", 400)])
def test_only_the_hosts_that_are_named_are_served(tmp_path: Path, host: str, status: int) -> None:
    app = create_app(service_of(answerer(), tmp_path), trusted_hosts=["news.example", ".example.org"])
    for path in ("/healthz", "/api/articles", "/api/nothing"):
        response = app.test_client().get(path, headers={"Host": host})
        if status == 400:
            assert response.status_code == 400
        else:
            assert response.status_code == (404 if path == "/api/nothing" else 200)


def test_without_names_any_host_is_served(tmp_path: Path) -> None:
    client = create_app(service_of(answerer(), tmp_path)).test_client()
    assert client.get("/healthz", headers={"Host": "whatever.example"}).status_code == 200


@pytest.mark.parametrize(("proxies", "base", "client"), [
    (0, "http://localhost/", "127.0.0.1"), (1, "https://news.example/", "203.0.113.7")])
def test_what_a_proxy_says_is_believed_only_where_one_is_named(tmp_path: Path, caplog: pytest.LogCaptureFixture,
                                                               proxies: int, base: str, client: str) -> None:
    app = create_app(service_of(answerer(), tmp_path), trusted_proxies=proxies)
    with caplog.at_level(logging.INFO, "musnad.requests"):
        exported = app.test_client().get("/export", query_string=EXPORT, headers=FORWARDED)
    assert exported.get_json(force=True)[0]["URL"].startswith(f"{base}articles/bread?")
    assert [getattr(record, FIELDS)["client"] for record in caplog.records] == [client]


def test_of_more_names_than_proxies_the_last_are_believed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(service_of(answerer(), tmp_path), trusted_proxies=1)
    with caplog.at_level(logging.INFO, "musnad.requests"):
        app.test_client().get("/healthz", headers={"X-Forwarded-For": "10.0.0.1, 203.0.113.7"})
    assert [getattr(record, FIELDS)["client"] for record in caplog.records] == ["203.0.113.7"]
