"""Answer every error in one shape: RFC 9457 problem details, or a page when the client wants HTML."""

from __future__ import annotations

import errno
import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from index.errors import (
    DatabaseUnavailableError,
    NoSnapshotError,
    StateUnavailableError,
    StoreError,
    UnknownArticleError,
)
from qa.check.draft import DraftError
from qa.standing.types import StandingError, UnknownClaimError
from qa.types.question import QuestionError
from qa.verify.quote import QuoteError
from web.service import IndexUnavailableError

log = logging.getLogger(__name__)

NOT_STORED = "not-stored"
# The part of the type URI after urn:musnad:problem: -> status, title. Clients may rely on these names.
PROBLEMS: Mapping[str, tuple[int, str]] = {
    "malformed-request": (400, "The request cannot be read"),
    "untrusted-host": (400, "The server does not answer to this name"),
    "unauthorized": (401, "The request does not carry the server's token"),
    "login-required": (401, "Readers of this server log in"),
    "no-admin-token": (403, "This server takes no articles"),
    "insufficient-scope": (403, "The token is for something else"),
    "cross-site": (403, "Pages of other sites may not make this request"),
    "metrics-forbidden": (403, "This client may not read the metrics"),
    "not-found": (404, "There is nothing at this address"),
    "unknown-article": (404, "There is no such article"),
    "unknown-claim": (404, "There is no such standing claim"),
    "method-not-allowed": (405, "This address does not support this method"),
    "request-timeout": (408, "The request did not arrive in time"),
    "too-many-claims": (409, "No more claims can be saved"),
    "content-too-large": (413, "The request body is too large"),
    "uri-too-long": (414, "The address is too long"),
    "unsupported-media-type": (415, "The request body is not JSON"),
    "range-not-satisfiable": (416, "The requested range does not exist"),
    "invalid-request": (422, "Fields of the request are not valid"),
    "invalid-question": (422, "The question cannot be asked"),
    "invalid-quote": (422, "The quote cannot be checked"),
    "invalid-text": (422, "The text cannot be checked"),
    "invalid-claim": (422, "The claim cannot be saved"),
    "invalid-article": (422, "Articles of the request are not valid"),
    "rate-limited": (429, "Too many requests"),
    "headers-too-large": (431, "The request headers are too large"),
    "internal-error": (500, "The server failed"),
    "not-implemented": (501, "The server does not support this"),
    "no-index": (503, "There is no index yet"),
    "index-unavailable": (503, "The index cannot be opened"),
    "index-replaced": (503, "The index folder no longer holds the index that is served"),
    "overloaded": (503, "The server is overloaded"),
    "database-unavailable": (503, "The database that servers share cannot be used"),
    "state-unavailable": (503, "The state of the index folder cannot be used"),
    NOT_STORED: (503, "It could not be stored"),
}
RETRY_DATABASE_S = 10
_SLUG_OF_STATUS = {400: "malformed-request", 404: "not-found", 405: "method-not-allowed", 413: "content-too-large",
                   414: "uri-too-long", 415: "unsupported-media-type", 416: "range-not-satisfiable"}


_OF_CLAIMS = {"too_many": "too-many-claims", "too_many_of_client": "too-many-claims"}
_INVALID: dict[type[Exception], str] = {QuestionError: "invalid-question", QuoteError: "invalid-quote",
                                        DraftError: "invalid-text"}
_UNKNOWN: dict[type[Exception], str] = {UnknownClaimError: "unknown-claim", UnknownArticleError: "unknown-article"}


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem by its name in PROBLEMS. `members` holds further members of its JSON."""

    slug: str
    detail: str
    members: Mapping[str, Any] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """The HTTP status."""
        return PROBLEMS[self.slug][0]

    def as_json(self) -> dict[str, Any]:
        """Return the problem's members as RFC 9457 names them."""
        return {"type": f"urn:musnad:problem:{self.slug}", "title": PROBLEMS[self.slug][1], "status": self.status,
                "detail": self.detail, **self.members}

