"""Describe records that cannot be read: where they are, and why they are rejected."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from index.errors import IndexingError


@dataclass(frozen=True, slots=True)
class Rejection:
    """A record or file that could not be read: where it is, what is wrong and how to correct it.

    `line` counts from 1, and is None if the reason concerns the whole file. `reason` completes a sentence that starts
    with the place. `article_id` is the id that the article would have had, or empty if that is uncertain. If it is
    empty, any article may have been in this place, so a missing article must not be taken for a deleted one.
    """

    path: Path
    line: int | None
    reason: str
    article_id: str = field(default="", compare=False)  # the place and the reason tell two rejections apart

    def __str__(self) -> str:
        return f"{place(self.path, self.line)}: {self.reason}"


class RejectedError(IndexingError):
    """A fault in a record or file. It is raised and caught inside a reader, which turns it into a Rejection."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        self.reason, self.line = reason, line
        super().__init__(reason)


def place(path: Path, line: int | None) -> str:
    """Return `path:line`, the form that editors and compilers use."""
    return f"{path}:{line}" if line is not None else str(path)
