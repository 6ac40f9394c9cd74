"""A question and its results: hits, citations, an answer. Their JSON is the REST contract."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index.language.arabic import words
from index.pages import page_of
from index.types import Article
from qa import contract
from qa.generate.types import Dropped, Generated
from qa.notice import Notice

MAX_QUESTION_CHARS = 2000
MAX_TOP_K = 100
# The most previous questions that are used to understand one.
MAX_PREVIOUS = 5
# Code points that they may have together.
MAX_PREVIOUS_CHARS = 2000

QuestionFault = Literal["empty", "too_long", "not_text", "not_a_question", "bad_top_k", "too_many_previous",
                        "previous_too_long"]


class QuestionError(ValueError):
    """A question cannot be asked. `fault` is a stable code; the text says what to do."""

    def __init__(self, fault: QuestionFault, message: str) -> None:
        self.fault = fault
        super().__init__(message)


@dataclass(frozen=True, slots=True, eq=False)
class PassageMask:
    """Which passages of one snapshot to search: `rows` (passages,) bool. Two are equal only if they are the same."""

    rows: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles to search. Both days are included; an undated article passes no date filter.

    `sources` names sources exactly as the articles do; empty means every source. `passages` are the only passages of
    one snapshot to search; None means every one.
    """

    published_from: date | None = None
    published_to: date | None = None
    sources: tuple[str, ...] = ()
    passages: PassageMask | None = None

    def admit(self, article: Article) -> bool:
        """Tell whether the article passes the filters."""
        day = article.published_on
        return ((not self.sources or article.source in self.sources)
                and (self.published_from is None or (day is not None and day >= self.published_from))
                and (self.published_to is None or (day is not None and day <= self.published_to)))


NO_FILTERS = Filters()


def is_plain_text(text: str) -> bool:
    """Tell whether a text has no lone surrogates, and no control characters but tabs and line ends."""
    return not any(unicodedata.category(character) in ("Cc", "Cs") and character not in "\t\n\r" for character in text)


@dataclass(frozen=True, slots=True)
class Question:
    """A question, stripped, of at most `MAX_QUESTION_CHARS` code points. Use `Question.parse` for untrusted input.

    `top_k` is how many passages to return. `previous` holds the questions asked before, earliest first, that this one
    may refer to, of at most `MAX_PREVIOUS_CHARS` code points together.
    """

    text: str
    top_k: int = 5
    filters: Filters = NO_FILTERS
    previous: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str, *, top_k: int = 5, filters: Filters = NO_FILTERS,
              previous: Sequence[str] = ()) -> Question:
        """Check untrusted text and make a question of it; raise QuestionError with the code of its fault."""
        if len(previous) > MAX_PREVIOUS:
            raise QuestionError("too_many_previous", f"{len(previous)} previous questions are given; send the last "
                                                     f"{MAX_PREVIOUS} at most")
        before = tuple(_parse_previous(number, each).text for number, each in enumerate(previous, start=1))
        if (length := sum(map(len, before))) > MAX_PREVIOUS_CHARS:
            raise QuestionError("previous_too_long", f"the previous questions have {length} characters together; send "
                                                     f"the last that have {MAX_PREVIOUS_CHARS} at most")
        stripped = text.strip()
        if not stripped:
            raise QuestionError("empty", "the question is empty; type a question")
        if len(stripped) > MAX_QUESTION_CHARS:
            raise QuestionError("too_long", f"the question has {len(stripped)} characters; "
                                            f"shorten it to {MAX_QUESTION_CHARS} at most")
        if not is_plain_text(stripped):
            raise QuestionError("not_text", "the question holds bytes that are not text; send plain UTF-8 text")
        if not words(stripped):
            raise QuestionError("not_a_question", "the question holds no word; ask with words")
        if not 1 <= top_k <= MAX_TOP_K:
            raise QuestionError("bad_top_k", f"top_k is {top_k}; it must be from 1 to {MAX_TOP_K}")
        return cls(stripped, top_k, filters, before)


def _parse_previous(number: int, text: str) -> Question:
    try:
        return Question.parse(text)
    except QuestionError as error:
        raise QuestionError(error.fault, f"previous question {number}: {error}") from error


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question: `article.text[start:end]`. Compare `score` only within one question."""

    rank: int
    score: float
    row: int
    article: Article
    start: int
    end: int

    @property
    def text(self) -> str:
        """The passage, verbatim."""
        return self.article.text[self.start:self.end]

    def as_passage_json(self) -> contract.Passage:
        """Return an item of `passages` in POST /api/ask."""
        return {"rank": self.rank, "score": round(self.score, 6), "article_id": self.article.id,
                "title": self.article.title, "start": self.start, "end": self.end, "text": self.text}

    def as_json(self) -> contract.FoundPassage:
        """Return an item of `hits` in GET /api/search: the passage with its source."""
        return {**self.as_passage_json(), "source": self.article.source, "url": self.article.url or None,
                "published": self.article.published or None}


Span = tuple[int, int]
"""Start and end in an article's text, in code points."""


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


