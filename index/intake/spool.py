"""Keep articles on the disk between reading and indexing, so that memory does not grow with their texts."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from index.revisions import article_of, record_line
from index.types import Article


class Spool:
    """An unnamed temporary file of articles in `folder`. It disappears when the process ends, even by a crash."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  # closed by __exit__
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 traceback: TracebackType | None) -> None:
        self._file.close()

    def add(self, article: Article) -> int:
        """Append an article and return its byte offset in the file. Raises OSError when the disk is full."""
        place = self._end
        self._file.seek(place)
        self._end += self._file.write(record_line(article))
        return place

    def get(self, place: int) -> Article:
        """Return the article at the byte offset that `add` returned."""
        self._file.seek(place)
        return article_of(self._file.readline())
