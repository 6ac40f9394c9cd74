"""Distinguish a record that repeats an earlier one from a record that only has the same id."""

from __future__ import annotations

from pathlib import Path

from index.sources.rejections import Rejection, place
from index.sources.types import Repeat


class Repeats:
    """Remembers where each id was first read. It takes some 300 bytes per id."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[str, Path, int | None]] = {}

    def check(self, article_id: str, content: str, path: Path, line: int | None) -> Repeat | Rejection | None:
        """Return None if this is the first record with the id.

        For a later record, return a repeat if it has the same content as the first, else a rejection. `content` is the
        hash of the record's title and text.
        """
        if article_id not in self._first:
            self._first[article_id] = content, path, line
            return None
        first_content, first_path, first_line = self._first[article_id]
        if content == first_content:
            return Repeat(path, line, article_id)
        return Rejection(path, line, f"has the id {article_id!r} of {place(first_path, first_line)} but another title "
                                     f"or text; give one of the two an 'id' of its own, or remove it", article_id)
