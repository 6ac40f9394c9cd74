"""Publish, roll back and remove generations: one process at a time, each step atomic.

The order of the steps protects readers, and the index folder in a crash. A generation's folder gets its name only when
all its files are on the disk. Only after that is its name written to CURRENT. A folder is renamed before the first of
its files is deleted.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from index.chunker import Chunking
from index.durable import sync_file, sync_folder, write_durably
from index.errors import (
    BuildLockedError,
    CorruptSnapshotError,
    DiskFullError,
    LeaseLostError,
    NoEarlierGenerationError,
    NoSnapshotError,
    SnapshotMismatchError,
    UnreadableSnapshotError,
)
from index.generation.fence import builder_lease, fenced
from index.generation.folder import (
    FORMAT,
    MANIFEST,
    by_preference,
    check_versions,
    current_generation,
    current_mark,
    damage,
    finished,
    generation_folder,
    new_name,
    opened,
    read_current,
    read_manifest,
    sequence_of,
    sha256_of,
)
from index.generation.hold import check_not_held, hold
from index.generation.layout import Counts
from index.generation.lineage import first_in
from index.generation.space import DISK_FULL_ERRNOS, bytes_needed, folder_bytes, free_bytes, previous_bytes
from index.language.arabic import ANALYZER_VERSION
from index.model.types import ModelSettings

KEPT_GENERATIONS = 2


@contextmanager
def build_lock(index_dir: Path, *, replaces: bool = False) -> Iterator[None]:
    """Hold the index folder's build lock during the `with` block. It is also released when the process crashes.

    Where builders share a database, hold its lease too, see `builder_lease`, which has `replaces` and further errors.

    Raises BuildLockedError at once when another process holds the lock.
    """
    with folder_lock(index_dir), builder_lease(index_dir, replaces=replaces):
        yield


@contextmanager
def folder_lock(index_dir: Path) -> Iterator[None]:
    """Hold the build lock of the index folder alone, to change what is in it without publishing."""
    from filelock import FileLock, Timeout

    index_dir.mkdir(parents=True, exist_ok=True)
    lock = FileLock(index_dir / ".build.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise BuildLockedError(index_dir) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def draft(index_dir: Path, share_done: Callable[[], float] = lambda: 0.0) -> Iterator[Path]:
    """Create a folder for the files of a new generation, to be passed to `publish`. Use it inside `build_lock`.

    The folder is removed after an error; `collect` removes the one that a killed build leaves.

    Raises HeldError while a roll-back holds a generation, and DiskFullError in place of an OSError that means that the
    disk, a quota or a limit on file sizes is full. Its estimate of the bytes needed uses `share_done`, which returns
    the share of the articles written so far (0 to 1; 0 if unknown).
    """
    check_not_held(index_dir)
    folder = index_dir / "generations" / f".draft.{os.getpid()}.tmp"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    except Exception as error:
        written = folder_bytes(folder)
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError) and error.errno in DISK_FULL_ERRNOS:
            needed = bytes_needed(draft_bytes=written, share_done=share_done(),
                                  previous_bytes=previous_bytes(index_dir))
            raise DiskFullError(index_dir, needed, free_bytes(index_dir), error.strerror or "disk full") from error
        raise


def publish(index_dir: Path, folder: Path, *, model: ModelSettings, chunking: Chunking, counts: Counts,
            now: datetime, applied: Sequence[str] = ()) -> str:
    """Turn the `draft` folder into a generation, make it current, and return its name.

    `applied` are the names of the inbox entries that the generation includes. Once this returns, the generation
    survives a power cut. Raises OSError when the disk is full or fails, and LeaseLostError when another builder took
    over; the generation that was current before then stays current.
    """
    generations = index_dir / "generations"
    first = first_in(index_dir)
    files = {}
    for path in sorted(folder.iterdir()):
        sync_file(path)
        with path.open("rb") as stream:
            files[path.name] = {"bytes": path.stat().st_size, "sha256": sha256_of(stream)}
    manifest = {
        "format": FORMAT, "created": now.isoformat(timespec="seconds"), "previous": _current_name(index_dir),
        **({"first": first} if first else {}),
        "analyzer": ANALYZER_VERSION, "model": model.as_json(), "chunking": chunking.as_json(),
        "counts": counts.as_json(), "applied": list(applied), "files": files}
    encoded = json.dumps(manifest, indent=1, ensure_ascii=False).encode()
    digest = hashlib.sha256(encoded).hexdigest()
    name = new_name(index_dir, now, digest)
    before = current_mark(index_dir)
    write_durably(folder / MANIFEST, encoded)
    folder.rename(generations / name)
    try:
        sync_folder(generations)
        sync_folder(index_dir)
        if not before:  # the index folder itself may be new, so its own entry must be flushed too
            sync_folder(index_dir.resolve().parent)
        with fenced(name):
            write_durably(index_dir / "CURRENT", _line(name, digest))
    except (OSError, LeaseLostError):
        # If CURRENT named the new generation for a moment, the disk may still do so after a crash: keep its files then.
        if not _restore_current(index_dir, before, _line(name, digest)):
            with suppress(OSError):
                _remove(index_dir, name)
        raise
    return name


def roll_back(index_dir: Path, name: str = "") -> tuple[str, str]:
    """Make the generation called `name` current. Without a name, take the nearest usable one before the current one.

    It is held: builds publish nothing until `hold.release`.

    Return `(before, now)`: the name of the generation that was current ("" when CURRENT is damaged), and the name of
    the one that is current now.

    Raises BuildLockedError while a build runs, NoSuchGenerationError when there is no generation with this name,
    NoEarlierGenerationError when no earlier one is usable, and CorruptSnapshotError, UnreadableSnapshotError or
    SnapshotMismatchError when the generation called `name` cannot be served. Nothing is changed in these cases.
    """
    with build_lock(index_dir):
        before = _current_name(index_dir)
        candidates = [name] if name else [
            other for other in by_preference(index_dir)
            if not before or sequence_of(other) < sequence_of(before)]
        for candidate in candidates:
            folder = generation_folder(index_dir, candidate)
            try:
                digest = _verified_manifest_sha256(folder)
            except (CorruptSnapshotError, UnreadableSnapshotError, SnapshotMismatchError):
                if name:
                    raise
            else:
                with fenced(candidate):
                    hold(index_dir, candidate)
                    _make_current(index_dir, _line(candidate, digest))
                return before, candidate
        raise NoEarlierGenerationError(index_dir, before)


def collect(index_dir: Path, *, keep: int = KEPT_GENERATIONS) -> list[str]:
    """Remove leftovers of killed builds and all but `keep` generations; return the names of the removed ones.

    The current generation is kept, then its predecessors, then the newest others. A damaged generation is not removed
    but moved to INDEX_DIR/damaged, and does not count towards `keep`. Call it inside `build_lock`.
    """
    generations = index_dir / "generations"
    current = current_generation(index_dir)
    kept, removed = 0, []
    for name in by_preference(index_dir):
        found = damage(generations / name) if name != current else []
        if any(isinstance(error, CorruptSnapshotError) for error in found):
            _move_to_damaged(index_dir, name)
        elif found:
            continue  # the disk fails to read it now, but may succeed later
        elif kept < keep:
            kept += 1
        else:
            removed.append(name)
    removed = sorted(removed, key=lambda name: (sequence_of(name), name))
    for name in removed:
        _remove(index_dir, name)
    for leftover in sorted(generations.glob(".*.tmp")):
        shutil.rmtree(leftover)
        removed.append(leftover.name)
    for stray in index_dir.glob(".CURRENT.*.tmp"):
        stray.unlink()
    sync_folder(generations)
    return removed


def set_aside(index_dir: Path, name: str) -> Path | None:
    """Move a damaged generation to INDEX_DIR/damaged, byte for byte, and return its new folder.

    The generation is first checked again. It stays in place, and None is returned, if it is gone or intact, if the disk
    fails to read it (which does not prove damage), a build holds the lock, or the folder cannot be written to.
    """
    try:
        with folder_lock(index_dir):
            if name not in finished(index_dir):
                return None
            found = damage(index_dir / "generations" / name)
            if any(isinstance(error, CorruptSnapshotError) for error in found):
                return _move_to_damaged(index_dir, name)
    except (BuildLockedError, OSError):
        pass
    return None


def _move_to_damaged(index_dir: Path, name: str) -> Path:
    damaged = index_dir / "damaged"
    damaged.mkdir(exist_ok=True)
    target = damaged / name
    number = 1
    while target.exists():
        number += 1
        target = damaged / f"{name}.{number}"
    (index_dir / "generations" / name).rename(target)
    for folder in (damaged, index_dir / "generations", index_dir):
        sync_folder(folder)
    return target


def _line(name: str, manifest_sha256: str) -> bytes:
    return f"{name} {manifest_sha256}\n".encode()


def _make_current(index_dir: Path, line: bytes) -> None:
    before = current_mark(index_dir)
    try:
        write_durably(index_dir / "CURRENT", line)
    except OSError:
        _restore_current(index_dir, before, line)
        raise


def _restore_current(index_dir: Path, before: bytes, after: bytes) -> bool:
    """After a failed write of CURRENT, restore its old content if it was already replaced; return whether it was.

    `before` is the old content, `after` the new one. If CURRENT was replaced, only the sync of the folder failed, and
    it is unknown which content is on the disk. A second sync that succeeds would not tell, because after a failure the
    kernel may have dropped what it could not write.
    """
    if current_mark(index_dir) != after:
        return False
    if before:
        with suppress(OSError):
            write_durably(index_dir / "CURRENT", before)
    return True


def _verified_manifest_sha256(folder: Path) -> str:
    """Check that the generation can be opened, and return its manifest's SHA-256.

    Raises CorruptSnapshotError, UnreadableSnapshotError or SnapshotMismatchError if it cannot be opened.
    """
    check_versions(read_manifest(folder))
    for error in damage(folder):
        raise error
    with opened(folder / MANIFEST, "manifest") as stream:
        return sha256_of(stream)


def _current_name(index_dir: Path) -> str:
    """Return the name of the current generation, or "" when CURRENT is missing, damaged or unreadable."""
    try:
        return read_current(index_dir).name
    except (NoSnapshotError, CorruptSnapshotError, UnreadableSnapshotError):
        return ""


def _remove(index_dir: Path, name: str) -> None:
    """Delete a generation. Its folder is renamed first, because a half-deleted generation would look damaged."""
    nameless = index_dir / "generations" / f".removed.{name}.tmp"
    shutil.rmtree(nameless, ignore_errors=True)
    (index_dir / "generations" / name).rename(nameless)
    shutil.rmtree(nameless)