@dataclass(frozen=True, slots=True)
class IndexState:
    """The snapshot that an answer comes from."""

    generation: str
    articles: int
    passages: int

    def as_json(self) -> contract.Index:
        """Return `index` of every answer."""
        return {"generation": self.generation, "articles": self.articles, "passages": self.passages}


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """The words that answer: `article.text[start:end]`, offsets in code points.

    `resolved` is the day that they name relative to the article's date ("Tuesday") or by the Hijri calendar; None if
    they name none, or name it in full. It is `approximate` if it may be off by a day.
    """

    article: Article
    start: int
    end: int
    resolved: date | None = None
    approximate: bool = False

    @property
    def text(self) -> str:
        """The words, verbatim."""
        return self.article.text[self.start:self.end]

    def as_json(self) -> contract.ShortAnswer:
        """Return `short_answer` of POST /api/ask."""
        resolved: contract.Resolved | None = None if self.resolved is None else {
            "date": self.resolved.isoformat(), "approximate": self.approximate}
        return {"text": self.text, "article_id": self.article.id, "start": self.start, "end": self.end,
                "resolved": resolved}


@dataclass(frozen=True, slots=True)
class Premise:
    """A premise of a question that the articles do not bear out.

    `text` are the words of the question concerned, and `why` says in the question's language what the articles say.
    """

    text: str
    why: str

    def as_json(self) -> contract.Premise:
        """Return `premise` of POST /api/ask."""
        return {"text": self.text, "why": self.why}


@dataclass(frozen=True, slots=True)
class Answer:
    """Cited sentences, or none: best first, or the items of a list in order.

    `status` is `unsure` if the sentences may answer, and `not_found` if nothing does. `confidence` is from 0 to 1;
    `timings_ms` has the milliseconds of each stage. `understood_as` is the standalone question that a follow-up was
    resolved to. `passages_read` counts the passages that a reader read. `did_you_mean` is the corrected
    question that was answered, if the question was misspelled. `dropped` says why a language model's sentences are not
    shown, where nothing of it is.
    """

    question: Question
    status: contract.Status
    confidence: float
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    index: IndexState
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    understood_as: str | None = None
    short_answer: ShortAnswer | None = None
    premise: Premise | None = None
    passages_read: int = 0
    did_you_mean: str | None = None
    notices: tuple[Notice, ...] = ()
    generated: Generated | None = None
    dropped: tuple[Dropped, ...] = ()

    @property
    def text(self) -> str | None:
        """The quotes in order, each after its context and before its number in brackets; None if nothing was found.

        If a language model wrote the answer, its sentences.
        """
        if self.status == "not_found":
            return None
        if self.generated is not None:
            return self.generated.text
        return " ".join(filter(None, (said for part in self.parts for said in (
            part.context, *(f"{citation.quote}[{citation.number}]" for citation in part.citations)))))

    @property
    def parts(self) -> tuple[Part, ...]:
        """The citations in order, with those of one list grouped together."""
        parts: list[Part] = []
        for citation in self.citations:
            if parts and parts[-1].shares_context(citation):
                parts[-1] = Part((*parts[-1].citations, citation))
            else:
                parts.append(Part((citation,)))
        return tuple(parts)

    def as_json(self) -> contract.Answer:
        """Return what POST /api/ask returns and `musnad ask --json` prints."""
        answer: contract.Answer = {
            "question": self.question.text, "status": self.status, "answer": self.text,
            "short_answer": None if self.short_answer is None else self.short_answer.as_json(),
            "premise": None if self.premise is None else self.premise.as_json(),
            "confidence": round(self.confidence, 4), "citations": [citation.as_json() for citation in self.citations],
            "passages": [hit.as_passage_json() for hit in self.hits], "passages_read": self.passages_read,
            "index": self.index.as_json(),
            "timings_ms": {stage: round(milliseconds, 3) for stage, milliseconds in self.timings_ms.items()}}
        if self.understood_as is not None:
            answer["understood_as"] = self.understood_as
        if self.did_you_mean is not None:
            answer["did_you_mean"] = self.did_you_mean
        if self.notices:
            answer["notices"] = [notice.as_json() for notice in self.notices]
        if self.dropped:
            answer["dropped"] = [each.as_json() for each in self.dropped]
        if self.generated is not None:
            answer |= self.generated.as_json()  # type: ignore[typeddict-item]  # its members are all optional here
        return answer


def summary(article: Article) -> contract.ArticleSummary:
    """Describe an article without its text. Unknown values are null, except title and source, which are empty."""
    return {"id": article.id, "title": article.title, "source": article.source, "url": article.url or None,
            "published": article.published or None, "author": article.author or None,
            "language": article.language or None, "characters": len(article.text)}


def origin(article: Article) -> contract.Origin:
    """Describe the article of a place."""
    return {"article_id": article.id, "title": article.title, "source": article.source, "url": article.url or None,
            "published": article.published or None}


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The hits of a search, and the state of the index; `did_you_mean` is the query with its spelling corrected."""

    query: Question
    hits: tuple[Hit, ...]
    index: IndexState
    did_you_mean: str | None = None
    notices: tuple[Notice, ...] = ()

    def as_json(self) -> contract.SearchResult:
        """Return what GET /api/search returns."""
        result: contract.SearchResult = {
            "query": self.query.text, "hits": [hit.as_json() for hit in self.hits], "index": self.index.as_json()}
        if self.did_you_mean is not None:
            result["did_you_mean"] = self.did_you_mean
        if self.notices:
            result["notices"] = [notice.as_json() for notice in self.notices]
        return result
