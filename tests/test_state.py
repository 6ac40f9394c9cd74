"""The database of an index folder's state: damage anywhere in it is found, what can be read is kept, nothing is dropped
in silence; and what earlier versions kept in files is taken over."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.errors import LaterStateError
from index.intake import carry_over, mending
from index.intake.file_cache import FileCache, Read, signature
from index.intake.inbox import Inbox
from index.intake.poll_memory import Memory, Page, Source, recall, remember
from index.intake.quarantine import Quarantine
from index.intake.records import put
from index.intake.state import State
from index.intake.update import update
from index.intake.write_ahead_log import FRAME_HEADER_BYTES, HEADER_BYTES, PAGE_BYTES, with_log_applied
from index.sources import Rejection
from index.types import Article
from tests.conftest import PROJECT
from tests.faults import EMBEDDER
from tests.generations import below

ARTICLES = [Article(f"a{number}", f"Text {number}. " * (1 if number % 3 else 900)) for number in range(12)]


def written(index_dir: Path) -> list[str]:
    """Write a state that has something in every table, closed as at the end of a process; return the inbox's names."""
    inbox = Inbox(index_dir)
    names = [inbox.add(article, "api") for article in ARTICLES]
    remember(Memory({f"https://example.org/{number}": Source(kind="feed", due=float(number)) for number in range(20)},
                    {"https://example.org/a": Page(articles={"a": "b"})}), index_dir)
    Quarantine(index_dir).put(Rejection(Path("news/a.txt"), 3, "is blank"))
    return names


def database(index_dir: Path) -> Path:
    return index_dir / "state" / "state.sqlite"


def set_aside(index_dir: Path) -> str:
    """All that was said of what was set aside."""
    return "".join(path.read_text() for path in sorted((index_dir / "damaged").rglob("*reason.txt")))


def check_damaged(index_dir: Path, names: list[str], articles: list[Article]) -> bool:
    """Return whether the damage was found. Every entry is there as it was, or is named among what was set aside."""
    inbox = Inbox(index_dir)
    entries = {entry.name: entry.article for entry in inbox.entries()}
    told = set_aside(index_dir)
    for number, (name, article) in enumerate(zip(names, articles, strict=True), start=1):
        if name in entries:
            assert entries[name] == article
        else:
            assert f"inbox {number}" in told.replace("record ", "inbox ")
    assert list(entries) == [name for name in names if name in entries]
    added = inbox.add(Article("next", "Another one."), "api")
    assert Inbox(index_dir).names() == [*entries, added]
    return bool(told)


# ---- damage ----

@pytest.mark.slow
def test_a_bit_turned_anywhere_in_the_database_is_found_or_changes_nothing(tmp_path: Path) -> None:
    names = written(tmp_path / "whole")
    content = database(tmp_path / "whole").read_bytes()
    chance = random.Random(11)
    places = [*range(0, 100, 3), *range(100, 4096, 97), *(chance.randrange(len(content)) for _ in range(50))]
    found = 0
    for number, place in enumerate(places):
        index_dir = tmp_path / f"{number}"
        shutil.copytree(tmp_path / "whole", index_dir)
        damaged = bytearray(content)
        damaged[place] ^= 1 << chance.randrange(8)
        database(index_dir).write_bytes(damaged)
        was_found = check_damaged(index_dir, names, ARTICLES)
        found += was_found
        assert len(Inbox(index_dir).names()) >= len(names)  # with the one that was added: one is lost at most
        remembered = recall(index_dir).sources.keys()
        assert remembered == {f"https://example.org/{n}" for n in range(20)} or set_aside(index_dir)
        if (index_dir / "damaged").exists() and (index_dir / "damaged" / "state-1").exists():
            assert (index_dir / "damaged" / "state-1" / "state.sqlite").read_bytes() == damaged  # kept as it was found
        shutil.rmtree(index_dir)
    assert found > len(places) // 4


