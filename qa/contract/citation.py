"""Citations: sentences of articles, verbatim, and where they stand."""

from __future__ import annotations

from typing_extensions import TypedDict


class Span(TypedDict):
    """A place in a text."""

    start: int
    end: int


class Origin(TypedDict):
    """The article that something comes from; title and source are empty if the article has none."""

    article_id: str
    title: str
    source: str
    url: str | None
    published: str | None


class PlaceIn(Origin, Span):
    """A place in an article."""


class Context(Span):
    """The words in the same article that a cited sentence depends on, verbatim."""

    quote: str


class ItemsLeftOut(Span):
    """How many items of a list an answer omits, and where they stand."""

    count: int


class CitedPlace(Origin, Span):
    """A sentence, verbatim, and its place."""

    number: int
    quote: str


class Citation(CitedPlace):
    """A sentence of an answer: its place, its page in a PDF, and the other articles that have it.

    `answer_start` and `answer_end` are the span inside the sentence that answers, in the article's text.
    """

    answer_start: int | None
    answer_end: int | None
    page: int | None
    context: Context | None
    also_in: list[PlaceIn]
    items_left_out: ItemsLeftOut | None