# So many wrong fields are named, and so much of a name: a request must not have an answer many times its length.
MOST_ERRORS, MOST_FIELD_CHARS = 20, 200


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with a field. `code` is stable; `message` is for the author of the request."""

    field: str
    code: str
    message: str


class ProblemError(Exception):
    """A problem that the web edge itself detects."""

    def __init__(self, slug: str, detail: str, members: Mapping[str, Any] | None = None) -> None:
        self.problem = Problem(slug, detail, members or {})
        super().__init__(detail)


class InvalidRequestError(Exception):
    """Fields of a request are missing, unknown or invalid."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        self.errors = tuple(replace(error, field=_shortened(error.field)) for error in errors[:MOST_ERRORS])
        named = [f"{error.field}: {error.message}" for error in self.errors]
        more = len(errors) - MOST_ERRORS
        super().__init__("; ".join(named + ([f"and {more} more"] if more > 0 else [])))


def _shortened(field: str) -> str:
    return field if len(field) <= MOST_FIELD_CHARS else f"{field[:MOST_FIELD_CHARS]}…"


def problem_of(error: Exception) -> Problem:
    """Translate an exception to a problem; an unexpected one becomes an internal error without details."""
    match error:
        case ProblemError():
            return error.problem
        case InvalidRequestError():
            listed = [{"field": one.field, "message": one.message} for one in error.errors]
            return Problem("invalid-request", str(error), {"errors": listed})
        case QuestionError() | QuoteError() | DraftError():
            return Problem(_INVALID[type(error)], str(error), {"fault": error.fault})
        case StandingError():
            return Problem(_OF_CLAIMS.get(error.fault, "invalid-claim"), str(error), {"fault": error.fault})
        case UnknownClaimError() | UnknownArticleError():
            return Problem(_UNKNOWN[type(error)], str(error))
        # A StoreError: the store went away, or dropped what was read, in the middle of a request.
        case IndexUnavailableError() | StoreError():
            cause = getattr(error, "cause", None)
            return Problem("no-index" if isinstance(cause, NoSnapshotError) else "index-unavailable", str(error))
        case DatabaseUnavailableError():
            return Problem("database-unavailable", "nothing was changed; GET /readyz says what is wrong",
                           {"retry_after_s": RETRY_DATABASE_S})
        case StateUnavailableError():
            return Problem("state-unavailable", f"nothing was changed: {os.strerror(error.errno or errno.EIO)}; GET "
                           f"/readyz says what is wrong", {"retry_after_s": RETRY_DATABASE_S})
        case HTTPException() if error.code in _SLUG_OF_STATUS:
            return Problem(_SLUG_OF_STATUS[error.code], _detail(error))
    return Problem("internal-error", "the server could not finish this request; its log says why")


def register_errors(app: Flask) -> None:
    """Answer every exception of the app with its problem."""

    @app.errorhandler(Exception)
    def answer(error: Exception) -> Response | HTTPException:
        if isinstance(error, HTTPException) and (error.code is None or error.code < 400):
            return error  # a redirect
        problem = problem_of(error)
        if problem.slug == "internal-error":
            log.error("%s %s failed", request.method, request.path, exc_info=error)
        body = _page(problem, error) if wants_page() else json.dumps(problem.as_json(), ensure_ascii=False)
        response = Response(body, problem.status,
                            mimetype="text/html" if wants_page() else "application/problem+json")
        if isinstance(error, HTTPException) and error.code == 405:
            response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
        if problem.status == 401:
            response.headers["WWW-Authenticate"] = 'Bearer realm="musnad"'
        if "retry_after_s" in problem.members:
            response.headers["Retry-After"] = str(problem.members["retry_after_s"])
            response.headers["Cache-Control"] = "no-store"
        return response


def wants_page() -> bool:
    """Tell whether to answer with a page: for a browser, and not at an address of the API."""
    if request.path in ("/healthz", "/readyz", "/metrics", "/api") or request.path.startswith("/api/"):
        return False
    return any(kind in ("text/html", "application/xhtml+xml") and quality > 0
               for kind, quality in request.accept_mimetypes)


def _page(problem: Problem, error: Exception) -> str:
    if problem.slug == "login-required":
        return render_template("login.html", target=request.full_path.rstrip("?"), is_wrong=False)
    no_index_dir = error.cause.index_dir if (
        isinstance(error, IndexUnavailableError) and isinstance(error.cause, NoSnapshotError)) else None
    return render_template("problem.html", problem=problem, no_index_dir=no_index_dir)


def _detail(error: HTTPException) -> str:
    match error.code:
        case 404:
            return f"there is nothing at {request.path}"
        case 405:
            return f"{request.path} does not support {request.method}"
        case 413:
            return f"the request body is larger than {request.max_content_length} bytes"
        case _:
            return error.description or error.name