@pytest.mark.parametrize("cut", [0, 1, 100, 4096, 5000, 0.3, 0.6, 0.9, -1])
def test_a_database_cut_short_is_found_and_what_is_left_is_kept(tmp_path: Path, cut: float) -> None:
    names = written(tmp_path)
    content = database(tmp_path).read_bytes()
    left = content[:int(cut * len(content)) if isinstance(cut, float) else cut]
    database(tmp_path).write_bytes(left)
    inbox = Inbox(tmp_path)
    entries = {entry.name: entry.article for entry in inbox.entries()}
    assert entries.items() <= dict(zip(names, ARTICLES, strict=True)).items()
    assert (tmp_path / "damaged" / "state-1" / "state.sqlite").read_bytes() == left
    inbox.add(Article("next", "Another one."), "api")
    assert len(Inbox(tmp_path).entries()) == len(entries) + 1


def test_a_database_whose_first_page_is_lost_gives_back_every_record(tmp_path: Path) -> None:
    names = written(tmp_path)
    content = database(tmp_path).read_bytes()
    database(tmp_path).write_bytes(bytes(4096) + content[4096:])
    assert [entry.name for entry in Inbox(tmp_path).entries()] == names
    assert recall(tmp_path).sources.keys() == {f"https://example.org/{number}" for number in range(20)}
    assert [kept.document for kept in Quarantine(tmp_path).listed()] == ["news/a.txt"]


