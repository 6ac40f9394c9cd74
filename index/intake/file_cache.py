"""A cache of what was read from each file, so that an unchanged file is not read again.

Without the cache, or after a change to the readers' code, every file is read.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from index.intake.records import Connection, clear, put, put_all, remove
from index.intake.state import State
from index.sources import Rejection

# The clock of a file system may stand still for so long: a file changed that shortly ago may change unseen.
SETTLED_NS = 2_000_000_000
# The rooms of `index/` whose code decides what a reader gives: it may import no other.
READERS_ROOMS = ("language", "sources")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Read:
    """An article read from a file: its line, its id, and its hashes as in `index.revisions`.

    `unread_date` is its date of publication as written, if that is not read.
    """

    line: int | None
    article_id: str
    revision: str
    content: str
    unread_date: str = ""


Outcome = Read | Rejection
Signature = tuple[int, int, int, int]


class FileCache:
    """The outcomes of reading each file, by path. With `is_used` false, the cache starts empty.

    The methods' `article_id` is the id that a reader gives to an article that has none of its own.
    """

    def __init__(self, index_dir: Path, *, is_used: bool = True, state: State | None = None) -> None:
        self._state = state or State(index_dir)
        self._before = _entries(self._state) if is_used else {}
        self._now: dict[str, bytes] = {}

    def get(self, path: Path, article_id: str) -> list[Outcome] | None:
        """Return the outcomes of reading the file at `path`, or None if they are unknown or the file has changed since.
        """
        content = self._before.get(str(path))
        if content is None:
            return None
        try:
            entry = json.loads(content)
            if entry["article_id"] != article_id or entry["signature"] != list(signature(path) or ()):
                return None
            return [_outcome_of(one) for one in entry["outcomes"]]
        except (ValueError, TypeError, KeyError, IndexError, RecursionError):
            return None

    def put(self, path: Path, article_id: str, before: Signature | None, outcomes: list[Outcome]) -> None:
        """Store the outcomes of reading a file, unless the file may have changed while it was read.

        `before` is the file's signature when the reading began.
        """
        if before is None or before != signature(path) or time.time_ns() - before[1] < SETTLED_NS:
            return
        self._now[str(path)] = json.dumps({
            "article_id": article_id, "signature": before,
            "outcomes": [[one.line, one.reason, one.article_id, str(one.path)] if isinstance(one, Rejection)
                         else [[one.line, one.article_id, one.revision, one.content, one.unread_date]]
                         for one in outcomes]}).encode()

    def keep(self, path: Path) -> None:
        """Keep the outcomes known from an earlier build for this file."""
        if str(path) in self._before:
            self._now[str(path)] = self._before[str(path)]

    def write(self, *, others_too: bool) -> None:
        """Write the cache to the disk: the outcomes passed to `put`, and the earlier ones selected by `keep`.

        With `others_too`, the earlier outcomes of all other files are kept as well; without it they are removed. Raises
        OSError when the disk is full or fails.
        """
        files = self._before | self._now if others_too else self._now
        if files != self._before:
            self._state.write(lambda connection: _write(connection, files, self._before))


def _outcome_of(stored: Any) -> Outcome:
    """Decode an outcome. Raises ValueError, TypeError or IndexError if it is not one that `FileCache.put` stores."""
    line, *strings = stored if len(stored) == 4 else stored[0]
    if type(line) is not int and line is not None or not all(type(text) is str for text in strings):
        raise TypeError(f"an outcome is {stored!r:.80}")
    if len(stored) == 4:
        reason, article_id, path = strings
        return Rejection(Path(path), line, reason, article_id)
    return Read(line, *strings)


def signature(path: Path) -> Signature | None:
    """Return numbers that change when the file changes; None if the file cannot be examined.

    They are its size, its two times of change (mtime and ctime, in nanoseconds) and its inode.
    """
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def _entries(state: State) -> dict[str, bytes]:
    try:
        readers = state.record("about", "readers")
        if readers is not None and readers.content == _readers().encode():
            return {record.key: record.content for record in state.records("files")}
    except OSError as error:
        log.warning("every file is read: %s", error)
    return {}


def _write(connection: Connection, files: dict[str, bytes], before: dict[str, bytes]) -> None:
    if not before:  # what is there is of other readers, or was not to be used
        clear(connection, "files")
    remove(connection, "files", before.keys() - files.keys())
    put_all(connection, "files", {key: content for key, content in files.items() if before.get(key) != content})
    put(connection, "about", "readers", _readers().encode())


@cache
def _readers() -> str:
    """Return a hash that changes when the readers' code or an installed library changes."""
    digest = hashlib.sha256()
    for room in READERS_ROOMS:
        for path in sorted(Path(__file__).parents[1].joinpath(room).rglob("*.py")):
            digest.update(path.read_bytes())
    for line in sorted(f"{one.name} {one.version}" for one in distributions()):
        digest.update(os.fsencode(line + "\n"))
    return digest.hexdigest()
