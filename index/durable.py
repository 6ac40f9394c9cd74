"""Writing that survives a power cut: contents and names are on the disk when these return."""

from __future__ import annotations

import os
from pathlib import Path


def write_durably(path: Path, content: bytes | memoryview) -> None:
    """Replace the file with `content` in one step: a reader sees the old file or the whole new one, never a part.

    Raises OSError, the old file untouched, when the disk is full or fails.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def make_folder_durably(folder: Path) -> None:
    """Make the folder and the missing ones above it, each with its name on the disk. Raises OSError."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Put the folder's own entries on the disk; fsync of a file does not."""
    _sync(folder)


def sync_file(path: Path) -> None:
    """Put a file's content on the disk that something else wrote."""
    _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