ADD_AND_DIE = """
import os, signal, sys
from pathlib import Path
from index.intake.inbox import Inbox
from tests.test_state import ARTICLES
inbox = Inbox(Path(sys.argv[1]))
for article in ARTICLES:
    print(inbox.add(article, "api"), flush=True)
inbox.remove(inbox.names()[:2])
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.process
def test_a_bit_turned_in_the_log_of_a_killed_process_loses_no_other_record_and_brings_none_back(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    killed = subprocess.run([sys.executable, "-c", ADD_AND_DIE, str(whole)], cwd=PROJECT, capture_output=True,
                            text=True, check=False)
    assert killed.returncode == -9, killed.stderr
    names = killed.stdout.split()
    path = whole / "state" / "state.sqlite-wal"
    content = path.read_bytes()
    assert len(content) > 50_000  # what came within a moment is in the log alone
    chance = random.Random(12)
    found = 0
    for number, place in enumerate([*range(0, 56, 5), *(chance.randrange(len(content)) for _ in range(30))]):
        index_dir = tmp_path / f"{number}"
        shutil.copytree(whole, index_dir)
        damaged = bytearray(content)
        damaged[place] ^= 1 << chance.randrange(8)
        (index_dir / "state" / "state.sqlite-wal").write_bytes(damaged)
        entries = {entry.name: entry.article for entry in Inbox(index_dir).entries()}
        told = set_aside(index_dir)
        assert "its log ends in what cannot be read" in told
        lost = [number for number, name in enumerate(names, start=1) if number > 2 and name not in entries]
        assert [number for number in lost if f"inbox {number}" not in told] == []
        assert len(lost) <= 1
        assert not entries.keys() & set(names[:2])
        assert entries.items() <= dict(zip(names, ARTICLES, strict=True)).items()
        found += 1
        shutil.rmtree(index_dir)
    assert found > 30


@pytest.mark.slow
def test_any_bit_of_the_heads_in_a_log_may_be_turned_without_loss(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "a.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    connection.execute("CREATE TABLE a (b)")
    for number in range(3):
        connection.execute("INSERT INTO a VALUES (?)", (number,))
    database, log = (tmp_path / "a.sqlite").read_bytes(), (tmp_path / "a.sqlite-wal").read_bytes()
    connection.close()
    frames = range(HEADER_BYTES, len(log), FRAME_HEADER_BYTES + PAGE_BYTES)
    assert len(frames) >= 4
    whole = with_log_applied(database, log)
    assert len(whole) > len(database)
    heads = [*range(HEADER_BYTES), *(start + place for start in frames for place in range(FRAME_HEADER_BYTES))]
    for place in heads:
        for bit in range(8):
            damaged = bytearray(log)
            damaged[place] ^= 1 << bit
            assert with_log_applied(database, bytes(damaged)) == whole, (place, bit)


@pytest.mark.parametrize("table", ["inbox", "polled", "files", "rejections"])
def test_a_damaged_record_is_set_aside_with_its_reason_and_the_rest_goes_on(
        tmp_path: Path, caplog: pytest.LogCaptureFixture, table: str) -> None:
    state = State(tmp_path)
    for number in range(3):
        state.write(lambda connection, number=number: put(connection, table, f"key {number}", b"{}"))
    state.write(lambda connection: connection.execute(f"UPDATE {table} SET record = x'00FF' WHERE number = 2"))
    assert [record.key for record in state.records(table)] == ["key 0", "key 2"]
    assert State(tmp_path).keys(table) == ["key 0", "key 2"]
    assert (tmp_path / "damaged" / f"{table}-2").read_bytes() == b"\0\xff"
    assert (tmp_path / "damaged" / f"{table}-2.reason.txt").read_text() == (
        f"record 2 of {table}, b'key 1': its digest is not that of what it holds\n")
    assert f"record 2 of {table}, b'key 1' was moved to {tmp_path}/damaged/{table}-2" in caplog.text


def test_damage_that_cannot_be_set_aside_stays_and_does_not_stop_the_rest(tmp_path: Path,
                                                                          caplog: pytest.LogCaptureFixture) -> None:
    names = written(tmp_path)
    State(tmp_path).write(lambda connection: connection.execute("UPDATE inbox SET record = x'00' WHERE number = 1"))
    (tmp_path / "damaged").write_text("a file where the folder would be")
    assert [entry.name for entry in Inbox(tmp_path).entries()] == names[1:]
    assert Inbox(tmp_path).names() == names
    assert "it could not be set aside" in caplog.text


def test_a_damaged_database_never_costs_the_corpus(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    inbox.add(Article("one", "The red one."), "api")
    first = update((), tmp_path, lambda: EMBEDDER, is_exact=False)
    inbox.add(Article("two", "A blue one."), "api")
    del inbox
    database(tmp_path).write_bytes(b"nothing of a database")
    report = update((), tmp_path, lambda: EMBEDDER, is_exact=False)
    assert (report.generation, report.is_new, report.articles) == (first.generation, False, 1)
    assert "file is not a database" in set_aside(tmp_path)


class CutOffError(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("step", range(6))
def test_a_crash_at_any_step_of_mending_leaves_what_is_mended_at_the_next_opening(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    names = written(tmp_path)
    content = bytearray(database(tmp_path).read_bytes())
    content[3] ^= 1
    database(tmp_path).write_bytes(content)
    steps = iter(range(100))

    def dying(real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            if next(steps) == step:
                raise CutOffError
            return real(*arguments, **options)
        return call

    with monkeypatch.context() as patch:
        for name in ("sync_folder", "write_durably", "make_folder_durably"):
            patch.setattr(mending, name, dying(getattr(mending, name)))
        with pytest.raises(CutOffError):
            Inbox(tmp_path).entries()
    assert [entry.name for entry in Inbox(tmp_path).entries()] == names
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith((".state.", "state"))) == [
        ".state.lock", "state"]
    assert "file is not a database" in set_aside(tmp_path)


def test_a_database_of_a_later_version_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    written(tmp_path)
    State(tmp_path).write(lambda connection: [put(connection, "about", "version", b"7"),
                                              connection.execute("PRAGMA user_version = 7")])
    before = below(tmp_path / "state")
    for act in (Inbox(tmp_path).names, lambda: Inbox(tmp_path).add(ARTICLES[0], "api")):
        with pytest.raises(LaterStateError, match="has format 7, this program reads 1; run the later version"):
            act()
    assert (below(tmp_path / "state"), (tmp_path / "damaged").exists()) == (before, False)


def test_a_transaction_that_fails_in_the_middle_changes_nothing(tmp_path: Path) -> None:
    state = State(tmp_path)
    state.write(lambda connection: put(connection, "inbox", "first", b"1"))

    def fail(connection: sqlite3.Connection) -> None:
        put(connection, "inbox", "second", b"2")
        raise KeyError("in the middle")

    with pytest.raises(KeyError):
        state.write(fail)
    assert state.keys("inbox") == State(tmp_path).keys("inbox") == ["first"]


def test_every_change_is_written_ahead_and_synced_in_full(tmp_path: Path) -> None:
    written(tmp_path)
    settings = State(tmp_path).read(lambda connection: [
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")], [])
    assert settings == ["wal", 2]


# ---- a disk that is full, a folder that is read-only ----

FULL_DISK = """
import os, subprocess, sys
from pathlib import Path
from index.intake.inbox import Inbox
from index.types import Article
disk = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(disk)], check=True)

