"""Check that a new generation fits on the disk: estimate the bytes needed and compare them with the free bytes."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from index.errors import DiskFullError, IndexingError
from index.generation.folder import by_preference, read_manifest

DISK_FULL_ERRNOS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# Peak disk use of a build, as a multiple of the finished generation's size: passage vectors and postings are also on
# the disk as temporary files until they are sorted.
BUILD_SPACE_FACTOR = 1.5


def bytes_needed(*, draft_bytes: int = 0, share_done: float = 0.0, previous_bytes: int = 0) -> int:
    """Estimate how many bytes of disk a new generation needs in total.

    `share_done` is the share of the articles written so far (0 to 1; 0 if unknown). If it is known, the size of the
    draft, `draft_bytes`, is extrapolated to all articles. Otherwise the estimate is `BUILD_SPACE_FACTOR` times
    `previous_bytes`, the size of the generation before. It is never less than `draft_bytes`.
    """
    if draft_bytes and share_done > 0:
        return max(draft_bytes, round(draft_bytes / min(share_done, 1.0)))
    return max(draft_bytes, round(BUILD_SPACE_FACTOR * previous_bytes))


def previous_bytes(index_dir: Path) -> int:
    """Return the size in bytes of the first generation in the order of `by_preference` with a readable manifest, or 0.
    """
    for name in by_preference(index_dir):
        try:
            files = read_manifest(index_dir / "generations" / name)["files"]
        except IndexingError:
            continue
        return sum(entry["bytes"] for entry in files.values())
    return 0


def check_space(index_dir: Path, needed: int) -> None:
    """Raise DiskFullError if fewer than `needed` bytes are free for the index folder. Call it before a build starts."""
    free = free_bytes(index_dir)
    if free < needed:
        raise DiskFullError(index_dir, needed, free, "not enough disk space for a new generation")


def free_bytes(folder: Path) -> int:
    """Return the free bytes on the disk of the folder, which need not exist yet."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def folder_bytes(folder: Path) -> int:
    """Return the total size in bytes of all files below the folder. A file that is deleted meanwhile counts as 0."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return total
