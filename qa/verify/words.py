"""The words that a comparison compares."""

from __future__ import annotations

from typing import NamedTuple


class Word(NamedTuple):
    """A word at `text[start:end]`; words with equal `form` are the same word."""

    form: str
    start: int
    end: int
