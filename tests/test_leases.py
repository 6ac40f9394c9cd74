"""One builder at a time among those that share a database, and none that was overtaken publishes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.errors import (
    BuildLockedError,
    DatabaseSettingError,
    DatabaseUnavailableError,
    LeaseLostError,
    LeaseTakenError,
    OtherFolderError,
)
from index.generation.folder import current_generation, finished
from index.generation.publishing import build_lock, roll_back
from index.intake.backup import back_up
from index.intake.restoring import restore
from index.shared import leases
from index.shared.database import Database
from tests.cache import PROJECT
from tests.generations import ARTICLES, publish_articles

pytestmark = [pytest.mark.postgres, pytest.mark.process]

HOLDER = """
import sys, time
from index.shared import leases
from index.shared.database import Database
with leases.held(Database(sys.argv[1]), "build", seconds=float(sys.argv[2])) as lease:
    print(lease.token, flush=True)
    sys.stdin.read()
"""


def overtake(database: Database) -> leases.Lease:
    """Take the lease of builders away from whoever holds it, as if it had been stopped for longer than its time."""
    with database.transaction() as connection:
        connection.exec_driver_sql("UPDATE leases SET expires = clock_timestamp() - interval '1 second'")
    return leases.take(database, "build")


def test_each_holder_gets_a_greater_token_and_one_at_a_time_holds(database: Database) -> None:
    with leases.held(database, "build") as first:
        with pytest.raises(LeaseTakenError, match=f"process {os.getpid()} of ") as refused:
            leases.take(database, "build")
        assert refused.value.name == "build"
        assert leases.take(database, "polling").token == 1
    second = leases.take(database, "build")
    assert (first.token, second.token) == (1, 2)
    assert second.renew()
    assert not first.renew()
    first.end()  # which is not its own any more
    with pytest.raises(LeaseTakenError):
        leases.take(database, "build")


def test_a_lease_is_renewed_while_it_is_held(database: Database) -> None:
    with leases.held(database, "build", seconds=0.6):
        ends = time.monotonic() + 1.2  # twice its time
        while time.monotonic() < ends:
            with pytest.raises(LeaseTakenError):
                leases.take(database, "build")


def test_after_kill_9_another_takes_over_within_the_time_of_the_lease(database: Database) -> None:
    url = os.environ["MUSNAD_DATABASE"]
    with subprocess.Popen([sys.executable, "-c", HOLDER, url, "1"], cwd=PROJECT, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "1\n"
        with pytest.raises(LeaseTakenError, match=f"process {holder.pid} of "):
            leases.take(database, "build")
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    killed = time.monotonic()
    while True:
        try:
            lease = leases.take(database, "build")
            break
        except LeaseTakenError:
            assert time.monotonic() - killed < 10
            time.sleep(0.05)
    assert lease.token == 2
    assert time.monotonic() - killed < 5  # a second, and what a busy machine adds


def test_builders_of_two_folders_do_not_build_at_once(database: Database, tmp_path: Path) -> None:
    with (build_lock(tmp_path / "one"),
          pytest.raises(BuildLockedError, match="builds for the same servers") as refused,
          build_lock(tmp_path / "other")):
        raise AssertionError("two build")
    assert refused.value.holder.startswith(f"process {os.getpid()} of ")
    with build_lock(tmp_path / "other"):
        pass


def test_a_builder_that_was_overtaken_publishes_nothing(database: Database, index_dir: Path) -> None:
    before = current_generation(index_dir)
    with build_lock(index_dir):
        overtake(database).end()
        with pytest.raises(LeaseLostError, match="with token 1 was taken over by one with token 2"):
            publish_articles(index_dir, ARTICLES[:1], second=6)
    assert current_generation(index_dir) == before
    assert finished(index_dir) == [before]
    with build_lock(index_dir):
        name = publish_articles(index_dir, ARTICLES[:1], second=7)
    assert current_generation(index_dir) == name


def test_a_roll_back_that_was_overtaken_changes_nothing(database: Database, index_dir: Path,
                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    publish_articles(index_dir, ARTICLES[:1], second=6)
    before = current_generation(index_dir)

    def take_and_lose(*arguments: object, **named: float) -> leases.Lease:
        lease = take(*arguments, **named)
        with database.transaction() as connection:
            connection.exec_driver_sql("UPDATE leases SET token = token + 1")
        return lease

    take = leases.take
    monkeypatch.setattr("index.shared.leases.take", take_and_lose)
    with pytest.raises(LeaseLostError):
        roll_back(index_dir)
    assert current_generation(index_dir) == before
    assert not (index_dir / "HELD").exists()


def test_nobody_takes_over_while_a_builder_publishes(database: Database) -> None:
    lease = leases.take(database, "build", seconds=0.0)  # its time is over at once
    with (lease.fenced("g1"), pytest.raises(DatabaseUnavailableError, match="lock timeout"),
          database.transaction("SET LOCAL lock_timeout = 100") as other):
        other.exec_driver_sql("UPDATE leases SET token = token + 1")
    assert leases.take(database, "build").generation == "g1"


def test_a_folder_without_what_was_published_last_is_refused_until_a_backup_is_restored(
        database: Database, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    with build_lock(one):
        name = publish_articles(one)
    publish_articles(other, second=9)
    with pytest.raises(OtherFolderError, match=f"does not hold generation {name}"), build_lock(other):
        raise AssertionError("the articles of the other folder would be lost")
    back_up(one, tmp_path / "backup.tar")
    restore(tmp_path / "backup.tar", other, force=True)
    with build_lock(other):
        assert current_generation(other) == name
    restore(tmp_path / "backup.tar", tmp_path / "third")
    with build_lock(tmp_path / "third"):
        pass


def test_a_builder_that_died_after_publishing_goes_on_in_its_folder(database: Database, index_dir: Path) -> None:
    with build_lock(index_dir):
        publish_articles(index_dir, second=6)
    publish_articles(index_dir, second=7)  # CURRENT was written, and what the database says was not
    with build_lock(index_dir):
        publish_articles(index_dir, second=8)


def test_a_database_that_is_away_is_named_without_its_password() -> None:
    away = Database("postgresql+psycopg://musnad:secret@127.0.0.1:1/news")
    with pytest.raises(DatabaseUnavailableError) as failed:
        leases.take(away, "build")
    assert "postgresql+psycopg://musnad:***@127.0.0.1:1/news" in str(failed.value)
    assert "secret" not in str(failed.value)
    assert away.fault() == str(failed.value)
    away.close()


@pytest.mark.parametrize(("url", "fact"), [
    ("sqlite:///state.sqlite", "is sqlite:///state.sqlite, which is no PostgreSQL database; write"),
    ("postgresql+psycopg://user:secret@host", "is postgresql+psycopg://user:***@host, which is no"),
    ("news", "is no address of a database; write postgresql")])
def test_a_wrong_address_is_refused_with_what_to_write(url: str, fact: str) -> None:
    with pytest.raises(DatabaseSettingError) as refused:
        Database(url)
    assert str(refused.value).startswith(f"MUSNAD_DATABASE {fact}")


def test_a_database_of_a_later_version_is_refused(database: Database) -> None:
    assert database.fault() == ""
    with database.transaction() as connection:
        connection.exec_driver_sql("UPDATE version SET version = 99")
    later = Database(os.environ["MUSNAD_DATABASE"])
    with pytest.raises(DatabaseSettingError, match="of version 99, and this program reads 1"):
        leases.take(later, "build")
    later.close()
