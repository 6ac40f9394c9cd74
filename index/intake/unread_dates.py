"""Name the dates of publication that were found and not read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnreadDate:
    """An article's date as written, which is not read, so that the article has none.

    `place` is the article's file and line, or its address.
    """

    place: str
    article_id: str
    written: str

    def __str__(self) -> str:
        return (f"{self.place}: the date {self.written!r} of {self.article_id!r} is not read, and the article has "
                f"none; write it as 2018-03-05")
