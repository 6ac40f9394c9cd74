"""Read lines by row: from one file of a generation, or from wherever else they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Lines(Protocol):
    """Lines of bytes by row, their line ends included."""

    def __len__(self) -> int: ...

    def __getitem__(self, row: int) -> bytes: ...

    def read_ahead(self, rows: Sequence[int]) -> None:
        """Say that these rows are read next, so that they can be brought together."""


@dataclass(frozen=True, slots=True)
class LinesOfFile:
    """Lines of a file's `content`; line n lies from `starts[n]` up to `starts[n + 1]`, with `starts` (lines + 1,)."""

    content: bytes | memoryview
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, row: int) -> bytes:
        start, end = self.starts[row:row + 2]
        return bytes(self.content[start:end])

    def read_ahead(self, rows: Sequence[int]) -> None:
        """Do nothing: the file is in memory or mapped."""
