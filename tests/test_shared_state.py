"""What servers share is kept the same way in the index folder's file and in PostgreSQL: one suite over both."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.generation.snapshot import open_snapshot
from index.intake import records
from index.intake.inbox import Inbox
from index.intake.poll_memory import Source, recall, remember
from index.intake.record_store import RecordStore
from index.intake.records import put, put_all, remove
from index.intake.shared_state import SharedState, state_of
from index.intake.state import State
from index.shared.database import Database, shared_database
from index.types import Article
from qa.standing.store import StandingStore
from qa.standing.types import Alert, AlertPlace, Wanted
from tests.generations import publish_articles

Servers = Callable[[], RecordStore]
BOTH = ["folder", pytest.param("database", marks=[pytest.mark.postgres, pytest.mark.process])]


@pytest.fixture(params=BOTH)
def open_server(request: pytest.FixtureRequest, tmp_path: Path,
                monkeypatch: pytest.MonkeyPatch) -> Iterator[Servers]:
    """Opens the state as one more server does: over the same folder, or with a folder of its own over one database."""
    monkeypatch.delenv("MUSNAD_DATABASE", raising=False)
    if request.param == "folder":
        yield lambda: State(tmp_path / "index")
        return
    url = request.getfixturevalue("postgres").new_database()
    monkeypatch.setenv("MUSNAD_DATABASE", url)
    opened: list[Database] = []

    def connect() -> RecordStore:
        opened.append(Database(url))
        return SharedState(tmp_path / f"server-{len(opened)}", opened[-1])

    yield connect
    for database in [*opened, shared_database()]:
        assert database is not None
        database.close()


def article(number: int) -> Article:
    return Article(f"a{number}", f"The ferry to Stone Island leaves at {number}.")


def keys(server: RecordStore, prefix: str) -> list[str]:
    return server.read(lambda rows: [record.key for record in records.scan(rows, "about", prefix)
                                     if isinstance(record, records.Record)], list[str]())


def test_a_record_is_replaced_in_place_or_moves_to_the_end_and_others_stay(open_server: Servers) -> None:
    one, other = open_server(), open_server()
    one.write(lambda rows: put_all(rows, "about", {"x/1": b"1", "y/1": b"2", "x/\U0010fffe": b"3"}))
    kept = other.record("about", "x/1")
    assert kept is not None
    other.write(lambda rows: put(rows, "about", "x/1", b"new", kept.number))
    other.write(lambda rows: put(rows, "about", "y/1", b"moved"))
    found = one.records("about")
    assert [(record.key, record.content) for record in found if "/" in record.key] == [
        ("x/1", b"new"), ("x/\U0010fffe", b"3"), ("y/1", b"moved")]
    assert keys(one, "x/") == ["x/1", "x/\U0010fffe"]
    assert [record.key for record in one.some("about", ["y/1", "none", "x/1"])] == ["y/1", "x/1"]


def test_no_number_is_used_again_after_its_record_is_gone(open_server: Servers) -> None:
    one, other = open_server(), open_server()
    one.write(lambda rows: put_all(rows, "inbox", {"a": b"1", "b": b"2"}))
    last = one.records("inbox")[-1].number
    assert one.write(lambda rows: remove(rows, "inbox", ["a", "b", "none"])) == 2
    other.write(lambda rows: put(rows, "inbox", "c", b"3"))
    assert other.records("inbox")[0].number > last


def test_a_change_that_fails_changes_nothing(open_server: Servers) -> None:
    one, other = open_server(), open_server()

    def fail(rows: records.Connection) -> None:
        put(rows, "inbox", "half", b"1")
        raise ValueError("in the middle")

    with pytest.raises(ValueError, match="in the middle"):
        one.write(fail)
    assert one.keys("inbox") == other.keys("inbox") == []
    one.write(lambda rows: put(rows, "inbox", "whole", b"2"))
    assert other.keys("inbox") == ["whole"]


def test_a_damaged_record_is_set_aside_alone(open_server: Servers) -> None:
    one, other = open_server(), open_server()
    one.write(lambda rows: put_all(rows, "inbox", {"a": b"1", "b": b"2", "c": b"3"}))
    one.write(lambda rows: rows.execute("UPDATE inbox SET record = ? WHERE key = ?", (b"other", b"b")))
    assert [record.key for record in other.records("inbox")] == ["a", "c"]
    [(path, reason)] = other.asides
    assert (path.read_bytes(), "digest" in reason) == (b"other", True)
    assert one.keys("inbox") == ["a", "c"]


def test_changes_of_several_servers_at_once_are_made_one_after_the_other(open_server: Servers, tmp_path: Path) -> None:
    failures: list[BaseException] = []

    def send(state: RecordStore, first: int) -> None:
        inbox = Inbox(state.index_dir, state=state)
        try:
            for number in range(first, first + 10):
                inbox.add(article(number), "api")
        except BaseException as error:  # told below, as this is another thread
            failures.append(error)
            raise

    servers = [open_server() for _ in range(3)]
    threads = [threading.Thread(target=send, args=(state, 100 * place)) for place, state in enumerate(servers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    seen = [Inbox(state.index_dir, state=state).entries() for state in servers]
    assert seen[0] == seen[1] == seen[2]
    assert [entry.name for entry in seen[0]] == sorted(entry.name for entry in seen[0])
    assert {entry.article.id for entry in seen[0] if entry.article} == {
        f"a{100 * place + number}" for place in range(3) for number in range(10)}
    assert len(seen[0]) == 30


def test_one_server_at_a_time_has_a_turn(open_server: Servers) -> None:
    one, other = open_server(), open_server()
    with one.turn("standing"):
        with pytest.raises(TimeoutError), other.turn("standing"):
            raise AssertionError("two have it")
        with other.turn("webhooks"):
            pass
    with other.turn("standing"):
        pass


def test_what_was_polled_is_remembered_by_the_next_builder(open_server: Servers) -> None:
    one, other = open_server(), open_server()
    memory = recall(one.index_dir)
    memory.state = one
    memory.sources["https://news.example/feed"] = Source(etag='"v7"', due=12.5, failures=2)
    memory.touch_source("https://news.example/feed")
    remember(memory, one.index_dir)
    found = recall(other.index_dir).sources["https://news.example/feed"]
    assert (found.etag, found.due, found.failures) == ('"v7"', 12.5, 2)


def test_an_alert_that_two_servers_find_is_kept_and_sent_once(open_server: Servers, tmp_path: Path) -> None:
    publish_articles(tmp_path / "built")
    one, other = (StandingStore(tmp_path / "any", state=open_server()) for _ in range(2))
    claim = one.save(Wanted.parse("claim", "The red boat left the harbour on Monday.",
                                  webhook="https://desk.example/hook"), open_snapshot(tmp_path / "built"))
    assert other.claim(claim.id) == claim
    place = AlertPlace("a1", "Boats", "The Paper", "", "2026-01-02", "The red boat left.", 0, 18)
    alert = Alert("id1", claim.id, "first_appearance", "supported", place, "g2", "2026-01-02T00:00:00Z",
                  "2026-01-02T00:00:00Z")
    new = [store.keep(claim, [alert]) for store in (one, other)]
    assert [len(alerts) for alerts in new] == [1, 0]
    [pending] = other.pending()
    other.settle(pending)
    assert one.pending() == []
    assert [each.delivery for each in one.alerts(claim.id)] == ["delivered"]
    one.remove(claim.id)
    assert other.claims() == []
    assert other.ledger() is None


def test_the_environment_says_where_it_is_kept(open_server: Servers, tmp_path: Path) -> None:
    one = open_server()
    found = state_of(one.index_dir)
    assert type(found) is type(one)
    one.write(lambda rows: put(rows, "inbox", "a", b"1"))
    assert found.keys("inbox") == ["a"]
