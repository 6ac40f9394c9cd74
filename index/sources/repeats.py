"""Which records of one reading say what an earlier one said already, and which only share its id."""

from __future__ import annotations

from pathlib import Path

from index.sources.types import Rejection, Repeat, place


class Repeats:
    """Remembers where each id was read first: some 300 bytes an id."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[str, Path, int | None]] = {}

    def check(self, article_id: str, content: str, path: Path, line: int | None) -> Repeat | Rejection | None:
        """None for the first record of that id; then a repeat if its content (the hash of title and text) is that of
        the first, else a rejection."""
        if article_id not in self._first:
            self._first[article_id] = content, path, line
            return None
        first_content, first_path, first_line = self._first[article_id]
        if content == first_content:
            return Repeat(path, line, article_id)
        return Rejection(path, line, f"has the id {article_id!r} of {place(first_path, first_line)} but another title "
                                     f"or text; give one of the two an 'id' of its own, or remove it", article_id)
