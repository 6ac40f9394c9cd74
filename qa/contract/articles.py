"""The responses of GET /api/articles and GET /api/articles/{id}."""

from __future__ import annotations

from typing_extensions import NotRequired, TypedDict  # noqa: UP035

from qa.contract.citation import Span
from qa.contract.index import Index
from qa.contract.notice import Notice


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
    notices: NotRequired[list[Notice]]
    index: Index


class Article(ArticleSummary):
    """An article with its text, the time its previous revision was read, and other articles with the same text."""

    revised: str | None
    also_at: list[ArticleSummary]
    text: str
    metadata: dict[str, object]
    index: Index


class ArticlePart(Article, Span):
    """An article of which `text` is only the part from `start` to `end`; `characters` counts the whole."""
