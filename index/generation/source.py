"""Where generations are opened from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from index.generation.folder import current_generation
from index.generation.hold import held
from index.generation.lineage import fault_of
from index.generation.snapshot import Snapshot, open_snapshot


class Source(Protocol):
    """Names the published generation, and opens it."""

    def current(self) -> str:
        """Return the name of the published generation. Raises IndexingError if there is none, or it cannot be told."""

    def open(self) -> Snapshot:
        """Open the published generation. Raises IndexingError if it cannot be opened."""

    def fault(self, first: str) -> str:
        """Say why what is published does not belong to the index that began with `first`; return "" if it does."""

    def held(self) -> str:
        """Return the name of the generation that a roll-back holds, or "" if none is held."""


@dataclass(frozen=True, slots=True)
class FolderSource:
    """The index folder."""

    index_dir: Path

    def current(self) -> str:
        """Return the name that CURRENT holds."""
        return current_generation(self.index_dir)

    def open(self) -> Snapshot:
        """Open the published generation, or the nearest undamaged one; see `open_snapshot`."""
        return open_snapshot(self.index_dir)

    def fault(self, first: str) -> str:
        """Say why CURRENT does not name a generation of this index; see `fault_of`."""
        return fault_of(self.index_dir, first)

    def held(self) -> str:
        """Return the name of the generation that a roll-back holds, or "" if none is held."""
        return held(self.index_dir)
