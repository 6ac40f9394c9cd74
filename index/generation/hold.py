"""Hold a generation that a roll-back made current: builds publish nothing until somebody releases it.

    INDEX_DIR/HELD       the name of the generation that is held; missing when none is

The file counts only while CURRENT names that generation, so that a roll-back that was cut short holds nothing.
"""

from __future__ import annotations

from pathlib import Path

from index.durable import sync_folder, write_durably
from index.errors import CorruptSnapshotError, HeldError, NoSnapshotError, UnreadableSnapshotError
from index.generation.folder import read_current

_NAME = "HELD"


def hold(index_dir: Path, name: str) -> None:
    """Hold this generation, durably; call it inside `build_lock`. Raises OSError when the disk fails."""
    write_durably(index_dir / _NAME, f"{name}\n".encode())


def held(index_dir: Path) -> str:
    """Return the name of the generation that is held, or "". Raises OSError when the disk fails."""
    try:
        name = (index_dir / _NAME).read_text(encoding="utf-8", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    try:
        return name if read_current(index_dir).name == name else ""
    except (NoSnapshotError, CorruptSnapshotError, UnreadableSnapshotError):
        return name


def release(index_dir: Path) -> str:
    """Let builds publish again, starting from the held generation; return its name, or "" if none was held.

    Raises OSError when the disk fails.
    """
    name = held(index_dir)
    (index_dir / _NAME).unlink(missing_ok=True)
    if name:
        sync_folder(index_dir)
    return name


def check_not_held(index_dir: Path) -> None:
    """Raise HeldError if a generation is held."""
    name = held(index_dir)
    if name:
        raise HeldError(index_dir, name)
