"""Back an index folder up into one file, while it is served and built. `restoring` makes a folder of it again.

The file is a tar archive, gzipped if its name ends in `gz`. Its first member, `musnad-backup.SHA256.json`, lists size
and SHA-256 of every other, in their order, and has its own SHA-256 in its name:

    CURRENT, HELD                  as they were; HELD is missing where no roll-back holds
    generations/NAME/FILE          the whole generations: the current one and those kept beside it
    state/state.sqlite             the inbox, what polling remembers, what files gave, rejections

The state is copied first. An article leaves the inbox once every generation has it, so a generation that is copied
later has what the inbox lacks. Not in it: rejected documents (`quarantine/`) and what was found damaged (`damaged/`).
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, NamedTuple

from index.durable import sync_file, sync_folder
from index.errors import BackupError, CorruptSnapshotError, UnreadableSnapshotError
from index.generation.folder import (
    MANIFEST,
    by_preference,
    check,
    current_mark,
    opened,
    read_current,
    read_manifest,
)
from index.generation.hold import held
from index.intake.database import FOLDER, NAME
from index.intake.state import State

FORMAT = 1
# A build may remove generations while they are opened; then the newer ones are taken.
ATTEMPTS = 5
STATE = f"{FOLDER}/{NAME}"

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: the generations, the current one first, how many inbox entries, files and bytes."""

    generations: tuple[str, ...]
    current: str
    waiting: int
    files: int
    bytes: int
    created: str

    def as_json(self) -> dict[str, Any]:
        """Return it as the commands print it."""
        return {"current": self.current, "generations": list(self.generations), "waiting": self.waiting,
                "files": self.files, "bytes": self.bytes, "created": self.created}


class _Part(NamedTuple):
    name: str
    stream: IO[bytes]
    size: int
    sha256: str


def back_up(index_dir: Path, file: Path, *, force: bool = False, now: datetime | None = None,
            progress: Progress = lambda _stage, _done, _total: None) -> Backup:
    """Write the backup of an index folder to `file`, which appears whole or not at all, and is on the disk at the end.

    Raises NoSnapshotError without a generation, CorruptSnapshotError if the current one is damaged, BackupError if
    `file` is there already and not `force`, and OSError when the disk is full or fails.
    """
    if file.exists() and not force:
        raise BackupError(file, "is there already; name another file, or replace it with --force")
    with ExitStack() as open_files:
        parts = [_state_part(index_dir, open_files)]
        generations, opened_parts = _generations(index_dir, open_files)
        parts = [*opened_parts, *parts]
        created = (now or datetime.now(UTC)).isoformat(timespec="seconds")
        current = parts[0].stream.read().decode().partition(" ")[0]
        manifest = next(part for part in parts if part.name == f"generations/{current}/{MANIFEST}").stream.read()
        applied = frozenset(json.loads(manifest).get("applied", ()))
        waiting = sum(key.decode() not in applied for key in _keys(parts[-1].stream, open_files))
        about = {"format": FORMAT, "created": created, "current": current, "waiting": waiting,
                 "generations": generations,
                 "files": {part.name: {"bytes": part.size, "sha256": part.sha256} for part in parts}}
        _write(file, json.dumps(about, indent=1).encode(), parts, progress)
    return described(about)


def _state_part(index_dir: Path, open_files: ExitStack) -> _Part:
    """Copy the database as it is at one moment, with what its log holds, into a file without a name."""
    folder = Path(open_files.enter_context(tempfile.TemporaryDirectory(prefix="musnad-backup-", dir=index_dir)))
    path = folder / NAME

    def copy(connection: sqlite3.Connection) -> bool:
        with closing(sqlite3.connect(path)) as target:
            connection.backup(target)
        return True

    if not State(index_dir).read(copy, default=False):
        from index.intake.database import make_database

        make_database(folder / "new")
        (folder / "new" / NAME).replace(path)
    stream = open_files.enter_context(path.open("rb"))
    size = path.stat().st_size
    digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return _Part(STATE, stream, size, digest)