def fill():
    with open(disk / "fill", "ab", buffering=0) as stream:
        try:
            while stream.write(bytes(4096)):
                pass
        except OSError:
            pass

accepted = Inbox(disk / "index").add_all([Article(f"a{n}", "Text. " * 100) for n in range(109)], "api")
fill()
assert [entry.name for entry in Inbox(disk / "index").entries()] == accepted  # as after a start on a full disk
os.unlink(disk / "fill")
inbox = Inbox(disk / "index")
inbox.names()
fill()
refused = 0
for number in range(200):
    try:
        accepted.append(inbox.add(Article(f"b{number}", "Text. " * 100), "api"))
    except OSError as error:
        assert error.errno == 28, error
        refused += 1
    if number == 100:
        os.truncate(disk / "fill", os.path.getsize(disk / "fill") - 100 * 1024)
    assert inbox.names() == Inbox(disk / "index").names() == accepted
assert [entry.name for entry in Inbox(disk / "index").entries()] == accepted
assert not (disk / "index" / "damaged").exists()
os.unlink(disk / "fill")
accepted.append(inbox.add(Article("last", "Text."), "api"))
del inbox
subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
assert [entry.name for entry in Inbox(disk / "index").entries()] == accepted
print(len(accepted), refused)
"""


@pytest.mark.process
def test_on_a_full_disk_what_was_accepted_is_read_and_nothing_more_is_accepted(tmp_path: Path) -> None:
    """On a tmpfs in a mount namespace of its own, which is made read-only at the end."""
    unshare = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    if subprocess.run([*unshare, "mount", "-t", "tmpfs", "tmpfs", str(tmp_path)], capture_output=True,
                      check=False).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    ended = subprocess.run([*unshare, sys.executable, "-c", FULL_DISK, str(tmp_path)], cwd=PROJECT, text=True,
                           capture_output=True, check=False, timeout=300)
    assert ended.returncode == 0, ended.stderr
    accepted, refused = map(int, ended.stdout.split())
    assert accepted > 109
    assert refused > 100


# ---- what earlier versions kept in files ----

def old_entry(number: int, record: dict[str, object]) -> tuple[str, bytes]:
    """A file of the inbox as it was up to the version before the database."""
    content = json.dumps({"format": 1, "received": "2026-01-02T12:00:00+00:00", **record}, ensure_ascii=False).encode()
    return (f"{number:012}-{number:08x}.json", hashlib.sha256(content).hexdigest().encode() + b"\n" + content)


def old_state(index_dir: Path) -> dict[str, bytes]:
    """Write an index folder's state in the old files; return them by path."""
    fields = {"id": "one", "text": "The red one. فُتح", "title": "العنوان", "source": "", "url": "", "published": "",
              "author": "", "language": "", "metadata": {}}
    files = dict(old_entry(number, record) for number, record in enumerate([
        {"arrival": "api", "article": fields}, {"arrival": "api", "withdrawn_id": "gone"},
        {"arrival": "feed:https://example.org/feed", "article": fields | {"id": "two", "text": "A blue one."}}], 41))
    files = {f"inbox/{name}": content for name, content in files.items()}
    files["feeds.json"] = json.dumps({"format": 1, "sources": {"https://example.org/feed": {
        "kind": "feed", "etag": '"1"', "due": 12.5, "entries": {"k": "d"}}},
        "pages": {"https://example.org/a": {"found_on": "https://example.org/feed", "articles": {"two": "x"}}}},
        ensure_ascii=False, separators=(",", ":")).encode()
    rejection = {"document": "https://example.org/b", "line": None, "reason": "is empty", "article_id": "",
                 "rejected": "2026-01-02T12:00:00+00:00"}
    files[f"quarantine/{'0' * 24}.json"] = json.dumps(rejection, indent=1).encode()
    files[f"quarantine/{'0' * 24}.bin"] = b"<html></html>"
    for name, content in files.items():
        (index_dir / name).parent.mkdir(parents=True, exist_ok=True)
        (index_dir / name).write_bytes(content)
    (index_dir / "inbox" / ".lock").touch()
    return files


