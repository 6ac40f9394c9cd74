"""Citations: sentences of articles and their exact places."""

from __future__ import annotations

from dataclasses import dataclass

from index.pages import page_of
from index.types import Article
from qa import contract
from qa.types.articles import origin

Span = tuple[int, int]
"""Start and end in a text, in code points."""


def span_as_json(span: Span) -> contract.Span:
    """Return a span as every response has it."""
    return {"start": span[0], "end": span[1]}


@dataclass(frozen=True, slots=True)
class Place:
    """A place in an article: `article.text[start:end]`, offsets in code points."""

    article: Article
    start: int
    end: int

    @property
    def text(self) -> str:
        """The text at this place, verbatim."""
        return self.article.text[self.start:self.end]

    def as_json(self) -> contract.PlaceIn:
        """Return the article and the offsets."""
        return {**origin(self.article), "start": self.start, "end": self.end}


@dataclass(frozen=True, slots=True)
class ItemsLeftOut:
    """How many items of a list an answer omits, and where they stand in its article."""

    count: int
    start: int
    end: int

    def as_json(self) -> contract.ItemsLeftOut:
        """Return `items_left_out` of a citation."""
        return {"count": self.count, "start": self.start, "end": self.end}


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence of an answer and its exact place: `article.text[start:end] == quote`, offsets in code points.

    `context` is the span it depends on in the same article: the line that introduces its list, or the sentences it
    refers back to. `also_in` lists the same sentence in other articles, in their order of precedence. `items_left_out`
    counts the items that follow the last cited item of a list. `answer` is the span inside the sentence that answers.
    """

    number: int
    article: Article
    start: int
    end: int
    context: Span | None = None
    also_in: tuple[Place, ...] = ()
    items_left_out: ItemsLeftOut | None = None
    answer: Span | None = None

    @property
    def quote(self) -> str:
        """The sentence, verbatim."""
        return self.article.text[self.start:self.end]

    @property
    def page(self) -> int | None:
        """The page it begins on, from 1, if the article was read from a PDF."""
        return page_of(self.article, self.start)

    @property
    def context_quote(self) -> str | None:
        """The text of the context, verbatim."""
        return None if self.context is None else self.article.text[slice(*self.context)]

    def as_place_json(self) -> contract.CitedPlace:
        """Return the sentence and its place, which `citations` of POST /api/verify share."""
        return {"number": self.number, **origin(self.article), "quote": self.quote, "start": self.start,
                "end": self.end}

    def as_json(self) -> contract.Citation:
        """Return an item of `citations` in POST /api/ask."""
        context: contract.Context | None = None if self.context is None else {
            "quote": self.article.text[slice(*self.context)], "start": self.context[0], "end": self.context[1]}
        start, end = self.answer or (None, None)
        return {**self.as_place_json(), "answer_start": start, "answer_end": end, "page": self.page, "context": context,
                "also_in": [place.as_json() for place in self.also_in],
                "items_left_out": None if self.items_left_out is None else self.items_left_out.as_json()}


@dataclass(frozen=True, slots=True)
class Part:
    """Citations to show together: a single one, or the items of a list after the line that introduces it."""

    citations: tuple[Citation, ...]

    @property
    def article(self) -> Article:
        """The article that all of them cite."""
        return self.citations[0].article

    @property
    def context(self) -> str | None:
        """The context to show before them, verbatim."""
        return self.citations[0].context_quote

    @property
    def leads_in(self) -> bool:
        """Whether the first one introduces the others."""
        return len(self.citations) > 1 and self.citations[0].context != self.citations[1].context

    @property
    def also_in(self) -> tuple[Place, ...]:
        """The first place in each other article."""
        places: dict[str, Place] = {}
        for place in (place for citation in self.citations for place in citation.also_in):
            places.setdefault(place.article.id, place)
        return tuple(places.values())

    @property
    def items_left_out(self) -> ItemsLeftOut | None:
        """The omitted items of the list."""
        return self.citations[-1].items_left_out

    def shares_context(self, citation: Citation) -> bool:
        """Tell whether a citation has the same context as the last one, or has that one as its context."""
        before = self.citations[-1]
        return citation.context is not None and citation.article.id == before.article.id \
            and (citation.context == before.context or citation.context[1] == before.end)
