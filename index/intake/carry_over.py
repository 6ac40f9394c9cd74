"""Move the state files that earlier versions of this program wrote into the database.

    INDEX_DIR/inbox/000000000042-1f0c9a77.json    a SHA-256, and then an article or a withdrawal
    INDEX_DIR/feeds.json                          what polling remembered
    INDEX_DIR/files.json                          the file cache
    INDEX_DIR/quarantine/*.json                   rejections; a `.bin` beside one is the document and stays there

Everything is committed before any file is removed. The names of the inbox's files are committed too, so that a crash
before their removal adds no entry twice. A file that cannot be read moves to `damaged/`.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from index.durable import make_folder_durably, sync_folder, write_durably
from index.intake.records import SqliteConnection, get, next_number, put, remove

_INBOX_NAME = re.compile(r"[0-9]{12}-[0-9a-f]{8}\.json")
_REJECTION_NAME = re.compile(r"([0-9a-f]{24})\.json")
_TAKEN = "taken from inbox/"

log = logging.getLogger(__name__)

Take = Callable[[SqliteConnection, Path], None]


def has_files_to_carry_over(index_dir: Path) -> bool:
    """Tell whether the index folder contains state files that an earlier version wrote."""
    return any((index_dir / name).exists() for name in ("inbox", "feeds.json", "files.json")) or any(
        _rejections(index_dir))


def carry_over(index_dir: Path, connection: SqliteConnection) -> None:
    """Copy the content of the state files into the database, then remove the files. Call it under the lock of `State`.

    Raises OSError or sqlite3.Error when the disk is full or fails. If that is before the commit, every file stays.
    """
    inbox = sorted((index_dir / "inbox").iterdir()) if (index_dir / "inbox").is_dir() else []
    takes: list[tuple[Path, Take]] = [(path, _take_inbox_entry) for path in inbox if not path.name.startswith(".")]
    takes += [(index_dir / "feeds.json", _take_memory), (index_dir / "files.json", _take_file_cache)]
    takes += [(path, _take_rejection) for path in _rejections(index_dir)]
    taken, unreadable = list[Path](), list[tuple[Path, str]]()
    connection.execute("BEGIN IMMEDIATE")
    try:
        for path, take in takes:
            try:
                take(connection, path)
                taken.append(path)
            except FileNotFoundError:
                if path.is_symlink():
                    unreadable.append((path, "it leads nowhere"))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError, IsADirectoryError) as error:
                unreadable.append((path, str(error) or repr(error)))
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
    for path, reason in unreadable:
        _set_aside(index_dir, path, reason)
    for path in [*taken, *(path for path in inbox if path.name == ".lock" or path.name.endswith(".tmp"))]:
        path.unlink(missing_ok=True)
    with suppress(FileNotFoundError):
        (index_dir / "inbox").rmdir()
    sync_folder(index_dir)
    connection.execute("BEGIN IMMEDIATE")
    remove(connection, "about", [_TAKEN + path.name for path in inbox])
    connection.execute("COMMIT")
    log.warning("%s: %d files in which earlier versions kept their state were taken into its database, %d were damaged",
                index_dir, len(taken), len(unreadable))


def _rejections(index_dir: Path) -> Iterable[Path]:
    return (path for path in (index_dir / "quarantine").glob("*.json") if _REJECTION_NAME.fullmatch(path.name))


def _take_inbox_entry(connection: SqliteConnection, path: Path) -> None:
    if _INBOX_NAME.fullmatch(path.name) is None:
        raise ValueError("its name is not one that an inbox gives")
    digest, _, content = path.read_bytes().partition(b"\n")
    found = hashlib.sha256(content).hexdigest()
    if digest != found.encode():
        raise ValueError(f"its content has the SHA-256 {found}, its first line says {digest[:64]!r}")
    if get(connection, "about", _TAKEN + path.name) is None:
        number = max(int(path.name[:12]), next_number(connection, "inbox"))
        put(connection, "inbox", path.name, content, number)
        put(connection, "about", _TAKEN + path.name, b"")


def _take_memory(connection: SqliteConnection, path: Path) -> None:
    remembered = json.loads(path.read_bytes())
    if remembered["format"] != 1:
        raise ValueError(f"its format is {remembered['format']}, this program reads 1")
    taken = [(f"{kind} {address}", _encoded(fields)) for kind, kinds in (("source", "sources"), ("page", "pages"))
             for address, fields in remembered[kinds].items()]
    for key, content in taken:
        put(connection, "polled", key, content)


def _take_file_cache(connection: SqliteConnection, path: Path) -> None:
    cached = json.loads(path.read_bytes())
    taken = [(name, _encoded(entry)) for name, entry in cached["files"].items()]
    put(connection, "about", "readers", str(cached["readers"]).encode())
    for key, content in taken:
        put(connection, "files", key, content)


def _take_rejection(connection: SqliteConnection, path: Path) -> None:
    fields = json.loads(path.read_bytes())
    put(connection, "rejections", path.stem, _encoded({name: fields[name] for name in (
        "document", "line", "reason", "article_id", "rejected")}))


def _encoded(fields: Any) -> bytes:
    return json.dumps(fields).encode()  # in ASCII: a path may be no text


def _set_aside(index_dir: Path, path: Path, reason: str) -> None:
    """Move a file to `damaged/` under an unused name, with the reason in a file beside it.

    Raises OSError when the disk is full or fails.
    """
    damaged = index_dir / "damaged"
    make_folder_durably(damaged)
    number, name = 0, path.name if path.parent == index_dir else f"{path.parent.name}-{path.name}"
    while (damaged / f"{name}.reason.txt").exists() or (damaged / name).is_symlink() or (damaged / name).exists():
        number += 1
        name = f"{name.removesuffix(f'.{number - 1}')}.{number}"
    write_durably(damaged / f"{name}.reason.txt", f"{path}: {reason}\n".encode())
    path.rename(damaged / name)
    sync_folder(damaged)
    log.error("%s was moved to %s: %s", path, damaged / name, reason)
