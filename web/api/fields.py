"""The values that requests hold: how they are read, and what the description of the API says of them."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, WithJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError

from index.sources.records import MAX_ID_CHARS
from qa.types import MAX_PREVIOUS, MAX_QUESTION_CHARS, MAX_TOP_K
from qa.verify.quote import MAX_QUOTE_CHARS, MAX_SPEAKER_CHARS, MIN_QUOTE_WORDS

MAX_PAGE = 100

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].+)?")
_NUMBER = re.compile(r"-?[0-9]{1,9}")
MAX_NUMBER = 999_999_999


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


def number(value: object) -> object:
    """A whole number out of a query string."""
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            raise PydanticCustomError("bad_number", "must be a whole number")
        return int(value)
    return value


def _absent_list(value: object) -> object:
    return [] if value is None else value


def absent_object(value: object) -> object:
    """An empty object for null."""
    return {} if value is None else value


class OrNull:
    """Tells in the description of a type that null is the same as absent."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [handler(core), {"type": "null"}]}


def _at_most(characters: int) -> str:
    # No maxLength, which would count the white space.
    return f"at most {characters:,} code points, white space around them not counted"


# What a client must send to be understood, for the description of the API: no control characters, and a letter or a
# digit; of quotes as many as make words. Patterns know letters of ASCII alone, so what is beyond it may be one.
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

# What they may hold is checked where a question is made, with the words for what is wrong; here it is only told.
QuestionText = Annotated[str, WithJsonSchema(_QUESTION_SCHEMA)]
QuoteText = Annotated[str, WithJsonSchema(_QUOTE_SCHEMA)]
SpeakerText = Annotated[str | None, WithJsonSchema(_SPEAKER_SCHEMA)]
TopK = Annotated[int, WithJsonSchema(
    {"type": "integer", "minimum": 1, "maximum": MAX_TOP_K})]
Previous = Annotated[list[str], BeforeValidator(_absent_list), WithJsonSchema(
    {"anyOf": [{"type": "array", "items": _QUESTION_SCHEMA, "maxItems": MAX_PREVIOUS}, {"type": "null"}]})]
# The limits before the reading of text: what is described is what they say.
Offset = Annotated[int, Field(ge=0, le=MAX_NUMBER), BeforeValidator(number)]
PageSize = Annotated[int, Field(ge=1, le=MAX_PAGE), BeforeValidator(number)]

Stored = Annotated[str | None, WithJsonSchema(
    {"anyOf": [{"type": "string", "pattern": r"^[^\x00]*$"}, {"type": "null"}]})]
Published = Annotated[str | float | None, WithJsonSchema(
    {"anyOf": [{"type": "string", "pattern": r"^[^\x00]*$"}, {"type": "number"}, {"type": "null"}]})]
ArticleId = Annotated[str | float | None, WithJsonSchema(
    {"anyOf": [{"type": "string", "pattern": rf"^[^{_CONTROLS}\u2028\u2029]*$", "maxLength": MAX_ID_CHARS},
               {"type": "number"}, {"type": "null"}]})]
