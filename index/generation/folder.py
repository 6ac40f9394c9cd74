"""The generations of an index folder: their names, their order, their manifests, and whether they are whole.

    INDEX_DIR/CURRENT                    name and manifest hash of the generation that is served
    INDEX_DIR/generations/NAME/          manifest.json and the files it lists; never changed once it has this name
    INDEX_DIR/damaged/NAME/              a generation found damaged, as it was found
    INDEX_DIR/.build.lock                held by the one process that changes any of this

A name is `000042-20261126T064040-0123456789abcdef`: a number greater than that of every generation seen before (so the
order does not hang on the clock), the time in UTC, and the first 16 digits of the SHA-256 of its manifest. A generation
thus says itself whether its manifest is whole, and the manifest says it of every file.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from io import BufferedReader
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

_CURRENT = re.compile(r"([^\s/.]+) ([0-9a-f]{64})\n")
# Up to format 4 a name had no number, and 8 digits of the hash.
_NAME = re.compile(r"(?:(?P<sequence>\d{6,})-)?\d{8}T\d{6}-(?P<digest>[0-9a-f]{16}|[0-9a-f]{8})")
# What a failing disk answers; a missing right, too many open files or too little memory say nothing about the disk.
_DISK_FAILS = {errno.EIO, errno.EBADMSG, errno.EUCLEAN}


class Current(NamedTuple):
    """What CURRENT says: the generation that is served, and the SHA-256 of its manifest."""

    name: str
    sha256: str


def new_name(index_dir: Path, now: datetime, manifest_sha256: str) -> str:
    """A name above those of all generations that the folder holds, damaged ones too, or that CURRENT names."""
    seen = [*finished(index_dir), *set_aside_names(index_dir)]
    with suppress(NoSnapshotError, CorruptSnapshotError):
        seen.append(read_current(index_dir).name)
    return f"{max(map(sequence_of, seen), default=0) + 1:06}-{now:%Y%m%dT%H%M%S}-{manifest_sha256[:16]}"


def sequence_of(name: str) -> int:
    """The number that a generation's name begins with; 0 where it has none."""
    matched = _NAME.match(name)
    return int(matched["sequence"] or 0) if matched else 0


def finished(index_dir: Path) -> list[str]:
    """The names of the generations there, whole or not, oldest first; none that is still being written."""
    return _names(index_dir / "generations", _NAME.fullmatch)


def set_aside_names(index_dir: Path) -> list[str]:
    """The names under which damaged generations were set aside, oldest first."""
    return _names(index_dir / "damaged", _NAME.match)


def by_preference(index_dir: Path) -> list[str]:
    """The names of the generations there: the current one, those it follows one from another, then the rest, those
    before it first, the newer first.

    One newer than the current one was never published, or was rolled back from.
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
    """What CURRENT says; raises NoSnapshotError when there is none, CorruptSnapshotError when it is damaged."""
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
    """The name of the published generation; raises NoSnapshotError when nothing was ever published there."""
    return read_current(index_dir).name


def current_mark(index_dir: Path) -> bytes:
    """CURRENT as it lies there, damaged or not, empty when there is none: another one whenever another generation was
    published or rolled back to."""
    try:
        return _content(index_dir / "CURRENT")
    except (FileNotFoundError, NotADirectoryError):
        return b""


def generation_folder(index_dir: Path, name: str) -> Path:
    """The folder of that generation; raises NoSuchGenerationError where there is none of that name."""
    if name not in finished(index_dir):
        raise NoSuchGenerationError(index_dir, name, finished(index_dir))
    return index_dir / "generations" / name


def applied_everywhere(index_dir: Path) -> set[str]:
    """The inbox entries that every generation there holds: those that no roll-back and no damage can bring to matter.

    A generation that cannot be read may be repaired, so it counts as one that holds none.
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
    """The digits of the manifest's SHA-256 in a generation's name."""
    matched = _NAME.match(name)
    return matched["digest"] if matched else "no digest in the name"


def read_manifest(folder: Path, sha256: str = "") -> dict[str, Any]:
    """The manifest, parsed only once its hash is the one that the folder's name begins with and `sha256` of CURRENT is.

    Raises CorruptSnapshotError, of CURRENT when that alone says otherwise, or UnreadableSnapshotError.
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
    """Raises SnapshotMismatchError when another format or, unless `any_analyzer`, another analyzer wrote the
    generation."""
    for what, mine in (("format", FORMAT), ("analyzer", ANALYZER_VERSION)):
        if manifest[what] != mine and not (any_analyzer and what == "analyzer"):
            raise SnapshotMismatchError(f"{what} version", manifest[what], mine, REBUILD)


def damage(folder: Path) -> list[CorruptSnapshotError | UnreadableSnapshotError]:
    """What is wrong with a generation, file by file; of the files only what the manifest says, while that is whole."""
    try:
        files = read_manifest(folder)["files"]
    except (CorruptSnapshotError, UnreadableSnapshotError) as error:
        return [error]
    found: list[CorruptSnapshotError | UnreadableSnapshotError] = []
    for name, entry in files.items():
        try:
            with opened(folder / name, name) as stream:
                check(stream, folder / name, entry["bytes"], entry["sha256"])
        except (CorruptSnapshotError, UnreadableSnapshotError) as error:
            found.append(error)
    return found


@contextmanager
def opened(path: Path, what: str) -> Iterator[BufferedReader]:
    """The file of a generation, opened to be read.

    Raises CorruptSnapshotError when it is missing, UnreadableSnapshotError when the disk fails at it.
    """
    try:
        with path.open("rb") as stream:
            yield stream
    except (FileNotFoundError, NotADirectoryError) as error:
        raise CorruptSnapshotError(path, "content", what, "missing") from error
    except OSError as error:
        if error.errno in _DISK_FAILS:
            raise UnreadableSnapshotError(path, error) from error
        raise


def check(stream: BufferedReader, path: Path, size: int, sha256: str) -> None:
    """Raises CorruptSnapshotError when the file is not of that size and hash."""
    found = os.fstat(stream.fileno()).st_size
    if found != size:
        raise CorruptSnapshotError(path, "size", f"{size} bytes", f"{found} bytes")
    # Read, not mapped: pages that were only hashed would count as this process's memory.
    digest = sha256_of(stream)
    if digest != sha256:
        raise CorruptSnapshotError(path, "SHA-256", sha256, digest)


def sha256_of(stream: BufferedReader) -> str:
    """Of what is left to read of the file."""
    return hashlib.file_digest(stream, "sha256").hexdigest()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        if error.errno in _DISK_FAILS:
            raise UnreadableSnapshotError(path, error) from error
        raise


def _names(folder: Path, matches: Callable[[str], object]) -> list[str]:
    try:
        names = [path.name for path in folder.iterdir() if matches(path.name) and path.is_dir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(names, key=lambda name: (sequence_of(name), name))
