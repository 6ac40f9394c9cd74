"""The generation that an answer comes from."""

from __future__ import annotations

from typing_extensions import TypedDict


class Index(TypedDict):
    """The generation that an answer comes from, and its size."""

    generation: str
    articles: int
    passages: int
