"""The response of GET /api/search, and the passages of an answer."""

from __future__ import annotations

from typing_extensions import NotRequired, TypedDict  # noqa: UP035

from qa.contract.citation import Span
from qa.contract.index import Index
from qa.contract.notice import Notice


class Passage(Span):
    """A passage found: `text` is the article's text from `start` to `end`."""

    rank: int
    score: float
    article_id: str
    title: str
    text: str


class FoundPassage(Passage):
    """A passage found, with its source."""

    source: str
    url: str | None
    published: str | None


class SearchResult(TypedDict):
    """The passages closest to a query, or to the corrected query `did_you_mean`."""

    query: str
    did_you_mean: NotRequired[str]
    notices: NotRequired[list[Notice]]
    hits: list[FoundPassage]
    index: Index


class PassagesFound(TypedDict):
    """The first event of a streamed answer."""

    question: str
    passages: list[Passage]
    index: Index
