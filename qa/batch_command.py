"""`musnad ask --batch FILE` and `musnad verify --batch FILE`: a line of JSON in, a line of JSON out.

A line is a question (or a quote) as a JSON string, or an object with the fields of POST /api/ask (or /api/verify). What
comes out is a result of POST /api/ask/batch (or /api/verify/batch), and the options of the command hold for each line
that does not say otherwise.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TypeVar

from pydantic_core import PydanticCustomError

from index.output import printable_json
from qa import contract
from qa.arguments import day, whole_number
from qa.types.filters import Filters
from qa.types.question import Question, QuestionError
from qa.verify.quote import Quote, QuoteError

# `web.errors.PROBLEMS` has the titles; a test holds these to them.
_TITLES = {"invalid-request": "Fields of the request are not valid", "malformed-request": "The request cannot be read",
           "invalid-question": "The question cannot be asked", "invalid-quote": "The quote cannot be checked"}

_Value = TypeVar("_Value")


class LineError(ValueError):
    """A line that is not JSON, or an object with a field that is not valid."""

    def __init__(self, slug: str, message: str, field: str = "") -> None:
        self.slug, self.field = slug, field
        super().__init__(message)


def add_batch_argument(parser: argparse.ArgumentParser, what: str) -> None:
    """Add the option `--batch`."""
    parser.add_argument("--batch", metavar="FILE", help=f"read a line of JSON for each {what} (- for the standard "
                                                         "input), and print one for each")


def run_batch(source: str, name: str, act: Callable[[str | Mapping[str, Any]], Mapping[str, object]]) -> int:
    """Print what becomes of each line of `source`, under `name`; return 0. Raises OSError for a file that is not read.
    """
    with nullcontext(sys.stdin.buffer) if source == "-" else Path(source).open("rb") as lines:
        numbered = enumerate((line for line in lines if line.strip()), start=1)
        for number, line in numbered:
            result, problem = None, None
            try:
                result = act(_read(line))
            except (QuestionError, QuoteError, LineError) as error:
                problem = problem_of(error)
            print(printable_json({"number": number, name: result, "problem": problem}, indent=None), flush=True)
    return 0


def question_of(given: str | Mapping[str, Any], defaults: Question) -> Question:
    """Read a question; raise QuestionError or LineError. `defaults` has what the options say."""
    if isinstance(given, str):
        return Question.parse(given, top_k=defaults.top_k, filters=defaults.filters, previous=defaults.previous)
    _check_names(given, ("question", "top_k", "filters", "previous"))
    previous, top_k = _texts(given, "previous"), given.get("top_k")
    return Question.parse(
        _text(given, "question"), top_k=defaults.top_k if top_k is None else _read_as(whole_number, top_k, "top_k"),
        filters=_filters(given, defaults.filters), previous=defaults.previous if previous is None else previous)


def quote_of(given: str | Mapping[str, Any], defaults: Quote) -> Quote:
    """Read a quote; raise QuoteError or LineError. `defaults` has what the options say."""
    if isinstance(given, str):
        return Quote.parse(given, defaults.speaker, filters=defaults.filters)
    _check_names(given, ("quote", "speaker", "filters"))
    speaker = defaults.speaker if given.get("speaker") is None else _text(given, "speaker")
    return Quote.parse(_text(given, "quote"), speaker, filters=_filters(given, defaults.filters))


def problem_of(error: QuestionError | QuoteError | LineError) -> contract.Problem:
    """Return the problem that the endpoint returns for the same."""
    slug = (error.slug if isinstance(error, LineError)
            else "invalid-question" if isinstance(error, QuestionError) else "invalid-quote")
    problem: contract.Problem = {"type": f"urn:musnad:problem:{slug}", "title": _TITLES[slug],
                                 "status": 400 if slug == "malformed-request" else 422, "detail": str(error)}
    if isinstance(error, LineError):
        if error.field:
            problem["errors"] = [{"field": error.field, "message": str(error)}]
    else:
        problem["fault"] = error.fault
    return problem


def _read(line: bytes) -> str | Mapping[str, Any]:
    try:
        given = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise LineError("malformed-request", "the line is not JSON in UTF-8") from error
    if not isinstance(given, str | dict):
        raise LineError("malformed-request", "the line must be a JSON string or object")
    return given


def _check_names(given: Mapping[str, Any], known: tuple[str, ...], inside: str = "") -> None:
    for name in given:
        if name not in known:
            raise LineError("invalid-request", f"{inside}{name}: is no field; the fields are {', '.join(known)}",
                            f"{inside}{name}")


def _text(given: Mapping[str, Any], name: str) -> str:
    if not isinstance(given.get(name), str):
        raise LineError("invalid-request", f"{name}: must be a text", name)
    return str(given[name])


def _texts(given: Mapping[str, Any], name: str, inside: str = "") -> list[str] | None:
    texts = given.get(name)
    if texts is not None and not (isinstance(texts, list) and all(isinstance(text, str) for text in texts)):
        raise LineError("invalid-request", f"{inside}{name}: must be a list of texts", f"{inside}{name}")
    return texts


def _filters(given: Mapping[str, Any], default: Filters) -> Filters:
    filters = given.get("filters")
    if filters is None:
        return default
    if not isinstance(filters, dict):
        raise LineError("invalid-request", "filters: must be an object", "filters")
    _check_names(filters, ("published_from", "published_to", "sources"), "filters.")
    sources = _texts(filters, "sources", "filters.")
    first, last = (_read_as(day, filters.get(name), f"filters.{name}") for name in ("published_from", "published_to"))
    if first and last and first > last:
        raise LineError("invalid-request", "filters.published_from: is later than published_to",
                        "filters.published_from")
    return Filters(first or default.published_from, last or default.published_to,
                   tuple(sources) if sources else default.sources)


def _read_as(read: Callable[[object], _Value], value: object, name: str) -> _Value:
    try:
        return read(value)
    except PydanticCustomError as error:
        raise LineError("invalid-request", f"{name}: {error.message()}", name) from error