def check_carried_over(index_dir: Path) -> None:
    entries = Inbox(index_dir).entries()
    assert [(entry.name, entry.arrival, entry.received, entry.withdrawn_id, entry.article and entry.article.text)
            for entry in entries] == [
        ("000000000041-00000029.json", "api", "2026-01-02T12:00:00+00:00", "", "The red one. فُتح"),
        ("000000000042-0000002a.json", "api", "2026-01-02T12:00:00+00:00", "gone", None),
        ("000000000043-0000002b.json", "feed:https://example.org/feed", "2026-01-02T12:00:00+00:00", "", "A blue one.")]
    memory = recall(index_dir)
    assert memory.sources == {"https://example.org/feed": Source(kind="feed", etag='"1"', due=12.5, entries={"k": "d"})}
    assert memory.pages == {"https://example.org/a": Page("https://example.org/feed", articles={"two": "x"})}
    (kept,) = Quarantine(index_dir).listed()
    assert (kept.document, kept.reason, kept.rejected) == ("https://example.org/b", "is empty",
                                                           "2026-01-02T12:00:00+00:00")
    assert kept.content is not None
    assert kept.content.read_bytes() == b"<html></html>"
    assert sorted(below(index_dir).keys() - {".state.lock"}) == [
        f"quarantine/{'0' * 24}.bin", *(name for name in sorted(below(index_dir)) if name.startswith("state/"))]


def test_what_earlier_versions_kept_is_taken_over_whole_and_goes_once(tmp_path: Path) -> None:
    old_state(tmp_path)
    check_carried_over(tmp_path)
    check_carried_over(tmp_path)
    assert Inbox(tmp_path).add(ARTICLES[0], "api") > "000000000043"
    update((), tmp_path, lambda: EMBEDDER, is_exact=False)
    assert update((), tmp_path, lambda: EMBEDDER, is_exact=False).articles == 3


def test_what_earlier_versions_knew_of_files_is_taken_over(tmp_path: Path) -> None:
    news = tmp_path / "a.txt"
    news.write_text("Nothing of note.")
    minute_ago = news.stat().st_mtime_ns - 60_000_000_000
    os.utime(news, ns=(minute_ago, minute_ago))
    cache = FileCache(tmp_path / "new")
    cache.put(news, "a", signature(news), [Read(None, "a", "revision", "content")])
    cache.write(others_too=True)
    (record,) = State(tmp_path / "new").records("files")
    readers = State(tmp_path / "new").record("about", "readers")
    assert readers is not None
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "files.json").write_text(json.dumps(
        {"readers": readers.content.decode(), "files": {record.key: json.loads(record.content)}}))
    assert FileCache(tmp_path / "old").get(news, "a") == [Read(None, "a", "revision", "content")]
    assert not (tmp_path / "old" / "files.json").exists()


