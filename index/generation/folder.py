"""Read which generations an index folder contains: their names, order and manifests, and whether they are damaged.

    INDEX_DIR/CURRENT                    name and manifest hash of the generation that is served
    INDEX_DIR/generations/NAME/          manifest.json and the files it lists; never changed once the folder has NAME
    INDEX_DIR/damaged/NAME/              a damaged generation, byte for byte as found
    INDEX_DIR/.build.lock                held by the one process that may change any of this

A name such as `000042-20261126T064040-0123456789abcdef` has three parts. The first is a number greater than that of
every earlier generation, so that the order does not depend on the clock. The second is the time in UTC. The third is
the first 16 digits of the manifest's SHA-256. The name verifies the manifest, and the manifest verifies every file.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, datetime
from io import BufferedIOBase, BufferedReader
from pathlib import Path
from typing import Any, NamedTuple

from index.errors import (
    CorruptSnapshotError,
    NoSnapshotError,
    NoSuchGenerationError,
    SnapshotMismatchError,
    UnreadableSnapshotError,
)
from index.language.arabic import ANALYZER_VERSION

FORMAT = 5
REBUILD = "build the index again with: python build_index.py PATH..."
MANIFEST = "manifest.json"

_PIECE_BYTES = 1 << 20
_CURRENT = re.compile(r"([^\s/.]+) ([0-9a-f]{64})\n")
# Up to format 4, names had no number and only 8 digits of the hash.
_NAME = re.compile(r"(?:(?P<sequence>\d{6,})-)?(?P<day>\d{8})T\d{6}-(?P<digest>[0-9a-f]{16}|[0-9a-f]{8})")
# Errors of a failing disk. Others (no permission, too many open files, too little memory) say nothing about the disk.
_DISK_FAILURE_ERRNOS = {errno.EIO, errno.EBADMSG, errno.EUCLEAN}


class Current(NamedTuple):
    """The content of CURRENT: the name of the generation that is served, and the SHA-256 of its manifest."""

    name: str
    sha256: str


def new_name(index_dir: Path, now: datetime, manifest_sha256: str) -> str:
    """Return a name for a new generation.

    Its number is greater than the number in CURRENT and those of all generations in the folder, damaged ones included.
    """
    seen = [*finished(index_dir), *set_aside_names(index_dir)]
    with suppress(NoSnapshotError, CorruptSnapshotError):
        seen.append(read_current(index_dir).name)
    return f"{max(map(sequence_of, seen), default=0) + 1:06}-{now:%Y%m%dT%H%M%S}-{manifest_sha256[:16]}"


def made_on(name: str) -> date | None:
    """Return the day, in UTC, on which a generation was made; None when its name does not say."""
    matched = _NAME.fullmatch(name)
    return datetime.strptime(matched["day"], "%Y%m%d").date() if matched else None   # noqa: DTZ007, the name is in UTC


def sequence_of(name: str) -> int:
    """Return the number at the start of a generation's name, or 0 when the name has no number."""
    matched = _NAME.match(name)
    return int(matched["sequence"] or 0) if matched else 0


def finished(index_dir: Path) -> list[str]:
    """Return the names of all finished generations, oldest first, without checking them for damage.

    Drafts that are still being written are left out.
    """
    return _names(index_dir / "generations", _NAME.fullmatch)


def set_aside_names(index_dir: Path) -> list[str]:
    """Return the names of the folders in INDEX_DIR/damaged, oldest generation first."""
    return _names(index_dir / "damaged", _NAME.match)


