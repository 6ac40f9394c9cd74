"""What requests may hold. Unknown fields, wrong types and impossible values are refused, each with its field's name."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal, NoReturn, TypeVar

from flask import Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from werkzeug.datastructures import MultiDict

from qa.quote import Quote
from qa.types import Filters, Question
from web.errors import FieldError, InvalidRequestError, ProblemError

MAX_PAGE = 100

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].+)?")
_NUMBER = re.compile(r"-?[0-9]{1,9}")


def _day(value: object) -> date | None:
    """An ISO 8601 date, or a date and time, of which the day counts as it is written."""
    if value is None:
        return None
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return datetime.fromisoformat(value).date()
        except ValueError:
            pass  # a month of 13, an hour of 25: refused below, like any other text
    raise PydanticCustomError("bad_date", "must be a date written YYYY-MM-DD")


def _number(value: object) -> object:
    """A whole number out of a query string."""
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            raise PydanticCustomError("bad_number", "must be a whole number")
        return int(value)
    return value


def _absent_list(value: object) -> object:
    return [] if value is None else value


def _absent_object(value: object) -> object:
    return {} if value is None else value


Day = Annotated[date | None, BeforeValidator(_day)]
Names = Annotated[list[str], BeforeValidator(_absent_list)]
Number = Annotated[int, BeforeValidator(_number)]
Offset = Annotated[int, BeforeValidator(_number), Field(ge=0)]
PageSize = Annotated[int, BeforeValidator(_number), Field(ge=1, le=MAX_PAGE)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Days(_Strict):
    published_from: Day = None
    published_to: Day = None

    @model_validator(mode="after")
    def _in_order(self) -> _Days:
        if self.published_from and self.published_to and self.published_from > self.published_to:
            raise PydanticCustomError("reversed_dates", "published_from is later than published_to")
        return self


class FiltersIn(_Days):
    """`filters` of POST /api/ask and /api/verify; null is the same as absent."""

    sources: Names = []

    def filters(self) -> Filters:
        """As the question takes them."""
        return Filters(self.published_from, self.published_to, tuple(self.sources))


class AskIn(_Strict):
    """The body of POST /api/ask."""

    question: str
    top_k: int = 5
    filters: Annotated[FiltersIn, BeforeValidator(_absent_object)] = FiltersIn()

    def parse(self) -> Question:
        """The question; raises QuestionError."""
        return Question.parse(self.question, top_k=self.top_k, filters=self.filters.filters())


class VerifyIn(_Strict):
    """The body of POST /api/verify."""

    quote: str
    speaker: str | None = None
    filters: Annotated[FiltersIn, BeforeValidator(_absent_object)] = FiltersIn()

    def parse(self) -> Quote:
        """The quote; raises QuoteError."""
        return Quote.parse(self.quote, self.speaker, filters=self.filters.filters())


class FilterQuery(_Days):
    """Filters in a query string; `source` may come several times."""

    source: list[str] = []

    def filters(self) -> Filters:
        """As the question takes them."""
        return Filters(self.published_from, self.published_to, tuple(self.source))


class SearchQuery(FilterQuery):
    """The query string of GET /api/search."""

    q: str
    top_k: Number = 10

    def parse(self) -> Question:
        """The question; raises QuestionError."""
        return Question.parse(self.q, top_k=self.top_k, filters=self.filters())


class ExportQuery(SearchQuery):
    """The query string of GET /export: that of the page whose answer is wanted, and the format."""

    top_k: Number = 5
    format: Literal["markdown", "bibtex", "csl"]


class BrowseQuery(FilterQuery):
    """The query string of GET /api/articles and GET /articles."""

    offset: Offset = 0
    limit: PageSize = 20


class StatusQuery(_Strict):
    """The query string of GET /api/arrivals/{id}."""

    sha256: Annotated[str, Field(pattern="^([0-9a-f]{64})?$")] = ""


Model = TypeVar("Model", bound=BaseModel)


def read_body(model: type[Model], request: Request) -> Model:
    """The JSON body of a request as a model; raises ProblemError (400, 413, 415) and InvalidRequestError (422)."""
    fields = parse_json(body_text(request, ("application/json",)))
    if not isinstance(fields, dict):
        raise ProblemError("malformed-request", "the body must be a JSON object")
    return _validate(model, fields)


def body_text(request: Request, media_types: Sequence[str]) -> str:
    """The body of a request of one of those types; raises ProblemError (400, 413, 415)."""
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype not in media_types or charset not in ("utf-8", "utf8"):
        raise ProblemError("unsupported-media-type",
                           f"send the request as Content-Type: {' or '.join(media_types)}, in UTF-8")
    try:
        return request.get_data().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProblemError("malformed-request", f"the body is not UTF-8: byte {error.start} is wrong") from error


def parse_json(text: str) -> Any:
    """The JSON value that a body is; raises ProblemError (400)."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise ProblemError("malformed-request", f"the body is not JSON: {error}") from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, NaN, brackets without end
        raise ProblemError("malformed-request", "the body holds JSON that cannot be read") from error


def read_query(model: type[Model], args: MultiDict[str, str], *, ignore_unknown: bool = False) -> Model:
    """A query string as a model; an empty value is the same as absent, save of `q`. Raises InvalidRequestError."""
    fields: dict[str, Any] = {}
    for name, values in args.lists():
        if ignore_unknown and name not in model.model_fields:
            continue
        if name == "source":
            fields[name] = [value for value in values if value]
        elif len(values) > 1:
            raise InvalidRequestError((FieldError(name, "repeated", "is given more than once"),))
        elif values[0] or name == "q":
            fields[name] = values[0]
    return _validate(model, fields)


def _validate(model: type[Model], fields: dict[str, Any]) -> Model:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
    raise InvalidRequestError(tuple(
        FieldError(".".join(map(str, _field(one["loc"], one["type"]))), one["type"], _plain(one["msg"]))
        for one in found))


def _field(location: tuple[int | str, ...], code: str) -> tuple[int | str, ...]:
    return (*location, "published_from") if code == "reversed_dates" else location


def _plain(message: str) -> str:
    return message[:1].lower() + message[1:]


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
