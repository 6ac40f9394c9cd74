"""The responses of the endpoints that articles are sent to."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict


class Accepted(TypedDict):
    """An article, or a withdrawal (`sha256` is null), that is stored and will be indexed."""

    id: str
    sha256: str | None
    status: Literal["waiting"]
    status_url: str


class AcceptedArticles(TypedDict):
    """Articles that were sent in one request."""

    articles: list[Accepted]


class Arrival(TypedDict):
    """The state of a revision of an article."""

    id: str
    sha256: str | None
    status: Literal["waiting", "indexed", "replaced", "absent"]
    generation: str | None