def by_preference(index_dir: Path) -> list[str]:
    """Return the names of the generations in the order in which to try to serve them.

    The current generation comes first, followed by its chain of predecessors (each manifest names its `previous`).
    After them come the other generations that are older than the current one, newest first. Newer generations come
    last, also newest first: they were never published, or a roll-back replaced them. When CURRENT is missing or
    damaged, the order is newest first.
    """
    rest = finished(index_dir)[::-1]
    try:
        current = name = read_current(index_dir).name
    except (NoSnapshotError, CorruptSnapshotError):
        return rest
    rest.sort(key=lambda other: sequence_of(other) > sequence_of(current))
    followed = []
    while name in rest:
        followed.append(name)
        rest.remove(name)
        try:
            name = read_manifest(index_dir / "generations" / name).get("previous", "")
        except (CorruptSnapshotError, UnreadableSnapshotError):
            break
    return followed + rest


def read_current(index_dir: Path) -> Current:
    """Return the content of CURRENT.

    Raises NoSnapshotError when it is missing, CorruptSnapshotError when it is damaged, and UnreadableSnapshotError when
    the disk fails.
    """
    path = index_dir / "CURRENT"
    try:
        text = _content(path).decode()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NoSnapshotError(index_dir) from error
    except UnicodeDecodeError as error:
        raise CorruptSnapshotError(path, "text", "a generation and a SHA-256", "not UTF-8") from error
    fields = _CURRENT.fullmatch(text)
    if fields is None:
        raise CorruptSnapshotError(path, "text", "a generation and a SHA-256", repr(text))
    current = Current(*fields.groups())
    if _NAME.fullmatch(current.name) and not current.sha256.startswith(digest_of(current.name)):
        raise CorruptSnapshotError(path, "SHA-256", f"{digest_of(current.name)}…", current.sha256)
    return current


def current_generation(index_dir: Path) -> str:
    """Return the name of the published generation. Raises the same errors as `read_current`."""
    return read_current(index_dir).name


def current_mark(index_dir: Path) -> bytes:
    """Return the raw bytes of CURRENT, even if damaged, or b"" when it is missing.

    If two calls return different bytes, CURRENT was changed in between: by publishing a generation or by a roll-back.
    """
    try:
        return _content(index_dir / "CURRENT")
    except (FileNotFoundError, NotADirectoryError):
        return b""


def generation_folder(index_dir: Path, name: str) -> Path:
    """Return the folder of the generation. Raises NoSuchGenerationError when no generation has this name."""
    if name not in finished(index_dir):
        raise NoSuchGenerationError(index_dir, name, finished(index_dir))
    return index_dir / "generations" / name


def applied_everywhere(index_dir: Path) -> set[str]:
    """Return the names of the inbox entries that every generation includes.

    They can be deleted, because neither a roll-back nor damage can lead to a generation without them. A generation that
    cannot be read may be repaired later, so it counts as including no entry.
    """
    applied: set[str] | None = None
    for name in finished(index_dir):
        try:
            its_own = set(read_manifest(index_dir / "generations" / name).get("applied", ()))
        except (CorruptSnapshotError, UnreadableSnapshotError):
            return set()
        applied = its_own if applied is None else applied & its_own
    return applied or set()


def digest_of(name: str) -> str:
    """Return the last part of a generation's name: the first digits of its manifest's SHA-256."""
    matched = _NAME.match(name)
    return matched["digest"] if matched else "no digest in the name"


def read_manifest(folder: Path, sha256: str = "") -> dict[str, Any]:
    """Read a generation's manifest, verifying its SHA-256 before parsing it.

    The SHA-256 must begin with the digits in the folder's name. If `sha256` (from CURRENT) is given, it must equal that
    too.

    Raises CorruptSnapshotError for the manifest if its hash does not match the name, or for CURRENT if only `sha256`
    does not match. Raises UnreadableSnapshotError when the disk fails.
    """
    path = folder / MANIFEST
    with opened(path, "manifest") as stream:
        content = stream.read()
        found = hashlib.sha256(content).hexdigest()
        if not found.startswith(digest_of(folder.name)):
            raise CorruptSnapshotError(path, "SHA-256", sha256 or f"{digest_of(folder.name)}…", found)
        if sha256 and found != sha256:
            raise CorruptSnapshotError(folder.parent.parent / "CURRENT", "SHA-256", found, sha256)
    manifest: dict[str, Any] = json.loads(content)
    return manifest


