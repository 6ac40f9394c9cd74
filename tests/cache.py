"""Indexes that many runs of the tests share, each known by a hash of all that it is built from."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from filelock import FileLock

PROJECT = Path(__file__).resolve().parents[1]
CACHE = PROJECT / "var" / "tests"
# The code that builds an index, and the packages that it runs on.
BUILDER = (PROJECT / "index", PROJECT / "build_index.py", PROJECT / "constraints.txt")


def hash_of(*depends_on: Path) -> str:
    """A hash of these files, of the files below these folders, and of this Python; compiled code does not count."""
    found = sha256(sys.version.encode())
    for path in depends_on:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                content = file.read_bytes()
                found.update(f"{file.relative_to(PROJECT)} {len(content)}\n".encode() + content)
    return found.hexdigest()[:16]


def cached_index(name: str, key: str, build: Callable[[Path], object], cache: Path = CACHE) -> Path:
    """The index folder `cache/name-key`, built now where it is missing or damaged, or whole as it was left.

    `build` is called with the folder to fill. One process builds while others wait for it. Other keys of the same name
    are removed: only the newest is kept.
    """
    cache.mkdir(parents=True, exist_ok=True)
    index_dir = cache / f"{name}-{key}"
    with FileLock(cache / f"{name}.lock"):
        if not _is_whole(index_dir):
            for old in cache.glob(f"{name}-*"):
                shutil.rmtree(old)
            build(index_dir)
    return index_dir


def _is_whole(index_dir: Path) -> bool:
    """Opening an index compares every file with its checksum."""
    # Every process of the tests imports this module, and few look at an index.
    from index.errors import IndexingError
    from index.generation.snapshot import open_snapshot

    try:
        return not open_snapshot(index_dir).degraded
    except (IndexingError, OSError):
        return False
