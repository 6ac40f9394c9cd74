"""Check requests: refuse unknown fields, wrong types and impossible values, and name the field of each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal, NoReturn, TypeVar

from flask import Request
from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

# Those of `typing` do not serve pydantic before Python 3.12.
from typing_extensions import NotRequired, TypedDict  # noqa: UP035
from werkzeug.datastructures import MultiDict

from qa.arguments import Day, SourceNames, Strict, faults_in, word_fault
from qa.check.draft import Draft
from qa.contract import Order, StandingKind
from qa.standing.types import Wanted
from qa.topics.affair_formats import AffairFormat
from qa.topics.timeline_formats import TimelineFormat
from qa.types.filters import Filters
from qa.types.question import MAX_QUESTION_CHARS, MAX_TOP_K, Question
from qa.verify.quote import Quote
from web.api.fields import (
    ArticleId,
    DraftText,
    Names,
    Number,
    Offset,
    OrNull,
    PageSize,
    Previous,
    Published,
    QuestionText,
    QuoteText,
    SpeakerText,
    StandingText,
    Stored,
    TopK,
    WebhookText,
    number,
)
from web.errors import FieldError, InvalidRequestError, ProblemError

# Parameters of a query string that may be repeated.
REPEATED = ("source", "previous")


class _Days(Strict):
    published_from: Day = None
    published_to: Day = None

    @model_validator(mode="after")
    def _in_order(self) -> _Days:
        if self.published_from and self.published_to and self.published_from > self.published_to:
            raise PydanticCustomError("reversed_dates", "published_from is later than published_to")
        return self


class FiltersIn(_Days):
    """Filters of a request body. Null means absent; both days are included."""

    sources: Names = Field(default_factory=list)

    def filters(self) -> Filters:
        """Return them as the Filters of a question."""
        return Filters(self.published_from, self.published_to, tuple(self.sources))


FiltersOrNone = Annotated[FiltersIn, OrNull()]


class AskIn(Strict):
    """The body of POST /api/ask."""

    question: QuestionText
    top_k: TopK = 5
    filters: FiltersOrNone = Field(default_factory=FiltersIn)
    previous: Previous = Field(default_factory=list)
    generate: Annotated[bool, OrNull(), Field(
        description="whether the server's language model, if it has one, writes the answer")] = True

    def parse(self) -> Question:
        """Return the question; raise QuestionError."""
        return Question.parse(self.question, top_k=self.top_k, filters=self.filters.filters(), previous=self.previous)


class VerifyIn(Strict):
    """The body of POST /api/verify."""

    quote: QuoteText
    speaker: SpeakerText = None
    filters: FiltersOrNone = Field(default_factory=FiltersIn)

    def parse(self) -> Quote:
        """Return the quote; raise QuoteError."""
        return Quote.parse(self.quote, self.speaker, filters=self.filters.filters())


class CheckIn(Strict):
    """The body of POST /api/check."""

    text: DraftText
    filters: FiltersOrNone = FiltersIn()

    def parse(self) -> Draft:
        """Return the text to check; raise DraftError."""
        return Draft.parse(self.text, filters=self.filters.filters())


class ClaimIn(Strict):
    """The body of POST /api/claims. A `speaker` belongs to a quote; `webhook` is the address that alerts are sent to.
    """

    kind: StandingKind
    text: StandingText
    speaker: SpeakerText = None
    webhook: WebhookText = None

    def parse(self) -> Wanted:
        """Return the claim to save; raise StandingError, or the error of a question, a quote or a text."""
        return Wanted.parse(self.kind, self.text, self.speaker or "", self.webhook or "")


class FilterQuery(_Days):
    """Filters in a query string; `source` may be repeated."""

    source: SourceNames = Field(default_factory=list)

    def filters(self) -> Filters:
        """Return them as the Filters of a question."""
        return Filters(self.published_from, self.published_to, tuple(self.source))


class SearchQuery(FilterQuery):
    """The query string of GET /api/search."""

    q: QuestionText
    top_k: Annotated[Number, WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MAX_TOP_K})] = 10

    def parse(self) -> Question:
        """Return the question; raise QuestionError."""
        return Question.parse(self.q, top_k=self.top_k, filters=self.filters())


class TopicQuery(FilterQuery):
    """The query string of GET /api/timeline and /api/disagreements.

    `previous`, which may be repeated, holds the questions asked before.
    """

    q: QuestionText
    previous: Previous = Field(default_factory=list)

    def parse(self) -> Question:
        """Return the question; raise QuestionError."""
        return Question.parse(self.q, filters=self.filters(), previous=self.previous)


class TimelineQuery(TopicQuery):
    """The query string of GET /api/timeline and /api/affair: `order` is asc, the earliest event first, or desc."""

    order: Order = "asc"


class TimelineExportQuery(TimelineQuery):
    """The query string of GET /timeline/export: that of the timeline's page, and the format."""

    format: TimelineFormat