@pytest.mark.parametrize("step", range(8))
def test_a_crash_at_any_step_of_taking_over_loses_nothing_and_doubles_nothing(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    old_state(tmp_path)
    real, steps = Path.unlink, iter(range(100))

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path.suffix in (".json", ".lock") and "state" not in path.name and next(steps) == step:
            raise CutOffError
        real(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    try:
        Inbox(tmp_path).names()
    except CutOffError:
        pass
    else:
        assert step > 4
    monkeypatch.undo()
    check_carried_over(tmp_path)


def test_a_crash_before_the_commit_of_taking_over_leaves_every_file(tmp_path: Path,
                                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    files = old_state(tmp_path)

    def fail_at_the_last(connection: sqlite3.Connection, table: str, *record: Any) -> None:
        if table == "rejections":
            raise CutOffError
        put(connection, table, *record)

    monkeypatch.setattr(carry_over, "put", fail_at_the_last)
    with pytest.raises(CutOffError):
        Inbox(tmp_path).names()
    monkeypatch.undo()
    assert {name: (tmp_path / name).read_bytes() for name in files} == files
    check_carried_over(tmp_path)


def test_what_is_damaged_of_the_old_files_is_set_aside_and_the_rest_is_taken_over(tmp_path: Path) -> None:
    old_state(tmp_path)
    damaged = {"inbox/000000000042-0000002a.json": b"half", "feeds.json": b"{", "inbox/notes.txt": b"mine"}
    for name, content in damaged.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "inbox" / "folder").mkdir()
    (tmp_path / "inbox" / "000000000007-00000000.json").symlink_to("/nowhere")
    assert [entry.name[:12] for entry in Inbox(tmp_path).entries()] == ["000000000041", "000000000043"]
    kept = {path.name: path.read_bytes() for path in (tmp_path / "damaged").iterdir()
            if path.is_file() and not path.name.endswith(".reason.txt")}
    assert kept == {name.replace("/", "-"): content for name, content in damaged.items()}
    assert (tmp_path / "damaged" / "inbox-folder").is_dir()
    assert (tmp_path / "damaged" / "inbox-000000000007-00000000.json").is_symlink()
    assert (tmp_path / "damaged" / "inbox-notes.txt.reason.txt").read_text() == (
        f"{tmp_path}/inbox/notes.txt: its name is not one that an inbox gives\n")
    assert not (tmp_path / "inbox").exists()
    assert recall(tmp_path) == Memory()


def test_what_an_earlier_version_still_running_accepts_is_taken_over_after_the_rest(tmp_path: Path) -> None:
    old_state(tmp_path)
    names = Inbox(tmp_path).names()
    name, content = old_entry(1, {"arrival": "api", "withdrawn_id": "late"})
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / name).write_bytes(content)
    assert Inbox(tmp_path).names() == [*names, name]


def test_an_entry_taken_over_that_a_generation_holds_is_not_taken_in_again(tmp_path: Path) -> None:
    old_state(tmp_path)
    first = update((), tmp_path, lambda: EMBEDDER, is_exact=False)
    again = update((), tmp_path, lambda: EMBEDDER, is_exact=False)
    assert (first.arrived, again.arrived, again.generation) == (3, 0, first.generation)


def test_the_quarantine_names_the_file_that_failed(index_dir: Path) -> None:
    written(index_dir)
    for file in database(index_dir).parent.iterdir():
        file.unlink()
    database(index_dir).mkdir()
    quarantine = Quarantine(index_dir)
    assert not quarantine.put(Rejection(Path("news/b.txt"), 1, "is blank"))
    assert quarantine.failure.startswith(f"{database(index_dir)}: ")
