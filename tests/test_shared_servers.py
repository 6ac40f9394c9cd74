"""Several servers over one database: what a client asks counts once, and what arrives is built and told once."""

from __future__ import annotations

import os
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from index.generation.folder import current_generation, read_manifest
from index.generation.snapshot import open_snapshot
from index.intake.build import build
from index.intake.inbox import Inbox
from index.intake.update import update
from index.intake.watching import Changes, note_arrivals
from index.shared.database import Database, shared_database
from index.sources.fetch.fetching import Fetcher
from index.sources.fetch.targets import parse_allowed_hosts
from index.types import Article
from qa.answerer import Answerer
from qa.standing.store import StandingStore
from qa.standing.types import Wanted
from qa.standing.webhook import Deliveries
from tests.fake_answerer import FakeAnswerer, service_of
from tests.fakes import WordEmbedder
from tests.postgres import PostgresServer
from tests.receiver import ClaimServer, Receiver, wait_until
from web.app import create_app
from web.gate.admin import Admin
from web.gate.shared_counts import RETRY_S, SharedCounts
from web.service import Service
from web.standing import Standing
from web.waiting import Waiting

pytestmark = [pytest.mark.postgres, pytest.mark.process]

TOKEN = "a long random text"
SENT = {"Authorization": f"Bearer {TOKEN}"}
EMBEDDER = WordEmbedder("red", "blue", "green", "boat", "harbour")
OLD = Article("old", "The harbour of Amber Hill is closed on Fridays.\n\nNobody knows why.", "Harbour")
CLAIM = "The council of Amber Hill bought twelve electric buses."
NEWS = {"id": "buses", "title": "Buses", "text": "The council of Amber Hill bought twelve electric buses last week."}