class AffairExportQuery(TimelineQuery):
    """The query string of GET /affair/export: that of the affair's page, and the format."""

    format: AffairFormat


class SuggestionQuery(Strict):
    """The query string of GET /api/suggestions: what has been typed so far."""

    q: Annotated[str, Field(max_length=200)]
    limit: Annotated[int, Field(ge=1, le=20), BeforeValidator(number)] = 6


class ExportQuery(TopicQuery):
    """The query string of GET /export: that of the answer's page, and the format."""

    format: Literal["markdown", "json", "ris", "bibtex", "csl"]


class CiteQuery(Strict):
    """The query string of GET /cite/{id}: the place, in code points of the article's text, and the format."""

    start: Offset
    end: Offset
    format: Literal["ris", "bibtex", "csl"]


class BrowseQuery(FilterQuery):
    """The query string of GET /api/articles and GET /articles; `q` searches, and sorts the best first."""

    q: Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_QUESTION_CHARS)] = ""
    offset: Offset = 0
    limit: PageSize = 20


class StatusQuery(Strict):
    """The query string of GET /api/arrivals/{id}."""

    sha256: Annotated[str, Field(pattern="^([0-9a-f]{64})?$")] = ""


class ArticleIn(TypedDict):
    """An article to add, or to replace the one with its id. Other members are kept as metadata.

    `index.sources.records` checks it, as it checks the records of files.
    """

    text: Annotated[str, WithJsonSchema({"type": "string", "pattern": r"^[^\x00]*[^\s\x00][^\x00]*$"})]
    id: NotRequired[ArticleId]
    url: NotRequired[Stored]
    source: NotRequired[Stored]
    title: NotRequired[Stored]
    published: NotRequired[Published]
    author: NotRequired[Stored]
    language: NotRequired[Stored]


ArticleList = Annotated[list[ArticleIn], Field(min_length=1, max_length=100)]

Model = TypeVar("Model", bound=BaseModel)


def read_body(model: type[Model], request: Request) -> Model:
    """Read a JSON body into a model; raise ProblemError (400, 413, 415) or InvalidRequestError (422)."""
    fields = parse_json(body_text(request, ("application/json",)))
    if not isinstance(fields, dict):
        raise ProblemError("malformed-request", "the body must be a JSON object")
    return _validate(model, fields)


def body_text(request: Request, media_types: Sequence[str]) -> str:
    """Read a body of one of the media types as text; raise ProblemError (400, 413, 415)."""
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype not in media_types or charset not in ("utf-8", "utf8"):
        raise ProblemError("unsupported-media-type",
                           f"send the request as Content-Type: {' or '.join(media_types)}, in UTF-8")
    try:
        return request.get_data().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProblemError("malformed-request", f"the body is not UTF-8: byte {error.start} is wrong") from error


def parse_json(text: str) -> Any:
    """Parse a JSON body; raise ProblemError (400)."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise ProblemError("malformed-request", f"the body is not JSON: {error}") from error
    except (ValueError, RecursionError) as error:  # a number with thousands of digits, NaN, very deep nesting
        raise ProblemError("malformed-request", "the body holds JSON that cannot be read") from error


def read_query(model: type[Model], args: MultiDict[str, str], *, ignore_unknown: bool = False) -> Model:
    """Read a query string into a model; raise InvalidRequestError.

    An empty value counts as absent, except in `q` and `previous`.
    """
    fields: dict[str, Any] = {}
    for name, values in args.lists():
        if ignore_unknown and name not in model.model_fields:
            continue
        if name in REPEATED:
            fields[name] = [value for value in values if value.strip() or name != "source"]
        elif len(values) > 1:
            raise InvalidRequestError((FieldError(name, "repeated", "is given more than once"),))
        elif values[0] or name == "q":
            fields[name] = values[0]
    return _validate(model, fields)


def _validate(model: type[Model], fields: dict[str, Any]) -> Model:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise invalid(error) from None


def invalid(error: ValidationError) -> InvalidRequestError:
    """Name each field that is not valid, and say why."""
    return InvalidRequestError(tuple(
        FieldError(".".join(map(str, _field(one["loc"], one["type"]))), one["type"], word_fault(one))
        for one in faults_in(error)))


def _field(location: tuple[int | str, ...], code: str) -> tuple[int | str, ...]:
    return (*location, "published_from") if code == "reversed_dates" else location


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
