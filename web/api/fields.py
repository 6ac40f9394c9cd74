"""Define the fields of requests: how each is read, and how the API's description shows it."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, WithJsonSchema
from pydantic_core import CoreSchema

from index.sources.records import MAX_ID_CHARS
from qa.arguments import MAX_NUMBER, SourceNames, WholeNumber, whole_number
from qa.check.draft import MAX_TEXT_CHARS
from qa.standing.types import MAX_STANDING_CHARS
from qa.types.question import MAX_PREVIOUS, MAX_QUESTION_CHARS, MAX_TOP_K
from qa.verify.quote import MAX_QUOTE_CHARS, MAX_SPEAKER_CHARS, MIN_QUOTE_WORDS

MAX_PAGE = 100

# Python makes no number of more digits.
_NUMBER = re.compile(r"-?[0-9]{1,4300}")


def number(value: object) -> int:
    """Read a whole number from a query string, or a default."""
    return whole_number(int(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value)


class OrNull:
    """Says in the description of a type that null means absent, as `Strict` has it."""

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
Names = Annotated[SourceNames, OrNull()]
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
TopK = Annotated[WholeNumber, WithJsonSchema(
    {"anyOf": [{"type": "integer", "minimum": 1, "maximum": MAX_TOP_K}, {"type": "null"}]})]
Previous = Annotated[list[str], WithJsonSchema(
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
