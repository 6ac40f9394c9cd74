"""Send an answer, or the check of a text, in steps as server-sent events (HTML Living Standard, 9.2).

Each event's `data` is one line of JSON, in which no character ends a line for any reader. `passages` holds those found,
with the question and the index. Where a language model writes, each `sentence` is one that is proved, with its
citations, and `dropped` says why one is not shown. `answer` is all that POST /api/ask returns; each `claim` is one of a
text, and `check` all that POST /api/check returns; `problem` comes if something fails after the stream has begun.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

from flask import Request, Response, request

from index.output import printable_json
from qa.check.draft import CheckedClaim, TextCheck
from qa.contract import PassagesFound
from qa.generate.generate import Step as AnswerStep
from qa.generate.generate import Written
from qa.generate.types import Dropped
from qa.types.answer import Answer
from web.errors import problem_of
from web.gate.wsgi import STREAMS

MEDIA_TYPE = "text/event-stream"

log = logging.getLogger(__name__)


def wants_stream(asked: Request) -> bool:
    """Tell whether the client prefers events to a single answer."""
    return asked.accept_mimetypes[MEDIA_TYPE] > asked.accept_mimetypes["application/json"]


Step = AnswerStep | CheckedClaim | TextCheck


def stream_steps(steps: Iterator[Step]) -> Response:
    """Stream the steps. Wait for the first, so that a request that fails at once gets its problem as a response."""
    first = next(steps)
    request.environ[STREAMS] = True
    response = Response(_events(first, steps), mimetype=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # otherwise nginx holds back the first event until the second
    return response


def _events(first: Step, steps: Iterator[Step]) -> Iterator[str]:
    yield _event(first)
    try:
        yield from map(_event, steps)
    except Exception as failure:  # the status has been sent, so tell the client in the stream
        log.exception("an answer failed after its stream had begun")
        yield _named("problem", problem_of(failure).as_json())


def _event(step: Step) -> str:
    if isinstance(step, CheckedClaim):
        return _named("claim", step.as_json())
    if isinstance(step, TextCheck):
        return _named("check", step.as_json())
    if isinstance(step, Written):
        return _named("sentence", step.as_json())
    if isinstance(step, Dropped):
        return _named("dropped", step.as_json())
    if isinstance(step, Answer):
        return _named("answer", step.as_json())
    found: PassagesFound = {"question": step.query.text, "passages": [hit.as_passage_json() for hit in step.hits],
                            "index": step.index.as_json()}
    return _named("passages", found)


def _named(name: str, data: object) -> str:
    return f"event: {name}\ndata: {printable_json(data, indent=None)}\n\n"
