"""The response of GET /api/suggestions."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from qa.contract.index import Index

SuggestionKind = Literal["question", "article"]


class Suggestion(TypedDict):
    """A question to ask, or an article's title; `article_id` is the article that answers it or has it."""

    text: str
    kind: SuggestionKind
    article_id: str


class Suggestions(TypedDict):
    """Suggestions for what has been typed so far."""

    query: str
    suggestions: list[Suggestion]
    index: Index
