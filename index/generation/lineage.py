"""Tell whether the index in a folder is still the one that it was: generations of one index share their first one.

A manifest's `first` names the first generation of its index, and is missing in that one itself. Whoever serves or
updates an index remembers it, and so notices when the folder was emptied or another index was put in its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from index.errors import CorruptSnapshotError, ForeignIndexError, NoSnapshotError, UnreadableSnapshotError
from index.generation.folder import by_preference, current_mark, finished, read_current, read_manifest, set_aside_names


def first_of(name: str, manifest: Mapping[str, Any]) -> str:
    """Return the name of the first generation of the index that this generation belongs to."""
    first: str = manifest.get("first", "")
    return first or name


def first_in(index_dir: Path) -> str:
    """Return the name of the first generation of the folder's index, or "" if no generation is readable."""
    for name in by_preference(index_dir):
        try:
            return first_of(name, read_manifest(index_dir / "generations" / name))
        except (CorruptSnapshotError, UnreadableSnapshotError):
            continue
    return ""


def fault_of(index_dir: Path, first: str) -> str:
    """Say why CURRENT does not name a generation of the index that began with `first`; return "" if it does.

    A damaged generation counts as one of this index: whoever opens it finds the damage.
    """
    while True:
        mark = current_mark(index_dir)
        fault = _fault_of(index_dir, first)
        # A build may have published and removed generations in between: then look again.
        if current_mark(index_dir) == mark:
            return fault


def _fault_of(index_dir: Path, first: str) -> str:
    path = index_dir / "CURRENT"
    try:
        name = read_current(index_dir).name
    except NoSnapshotError:
        return f"{path} is missing"
    except (CorruptSnapshotError, UnreadableSnapshotError) as error:
        return error.fact
    if name not in finished(index_dir):
        was_set_aside = any(other.partition(".")[0] == name for other in set_aside_names(index_dir))
        return "" if was_set_aside else f"{path} names generation {name}, which is not in the folder"
    try:
        own = first_of(name, read_manifest(index_dir / "generations" / name))
    except (CorruptSnapshotError, UnreadableSnapshotError):
        return ""
    return "" if own == first else f"{path} names generation {name}, which belongs to another index"


def check_continues(index_dir: Path, first: str) -> None:
    """Raise ForeignIndexError unless CURRENT names a generation of the index that began with `first`."""
    fault = fault_of(index_dir, first)
    if fault:
        raise ForeignIndexError(index_dir, fault)
