"""What a reader yields: an article with its place, a rejection, a repeat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from index.errors import IndexingError
from index.types import Article

MAX_ARTICLE_BYTES = 16 * 1024 * 1024


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


@dataclass(frozen=True, slots=True)
class Repeat:
    """A record with the id, title and text of an article already read; it need not be indexed."""

    path: Path
    line: int | None
    article_id: str


@dataclass(frozen=True, slots=True)
class PlacedArticle:
    """An article and its line in the file; None if it is the whole file."""

    article: Article
    line: int | None = None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read. `article_id` is for an article that is the whole file and gives no id of its own.

    `is_named` tells whether the caller named the file itself, not a folder above it. `address` is where it was fetched
    and `content_type` comes from the HTTP answer; both are empty for a file of the user.
    """

    path: Path
    article_id: str
    is_named: bool
    address: str = ""
    content_type: str = ""


class Reader(Protocol):
    """Reads one kind of file, lazily. Raises OSError if the file cannot be opened."""

    def __call__(self, file: SourceFile, *, max_article_bytes: int) -> Iterator[PlacedArticle | Rejection]:
        """Yield every record of `file`, as an article or a rejection."""
        ...


class RejectedError(IndexingError):
    """A fault in a record or file. Raised and caught inside a reader, which turns it into a Rejection."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        self.reason, self.line = reason, line
        super().__init__(reason)


def place(path: Path, line: int | None) -> str:
    """Write `path:line`, as editors and compilers do."""
    return f"{path}:{line}" if line is not None else str(path)
