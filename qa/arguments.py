"""Read what callers send, by one rule for the tools of agents, the REST endpoints and the lines of a batch.

No value is converted: true is no number, "5" neither, and a number is no text. 5.0 is 5, as JSON Schema has it. Null
is as good as absent where a value may be left out.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from index.sources.records import kind_of

MAX_NUMBER = 999_999_999
# An answer repeats the names of unknown sources, and looks for similar ones.
MAX_SOURCES, MAX_SOURCE_CHARS = 1_000, 1_000

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].+)?")
_MODEL_TYPES = ("model_type", "model_attributes_type", "dict_type")


class Strict(BaseModel):
    """A model that takes no unknown field and converts nothing; null is absent, except for what is required."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, sent: object) -> object:
        if not isinstance(sent, dict):
            return sent
        optional = {name for name, field in cls.model_fields.items() if not field.is_required()}
        return {name: value for name, value in sent.items() if value is not None or name not in optional}


def whole_number(value: object) -> int:
    """Read a whole number. Raises PydanticCustomError."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise PydanticCustomError("bad_number", "must be a whole number, not {kind}", {"kind": kind_of(value)})
    if isinstance(value, float) and not value.is_integer():
        raise PydanticCustomError("bad_number", "must be a whole number")
    if abs(value) > MAX_NUMBER:
        raise PydanticCustomError("bad_number", "must be a whole number of at most 9 digits")
    return int(value)


def day(value: object) -> date | None:
    """Read an ISO 8601 date, or a date and time, whose day counts in its own time zone. Raises PydanticCustomError."""
    if value is None or isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return datetime.fromisoformat(value).date()
        except ValueError:
            pass  # month 13 or hour 25: refused below, like any other text
    raise PydanticCustomError("bad_date", "must be a date written YYYY-MM-DD")


def _not_blank(value: object) -> object:
    if isinstance(value, str) and not value.strip():
        raise PydanticCustomError("blank", "is blank; name a source, or leave it out")
    return value


WholeNumber = Annotated[int, BeforeValidator(whole_number)]
Day = Annotated[date | None, BeforeValidator(day), WithJsonSchema(
    {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]})]
SourceName = Annotated[str, Field(min_length=1, max_length=MAX_SOURCE_CHARS), BeforeValidator(_not_blank)]
SourceNames = Annotated[list[SourceName], Field(max_length=MAX_SOURCES)]


def word_fault(fault: ErrorDetails) -> str:
    """Say what is wrong with one value: what it must be, and what was sent if that is of another type."""
    message = "input should be an object" if fault["type"] in _MODEL_TYPES else fault["msg"]
    what = f", not {kind_of(fault['input'])}" if fault["type"].endswith("_type") else ""
    return f"{message[:1].lower()}{message[1:]}{what}"


def word_validation(error: ValidationError) -> str:
    """Say which arguments of a call are wrong and how, without their values and what reads them."""
    return "; ".join(f"{place}: {word_fault(fault)}" if (place := ".".join(map(str, fault["loc"])))
                     else word_fault(fault) for fault in faults_in(error))


def faults_in(error: ValidationError) -> list[ErrorDetails]:
    """Return what is wrong with each value, with the value itself."""
    return error.errors(include_url=False, include_context=False)
