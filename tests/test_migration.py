"""An operator moves from the index folder's file to a database: everything is there once, and in the same order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import DatabaseUnavailableError
from index.generation.folder import current_generation
from index.generation.publishing import build_lock
from index.generation.snapshot import open_snapshot
from index.intake import records
from index.intake.inbox import Inbox
from index.intake.migration import copy_into_database
from index.intake.poll_memory import Page, Source, recall, remember
from index.intake.records import Record
from index.intake.shared_state import state_of
from index.intake.state import State
from index.intake.update import update
from index.shared.database import RECORD_TABLES, shared_database
from index.types import Article
from qa import cli
from qa.standing.store import StandingStore
from qa.standing.types import Alert, AlertPlace, Wanted
from tests.faults import EMBEDDER
from tests.postgres import PostgresServer

pytestmark = [pytest.mark.postgres, pytest.mark.process]

NOTHING: dict[str, list[Record]] = {"inbox": [], "polled": [], "about": []}
FEED = "https://news.example/feed"
CLAIM = "The red boat left the harbour on Monday."


def article(name: str) -> Article:
    return Article(name, f"The {name} boat.")


def take_in(index_dir: Path) -> bool:
    return update((), index_dir, lambda: EMBEDDER, is_exact=False).is_new


def waiting(index_dir: Path) -> list[str]:
    """The entries that the current generation does not have; one leaves the inbox when all kept generations have it."""
    return [name for name in Inbox(index_dir).names() if name not in open_snapshot(index_dir).applied]


@pytest.fixture
def index_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a generation of one article, of which the file has something of each kind."""
    monkeypatch.delenv("MUSNAD_DATABASE", raising=False)
    index_dir = tmp_path / "index"
    inbox = Inbox(index_dir)
    inbox.add(article("old"), "api")
    take_in(index_dir)
    inbox.add_all([article("red"), article("blue")], f"feed:{FEED}")
    inbox.withdraw("old")
    memory = recall(index_dir)
    memory.sources[FEED] = Source(etag='"v7"', due=12.5, entries={"red": "d1"})
    memory.touch_source(FEED)
    memory.add_page("https://news.example/blue", Page(found_on=FEED, articles={"blue": "d2"}))
    remember(memory, index_dir)
    claims = StandingStore(index_dir)
    claim = claims.save(Wanted.parse("claim", CLAIM, webhook="https://desk.example/hook"), open_snapshot(index_dir))
    place = AlertPlace("red", "Boats", "The Paper", "", "2026-01-02", "The red boat left.", 0, 18)
    claims.keep(claim, [Alert("id1", claim.id, "first_appearance", "supported", place, "g2", "2026-01-02T00:00:00Z",
                              "2026-01-02T00:00:00Z")])
    return index_dir