def _keys(stream: IO[bytes], open_files: ExitStack) -> list[bytes]:
    address = f"{Path(stream.name).absolute().as_uri()}?immutable=1"
    connection = open_files.enter_context(closing(sqlite3.connect(address, uri=True)))
    return [bytes(key) for (key,) in connection.execute("SELECT key FROM inbox")]


def _generations(index_dir: Path, open_files: ExitStack) -> tuple[list[str], list[_Part]]:
    """Open CURRENT and the files of the whole generations, and verify them. What is open stays, whoever removes it."""
    for attempt in range(ATTEMPTS):
        mark = current_mark(index_dir)
        current = read_current(index_dir).name
        try:
            parts = [_text_part("CURRENT", mark)]
            hold = held(index_dir)
            parts += [_text_part("HELD", f"{hold}\n".encode())] if hold else []
            names = []
            for name in by_preference(index_dir):
                with suppress_for(name != current):
                    parts += list(_parts_of(index_dir / "generations" / name, open_files))
                    names.append(name)
        except (CorruptSnapshotError, FileNotFoundError):
            if current_mark(index_dir) == mark or attempt == ATTEMPTS - 1:
                raise  # it is damaged, and not only gone since another one was published
        else:
            if current_mark(index_dir) == mark:
                return names, parts
    raise BackupError(index_dir, "other generations are published faster than they are backed up; try again later")


class suppress_for(suppress):  # noqa: N801  # reads as a function
    """Pass over a damaged generation, unless it is the current one."""

    def __init__(self, is_other: bool) -> None:  # noqa: FBT001
        super().__init__(*((CorruptSnapshotError, UnreadableSnapshotError, FileNotFoundError) if is_other else ()))


def _parts_of(folder: Path, open_files: ExitStack) -> list[_Part]:
    files = read_manifest(folder)["files"]
    manifest = (folder / MANIFEST).read_bytes()
    parts = [_Part(f"generations/{folder.name}/{MANIFEST}", io.BytesIO(manifest), len(manifest),
                   hashlib.sha256(manifest).hexdigest())]
    for name, entry in files.items():
        with opened(folder / name, name) as stream:
            check(stream, folder / name, entry["bytes"], entry["sha256"])
        parts.append(_Part(f"generations/{folder.name}/{name}",
                           open_files.enter_context((folder / name).open("rb")), entry["bytes"], entry["sha256"]))
    return parts


def _text_part(name: str, content: bytes) -> _Part:
    return _Part(name, io.BytesIO(content), len(content), hashlib.sha256(content).hexdigest())


def _write(file: Path, about: bytes, parts: list[_Part], progress: Progress) -> None:
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    total, done = sum(part.size for part in parts), 0
    first = _Part(f"musnad-backup.{hashlib.sha256(about).hexdigest()}.json", io.BytesIO(about), len(about), "")
    try:
        with tarfile.open(temporary, "w:gz" if file.name.endswith("gz") else "w", format=tarfile.PAX_FORMAT) as archive:
            for part in (first, *parts):
                member = tarfile.TarInfo(part.name)
                member.size, member.mode = part.size, 0o644
                part.stream.seek(0)
                archive.addfile(member, part.stream)
                done += part.size
                progress("writing the backup", min(done, total), total)
        temporary.chmod(0o600)  # what waits and what polling remembers is for the operator alone
        sync_file(temporary)
        temporary.replace(file)
        sync_folder(file.resolve().parent)
    finally:
        temporary.unlink(missing_ok=True)


def described(about: Mapping[str, Any]) -> Backup:
    """Describe a backup by the list in it."""
    files = about["files"]
    return Backup(tuple(about["generations"]), about["current"], about["waiting"], len(files),
                  sum(entry["bytes"] for entry in files.values()), about["created"])
