"""Define the fields of requests: how each is read, and how the API's description shows it."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, WithJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError

from index.sources.records import MAX_ID_CHARS
from qa.check.draft import MAX_TEXT_CHARS
from qa.standing.types import MAX_STANDING_CHARS
from qa.types.question import MAX_PREVIOUS, MAX_QUESTION_CHARS, MAX_TOP_K
from qa.verify.quote import MAX_QUOTE_CHARS, MAX_SPEAKER_CHARS, MIN_QUOTE_WORDS

MAX_PAGE = 100

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].+)?")
_NUMBER = re.compile(r"-?[0-9]{1,9}")
MAX_NUMBER = 999_999_999


def _day(value: object) -> date | None:
    """Read an ISO 8601 date, or a date and time, whose day counts in its own time zone."""
    if value is None:
        return None
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return datetime.fromisoformat(value).date()
        except ValueError:
            pass  # month 13 or hour 25: refused below, like any other text
    raise PydanticCustomError("bad_date", "must be a date written YYYY-MM-DD")


def number(value: object) -> object:
    """Read a whole number from a query string."""
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            raise PydanticCustomError("bad_number", "must be a whole number")
        return int(value)
    return value


def _absent_list(value: object) -> object:
    return [] if value is None else value


def absent_object(value: object) -> object:
    """Read null as an empty object."""
    return {} if value is None else value


class OrNull:
    """Says in the description of a type that null means absent."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [handler(core), {"type": "null"}]}


def _at_most(characters: int) -> str:
    # Not maxLength: it would count surrounding white space.
    return f"at most {characters:,} code points, white space around them not counted"


# Patterns for the API's description: no control characters, and at least one letter or digit; in a quote, enough of
# them for the words it needs. The patterns know only ASCII letters, so they take any other character for a letter.
_CONTROLS = "\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f"
_TEXT, _WORD = f"[^{_CONTROLS}]*", "[^\\x00-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\xa9]"
_QUESTION_SCHEMA: dict[str, Any] = {
    "type": "string", "pattern": f"^{_TEXT}{_WORD}{_TEXT}$", "description": _at_most(MAX_QUESTION_CHARS)}
_QUOTE_SCHEMA: dict[str, Any] = {
    "type": "string", "pattern": f"^{_TEXT}{f'{_WORD}{_TEXT}' * MIN_QUOTE_WORDS}$",
    "description": _at_most(MAX_QUOTE_CHARS)}
_SPEAKER_SCHEMA: dict[str, Any] = {
    "anyOf": [{"type": "string", "pattern": f"^{_TEXT}{_WORD}{_TEXT}$", "description": _at_most(MAX_SPEAKER_CHARS)},
              {"type": "string", "maxLength": 0}, {"type": "null"}]}
_DAY_SCHEMA: dict[str, Any] = {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}
Day = Annotated[date | None, BeforeValidator(_day), WithJsonSchema(_DAY_SCHEMA)]
Names = Annotated[list[str], BeforeValidator(_absent_list), OrNull()]
Number = Annotated[int, BeforeValidator(number)]

# `Question.parse` and `Quote.parse` check these and word the errors; here they are only described.
QuestionText = Annotated[str, WithJsonSchema(_QUESTION_SCHEMA)]
DraftText = Annotated[str, WithJsonSchema(
    {"type": "string", "pattern": f"^{_TEXT}\\S{_TEXT}$", "maxLength": MAX_TEXT_CHARS})]
QuoteText = Annotated[str, WithJsonSchema(_QUOTE_SCHEMA)]
SpeakerText = Annotated[str | None, WithJsonSchema(_SPEAKER_SCHEMA)]
StandingText = Annotated[str, WithJsonSchema(
    {"type": "string", "pattern": f"^{_TEXT}\\S{_TEXT}$", "description":
     f"{_at_most(MAX_STANDING_CHARS)}; in a quote {MIN_QUOTE_WORDS} words or more, in a question one"})]
WebhookText = Annotated[str | None, WithJsonSchema(
    {"anyOf": [{"type": "string", "maxLength": 0}, {"type": "null"}, {
        "type": "string", "pattern": "^[hH][tT][tT][pP][sS]?://",
        "description": "an http or https address of a public host, or of one that the operator allows"}]})]
TopK = Annotated[int, WithJsonSchema(
    {"type": "integer", "minimum": 1, "maximum": MAX_TOP_K})]
Previous = Annotated[list[str], BeforeValidator(_absent_list), WithJsonSchema(
    {"anyOf": [{"type": "array", "items": _QUESTION_SCHEMA, "maxItems": MAX_PREVIOUS}, {"type": "null"}]})]
# The limits stand before the reader of text, so that the description shows them.
Offset = Annotated[int, Field(ge=0, le=MAX_NUMBER), BeforeValidator(number)]
PageSize = Annotated[int, Field(ge=1, le=MAX_PAGE), BeforeValidator(number)]

Stored = Annotated[str | None, WithJsonSchema(
    {"anyOf": [{"type": "string", "pattern": r"^[^\x00]*$"}, {"type": "null"}]})]
Published = Annotated[str | float | None, WithJsonSchema(
    {"anyOf": [{"type": "string", "pattern": r"^[^\x00]*$"}, {"type": "number"}, {"type": "null"}]})]
ArticleId = Annotated[str | float | None, WithJsonSchema(
    {"anyOf": [{"type": "string", "pattern": rf"^[^{_CONTROLS}\u2028\u2029]*$", "maxLength": MAX_ID_CHARS},
               {"type": "number"}, {"type": "null"}]})]
