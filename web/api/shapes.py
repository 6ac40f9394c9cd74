"""Types of the JSON that only the server returns; `qa.contract` has those that the commands print too.

The type checker holds the code to both, and `/api/openapi.json` is made from them.
"""

from __future__ import annotations

from typing import Literal

# Those of `typing` do not serve pydantic before Python 3.12.
from typing_extensions import NotRequired, TypedDict  # noqa: UP035

from qa.contract import Index, Passage, Suggestion


class PassagesFound(TypedDict):
    """The first event of a streamed answer."""

    question: str
    passages: list[Passage]
    index: Index


class Suggestions(TypedDict):
    """Suggestions for what has been typed so far."""

    query: str
    suggestions: list[Suggestion]
    index: Index


class ArticleSummary(TypedDict):
    """An article without its text. Unknown values are null, except title and source, which are empty."""

    id: str
    title: str
    source: str
    url: str | None
    published: str | None
    author: str | None
    language: str | None
    characters: int


class ArticlePage(TypedDict):
    """A page of articles, and the total number of articles."""

    articles: list[ArticleSummary]
    total: int
    offset: int
    limit: int
    index: Index


class Article(ArticleSummary):
    """An article with its text, the time its previous revision was read, and other articles with the same text."""

    revised: str | None
    also_at: list[ArticleSummary]
    text: str
    metadata: dict[str, object]
    index: Index


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


class Health(TypedDict):
    """The process is alive."""

    status: Literal["ok"]


class Readiness(TypedDict):
    """The generation being served, and, if it is not the newest, why."""

    status: Literal["ready", "degraded"]
    index: Index
    reload_error: str | None
    waiting: int
    indexing_error: str | None


class FieldProblem(TypedDict):
    """What is wrong with a field, or with the article of that number."""

    field: NotRequired[str]
    number: NotRequired[int]
    message: str


class Problem(TypedDict):
    """An error in the form of RFC 9457. `type` is stable; members below `detail` are present where they apply."""

    type: str
    title: str
    status: int
    detail: str
    errors: NotRequired[list[FieldProblem]]
    fault: NotRequired[str]
    retry_after_s: NotRequired[int]
    bytes_needed: NotRequired[int]
    bytes_free: NotRequired[int]