@pytest.fixture
def database(index_dir: Path, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an empty database that MUSNAD_DATABASE names, after the folder was filled without it."""
    url = postgres.new_database()
    monkeypatch.setenv("MUSNAD_DATABASE", url)
    yield url
    monkeypatch.setenv("MUSNAD_DATABASE", url)
    shared = shared_database()
    assert shared is not None
    shared.close()


def shared_records(index_dir: Path) -> dict[str, list[Record]]:
    state = state_of(index_dir)
    return {table: state.records(table) for table in RECORD_TABLES}


def migrate(capsys: pytest.CaptureFixture[str], index_dir: Path, *options: str) -> tuple[int, str]:
    code = cli.main(["index", "migrate", "--index-dir", str(index_dir), *options])
    told = capsys.readouterr()
    return code, told.out + told.err


def test_all_of_the_folder_is_copied_as_it_is_and_the_counts_are_told(index_dir: Path, database: str,
                                                                     capsys: pytest.CaptureFixture[str]) -> None:
    before = {table: State(index_dir).records(table) for table in RECORD_TABLES}
    code, told = migrate(capsys, index_dir, "--json")
    assert (code, {name: value for name, value in json.loads(told).items() if name != "database"}) == (
        0, {"copied": True, "waiting": 3, "polled": 2, "claims": 1, "alerts": 1, "damaged": 0})
    assert "kept-in-tests-only" not in told
    there = shared_records(index_dir)
    assert (there["inbox"], there["polled"]) == (before["inbox"], before["polled"])
    standing = [record for record in before["about"] if record.key.startswith(("claim/", "alert/", "delivery/",
                                                                              "feed/", "ledger"))]
    assert len(standing) == 5
    assert there["about"][:-1] == standing, "what the folder alone needs stays there, and the mark of the copy is last"
    assert {table: State(index_dir).records(table) for table in RECORD_TABLES} == before
    assert [entry.article.id for entry in Inbox(index_dir).entries() if entry.article] == ["red", "blue"]
    assert recall(index_dir).sources[FEED].etag == '"v7"'
    assert [claim.text for claim in StandingStore(index_dir).claims()] == [CLAIM]
    assert [pending.alert_id for pending in StandingStore(index_dir).pending()] == ["id1"]


def test_what_arrives_later_comes_after_all_that_was_ever_accepted(index_dir: Path, database: str) -> None:
    own = State(index_dir)
    newest = own.records("inbox")[-1]
    last = newest.number
    own.write(lambda connection: records.remove(connection, "inbox", [newest.key]))
    copy_into_database(index_dir, ())
    Inbox(index_dir).add(article("green"), "api")
    found = shared_records(index_dir)["inbox"]
    assert [record.number for record in found] == [last - 2, last - 1, last + 1]


def test_a_second_time_nothing_is_changed_even_after_servers_went_on(index_dir: Path, database: str,
                                                                    capsys: pytest.CaptureFixture[str]) -> None:
    assert migrate(capsys, index_dir)[0] == 0
    assert take_in(index_dir)
    Inbox(index_dir).add(article("green"), "api")
    before = shared_records(index_dir)
    code, told = migrate(capsys, index_dir)
    assert (code, told.endswith("(waiting: 3, polled addresses: 2, claims: 1, alerts: 1)\n")) == (0, True)
    assert ": all was there already, and nothing was changed; it came from " in told
    assert json.loads(migrate(capsys, index_dir, "--json")[1])["copied"] is False
    assert shared_records(index_dir) == before
    assert len(waiting(index_dir)) == 1


def test_what_waited_is_built_once(index_dir: Path, database: str) -> None:
    copy_into_database(index_dir, ())
    assert take_in(index_dir)
    assert sorted(open_snapshot(index_dir).articles.rows) == ["blue", "red"]
    assert waiting(index_dir) == []
    assert not take_in(index_dir)


def test_an_entry_that_the_folder_s_generation_has_already_is_not_built_again(
        index_dir: Path, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert take_in(index_dir)
    built = current_generation(index_dir)
    monkeypatch.setenv("MUSNAD_DATABASE", postgres.new_database())
    assert len(copy_into_database(index_dir, ()).keys["inbox"]) == 3
    assert waiting(index_dir) == []
    assert not take_in(index_dir)
    assert current_generation(index_dir) == built


def test_a_database_that_holds_anything_is_refused_and_stays_as_it_is(index_dir: Path, database: str, tmp_path: Path,
                                                                     capsys: pytest.CaptureFixture[str]) -> None:
    Inbox(tmp_path / "server").add(article("green"), "api")
    before = shared_records(index_dir)
    code, told = migrate(capsys, index_dir)
    assert code == 1
    assert "is not empty (waiting: 1, polled addresses: 0, other records: 0); name another one" in told
    assert shared_records(index_dir) == before


def test_a_folder_that_went_on_without_the_database_is_refused(index_dir: Path, database: str,
                                                               monkeypatch: pytest.MonkeyPatch,
                                                               capsys: pytest.CaptureFixture[str]) -> None:
    assert migrate(capsys, index_dir)[0] == 0
    with monkeypatch.context() as without:
        without.delenv("MUSNAD_DATABASE")
        Inbox(index_dir).add(article("green"), "api")
    before = shared_records(index_dir)
    code, told = migrate(capsys, index_dir)
    assert (code, "nothing was copied" in told) == (1, True)
    assert shared_records(index_dir) == before


def test_a_copy_that_breaks_off_leaves_the_database_empty(index_dir: Path, database: str, postgres: PostgresServer,
                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    put = records.put_numbered

    def break_off(connection: records.Connection, table: str, found: list[Record]) -> None:
        put(connection, table, found)
        if table == "polled":
            postgres.end()
            postgres.start()

    with monkeypatch.context() as broken:
        broken.setattr("index.intake.records.put_numbered", break_off)
        with pytest.raises(DatabaseUnavailableError):
            copy_into_database(index_dir, ())
    assert shared_records(index_dir) == NOTHING
    assert copy_into_database(index_dir, ()).is_new


def test_a_damaged_record_is_set_aside_and_the_others_are_copied(index_dir: Path, database: str,
                                                                 capsys: pytest.CaptureFixture[str]) -> None:
    State(index_dir).write(lambda connection: connection.execute("UPDATE inbox SET record = ? WHERE number = 2",
                                                                 (b"other",)))
    code, told = migrate(capsys, index_dir)
    assert (code, "(waiting: 2, " in told) == (0, True)
    assert f"damaged records: 1, set aside in {index_dir / 'damaged'}" in told


def test_without_a_database_a_folder_or_while_a_build_runs_nothing_is_done(
        index_dir: Path, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str]) -> None:
    with build_lock(tmp_path / "builder"):
        code, told = migrate(capsys, index_dir)
    assert (code, "builds for the same servers" in told) == (75, True)
    assert migrate(capsys, tmp_path / "nowhere")[0] == 1
    assert not (tmp_path / "nowhere").exists()
    assert shared_records(index_dir) == NOTHING
    monkeypatch.delenv("MUSNAD_DATABASE")
    code, told = migrate(capsys, index_dir)
    assert (code, "MUSNAD_DATABASE is not set; write postgresql+psycopg://" in told) == (1, True)