def check_versions(manifest: Mapping[str, Any], *, any_analyzer: bool = False) -> None:
    """Check that a generation has this program's format and, unless `any_analyzer`, its analyzer version.

    Raises SnapshotMismatchError otherwise.
    """
    for what, mine in (("format", FORMAT), ("analyzer", ANALYZER_VERSION)):
        if manifest[what] != mine and not (any_analyzer and what == "analyzer"):
            raise SnapshotMismatchError(f"{what} version", manifest[what], mine, REBUILD)


Pause = Callable[[float], None]
"""Called after each piece of a file with the seconds that it took to read and hash, to wait if it likes."""


def damage(folder: Path, pause: Pause | None = None) -> list[CorruptSnapshotError | UnreadableSnapshotError]:
    """Check every file of a generation against its manifest; return one error for each damaged or unreadable file.

    When the manifest itself is damaged or unreadable, that is the only error, since no other file can be checked.
    """
    try:
        files = read_manifest(folder)["files"]
    except (CorruptSnapshotError, UnreadableSnapshotError) as error:
        return [error]
    found: list[CorruptSnapshotError | UnreadableSnapshotError] = []
    for name, entry in files.items():
        try:
            with opened(folder / name, name) as stream:
                check(stream, folder / name, entry["bytes"], entry["sha256"], pause)
        except (CorruptSnapshotError, UnreadableSnapshotError) as error:
            found.append(error)
    return found


@contextmanager
def opened(path: Path, what: str) -> Iterator[BufferedReader]:
    """Open a file of a generation for reading. `what` is the name for the file in an error.

    Raises CorruptSnapshotError when the file is missing. Raises UnreadableSnapshotError when the disk fails during the
    opening or inside the `with` block.
    """
    try:
        with path.open("rb") as stream:
            yield stream
    except (FileNotFoundError, NotADirectoryError) as error:
        raise CorruptSnapshotError(path, "content", what, "missing") from error
    except OSError as error:
        if error.errno in _DISK_FAILURE_ERRNOS:
            raise UnreadableSnapshotError(path, error) from error
        raise


def check(stream: BufferedIOBase, path: Path, size: int, sha256: str, pause: Pause | None = None) -> None:
    """Check the size (bytes) and the SHA-256 of a stream at its start. Raises CorruptSnapshotError if one differs.

    `path` is the file's path in the error.
    """
    found = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    if found != size:
        raise CorruptSnapshotError(path, "size", f"{size} bytes", f"{found} bytes")
    # Read instead of mapped: pages mapped only for hashing would count as this process's memory.
    digest = sha256_of(stream) if pause is None else _sha256_in_pieces(stream, pause)
    if digest != sha256:
        raise CorruptSnapshotError(path, "SHA-256", sha256, digest)


def sha256_of(stream: BufferedIOBase) -> str:
    """Return the SHA-256 of the stream's remaining bytes, in hexadecimal."""
    return hashlib.file_digest(stream, "sha256").hexdigest()


def _sha256_in_pieces(stream: BufferedIOBase, pause: Pause) -> str:
    digest = hashlib.sha256()
    started = time.perf_counter()
    while piece := stream.read(_PIECE_BYTES):
        digest.update(piece)
        pause(time.perf_counter() - started)
        started = time.perf_counter()
    return digest.hexdigest()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        if error.errno in _DISK_FAILURE_ERRNOS:
            raise UnreadableSnapshotError(path, error) from error
        raise


def _names(folder: Path, matches: Callable[[str], object]) -> list[str]:
    try:
        names = [path.name for path in folder.iterdir() if matches(path.name) and path.is_dir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(names, key=lambda name: (sequence_of(name), name))
