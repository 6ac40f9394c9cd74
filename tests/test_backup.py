"""Backups of an index: consistent while it is served and built, verified when restored, never written over anything."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import tarfile
import threading
from pathlib import Path
from typing import Any

import pytest

from index.errors import BackupError, IndexingError, LaterStateError
from index.generation.folder import current_generation, finished
from index.generation.publishing import roll_back
from index.generation.snapshot import open_snapshot
from index.intake.backup import back_up
from index.intake.inbox import Inbox
from index.intake.progress import time_left
from index.intake.records import digest
from index.intake.removal import remove_articles
from index.intake.restoring import restore
from index.intake.update import update
from index.types import Article
from qa import cli
from tests.faults import EMBEDDER
from tests.generations import below


def article(name: str) -> Article:
    return Article(name, f"The {name}.")


def take_in(index_dir: Path) -> None:
    update((), index_dir, lambda: EMBEDDER, is_exact=False)


def ids(index_dir: Path) -> set[str]:
    return set(open_snapshot(index_dir).articles.rows)


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    """Two generations, of one article and of two, and an article that waits."""
    index_dir = tmp_path / "index"
    for name in ("one", "two"):
        Inbox(index_dir).add(article(name), "api")
        take_in(index_dir)
    Inbox(index_dir).add(article("three"), "api")
    return index_dir


@pytest.fixture
def backup(index_dir: Path, tmp_path: Path) -> Path:
    back_up(index_dir, tmp_path / "backup.tar")
    return tmp_path / "backup.tar"


@pytest.mark.parametrize("name", ["backup.tar", "backup.tar.gz"])
def test_a_restored_index_serves_the_same_and_takes_in_what_waited(index_dir: Path, tmp_path: Path, name: str) -> None:
    made = back_up(index_dir, tmp_path / name)
    assert (made.generations, made.waiting) == (tuple(finished(index_dir)[::-1]), 1)
    held, before = restore(tmp_path / name, tmp_path / "deep" / "restored")
    restored = tmp_path / "deep" / "restored"
    assert (held, before) == (made, None)
    assert below(restored / "generations") == below(index_dir / "generations")
    assert (current_generation(restored), ids(restored)) == (current_generation(index_dir), {"one", "two"})
    take_in(restored)
    assert ids(restored) == {"one", "two", "three"}
    assert (tmp_path / name).stat().st_mode & 0o077 == 0


def test_a_roll_back_that_holds_is_restored_as_it_is(index_dir: Path, tmp_path: Path) -> None:
    old, _ = finished(index_dir)
    roll_back(index_dir)
    back_up(index_dir, tmp_path / "backup.tar")
    restore(tmp_path / "backup.tar", tmp_path / "restored")
    assert current_generation(tmp_path / "restored") == old
    with pytest.raises(IndexingError, match="a roll-back holds generation"):
        take_in(tmp_path / "restored")


@pytest.mark.slow
def test_no_accepted_article_is_missing_from_a_backup_that_is_taken_while_builds_publish(tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    accepted = [f"a{number}" for number in range(40)]
    Inbox(index_dir).add(article("first"), "api")
    take_in(index_dir)
    failures: list[BaseException] = []

    def publish() -> None:
        try:
            for name in accepted:
                Inbox(index_dir).add(article(name), "api")
                take_in(index_dir)
        except BaseException as error:  # noqa: BLE001  # told to the test
            failures.append(error)

    thread = threading.Thread(target=publish)
    thread.start()
    backups: list[tuple[Path, int]] = []
    while thread.is_alive():
        known = len(open_snapshot(index_dir).articles) if not backups else backups[-1][1]
        file = tmp_path / f"{len(backups)}.tar"
        back_up(index_dir, file)
        backups.append((file, known))
    thread.join()
    assert failures == []
    assert len(backups) >= 3
    for number, (file, _) in enumerate(backups):
        restored = tmp_path / f"restored-{number}"
        held, _ = restore(file, restored)
        take_in(restored)
        # Everything that was accepted before the copy is there: the articles are numbered without a gap.
        found = ids(restored) - {"first"}
        assert found == set(accepted[:len(found)])
        assert held.current in held.generations


def test_a_folder_that_is_not_empty_is_kept_unless_forced_and_then_moved_aside(
        index_dir: Path, backup: Path, tmp_path: Path) -> None:
    before = below(index_dir)
    with pytest.raises(BackupError, match="is not empty; restore into another folder, or with --force"):
        restore(backup, index_dir)
    assert below(index_dir) == before
    Inbox(index_dir).add(article("later"), "api")
    _, aside = restore(backup, index_dir, force=True)
    assert aside is not None
    assert {entry.article.id for entry in Inbox(aside).entries() if entry.article} >= {"later"}
    assert "later" not in {entry.article.id for entry in Inbox(index_dir).entries() if entry.article}
    (tmp_path / "empty").mkdir()
    restore(backup, tmp_path / "empty")
    assert ids(tmp_path / "empty") == {"one", "two"}


def test_a_backup_that_is_there_is_kept_unless_forced(index_dir: Path, backup: Path) -> None:
    with pytest.raises(BackupError, match="is there already"):
        back_up(index_dir, backup)
    back_up(index_dir, backup, force=True)


def test_without_a_generation_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    with pytest.raises(IndexingError, match="holds no index"):
        back_up(tmp_path / "none", tmp_path / "backup.tar")
    assert not (tmp_path / "backup.tar").exists()


def test_a_damaged_current_generation_is_not_backed_up_and_a_damaged_other_is_left_out(
        index_dir: Path, tmp_path: Path) -> None:
    old, new = finished(index_dir)
    damaged = index_dir / "generations" / old / "articles.jsonl"
    damaged.write_bytes(damaged.read_bytes()[:-2] + b"x\n")
    assert back_up(index_dir, tmp_path / "backup.tar").generations == (new,)
    damaged = index_dir / "generations" / new / "articles.jsonl"
    damaged.write_bytes(damaged.read_bytes()[:-2] + b"x\n")
    with pytest.raises(IndexingError, match=r"articles\.jsonl is damaged"):
        back_up(index_dir, tmp_path / "other.tar")
    assert not (tmp_path / "other.tar").exists()


@pytest.mark.slow
def test_every_kind_of_damage_is_found_and_leaves_nothing_behind(backup: Path, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    places = [*range(0, len(whole), max(1, len(whole) // 60)), len(whole) // 2]
    file, found = tmp_path / "damaged.tar", 0
    for place in places:
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1:])
        try:
            restore(file, tmp_path / "restored")
        except BackupError:
            found += 1
        else:  # the bit was in padding, or in what tar says of owners and times
            assert ids(tmp_path / "restored") == {"one", "two"}
            (tmp_path / "restored").rename(tmp_path / f"whole-{place}")
        assert not (tmp_path / "restored").exists()
    assert found > len(places) // 2
    for size in (0, 1, 512, 5000, len(whole) // 2, len(whole) - 20_000):
        file.write_bytes(whole[:size])
        with pytest.raises(BackupError):
            restore(file, tmp_path / "restored")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


# ---- archives of others ----

def archive(file: Path, about: Any, members: dict[str, bytes], **kinds: bytes) -> Path:
    content = about if isinstance(about, bytes) else json.dumps(about).encode()
    listed = {f"musnad-backup.{hashlib.sha256(content).hexdigest()}.json": content, **members}
    with tarfile.open(file, "w") as made:
        for name, data in listed.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            if name in kinds:
                member.type, member.linkname, member.size = kinds[name], "/etc/passwd", 0
            made.addfile(member, io.BytesIO(data))
    return file


def about_of(members: dict[str, bytes], **changed: Any) -> dict[str, Any]:
    name = "000001-20260102T030405-0123456789abcdef"
    return {"format": 1, "created": "", "current": name, "waiting": 0, "generations": [name], "files": {
        each: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for each, data in members.items()},
        **changed}


SOUND = {"CURRENT": b"000001-20260102T030405-0123456789abcdef " + b"0" * 64 + b"\n", "state/state.sqlite": b"x",
         "generations/000001-20260102T030405-0123456789abcdef/manifest.json": b"{}"}


@pytest.mark.parametrize(("members", "changed", "message"), [
    (SOUND, {}, "holds an index that is damaged"),
    (SOUND, {"format": 2}, "is a backup of format 2; this program reads 1"),
    (SOUND, {"generations": ["../../../etc"]}, "is no backup of an index"),
    (SOUND, {"files": []}, "is no backup of an index"),
    (SOUND, {"files": {"CURRENT": {"bytes": -1}}}, "is no backup of an index"),
    ({**SOUND, "../evil": b"x"}, {}, "it lists other files"),
    ({**SOUND, "/evil": b"x"}, {}, "it lists other files"),
    ({**SOUND, "generations/000001-20260102T030405-0123456789abcdef/../../../evil": b"x"}, {}, "it lists other files"),
    ({**SOUND, "damaged/x": b"x"}, {}, "it lists other files"),
    (SOUND, {"files": {name: {"bytes": 10**18, "sha256": "0" * 64} for name in SOUND}}, "needs 3,000,000,000,000"),
])
def test_an_archive_of_others_is_refused(tmp_path: Path, members: dict[str, bytes], changed: dict[str, Any],
                                         message: str) -> None:
    file = archive(tmp_path / "evil.tar", about_of(members, **changed), members)
    with pytest.raises(BackupError, match=message):
        restore(file, tmp_path / "restored")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["evil.tar"]


def test_links_repeated_and_unlisted_members_are_refused(tmp_path: Path) -> None:
    for number, (members, kinds) in enumerate([
            (SOUND, {"CURRENT": tarfile.SYMTYPE}), (SOUND, {"state/state.sqlite": tarfile.LNKTYPE}),
            ({**SOUND, "evil": b"x"}, {})]):
        listed = {name: data for name, data in members.items() if name != "evil"}
        file = archive(tmp_path / f"{number}.tar", about_of(listed), members, **kinds)
        with pytest.raises(BackupError, match="is not in its list"):
            restore(file, tmp_path / "restored")
    for content in (b"", b"not a tar", b"\x1f\x8b\x08 no gzip", b"[]", b"[" * 10_000):
        (tmp_path / "none").write_bytes(content)
        with pytest.raises(BackupError):
            restore(tmp_path / "none", tmp_path / "restored")
        with pytest.raises(BackupError):
            restore(archive(tmp_path / "about.tar", content, SOUND), tmp_path / "restored")


def test_the_state_of_a_later_version_is_refused(index_dir: Path, tmp_path: Path) -> None:
    with sqlite3.connect(index_dir / "state" / "state.sqlite") as connection:
        connection.execute("PRAGMA user_version = 99")
        content = b"99"
        sha256 = digest("about", 1, b"version", content)
        connection.execute("UPDATE about SET record = ?, digest = ? WHERE key = ?", (content, sha256, b"version"))
    connection.close()
    with pytest.raises(LaterStateError):
        back_up(index_dir, tmp_path / "backup.tar")


# ---- removing by id ----

@pytest.mark.process
def test_removed_articles_go_with_the_next_build_and_no_file_brings_them_back(tmp_path: Path) -> None:
    index_dir, folder = tmp_path / "index", tmp_path / "news"
    folder.mkdir()
    (folder / "a.jsonl").write_text('{"id": "of-file", "text": "Red."}\n{"id": "other", "text": "Blue."}\n')
    Inbox(index_dir).add(article("of-api"), "api")
    update([folder], index_dir, lambda: EMBEDDER, is_exact=True)
    Inbox(index_dir).add(article("waiting"), "api")
    assert remove_articles(index_dir, ["of-file", "of-api", "waiting", "nobody", "of-api"]) == (
        ["of-file", "of-api", "waiting"], ["nobody"])
    assert remove_articles(index_dir, ["of-api"]) == ([], ["of-api"])
    update([folder], index_dir, lambda: EMBEDDER, is_exact=True)
    assert ids(index_dir) == {"other"}
    assert remove_articles(index_dir, ["of-file"]) == ([], ["of-file"])
    Inbox(index_dir).add(article("of-file"), "api")
    take_in(index_dir)
    assert ids(index_dir) == {"other", "of-file"}


# ---- the commands ----

def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(["index", *arguments])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_the_commands_report(index_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, here = str(tmp_path / "x.tar"), ["--index-dir", str(index_dir)]
    old, new = finished(index_dir)
    code, out, _ = run(capsys, "backup", file, "--json", *here)
    assert (code, json.loads(out)["current"], json.loads(out)["waiting"]) == (0, new, 1)
    assert run(capsys, "backup", file, *here)[0] == 1
    code, out, _ = run(capsys, "restore", file, "--json", "--index-dir", str(tmp_path / "restored"))
    assert (code, json.loads(out)["generations"], json.loads(out)["moved_aside"]) == (0, [new, old], None)
    code, out, err = run(capsys, "restore", file, *here)
    assert (code, out, "--force" in err) == (1, "", True)
    code, out, err = run(capsys, "remove", "one", "nobody\x1b", "--json", *here)
    assert (code, json.loads(out)) == (1, {"removed": ["one"], "not_found": ["nobody\x1b"]})
    assert err == "musnad: the index has no article with the id nobody\\x1b\n"
    code, out, _ = run(capsys, "verify", "--json", *here)
    assert json.loads(out) == {"generations": [{"name": old, "damaged": 0}, {"name": new, "damaged": 0}], "errors": []}
    code, out, _ = run(capsys, "rollback", "--json", *here)
    assert json.loads(out) == {"current": old, "before": new, "held": old}
    code, out, _ = run(capsys, "release", "--json", *here)
    assert json.loads(out) == {"released": old}
    code, out, _ = run(capsys, "gc", "--keep", "1", "--json", *here)
    assert (json.loads(out)["removed"], json.loads(out)["freed_bytes"] > 0) == ([new], True)


@pytest.mark.parametrize(("done", "total", "seconds", "left"), [
    (0, 10, 5.0, ""), (10, 10, 5.0, ""), (5, 10, 5.0, ", about 5 s left"), (1, 100, 2.0, ", about 3 min left"),
    (1, 10_000, 1.0, ", about 2 h 46 min left"), (3, 0, 1.0, "")])
def test_the_time_left_is_told_from_what_is_done(done: int, total: int, seconds: float, left: str) -> None:
    assert time_left(done, total, seconds) == left
