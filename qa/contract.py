"""The JSON that programs rely on: what the REST endpoint returns and `--json` prints, as types.

The type checker holds the code to them, and `/api/openapi.json` is made from them. Spans are half-open, in code points
of the article's text as it was read.
"""

from __future__ import annotations

from typing import Literal

# Those of `typing` do not serve pydantic before Python 3.12.
from typing_extensions import NotRequired, TypedDict  # noqa: UP035

Status = Literal["answered", "not_found"]
Verdict = Literal["found", "altered", "stitched", "misattributed", "absent"]
Attribution = Literal["confirmed", "contradicted", "undetermined"]
DifferenceKind = Literal["replaced", "missing", "added"]
DatedBy = Literal["text", "publication"]
SuggestionKind = Literal["question", "article"]
DisagreementKind = Literal["number", "date", "attribution"]


class Span(TypedDict):
    """A place in a text."""

    start: int
    end: int


class Index(TypedDict):
    """The generation that an answer comes from, and what it holds."""

    generation: str
    articles: int
    passages: int


class Origin(TypedDict):
    """The article that something is from; title and source are empty where the article has none."""

    article_id: str
    title: str
    source: str
    url: str | None
    published: str | None


class PlaceIn(Origin, Span):
    """A place in an article."""


class Passage(Span):
    """A passage found: `text` is the article's from `start` to `end`."""

    rank: int
    score: float
    article_id: str
    title: str
    text: str


class FoundPassage(Passage):
    """A passage found, with where it is from."""

    source: str
    url: str | None
    published: str | None


class Context(Span):
    """What a cited sentence hangs on, in the same article, verbatim."""

    quote: str


class ItemsLeftOut(Span):
    """How many items of a list an answer leaves out, and where they stand."""

    count: int


class CitedPlace(Origin, Span):
    """A sentence, verbatim, and its place."""

    number: int
    quote: str


class Citation(CitedPlace):
    """A sentence of an answer: its place, its page in a PDF, and where else it stands."""

    page: int | None
    context: Context | None
    also_in: list[PlaceIn]
    items_left_out: ItemsLeftOut | None


class Answer(TypedDict):
    """The answer to a question; `understood_as` is the question made whole, where those before it were needed."""

    question: str
    understood_as: NotRequired[str]
    status: Status
    answer: str | None
    confidence: float
    citations: list[Citation]
    passages: list[Passage]
    index: Index
    timings_ms: dict[str, float]


class PassagesFound(TypedDict):
    """The first event of an answer that is streamed."""

    question: str
    passages: list[Passage]
    index: Index


class SearchResult(TypedDict):
    """The passages closest to a query."""

    query: str
    hits: list[FoundPassage]
    index: Index


class QuotedPart(CitedPlace):
    """A citation, and the part of the quote that it stands for: offsets in code points of the quote."""

    quote_start: int
    quote_end: int


class Difference(Span):
    """Words of the quote that the article of that citation does not have there, and its own words; one may be empty."""

    kind: DifferenceKind
    citation: int
    quote: str
    source: str
    quote_start: int
    quote_end: int


class Speaker(Span):
    """Whom an article names for a citation, verbatim."""

    citation: int
    name: str


class Verification(TypedDict):
    """What the articles say of a quote."""

    quote: str
    speaker: str | None
    verdict: Verdict
    attribution: Attribution | None
    citations: list[QuotedPart]
    differences: list[Difference]
    speakers: list[Speaker]
    index: Index
    timings_ms: dict[str, float]


class Event(Citation):
    """A cited sentence and the days it tells of, from `first` to `last`, both included. `date_in_text` is where the
    article names them, null where the day of publication stands for them."""

    first: str
    last: str
    dated_by: DatedBy
    approximate: bool
    date_in_text: Span | None


class Timeline(TypedDict):
    """What the articles say happened, the earliest first."""

    query: str
    understood_as: str | None
    events: list[Event]
    index: Index


class Side(TypedDict):
    """A value that articles give, in their words, and the sentences that say it."""

    value: str
    citations: list[Citation]


class Disagreement(TypedDict):
    """Values that articles give for the same thing; `about` is what is counted, null for days and speakers."""

    kind: DisagreementKind
    about: str | None
    sides: list[Side]


class Disagreements(TypedDict):
    """Where articles differ about a question."""

    query: str
    understood_as: str | None
    disagreements: list[Disagreement]
    index: Index


class Suggestion(TypedDict):
    """A question to ask, or the title of an article; `article_id` is the article that answers it or has it."""

    text: str
    kind: SuggestionKind
    article_id: str


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
