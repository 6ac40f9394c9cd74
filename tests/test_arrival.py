"""Articles that programs send: who may, what is accepted, that it survives, and that it is answered from."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from index.generation.snapshot import open_snapshot
from index.intake.build import build
from index.intake.database import database_of
from index.intake.inbox import Inbox
from index.intake.state import State
from index.intake.update import update
from index.types import Article
from qa.answerer import Answerer
from tests.conftest import PROJECT
from tests.fakes import WordEmbedder
from web.app import create_app
from web.gate.admin import Admin
from web.service import Service

TOKEN = "a long random text"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
EMBEDDER = WordEmbedder("red", "blue", "green")


class Desk:
    """An app over an index of one article, and an update by hand."""

    def __init__(self, index_dir: Path) -> None:
        self.index_dir = index_dir
        build([Article("one", "The red one.")], index_dir, EMBEDDER)
        self.service = Service(index_dir, lambda: Answerer(open_snapshot(index_dir), EMBEDDER))
        self.client: FlaskClient = create_app(self.service, admin=Admin(TOKEN)).test_client()
        self.inbox = Inbox(index_dir)

    def post(self, body: object, **headers: str) -> Any:
        return self.client.post("/api/articles", json=body, headers={**HEADERS, **headers})

    def delete(self, article_id: str) -> Any:
        return self.client.delete(f"/api/articles/{quote(article_id, safe='')}", headers=HEADERS)

    def take_in(self) -> None:
        update((), self.index_dir, lambda: EMBEDDER, is_exact=False)
        self.service.refresh()

    def status(self, address: str) -> str:
        status: str = self.client.get(address).get_json()["status"]
        return status


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "index")


# ---- who may ----

@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN,
                                           f"Bearer {TOKEN}x", "Bearer \xff", f"Bearer {TOKEN[:-1]}"])
def test_without_the_token_nothing_is_accepted(desk: Desk, authorization: str) -> None:
    for method, path in (("POST", "/api/articles"), ("DELETE", "/api/articles/one")):
        response = desk.client.open(path, method=method, json={"text": "x"}, headers={"Authorization": authorization})
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == 'Bearer realm="musnad"'
        assert response.get_json()["type"] == "urn:musnad:problem:unauthorized"
        assert TOKEN not in response.get_data(as_text=True)
    assert desk.inbox.names() == []


@pytest.mark.parametrize("token", ["", " ", "\n"])
def test_a_server_without_a_token_takes_nothing_whatever_is_sent(desk: Desk, token: str) -> None:
    client = create_app(desk.service, admin=Admin(token)).test_client()
    for authorization in ("Bearer ", "Bearer", f"Bearer {token}", HEADERS["Authorization"]):
        response = client.post("/api/articles", json={"text": "x"}, headers={"Authorization": authorization.strip()})
        assert (response.status_code, response.get_json()["type"]) == (403, "urn:musnad:problem:no-admin-token")
    assert desk.inbox.names() == []


# ---- what is accepted ----

def test_an_article_is_accepted_and_then_indexed(desk: Desk) -> None:
    response = desk.post({"id": "two/2", "text": "The blue one.", "published": "2026-01-02"})
    accepted = response.get_json()
    assert (response.status_code, accepted["id"], accepted["status"]) == (202, "two/2", "waiting")
    assert response.headers["Location"] == accepted["status_url"]
    assert desk.status(accepted["status_url"]) == "waiting"
    desk.take_in()
    assert desk.status(accepted["status_url"]) == "indexed"
    assert desk.client.get("/api/articles/two%2F2").get_json()["text"] == "The blue one."
    desk.post({"id": "two/2", "text": "The green one."})
    desk.take_in()
    assert desk.status(accepted["status_url"]) == "replaced"
    assert desk.client.get("/api/articles/two%2F2").get_json()["revised"] is not None


def test_an_article_is_withdrawn(desk: Desk) -> None:
    response = desk.delete("one")
    assert (response.status_code, response.get_json()["status"]) == (202, "waiting")
    desk.take_in()
    assert desk.client.get("/api/articles/one").status_code == 404
    assert desk.status("/api/arrivals/one") == "absent"
    assert desk.delete("one").status_code == 404


def test_what_waits_can_be_withdrawn_too(desk: Desk) -> None:
    desk.post({"id": "two", "text": "The blue one."})
    assert desk.delete("two").status_code == 202
    assert desk.delete("two").status_code == 404
    desk.take_in()
    assert [article.id for article in open_snapshot(desk.index_dir).articles] == ["one"]


def test_many_articles_are_accepted_together_or_not_at_all(desk: Desk) -> None:
    response = desk.post([{"id": "a", "text": "A."}, {"id": "b"}, [], {"id": "c", "text": "\0"}])
    problem = response.get_json()
    assert (response.status_code, problem["type"]) == (422, "urn:musnad:problem:invalid-article")
    assert [error["number"] for error in problem["errors"]] == [2, 3, 4]
    assert desk.inbox.names() == []
    lines = '{"id": "a", "text": "A."}\n\n{"text": "B."}\n'
    response = desk.client.post("/api/articles", data=lines.encode(), content_type="application/x-ndjson",
                                headers=HEADERS)
    assert [article["status"] for article in response.get_json()["articles"]] == ["waiting", "waiting"]
    assert len(desk.inbox.names()) == 2


@pytest.mark.parametrize(("body", "content_type", "status"), [
    (b"{", "application/json", 400), (b'{"text": "\xff"}', "application/json", 400), (b"[]", "application/json", 422),
    (b"7", "application/json", 422), (b'{"text": ""}', "application/json", 422),
    (b'{"text": NaN}', "application/json", 400), (b'{"text": "x"}', "text/plain", 415),
    (b'{"text": "\\ud800"}', "application/json", 422), (b"[" * 100_000, "application/json", 400),
    (json.dumps([{"text": "x"}] * 101).encode(), "application/json", 422)])
def test_a_body_that_is_no_article_is_refused_with_its_fault(desk: Desk, body: bytes, content_type: str,
                                                             status: int) -> None:
    response = desk.client.post("/api/articles", data=body, content_type=content_type, headers=HEADERS)
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert desk.inbox.names() == []


def test_a_full_disk_accepts_nothing_and_names_the_bytes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(State, "write", fail)
    response = desk.post({"text": "x"})
    problem = response.get_json()
    assert (response.status_code, problem["type"]) == (503, "urn:musnad:problem:not-stored")
    assert problem["bytes_needed"] > 0
    assert problem["bytes_free"] > 0
    assert response.headers["Retry-After"] == "60"


def test_an_article_is_found_by_every_id_and_shows_where_else_it_stands(desk: Desk) -> None:
    url = "https://example.org/1"
    desk.post([{"text": "The green one.", "url": url, "source": "A", "published": "2026-01-01"},
               {"id": "copy", "text": "The green one.", "source": "B", "published": "2026-01-02"}])
    desk.post({"id": "green", "text": "The green one.", "url": url, "source": "A", "published": "2026-01-01"})
    desk.take_in()
    listed = desk.client.get("/api/articles").get_json()
    assert sorted(article["id"] for article in listed["articles"]) == ["green", "one"]
    found = desk.client.get("/api/articles/green").get_json()
    assert [other["id"] for other in found["also_at"]] == ["copy"]
    copy = desk.client.get("/api/articles/copy").get_json()
    assert (copy["id"], copy["source"], [other["id"] for other in copy["also_at"]]) == ("copy", "B", ["green"])
    page = desk.client.get("/articles/green", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert "/articles/copy" in page
    hits = desk.client.get("/api/search?q=green+one&source=B").get_json()["hits"]
    assert [(hit["article_id"], hit["source"]) for hit in hits] == [("copy", "B")]
    assert desk.client.get("/api/articles?source=B").get_json()["total"] == 1
    assert 'value="B"' in desk.client.get("/", headers={"Accept": "text/html"}).get_data(as_text=True)
    checked = desk.client.post("/api/verify", json={"quote": "The green one", "filters": {"sources": ["B"]}}).get_json()
    assert [citation["article_id"] for citation in checked["citations"]] == ["copy"]


# ---- a server process ----

class Process:
    """`musnad serve` with a token, whose end the test chooses."""

    def __init__(self, index_dir: Path) -> None:
        environment = {**os.environ, "MUSNAD_ADMIN_TOKEN": TOKEN, "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen([sys.executable, "-m", "qa", "serve", "--index-dir", str(index_dir), "--port",
                                         "0"], cwd=PROJECT, env=environment, text=True, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        assert self.process.stdout is not None
        found = re.search(r"http://\S+", self.process.stdout.readline())
        assert found is not None
        self.base = found.group()

    def ask(self, path: str, method: str = "GET", body: object = None) -> dict[str, Any]:
        request = urllib.request.Request(self.base + path, None if body is None else json.dumps(body).encode(),
                                         {**HEADERS, "Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=30) as response:
            answered: dict[str, Any] = json.load(response)
            return answered

    def wait_for(self, path: str, status: str, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while self.ask(path)["status"] != status:
            assert time.monotonic() < end
            time.sleep(0.1)

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        code = self.process.wait(60)
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()
        return code


@pytest.fixture
def server(sample_index: Path, tmp_path: Path) -> Iterator[Process]:
    index_dir = tmp_path / "index"
    subprocess.run(["cp", "-r", str(sample_index), str(index_dir)], check=True)
    process = Process(index_dir)
    yield process
    if process.process.poll() is None:
        process.end(signal.SIGKILL)


QUESTION = {"question": "متى وُقّع ميثاق جامعة الدول العربية؟"}
PACT = {"id": "pact", "title": "ميثاق جامعة الدول العربية", "published": "1945-03-22", "language": "ar",
        "text": "وُقّع ميثاق جامعة الدول العربية في القاهرة في الثاني والعشرين من مارس 1945."}


@pytest.mark.slow
def test_what_was_sent_is_answered_from_within_seconds_and_gone_when_withdrawn(server: Process) -> None:
    accepted = server.ask("/api/articles", "POST", PACT)
    server.wait_for(accepted["status_url"], "indexed")
    citations = server.ask("/api/ask", "POST", QUESTION)["citations"]
    assert citations[0]["article_id"] == "pact"
    server.ask("/api/articles/pact", "DELETE")
    server.wait_for("/api/arrivals/pact", "absent")
    answer = server.ask("/api/ask", "POST", QUESTION)
    assert "pact" not in {place["article_id"] for place in [*answer["citations"], *answer["passages"]]}
    with pytest.raises(urllib.error.HTTPError, match="404"):
        server.ask("/api/articles/pact")
    assert server.end(signal.SIGTERM) == 0


@pytest.mark.slow
def test_what_was_accepted_survives_kill_9_from_that_moment(server: Process, tmp_path: Path) -> None:
    accepted = [server.ask("/api/articles", "POST", {**PACT, "id": f"p{number}", "text": f"{PACT['text']} {number}"})
                for number in range(20)]
    server.end(signal.SIGKILL)
    again = Process(tmp_path / "index")
    try:
        for one in accepted:
            again.wait_for(one["status_url"], "indexed")
        assert again.ask("/api/articles?limit=1")["total"] == 34 + 20
    finally:
        again.end(signal.SIGTERM)


def test_a_state_that_cannot_be_read_is_named_and_questions_are_answered_on(desk: Desk) -> None:
    assert desk.post({"id": "two", "text": "The blue one."}).status_code == 202
    database = database_of(desk.index_dir)
    kept = database.read_bytes()
    for other in database.parent.iterdir():
        other.unlink()
    database.mkdir()
    ready = desk.client.get("/readyz")
    assert (ready.status_code, ready.get_json()["status"], ready.get_json()["waiting"]) == (200, "degraded", None)
    assert ready.get_json()["indexing_error"].startswith("the waiting articles cannot be read: ")
    assert str(database) in ready.get_json()["indexing_error"]
    metrics = desk.client.get("/metrics")
    assert (metrics.status_code, "musnad_inbox_waiting NaN" in metrics.text) == (200, True)
    assert desk.client.get("/api/search?q=red").status_code == 200
    for method, path in (("GET", "/api/arrivals/two"), ("DELETE", "/api/articles/one"), ("GET", "/api/claims")):
        refused = desk.client.open(path, method=method, headers=HEADERS)
        assert (refused.status_code, refused.get_json()["type"]) == (503, "urn:musnad:problem:state-unavailable")
        assert (str(database) in refused.text, refused.headers["Retry-After"]) == (False, "10")
    database.rmdir()
    database.write_bytes(kept)
    assert desk.client.get("/readyz").get_json()["status"] == "ready"
