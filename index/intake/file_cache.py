"""What each file gave when it was read last, so that a file that is unchanged is not read again.

    INDEX_DIR/files.json

It is only a cache: without it, or with another version of the readers, everything is read.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from index.durable import write_durably
from index.sources import Rejection

# The clock of a file system may stand still for so long: a file changed that shortly ago may change unseen.
SETTLED_NS = 2_000_000_000
# The rooms of `index/` whose code decides what a reader gives: it may import no other.
READERS_ROOMS = ("language", "sources")


@dataclass(frozen=True, slots=True)
class Read:
    """An article that a file gave: its line, id, revision and content as `index.revisions` has them."""

    line: int | None
    article_id: str
    revision: str
    content: str


Outcome = Read | Rejection
Signature = tuple[int, int, int, int]


class FileCache:
    """The outcomes of files by path; with `is_used` false, of none, until it is written anew.

    `article_id` is the id that a reader gives an article without one.
    """

    def __init__(self, index_dir: Path, *, is_used: bool = True) -> None:
        self._path = index_dir / "files.json"
        self._before = _entries(self._path) if is_used else {}
        self._now: dict[str, dict[str, Any]] = {}

    def get(self, path: Path, article_id: str) -> list[Outcome] | None:
        """What the file at `path` gave, if it is what it was then."""
        entry = self._before.get(str(path))
        if entry is None or entry["article_id"] != article_id or entry["signature"] != list(signature(path) or ()):
            return None
        return [Rejection(Path(one[3]), one[0], one[1], one[2]) if len(one) == 4 else Read(*one[0])
                for one in entry["outcomes"]]

    def put(self, path: Path, article_id: str, before: Signature | None, outcomes: list[Outcome]) -> None:
        """Keep what a file gave that had the signature `before` when reading it began, unless it may have changed."""
        if before is None or before != signature(path) or time.time_ns() - before[1] < SETTLED_NS:
            return
        self._now[str(path)] = {
            "article_id": article_id, "signature": before,
            "outcomes": [[one.line, one.reason, one.article_id, str(one.path)] if isinstance(one, Rejection)
                         else [[one.line, one.article_id, one.revision, one.content]] for one in outcomes]}

    def keep(self, path: Path) -> None:
        """What is known of that file goes on."""
        if str(path) in self._before:
            self._now[str(path)] = self._before[str(path)]

    def write(self, *, others_too: bool) -> None:
        """Put what was put or kept on the disk, and what else was known if `others_too`. Raises OSError."""
        files = self._before | self._now if others_too else self._now
        if files != self._before:
            content = json.dumps({"readers": _readers(), "files": files})  # in ASCII: a path may be no text
            write_durably(self._path, content.encode())


def signature(path: Path) -> Signature | None:
    """What changes when the file does: size, times of change in ns and inode; None when it cannot be told."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def _entries(path: Path) -> dict[str, dict[str, Any]]:
    try:
        stored = json.loads(path.read_bytes())
        if stored["readers"] == _readers():
            entries: dict[str, dict[str, Any]] = stored["files"]
            return entries
    except (OSError, ValueError, TypeError, KeyError):
        pass
    return {}


@cache
def _readers() -> str:
    """Another one whenever the readers' code, or a library that is installed, is another."""
    digest = hashlib.sha256()
    for room in READERS_ROOMS:
        for path in sorted(Path(__file__).parents[1].joinpath(room).rglob("*.py")):
            digest.update(path.read_bytes())
    for line in sorted(f"{one.name} {one.version}" for one in distributions()):
        digest.update(os.fsencode(line + "\n"))
    return digest.hexdigest()
