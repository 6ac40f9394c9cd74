"""Everything that changes which generations an index folder holds; done by one process at a time, each step whole.

The order of the steps is what makes it safe: a generation has its name only once all of it is on the disk, CURRENT
names it only after that, and a folder loses its name before the first of its files goes.
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
    NoEarlierGenerationError,
    NoSnapshotError,
    SnapshotMismatchError,
    UnreadableSnapshotError,
)
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
from index.generation.layout import Counts
from index.generation.space import FULL, bytes_needed, folder_bytes, free_bytes, previous_bytes
from index.language.arabic import ANALYZER_VERSION
from index.model.types import ModelSettings

KEPT_GENERATIONS = 2


@contextmanager
def build_lock(index_dir: Path) -> Iterator[None]:
    """Held while building; raises BuildLockedError at once when another process holds it. It ends with the process."""
    from filelock import FileLock, Timeout

    index_dir.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(index_dir / ".build.lock", timeout=0):
            yield
    except Timeout as error:
        raise BuildLockedError(index_dir) from error


@contextmanager
def draft(index_dir: Path, share_done: Callable[[], float] = lambda: 0.0) -> Iterator[Path]:
    """A folder for the files of a generation that `publish` then takes. Nothing of it stays after an error; what a
    killed build leaves, `collect` removes. Use it inside `build_lock`.

    Raises DiskFullError in place of an OSError by which the disk, a quota or a limit is full: what it says that the
    generation needs follows from the share of the articles done by then (0 to 1, 0 where that is not known).
    """
    folder = index_dir / "generations" / f".draft.{os.getpid()}.tmp"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    except Exception as error:
        written = folder_bytes(folder)
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError) and error.errno in FULL:
            needed = bytes_needed(draft_bytes=written, share_done=share_done(),
                                  previous_bytes=previous_bytes(index_dir))
            raise DiskFullError(index_dir, needed, free_bytes(index_dir), error.strerror or "disk full") from error
        raise


def publish(index_dir: Path, folder: Path, *, model: ModelSettings, chunking: Chunking, counts: Counts,
            now: datetime, applied: Sequence[str] = ()) -> str:
    """Make a generation of the files in the `draft` folder, and make it the current one; returns its name.

    `applied` are the names of the inbox entries that it holds. When this returns, the generation survives a power cut.
    When it raises OSError (a full or failing disk), the generation that was current still is.
    """
    generations = index_dir / "generations"
    files = {}
    for path in sorted(folder.iterdir()):
        sync_file(path)
        with path.open("rb") as stream:
            files[path.name] = {"bytes": path.stat().st_size, "sha256": sha256_of(stream)}
    manifest = {
        "format": FORMAT, "created": now.isoformat(timespec="seconds"), "previous": _followed(index_dir),
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
        if not before:  # the folder itself may be new
            sync_folder(index_dir.resolve().parent)
        write_durably(index_dir / "CURRENT", _line(name, digest))
    except OSError:
        # Once CURRENT named it, the disk may say so whatever is read now: then its files stay.
        if not _put_back(index_dir, before, _line(name, digest)):
            with suppress(OSError):
                _remove(index_dir, name)
        raise
    return name


def roll_back(index_dir: Path, name: str = "") -> tuple[str, str]:
    """Make the generation of that name current, or the nearest whole one before the current; returns the names of the
    one that was current ("" where CURRENT is damaged) and the one that is.

    Raises BuildLockedError while a build runs, NoSuchGenerationError, NoEarlierGenerationError, and
    CorruptSnapshotError or SnapshotMismatchError when the one named cannot be served; nothing is changed then.
    """
    with build_lock(index_dir):
        before = _followed(index_dir)
        candidates = [name] if name else [
            other for other in by_preference(index_dir)
            if not before or sequence_of(other) < sequence_of(before)]
        for candidate in candidates:
            folder = generation_folder(index_dir, candidate)
            try:
                digest = _servable(folder)
            except (CorruptSnapshotError, UnreadableSnapshotError, SnapshotMismatchError):
                if name:
                    raise
            else:
                _make_current(index_dir, _line(candidate, digest))
                return before, candidate
        raise NoEarlierGenerationError(index_dir, before)


def collect(index_dir: Path, *, keep: int = KEPT_GENERATIONS) -> list[str]:
    """Remove what no reader needs: what a killed build left, and all but `keep` generations; returns their names.

    The current generation is kept, then those it follows, then the newest. A damaged one is set aside, not removed,
    and keeps no whole one from its place. Call it inside `build_lock`.
    """
    generations = index_dir / "generations"
    current = current_generation(index_dir)
    kept, removed = 0, []
    for name in by_preference(index_dir):
        found = damage(generations / name) if name != current else []
        if any(isinstance(error, CorruptSnapshotError) for error in found):
            _move_to_damaged(index_dir, name)
        elif found:
            continue  # the disk fails at it now, and may not tomorrow
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
    """Move a damaged generation to INDEX_DIR/damaged, byte for byte; returns where it is now.

    It is looked at once more first, and stays where it is (None) when it is whole after all, when the disk fails at it
    rather than gives other bytes, when a build holds the lock, or when nothing may be written there.
    """
    try:
        with build_lock(index_dir):
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
        _put_back(index_dir, before, line)
        raise


def _put_back(index_dir: Path, before: bytes, after: bytes) -> bool:
    """Whether CURRENT was replaced although replacing it failed; what it said before is then put back.

    The sync of its folder failed. Which of the two the disk holds is not known then, and a second sync that succeeds
    would not tell: after a failure the kernel may have dropped what it could not write.
    """
    if current_mark(index_dir) != after:
        return False
    if before:
        with suppress(OSError):
            write_durably(index_dir / "CURRENT", before)
    return True


def _servable(folder: Path) -> str:
    """The SHA-256 of the manifest of a generation that this program can open; raises what `open_snapshot` would."""
    check_versions(read_manifest(folder))
    for error in damage(folder):
        raise error
    with opened(folder / MANIFEST, "manifest") as stream:
        return sha256_of(stream)


def _followed(index_dir: Path) -> str:
    """The name of the current generation; "" where there is none, or CURRENT is damaged."""
    try:
        return read_current(index_dir).name
    except (NoSnapshotError, CorruptSnapshotError, UnreadableSnapshotError):
        return ""


def _remove(index_dir: Path, name: str) -> None:
    """Take the name from a generation first: a half removed one would look damaged."""
    nameless = index_dir / "generations" / f".removed.{name}.tmp"
    shutil.rmtree(nameless, ignore_errors=True)
    (index_dir / "generations" / name).rename(nameless)
    shutil.rmtree(nameless)
