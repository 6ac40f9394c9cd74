"""Builders that share PostgreSQL and Milvus: one that was overtaken switches no alias, whatever it wrote before."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from index.errors import LeaseLostError
from index.generation.folder import current_generation
from index.generation.publishing import roll_back
from index.milvus.connection import Connection
from index.milvus.mirror import publish_current
from index.milvus.source import MilvusSource
from index.shared import leases
from index.shared.database import Database
from tests.milvus import MilvusServer
from tests.test_milvus import FIRST, SECOND, built, counted

pytestmark = [pytest.mark.postgres, pytest.mark.process, pytest.mark.slow]


@pytest.fixture(scope="module")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusServer]:
    with MilvusServer(tmp_path_factory.mktemp("milvus") / "data") as started:
        yield started


@pytest.fixture
def store(milvus: MilvusServer, database: Database, tmp_path: Path) -> Iterator[MilvusSource]:
    """An index of its own, with a first generation that is published."""
    opened = MilvusSource.of(milvus.store(f"fenced_{tmp_path.name.rpartition('_')[2]}"))
    built(tmp_path / "index", FIRST)
    assert publish_current(tmp_path / "index", address_of(opened))
    yield opened
    opened.connection.close()


def address_of(store: MilvusSource) -> str:
    return f"milvus://127.0.0.1:{store.address.port}/{store.address.name}"


def lapse(database: Database) -> None:
    """Let the time of all leases be over, as if their holders had been stopped for so long."""
    with database.transaction() as connection:
        connection.exec_driver_sql("UPDATE leases SET expires = clock_timestamp() - interval '1 second'")


def before_request(monkeypatch: pytest.MonkeyPatch, request: str, number: int, act: Callable[[], None]) -> list[str]:
    """Call `act` before the builder sends its `number`-th request of this name; return the list of what it sends."""
    sent: list[str] = []
    write = Connection.write

    def acting(self: Connection, name: str, *arguments: Any, **options: Any) -> Any:
        sent.append(name)
        if (name, Counter(sent)[name]) == (request, number):
            act()
        return write(self, name, *arguments, **options)

    monkeypatch.setattr(Connection, "write", acting)
    return sent


@pytest.mark.parametrize(("request_name", "number"), [("create_collection", 1), ("upsert", 1), ("flush", 3)])
def test_a_builder_that_was_overtaken_leaves_the_alias_where_it_is(
        store: MilvusSource, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request_name: str,
        number: int) -> None:
    first = store.current()
    second = built(tmp_path / "index", SECOND, 1).generation
    taken: list[leases.Lease] = []

    def overtake() -> None:
        lapse(database)
        taken.append(leases.take(database, "build"))

    with monkeypatch.context() as overtaken:
        sent = before_request(overtaken, request_name, number, overtake)
        with pytest.raises(LeaseLostError, match="nothing was published: the lease of build with token 4 was taken "
                                                 "over by one with token 5"):
            publish_current(tmp_path / "index", address_of(store))
    assert [lease.token for lease in taken] == [5]
    assert "upsert" in sent, "it went on writing, and was told at the end alone"
    assert {"alter_alias", "create_alias", "drop_collection"}.isdisjoint(sent)
    assert store.current() == first
    assert [article.text for article in store.open().articles] == [article.text for article in FIRST]
    taken[0].end()
    assert publish_current(tmp_path / "index", address_of(store))
    assert store.current() == second
    assert [article.text for article in store.open().articles] == [article.text for article in SECOND]
    assert [count for name, count in counted(store).items() if name.endswith("_passages")] == [3, 3], "nothing is twice"


def test_a_builder_that_wakes_up_after_another_published_does_not_switch_back(
        store: MilvusSource, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(tmp_path / "index", SECOND, 1)
    published: list[str] = []

    def publish_another() -> None:
        lapse(database)
        # The same folder on another machine, which sees no lock of this one.
        shutil.copytree(tmp_path / "index", tmp_path / "other")
        published.append(built(tmp_path / "other", [*SECOND, FIRST[2]], 2).generation)
        assert publish_current(tmp_path / "other", address_of(store))

    with monkeypatch.context() as overtaken:
        sent = before_request(overtaken, "flush", 2, publish_another)
        with pytest.raises(LeaseLostError):
            publish_current(tmp_path / "index", address_of(store))
    assert sent.count("alter_alias") == 1, "that of the other"
    assert store.current() == published[0]
    assert sorted(article.id for article in store.open().articles) == ["bridge", "new", "port", "truce"]


def test_a_roll_back_that_was_overtaken_before_the_store_follows_leaves_the_alias(
        store: MilvusSource, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    second = built(tmp_path / "index", SECOND, 1).generation
    assert publish_current(tmp_path / "index", address_of(store))
    first = roll_back(tmp_path / "index")[1]
    taken: list[leases.Lease] = []

    def overtake() -> None:
        lapse(database)
        taken.append(leases.take(database, "build"))

    with monkeypatch.context() as overtaken:
        before_request(overtaken, "flush", 3, overtake)
        with pytest.raises(LeaseLostError):
            publish_current(tmp_path / "index", address_of(store))
    assert (store.current(), current_generation(tmp_path / "index")) == (second, first)
    taken[0].end()
    assert publish_current(tmp_path / "index", address_of(store))
    assert store.current() == first
