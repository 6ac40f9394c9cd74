"""Room on the disk for a new generation: what it needs, what there is, and the error that names both."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from index.errors import DiskFullError, IndexingError
from index.generation.folder import by_preference, read_manifest

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# While it is built a generation also holds its passage vectors and postings as they wait to be put in order.
WORKING = 1.5


def bytes_needed(*, draft_bytes: int = 0, share_done: float = 0.0, previous_bytes: int = 0) -> int:
    """How many bytes a new generation takes while it is built.

    By what its draft holds after that share of the articles (0 to 1, 0 where that is not known), else by `WORKING`
    times the size of the generation before it; never less than the draft holds already.
    """
    if draft_bytes and share_done > 0:
        return max(draft_bytes, round(draft_bytes / min(share_done, 1.0)))
    return max(draft_bytes, round(WORKING * previous_bytes))


def previous_bytes(index_dir: Path) -> int:
    """The size of the generation that is served, 0 where there is none."""
    for name in by_preference(index_dir):
        try:
            files = read_manifest(index_dir / "generations" / name)["files"]
        except IndexingError:
            continue
        return sum(entry["bytes"] for entry in files.values())
    return 0


def check_space(index_dir: Path, needed: int) -> None:
    """Raises DiskFullError when fewer than `needed` bytes are free there; call it before a build starts."""
    free = free_bytes(index_dir)
    if free < needed:
        raise DiskFullError(index_dir, needed, free, "too little room for a new generation")


def free_bytes(folder: Path) -> int:
    """On the disk that holds the folder, or will."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def folder_bytes(folder: Path) -> int:
    """The sizes of all files below the folder; of one that goes meanwhile, nothing."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return total
