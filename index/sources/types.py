"""Types of files to read, and of what a reader yields: articles with their places, rejections and repeats."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from index.sources.rejections import Rejection
from index.types import Article

MAX_ARTICLE_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Repeat:
    """A record with the same id, title and text as an article that was read before. It need not be indexed."""

    path: Path
    line: int | None
    article_id: str


@dataclass(frozen=True, slots=True)
class PlacedArticle:
    """An article and its line in the file. `line` is None if the article is the whole file."""

    article: Article
    line: int | None = None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read. `article_id` is the id for an article that is the whole file and has no id of its own.

    `is_named` tells whether the caller named the file itself, and not a folder above it. `address` is where the file
    was fetched, and `content_type` comes from the HTTP answer. Both are empty for a file that was not fetched.
    `resolved` is the path without links at which it was found fit to be read, or empty; elsewhere it is not read.
    """

    path: Path
    article_id: str
    is_named: bool
    address: str = ""
    content_type: str = ""
    resolved: str = ""


class Reader(Protocol):
    """A function that reads one kind of file lazily. It raises OSError if the file cannot be opened."""

    def __call__(self, file: SourceFile, *, max_article_bytes: int) -> Iterator[PlacedArticle | Rejection]:
        """Yield every record of `file`, as an article or a rejection."""
        ...
