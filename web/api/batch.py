"""Answer questions, or check quotes, many in one request: POST /api/ask/batch and /api/verify/batch.

Each item has its result or its problem in its place, all from one generation. With `Accept: application/x-ndjson` each
is sent as a line of JSON as soon as it is known.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Self, TypeVar, cast

from flask import Blueprint, Request, Response, request
from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator, model_validator
from pydantic_core import PydanticCustomError

from index.output import printable_json
from index.work import pause
from qa.arguments import Strict
from qa.types.answer import Answer
from web.api.responses import tagged
from web.api.schema import AskIn, VerifyIn, invalid, read_body
from web.errors import InvalidRequestError, Problem, problem_of
from web.gate.wsgi import COUNT_ONE_MORE, READ_AT_MOST, STREAMS
from web.metrics import Metrics
from web.service import Service

MAX_ITEMS = 50
MAX_CHARS = 20_000
NDJSON = "application/x-ndjson"

log = logging.getLogger(__name__)

Item = TypeVar("Item", AskIn, VerifyIn)


def _kept_if_invalid(value: object, read: ValidatorFunctionWrapHandler) -> object:
    """Read an item; keep the error of one that is not valid, so that the others are read."""
    try:
        return read(value)
    except ValidationError as error:
        return invalid(error)


class _Batch(Strict):
    @model_validator(mode="after")
    def _bounded(self) -> Self:
        chars = sum(map(_chars, getattr(self, "items", ())))
        if chars > MAX_CHARS:
            raise PydanticCustomError("batch_too_long", "the items have {chars} characters together; send {most} at "
                                                        "most", {"chars": chars, "most": MAX_CHARS})
        return self


class AskBatchIn(_Batch):
    """The body of POST /api/ask/batch: each item is a body of POST /api/ask, and all have 20,000 code points at most.
    """

    items: Annotated[list[Annotated[AskIn, WrapValidator(_kept_if_invalid)]],
                     Field(min_length=1, max_length=MAX_ITEMS)]


class VerifyBatchIn(_Batch):
    """The body of POST /api/verify/batch: each item is a body of POST /api/verify, and all have 20,000 code points at
    most.
    """

    items: Annotated[list[Annotated[VerifyIn, WrapValidator(_kept_if_invalid)]],
                     Field(min_length=1, max_length=MAX_ITEMS)]


def _chars(item: object) -> int:
    match item:
        case AskIn(question=question, previous=previous):
            return len(question) + sum(map(len, previous))
        case VerifyIn(quote=quote, speaker=speaker):
            return len(quote) + len(speaker or "")
    return 0


def batch_blueprint(service: Service, metrics: Metrics) -> Blueprint:
    """Create the two routes."""
    batches = Blueprint("batch", __name__)

    @batches.post("/api/ask/batch")
    def ask() -> Response:
        items, answerer = read_body(AskBatchIn, request).items, service.answerer()
        read_at_most = request.environ.get(READ_AT_MOST)

        def answer(item: AskIn) -> object:
            steps = metrics.counted(answerer.ask_in_steps(item.parse(), read_at_most=read_at_most))
            return next(step for step in steps if isinstance(step, Answer)).as_json()

        return _respond(_results("answer", items, answer), answerer.state.as_json())

    @batches.post("/api/verify/batch")
    def verify() -> Response:
        items, answerer = read_body(VerifyBatchIn, request).items, service.answerer()

        def check(item: VerifyIn) -> object:
            return answerer.verify(item.parse()).as_json()

        return _respond(_results("verification", items, check), answerer.state.as_json())

    return batches


def _results(name: str, items: Sequence[Item], act: Callable[[Item], object]) -> Iterator[Mapping[str, object]]:
    """Yield what becomes of each item: what `act` returns under `name`, or its problem.

    Each item after the first counts as a question more; once the client has none left, the others are refused.
    """
    count_one_more: Callable[[], Problem | None] = request.environ.get(COUNT_ONE_MORE, lambda: None)
    return _each(name, items, act, count_one_more)


def _each(name: str, items: Sequence[Item], act: Callable[[Item], object],
          count_one_more: Callable[[], Problem | None]) -> Iterator[Mapping[str, object]]:
    # A generator of its own, since a stream is read when the request's context is gone.
    for number, item in enumerate(items, start=1):
        problem = count_one_more() if number > 1 else None
        result = None
        if problem is None:
            pause()
            try:
                result = act(_valid(item))
            except Exception as failure:  # one that fails must not take the others with it
                problem = problem_of(failure)
                if problem.slug == "internal-error":
                    log.exception("item %d of a batch failed", number)
        yield {"number": number, name: result, "problem": None if problem is None else problem.as_json()}


def _valid(item: Item) -> Item:
    kept = cast("Item | InvalidRequestError", item)
    if isinstance(kept, InvalidRequestError):
        raise kept
    return item


def _respond(results: Iterator[Mapping[str, object]], index: Mapping[str, Any]) -> Response:
    if not wants_lines(request):
        return tagged({"results": list(results), "index": index}, index["generation"])
    request.environ[STREAMS] = True
    response = Response((f"{printable_json(each, indent=None)}\n" for each in results), mimetype=NDJSON)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # or nginx holds lines back
    response.set_etag(index["generation"], weak=True)
    return response


def wants_lines(asked: Request) -> bool:
    """Tell whether the client prefers a line of JSON for each item to one object."""
    return asked.accept_mimetypes[NDJSON] > asked.accept_mimetypes["application/json"]
