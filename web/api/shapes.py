"""The JSON that only the server returns, as types; `qa.contract` has what the commands print too.

The type checker holds the code to both, and `/api/openapi.json` is made from them.
"""

from __future__ import annotations

from typing import Literal

# Those of `typing` do not serve pydantic before Python 3.12.
from typing_extensions import NotRequired, TypedDict  # noqa: UP035

from qa.contract import Index, Passage, Suggestion


class PassagesFound(TypedDict):
    """The first event of an answer that is streamed."""

    question: str
    passages: list[Passage]
    index: Index


class Suggestions(TypedDict):
    """What fits what has been typed so far."""

    query: str
    suggestions: list[Suggestion]
    index: Index


class ArticleSummary(TypedDict):
    """An article without its text; what is unknown is null, save title and source, which are then empty."""

    id: str
    title: str
    source: str
    url: str | None
    published: str | None
    author: str | None
    language: str | None
    characters: int


class ArticlePage(TypedDict):
    """A page of articles, of so many in all."""

    articles: list[ArticleSummary]
    total: int
    offset: int
    limit: int
    index: Index


class Article(ArticleSummary):
    """An article with its text, when its earlier revision was read, and where else the same text was published."""

    revised: str | None
    also_at: list[ArticleSummary]
    text: str
    metadata: dict[str, object]
    index: Index


class Accepted(TypedDict):
    """An article, or a withdrawal (`sha256` null), that is on the disk and will be indexed."""

    id: str
    sha256: str | None
    status: Literal["waiting"]
    status_url: str


class AcceptedArticles(TypedDict):
    """Articles that were sent together."""

    articles: list[Accepted]


class Arrival(TypedDict):
    """How far a revision of an article has come."""

    id: str
    sha256: str | None
    status: Literal["waiting", "indexed", "replaced", "absent"]
    generation: str | None


class Health(TypedDict):
    """The server answers."""

    status: Literal["ok"]


class Readiness(TypedDict):
    """What the server answers from, and why that is not the newest where it is not."""

    status: Literal["ready", "degraded"]
    index: Index
    reload_error: str | None
    waiting: int
    indexing_error: str | None


class FieldProblem(TypedDict):
    """What is wrong with one field, or with the article of that number."""

    field: NotRequired[str]
    number: NotRequired[int]
    message: str


class Problem(TypedDict):
    """An error, as RFC 9457 has them. `type` is stable; the members below `detail` are there where they apply."""

    type: str
    title: str
    status: int
    detail: str
    errors: NotRequired[list[FieldProblem]]
    fault: NotRequired[str]
    retry_after_s: NotRequired[int]
    bytes_needed: NotRequired[int]
    bytes_free: NotRequired[int]