@pytest.fixture
def url(postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an empty database, which MUSNAD_DATABASE names."""
    monkeypatch.setenv("MUSNAD_DATABASE", postgres.new_database())
    yield os.environ["MUSNAD_DATABASE"]
    shared = shared_database()
    assert shared is not None
    shared.close()


@pytest.fixture
def databases(url: str) -> Iterator[list[Database]]:
    """The connections of two servers."""
    opened = [Database(url), Database(url)]
    yield opened
    for database in opened:
        database.close()


def away_from_the_end_of_a_minute(database: Database) -> None:
    """A minute that ends between two requests would let a client ask more."""
    with database.transaction() as connection:
        left = 60 - float(connection.exec_driver_sql("SELECT extract(second FROM clock_timestamp())").scalar_one())
    if left < 3:
        time.sleep(left + 0.1)


def asked(client: FlaskClient, path: str = "/api/search?q=x") -> int:
    with client.get(path, environ_overrides={"REMOTE_ADDR": "192.0.2.1"}) as response:
        return response.status_code


def clients(databases: list[Database], tmp_path: Path, **settings: Any) -> list[FlaskClient]:
    return [create_app(service_of(FakeAnswerer(), tmp_path), database=database, **settings).test_client()
            for database in databases]


@pytest.fixture
def g1(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of fake answerers names their generation."""
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")


@pytest.mark.usefixtures("g1")
def test_what_a_client_asks_of_one_server_counts_at_the_other(databases: list[Database], tmp_path: Path) -> None:
    one, other = clients(databases, tmp_path, questions_a_minute=3)
    away_from_the_end_of_a_minute(databases[0])
    assert [asked(one), asked(other), asked(one), asked(other), asked(one)] == [200, 200, 200, 429, 429]
    with other.get("/api/search?q=x", environ_overrides={"REMOTE_ADDR": "192.0.2.1"}) as refused:
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
    with other.get("/api/search?q=x", environ_overrides={"REMOTE_ADDR": "192.0.2.2"}) as another:
        assert another.status_code == 200


def test_many_requests_at_once_never_exceed_the_limit(databases: list[Database]) -> None:
    counts = [SharedCounts(database) for database in databases]
    away_from_the_end_of_a_minute(databases[0])
    counted: list[bool] = []
    threads = [threading.Thread(target=lambda one=one: counted.extend(
        one.acquire_sliding_window_entry("client", 7, 60) for _ in range(6))) for one in counts for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(counted), sum(counted)) == (24, 7)
    before, _, used, left_s = counts[0].get_sliding_window("client", 60)
    assert (before, used, 60 < left_s <= 120) == (0, 7, True)
    counts[1].clear_sliding_window("client", 60)
    assert counts[0].get_sliding_window("client", 60)[2] == 0


def test_the_minute_before_counts_by_its_share_and_those_before_it_are_forgotten(databases: list[Database]) -> None:
    counts = SharedCounts(databases[0])
    away_from_the_end_of_a_minute(databases[0])
    with databases[0].transaction() as connection:
        connection.exec_driver_sql(
            "INSERT INTO requests SELECT 'client', floor(extract(epoch FROM clock_timestamp()) / 60)::bigint - back, "
            "1000 FROM generate_series(1, 3) AS back")
    before, counts_for_s, used, _ = counts.get_sliding_window("client", 60)
    assert (before, used, 0 < counts_for_s <= 60) == (1000, 0, True)
    share = int(1000 * counts_for_s / 60)
    assert not counts.acquire_sliding_window_entry("client", share - 100, 60)
    assert counts.acquire_sliding_window_entry("client", share + 100, 60)
    with databases[0].transaction() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM requests").scalar() == 2


@pytest.mark.usefixtures("g1")
def test_while_the_database_is_away_servers_answer_and_say_so_and_nothing_is_lost(
        databases: list[Database], postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("web.gate.rate_limits.SharedCounts", lambda database: SharedCounts(database, lambda: now[0]))
    one, other = clients(databases, tmp_path, questions_a_minute=2, admin=Admin(TOKEN))
    away_from_the_end_of_a_minute(databases[0])
    assert one.post("/api/articles", json=NEWS, headers=SENT).status_code == 202
    ready = other.get("/readyz").get_json()
    assert (ready["status"], ready["waiting"], ready["database"]) == ("ready", 1, None)
    postgres.end()
    try:
        ready = one.get("/readyz")
        assert (ready.status_code, ready.get_json()["status"], ready.get_json()["waiting"]) == (200, "degraded", None)
        assert "cannot be used: " in ready.get_json()["database"]
        assert "kept-in-tests-only" not in ready.text
        refused = other.post("/api/articles", json={**NEWS, "id": "second"}, headers=SENT)
        assert (refused.status_code, refused.get_json()["type"]) == (503, "urn:musnad:problem:database-unavailable")
        assert refused.headers["Retry-After"] == "10"
        assert one.get("/api/claims", headers=SENT).status_code == 503
        assert "musnad_inbox_waiting NaN" in one.get("/metrics").text
        page = one.get("/feeds/any.atom?lang=ar", headers={"Accept": "text/html"})
        assert (page.status_code, "قاعدة بيانات الخادم غير متاحة" in page.text) == (503, True)
        # Each server counts for itself meanwhile.
        assert [asked(one) for _ in range(3)] == [asked(other) for _ in range(3)] == [200, 200, 429]
    finally:
        postgres.start()
    assert one.get("/readyz").get_json()["waiting"] == 1
    assert asked(one) == 429  # it counts for itself until it is time to ask the database again
    now[0] += RETRY_S
    assert asked(one) == 200
    assert other.post("/api/articles", json={**NEWS, "id": "second"}, headers=SENT).status_code == 202
    assert one.get("/readyz").get_json()["waiting"] == 2


class House:
    """One of two servers in this process, with a folder of its own for nothing but the index that both serve."""

    def __init__(self, index_dir: Path, receiver: Receiver) -> None:
        self.index_dir = index_dir
        self.service = Service(index_dir, lambda: Answerer(open_snapshot(index_dir), EMBEDDER))
        self.store = StandingStore(index_dir)
        fetcher = Fetcher(allowed=parse_allowed_hosts([receiver.host]), min_interval_s=0.0)
        self.standing = Standing(self.service, self.store, Deliveries(self.store, fetcher), look_every_s=0.05)
        self.waiting = Waiting(Inbox(index_dir), self.service)


def test_two_servers_match_a_claim_and_send_its_alert_once(url: str, tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    build([OLD], index_dir, EMBEDDER)
    with Receiver() as receiver:
        one, other = House(index_dir, receiver), House(index_dir, receiver)
        claim = one.store.save(Wanted.parse("claim", CLAIM, webhook=receiver.address), open_snapshot(index_dir))
        name = other.waiting.inbox.add(Article(NEWS["id"], NEWS["text"], NEWS["title"]), "api")
        assert one.waiting.names() == [name]
        report = update([], index_dir, lambda: EMBEDDER, is_exact=False)
        assert (report.is_new, report.arrived) == (True, 1)
        assert not update([], index_dir, lambda: EMBEDDER, is_exact=False).is_new
        for server in (one, other):
            server.service.refresh()
            assert server.waiting.names() == []
            server.standing.start()
        try:
            wait_until(lambda: [alert.delivery for alert in other.store.alerts(claim.id)] == ["delivered"], 20)
        finally:
            one.standing.stop()
            other.standing.stop()
        assert one.standing.generations + other.standing.generations == 1
        assert len(receiver.received) == 1


def test_the_watch_of_a_builder_notices_what_a_server_elsewhere_accepted(url: str, tmp_path: Path) -> None:
    changes = Changes()
    watching = threading.Thread(target=note_arrivals, args=(Inbox(tmp_path / "builder"), changes),
                                kwargs={"every_s": 0.02})
    inbox = Inbox(tmp_path / "server")
    inbox.add(OLD, "api")
    watching.start()
    try:
        changes.wait(20)  # what waited before
        noted: list[float] = []
        monitored = changes.note
        changes.note = lambda: (noted.append(time.monotonic()), monitored())[1]  # type: ignore[method-assign]
        inbox.add(Article("new", "The ferry is late."), "api")
        wait_until(lambda: len(noted) == 1, 20)
    finally:
        changes.stop()
        watching.join()


def test_two_server_processes_share_a_client_s_count_an_article_and_a_claim(url: str, tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    before = build([OLD], index_dir, EMBEDDER).generation
    with Receiver() as receiver:
        command = ["-m", "tests.shared_server", "serve", str(index_dir), receiver.host]
        with ThreadPoolExecutor() as starting:  # at once: each imports for a while
            servers = list(starting.map(lambda _: ClaimServer(index_dir, command=command), range(2)))
        try:
            one, other = servers
            claim = one.follow("claim", CLAIM, webhook=receiver.address)
            database = Database(url)
            away_from_the_end_of_a_minute(database)
            database.close()
            assert [status_of(server) for server in (one, other, one, other, one)] == [200, 200, 200, 429, 429]
            other.ask("/api/articles", "POST", NEWS)
            wait_until(lambda: all(server.ask("/readyz")["index"]["generation"] != before for server in servers))
            wait_until(lambda: len(receiver.received) == 1)
            wait_until(lambda: [alert["delivery"] for alert in other.ask(
                f"/api/claims/{claim['id']}")["alerts"]] == ["delivered"])
            assert {server.ask("/readyz")["waiting"] for server in servers} == {0}
        finally:
            for server in servers:
                server.end()
        last = current_generation(index_dir)
        assert read_manifest(index_dir / "generations" / last)["previous"] == before  # it was built once
        assert len(receiver.received) == 1


def status_of(server: ClaimServer) -> int:
    request = urllib.request.Request(server.base + "/api/search?q=x", headers={"X-Forwarded-For": "192.0.2.7"})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
