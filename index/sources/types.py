"""What a reader hands over: an article with its place, a rejection, a repeat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from index.errors import IndexingError
from index.types import Article

MAX_ARTICLE_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Rejection:
    """A record or file that could not be read: where, what is wrong with it and what to do about it.

    `line` counts from 1 and is None when the reason is about the whole file. `reason` completes a sentence that
    begins with the place.
    """

    path: Path
    line: int | None
    reason: str

    def __str__(self) -> str:
        return f"{place(self.path, self.line)}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Repeat:
    """A record with the id, title and text of an article already read. Nothing is lost by not indexing it."""

    path: Path
    line: int | None
    article_id: str


@dataclass(frozen=True, slots=True)
class PlacedArticle:
    """An article and the line of its file that it stands on, None when it is the whole file."""

    article: Article
    line: int | None = None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read. `article_id` is the id of an article that is the whole file and names no other.

    `is_named` says whether the caller named the file itself, rather than a folder above it. `address` is where the file
    was fetched from and `content_type` what the server called it; both are empty for a file that was always one.
    """

    path: Path
    article_id: str
    is_named: bool
    address: str = ""
    content_type: str = ""


class Reader(Protocol):
    """Reads one kind of file, lazily. Raises OSError when the file cannot be opened."""

    def __call__(self, file: SourceFile, *, max_article_bytes: int) -> Iterator[PlacedArticle | Rejection]:
        """Every record of `file`, each either as an article or as a rejection."""
        ...


class RejectedError(IndexingError):
    """Raised inside a reader where the fault is known; it becomes a Rejection before it leaves the reader."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        self.reason, self.line = reason, line
        super().__init__(reason)


def place(path: Path, line: int | None) -> str:
    """`path:line`, as editors and compilers write it."""
    return f"{path}:{line}" if line is not None else str(path)
