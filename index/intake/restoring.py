"""Make an index folder of a backup, see `backup`. Everything is verified before the folder gets its name."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.durable import sync_folder
from index.errors import BackupError, CorruptSnapshotError, NoSnapshotError
from index.generation.fence import builder_lease, fenced
from index.generation.folder import check_versions, damage, read_current, read_manifest
from index.generation.publishing import folder_lock
from index.generation.space import free_bytes
from index.intake.backup import FORMAT, STATE, Backup, Progress, described
from index.intake.database import FOLDER, NAME, DamagedStateError, open_examined

MAX_ABOUT_BYTES = 4 * 1024 * 1024
_PIECE_BYTES = 1 << 20
_ABOUT = re.compile(r"musnad-backup\.([0-9a-f]{64})\.json")
_MEMBER = re.compile(rf"CURRENT|HELD|{re.escape(STATE)}|"
                     r"generations/([0-9]{6,}-[0-9]{8}T[0-9]{6}-[0-9a-f]+)/[A-Za-z0-9_][A-Za-z0-9_.-]*")


def restore(file: Path, index_dir: Path, *, force: bool = False,
            progress: Progress = lambda _stage, _done, _total: None) -> tuple[Backup, Path | None]:
    """Make `index_dir` the folder that was backed up; return what it holds, and where the folder before it is now.

    Everything is read and verified before the folder gets its name. With `force` a folder that is there is moved
    aside, never deleted; stop the server and builds before.

    Raises BackupError for a file that is no backup, is damaged or does not fit, or for a folder that is not empty;
    SnapshotMismatchError for one of another version, BuildLockedError while a build runs, and OSError. Nothing is
    changed in these cases.
    """
    is_there = index_dir.exists() and any(index_dir.iterdir())
    if is_there and not force:
        raise BackupError(index_dir, "is not empty; restore into another folder, or with --force, which moves this one "
                                     "aside")
    parent = index_dir.resolve().parent
    parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{index_dir.name}.restore.", suffix=".tmp", dir=parent))
    try:
        about = _extract(file, draft, progress)
        _verify(file, draft, about)
        draft.chmod(0o777 & ~_umask())
        # For builders that share a database, this is what was published last from now on.
        with builder_lease(index_dir, replaces=True), fenced(about["current"]):
            before = _put_in_place(draft, index_dir.resolve(), is_there=is_there)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return described(about), before


def _extract(file: Path, draft: Path, progress: Progress) -> Mapping[str, Any]:
    """Write the members into `draft`, each with the size and SHA-256 that the list has; return the list."""
    try:
        with tarfile.open(file, "r|*") as archive:
            members = iter(archive)
            about = _about(file, archive, next(members, None))
            files, done = dict(about["files"]), 0
            total = sum(entry["bytes"] for entry in files.values())
            if total > free_bytes(draft):
                raise BackupError(file, f"needs {total:,} bytes, of which {free_bytes(draft):,} are free")
            for member in members:
                entry = files.pop(member.name, None)
                if entry is None or not member.isreg() or member.size != entry["bytes"]:
                    raise BackupError(file, f"is damaged: its member {member.name[:200]!a} is not in its list")
                _extract_member(file, archive, member, draft, entry["sha256"])
                done += member.size
                progress("reading the backup", done, total)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise BackupError(file, f"is no backup of an index, or is damaged: {error}") from error
    if files:
        raise BackupError(file, f"is damaged: its member {min(files)!a} is missing")
    return about


def _about(file: Path, archive: tarfile.TarFile, member: tarfile.TarInfo | None) -> dict[str, Any]:
    named = _ABOUT.fullmatch(member.name) if member is not None else None
    stream = archive.extractfile(member) if member is not None and named and member.isreg() else None
    if member is None or named is None or stream is None or member.size > MAX_ABOUT_BYTES:
        raise BackupError(file, "is no backup of an index")
    content = stream.read()
    if hashlib.sha256(content).hexdigest() != named[1]:
        raise BackupError(file, "is damaged: its list is not what was written")
    try:
        about: dict[str, Any] = json.loads(content)
        if about["format"] != FORMAT:
            raise BackupError(file, f"is a backup of format {about['format']}; this program reads {FORMAT}")
        named_files = [_MEMBER.fullmatch(name) for name in about["files"]]
        generations = {found and found[1] for found in named_files if found and found[1]}
        sizes = [entry["bytes"] for entry in about["files"].values()]
        is_sound = (None not in named_files and generations == set(about["generations"]) != set()
                    and {"CURRENT", STATE} <= set(about["files"]) and all(type(size) is int and size >= 0
                                                                          for size in sizes)
                    and type(about["waiting"]) is int and about["current"] in generations)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BackupError(file, "is no backup of an index") from error
    if not is_sound:
        raise BackupError(file, "is no backup of an index: it lists other files")
    return about


def _extract_member(file: Path, archive: tarfile.TarFile, member: tarfile.TarInfo, draft: Path, sha256: str) -> None:
    stream, path, digest = archive.extractfile(member), draft / member.name, hashlib.sha256()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as target:
        while stream is not None and (piece := stream.read(_PIECE_BYTES)):
            digest.update(piece)
            target.write(piece)
        target.flush()
        os.fsync(target.fileno())
    if digest.hexdigest() != sha256:
        raise BackupError(file, f"is damaged: the SHA-256 of its member {member.name} is another")


def _verify(file: Path, draft: Path, about: Mapping[str, Any]) -> None:
    """Check that what was written is an index folder which this program can serve."""
    try:
        current = read_current(draft)
        check_versions(read_manifest(draft / "generations" / current.name, current.sha256))
        for name in about["generations"]:
            for error in damage(draft / "generations" / name):
                raise error
        open_examined(draft / FOLDER / NAME).close()
    except (NoSnapshotError, CorruptSnapshotError, DamagedStateError) as error:
        raise BackupError(file, f"holds an index that is damaged: {error}") from error
    for leftover in (draft / FOLDER).glob(f"{NAME}-*"):
        leftover.unlink()


def _put_in_place(draft: Path, index_dir: Path, *, is_there: bool) -> Path | None:
    for folder in _folders(draft):
        sync_folder(folder)
    before = None
    if is_there:
        with folder_lock(index_dir):
            before = index_dir.with_name(f"{index_dir.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S}")
            index_dir.rename(before)
    elif index_dir.exists():
        index_dir.rmdir()
    draft.rename(index_dir)
    sync_folder(index_dir.parent)
    return before


def _folders(folder: Path) -> Iterator[Path]:
    yield folder
    yield from (path for path in folder.rglob("*") if path.is_dir())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
