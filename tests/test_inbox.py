"""The inbox: what it accepted is there after any crash, in the order it came, whole or set aside with a reason."""

from __future__ import annotations

import errno
import gc
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.intake.inbox import Inbox, InboxEntry
from index.sources.records import article_from_fields
from index.sources.types import RejectedError
from index.types import Article

PROJECT = Path(__file__).resolve().parents[1]
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
HARBOUR = article_from_fields(
    {"id": "harbour", "title": "الميناء", "url": "https://example.org/harbour", "published": "2026-01-02",
     "section": {"name": "اقتصاد", "pages": [1, 2.5, None, True]}}, "فُتح الميناء. 😀\nThe harbour is open.")


def inbox_in(index_dir: Path) -> Inbox:
    return Inbox(index_dir, clock=lambda: NOON)


def article(number: int) -> Article:
    return article_from_fields({"id": f"a{number}"}, f"Text {number}.")


def visible(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock") if folder.exists() else []


def test_an_article_comes_out_as_it_went_in(tmp_path: Path) -> None:
    name = inbox_in(tmp_path).add(HARBOUR, "feed:https://example.org/feed")
    assert inbox_in(tmp_path).entries() == [
        InboxEntry(name, "2026-01-02T12:00:00+00:00", "feed:https://example.org/feed", HARBOUR, "")]
    assert name.startswith("000000000001-")


def test_a_withdrawal_comes_out_as_it_went_in(tmp_path: Path) -> None:
    name = inbox_in(tmp_path).withdraw("خبر/١")
    assert inbox_in(tmp_path).entries() == [InboxEntry(name, "2026-01-02T12:00:00+00:00", "api", None, "خبر/١")]


def test_entries_are_in_the_order_of_arrival_and_numbers_go_on_from_the_highest(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    names = [inbox.add(article(1), "api"), inbox.withdraw("a1"), *inbox.add_all([article(2), article(3)], "api")]
    inbox.remove(names[1:2])
    names.append(Inbox(tmp_path).add(article(4), "api"))
    assert [name[:12] for name in names] == [f"{number:012}" for number in (1, 2, 3, 4, 5)]
    assert [entry.name for entry in inbox.entries()] == inbox.names() == [names[0], *names[2:]]


def test_an_inbox_that_was_never_used_is_empty_and_makes_no_folder(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path / "index")
    inbox.remove(["000000000001-00000000.json"])
    assert (inbox.entries(), inbox.names(), list(tmp_path.iterdir())) == ([], [], [])


def test_only_what_is_named_is_removed_and_never_a_file_elsewhere(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    names = inbox.add_all([article(1), article(2)], "api")
    (tmp_path / "CURRENT").write_text("x")
    inbox.remove([names[0], names[0], "../CURRENT", ".lock", "000000000009-00000000.json"])
    assert inbox.names() == names[1:]
    assert ((tmp_path / "CURRENT").exists(), (inbox.folder / ".lock").exists()) == (True, True)


@pytest.mark.parametrize("wrong", [
    Article("a", "  "), Article("a\n", "text"), Article("a", "te\0xt"), Article("", "text"),
    Article("a", "text", url="javascript:alert(1)"), Article("a", "text", published="soon"),
    Article("a", "text", metadata={"title": "another"}), Article("a", "text", metadata={"ratio": float("nan")})])
def test_an_article_that_no_reader_would_give_is_refused(tmp_path: Path, wrong: Article) -> None:
    with pytest.raises(RejectedError):
        Inbox(tmp_path).add_all([HARBOUR, wrong], "api")
    assert list(tmp_path.iterdir()) == []


# ---- durability ----

def test_an_entry_and_every_new_folder_are_synced_before_it_is_said_to_be_there(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    synced: list[int] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        real(descriptor)
        synced.append(os.fstat(descriptor).st_ino)

    monkeypatch.setattr(os, "fsync", fsync)
    inbox = Inbox(tmp_path / "index")
    name = inbox.add(HARBOUR, "api")
    entry, folders = inbox.folder / name, [tmp_path, inbox.folder.parent, inbox.folder]
    assert synced == [path.stat().st_ino for path in (*folders[:2], folders[1], entry, folders[2])]
    synced.clear()
    inbox.remove([name])
    assert synced == [inbox.folder.stat().st_ino]


ADD_UNTIL_KILLED = """
import os, signal, sys
from pathlib import Path
from index.intake.inbox import Inbox
from index.sources.records import article_from_fields

steps = iter(range(1, 1000))

def killing(real):
    def call(*arguments, **options):
        step = next(steps)
        if step == int(sys.argv[2]) and sys.argv[3] == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*arguments, **options)
        if step == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    return call

inbox = Inbox(Path(sys.argv[1]))
articles = [article_from_fields({"id": f"a{number}"}, f"Text {number}.") for number in (1, 2)]
import filelock
for owner, name in ((os, "fsync"), (Path, "replace"), (Path, "mkdir"), (Path, "open")):
    setattr(owner, name, killing(getattr(owner, name)))
for article in articles:
    print(inbox.add(article, "api"), flush=True)
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_at_any_step_loses_nothing_that_was_accepted_and_leaves_nothing_half_written(
        tmp_path: Path, when: str) -> None:
    for step in range(1, 100):
        index_dir = tmp_path / str(step)
        index_dir.mkdir()
        killed = subprocess.run([sys.executable, "-c", ADD_UNTIL_KILLED, str(index_dir), str(step), when],
                                cwd=PROJECT, capture_output=True, text=True, check=False)
        accepted = killed.stdout.split()
        inbox = Inbox(index_dir)
        found = inbox.entries()
        assert [entry.name for entry in found][:len(accepted)] == accepted
        assert [entry.article for entry in found] == [article(1), article(2)][:len(found)]
        assert len(found) - len(accepted) in (0, 1)
        assert not (index_dir / "quarantine").exists()
        if killed.returncode == 0:
            break
        assert (killed.returncode, killed.stderr) == (-signal.SIGKILL, "")
        name = inbox.add(article(3), "api")  # the lock of the killed one is free, and what it left is cleared
        assert visible(inbox.folder) == [*(entry.name for entry in found), name]
    assert (step > 10, len(accepted)) == (True, 2)


# ---- many at once ----

ADD_MANY = """
import sys
from pathlib import Path
from index.intake.inbox import Inbox
from index.sources.records import article_from_fields

inbox = Inbox(Path(sys.argv[1]))
sys.stdin.readline()
for number in range(25):
    print(inbox.add(article_from_fields({"id": f"{sys.argv[2]}-{number}"}, "Text."), "api"))
"""


def test_processes_that_add_at_once_each_get_their_own_number_and_keep_their_own_order(tmp_path: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", ADD_MANY, str(tmp_path), str(writer)], cwd=PROJECT,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for writer in range(4)]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    accepted = [writer.communicate(timeout=120)[0].split() for writer in writers]
    entries = Inbox(tmp_path).entries()
    assert [int(entry.name[:12]) for entry in entries] == list(range(1, 101))
    for number, names in enumerate(accepted):
        own = [entry for entry in entries if entry.name in names]
        assert [entry.name for entry in own] == names
        assert [entry.article.id for entry in own if entry.article] == [f"{number}-{place}" for place in range(25)]


# ---- damage ----

def test_a_flip_of_any_bit_and_a_cut_at_any_byte_is_found_and_set_aside(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    names = [inbox.add(article(1), "api"), inbox.add(HARBOUR, "api"), inbox.withdraw("a9")]
    path = inbox.folder / names[1]
    content = path.read_bytes()
    damaged = [content[:byte] + bytes([content[byte] ^ 1 << byte % 8]) + content[byte + 1:]
               for byte in range(len(content))]
    damaged += [content[:byte] for byte in range(len(content))] + [content + b" "]
    for number, wrong in enumerate(damaged, start=1):
        path.write_bytes(wrong)
        assert [entry.name for entry in inbox.entries()] == [names[0], names[2]]
        assert inbox.names() == [names[0], names[2]]
        assert len(visible(inbox.quarantine)) == 2 * number
    set_aside = {path.read_bytes() for path in inbox.quarantine.iterdir() if not path.name.endswith(".reason.txt")}
    assert set_aside == set(damaged)  # every one is kept
    path.write_bytes(content)
    assert [entry.name for entry in inbox.entries()] == names


def test_what_an_inbox_did_not_put_there_is_set_aside_with_its_reason(
        tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    inbox = Inbox(tmp_path)
    name = inbox.add(article(1), "api")
    (inbox.folder / "notes.txt").write_text("mine")
    (inbox.folder / "folder").mkdir()
    (inbox.folder / "000000000007-00000000.json").symlink_to("/nowhere")
    assert [entry.name for entry in inbox.entries()] == [name]
    assert visible(inbox.quarantine) == ["000000000007-00000000.json", "000000000007-00000000.json.reason.txt",
                                         "folder", "folder.reason.txt", "notes.txt", "notes.txt.reason.txt"]
    assert (inbox.quarantine / "notes.txt").read_text() == "mine"
    assert (inbox.quarantine / "notes.txt.reason.txt").read_text() == (
        f"{inbox.folder}/notes.txt: its name is not one that an inbox gives\n")
    assert f"{inbox.folder}/notes.txt was moved to {inbox.quarantine}/notes.txt" in caplog.text


def test_an_entry_of_another_format_is_set_aside_and_not_guessed_at(tmp_path: Path,
                                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    inbox = Inbox(tmp_path)
    monkeypatch.setattr("index.intake.inbox.FORMAT", 2)
    newer = inbox.add(article(1), "api")
    monkeypatch.undo()
    assert inbox.entries() == []
    assert (inbox.quarantine / f"{newer}.reason.txt").read_text() == (
        f"{inbox.folder / newer}: it is of format 2, this program reads 1\n")


def test_damage_that_cannot_be_set_aside_stays_and_does_not_stop_the_rest(
        tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    inbox = Inbox(tmp_path)
    names = inbox.add_all([article(1), article(2)], "api")
    (inbox.folder / names[0]).write_bytes(b"half")
    inbox.quarantine.write_text("a file where the folder would be")
    assert [entry.name for entry in inbox.entries()] == names[1:]
    assert (inbox.folder / names[0]).read_bytes() == b"half"
    assert "it could not be set aside" in caplog.text


# ---- a disk that is full or fails ----

def test_a_full_disk_refuses_the_arrival_and_leaves_nothing(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lost_errors: list[object]) -> None:
    """The kernel itself refuses: the second file is `/dev/full`."""
    inbox = Inbox(tmp_path)
    before = inbox.add(article(1), "api")
    real, opened = Path.open, []

    def open_full(path: Path, mode: str = "r", *arguments: object, **options: object) -> object:
        opened.append(path)
        full = "w" in mode and len(opened) == 2
        return real(Path("/dev/full") if full else path, mode, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", open_full)
    with pytest.raises(OSError, match="No space left on device"):
        inbox.add_all([article(2), article(3), article(4)], "api")
    monkeypatch.undo()
    gc.collect()
    assert (len(opened), visible(inbox.folder), lost_errors) == (2, [before], [])
    assert inbox.add(article(5), "api").startswith("000000000002-")


def test_an_arrival_fails_at_every_limit_of_size_until_it_fits(tmp_path: Path, lost_errors: list[object]) -> None:
    inbox = Inbox(tmp_path)
    inbox.remove([inbox.add(HARBOUR, "api")])
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    failed = 0
    for limit in range(0, 4096, 64):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
        try:
            name = inbox.add(HARBOUR, "api")
        except OSError as error:
            assert error.errno == errno.EFBIG  # noqa: PT017  # the loop ends with an arrival that fits
            assert visible(inbox.folder) == []
            failed += 1
        else:
            break
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
    gc.collect()
    assert (failed > 4, [entry.name for entry in inbox.entries()], lost_errors) == (True, [name], [])


@pytest.mark.parametrize("failing_sync", [1, 2, 3, 4, 5])
def test_a_sync_that_fails_refuses_the_arrival_and_leaves_nothing(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path, failing_sync: int) -> None:
    inbox = Inbox(tmp_path)
    inbox.remove([inbox.add(article(1), "api")])
    calls: list[int] = []
    real: Callable[[int], None] = os.fsync

    def fsync(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == failing_sync:
            raise OSError(errno.EIO, "Input/output error")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match="Input/output error"):
        inbox.add_all([article(2), article(3)], "api")
    monkeypatch.undo()
    assert (len(calls), visible(inbox.folder)) == (failing_sync, [])
