"""Describe a rejection: the place of a record that cannot be read, and the reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from index.errors import IndexingError


@dataclass(frozen=True, slots=True)
class Rejection:
    """A record or file that could not be read: its place, the fault and the remedy.

    `line` counts from 1; None if the reason concerns the whole file. `reason` completes a sentence that starts with the
    place. `article_id` is the id that the article would have had, if that is certain. If it is empty, any article may
    have been lost here, so a missing article must not be taken for a deleted one.
    """

    path: Path
    line: int | None
    reason: str
    article_id: str = field(default="", compare=False)  # the place and the reason tell two rejections apart

    def __str__(self) -> str:
        return f"{place(self.path, self.line)}: {self.reason}"


class RejectedError(IndexingError):
    """A fault in a record or file. Raised and caught inside a reader, which turns it into a Rejection."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        self.reason, self.line = reason, line
        super().__init__(reason)


def place(path: Path, line: int | None) -> str:
    """Write `path:line`, as editors and compilers do."""
    return f"{path}:{line}" if line is not None else str(path)
