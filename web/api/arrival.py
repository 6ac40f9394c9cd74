"""Take articles that programs add, replace or withdraw: accept them once stored, to be indexed soon after."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request

from index.errors import DatabaseUnavailableError, UnknownArticleError
from index.sources.jsonl import parse_record
from index.sources.records import DATE_AS_READ, article_from_fields, kind_of
from index.sources.rejections import RejectedError
from index.types import Article
from qa import contract
from web.api.schema import StatusQuery, body_text, parse_json, read_query
from web.errors import NOT_STORED, ProblemError
from web.gate.admin import Admin
from web.gate.tokens import Scope
from web.pages.messages import LANGUAGES, Messages
from web.service import IndexReplacedError, Service
from web.waiting import Waiting, revision_of

MAX_BODY_BYTES = 4 * 1024 * 1024
MAX_ARTICLES = 100
NDJSON = ("application/x-ndjson", "application/jsonl")
RETRY_WHEN_FULL_S = 60

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def arrival_blueprint(service: Service, waiting: Waiting, admin: Admin, arrived: Callable[[], None]) -> Blueprint:
    """Create the routes that change the index; call `arrived` after each change.

    POST /api/articles, DELETE /api/articles/{id} and GET /api/arrivals/{id}.
    """
    arrivals = Blueprint("arrivals", __name__)

    @arrivals.before_request
    def check_token() -> None:
        if request.method in ("POST", "DELETE"):
            scope: Scope = "add" if request.method == "POST" else "remove"
            admin.check(request.headers.get("Authorization", ""), scope)  # before a byte of the body is read
            request.max_content_length = MAX_BODY_BYTES
            _check_folder(service)

    @arrivals.post("/api/articles")
    def add() -> Response:
        is_one, articles = _read_articles()
        _store(lambda: waiting.inbox.add_all(articles, "api"), request.content_length or 0, waiting)
        arrived()
        accepted = [_accepted(article.id, revision_of(article)) for article in articles]
        return _respond(accepted[0], accepted[0]["status_url"]) if is_one else _respond({"articles": accepted})

    @arrivals.delete("/api/articles/<article_id:article_id>")
    def withdraw(article_id: str) -> Response:
        if not waiting.knows(article_id):
            raise UnknownArticleError(article_id)
        _store(lambda: waiting.inbox.withdraw(article_id), 0, waiting)
        arrived()
        accepted = _accepted(article_id, "")
        return _respond(accepted, accepted["status_url"])

    @arrivals.get("/api/arrivals/<article_id:article_id>")
    def status(article_id: str) -> contract.Arrival:
        sha256 = read_query(StatusQuery, request.args).sha256
        found = waiting.status(article_id, sha256)
        serving = service.serving()
        return {"id": article_id, "sha256": sha256 or None, "status": found,
                "generation": None if serving is None else serving.state.generation}

    return arrivals


def _check_folder(service: Service) -> None:
    """Raise the problem `index-replaced` (503) unless the folder holds the index that is served."""
    try:
        service.check_folder()
    except IndexReplacedError as error:
        messages = {language: Messages(language).text("problem_index-replaced_text") for language in LANGUAGES}
        raise ProblemError("index-replaced", str(error), {"messages": messages}) from error


def _read_articles() -> tuple[bool, list[Article]]:
    """Return whether the body is a single article rather than a list, and the articles.

    Raises ProblemError for the first fault of the body, or for all faults of its articles at once.
    """
    text = body_text(request, ("application/json", *NDJSON))
    if request.mimetype in NDJSON:
        records = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
        is_one = False
    else:
        parsed = parse_json(text)
        is_one = not isinstance(parsed, list)
        records = list(enumerate([parsed] if is_one else parsed, start=1))
    if not 1 <= len(records) <= MAX_ARTICLES:
        raise ProblemError("invalid-article", f"the body holds {len(records)} articles; send 1 to {MAX_ARTICLES}",
                           {"errors": []})
    articles: list[Article] = []
    errors: list[dict[str, Any]] = []
    for number, record in records:
        try:
            articles.append(_article_of(parse_record(record) if request.mimetype in NDJSON else record))
        except RejectedError as error:
            errors.append({"number": number, "message": str(error)})
    if errors:
        told = "; ".join(error["message"] if is_one else f"{error['number']}: {error['message']}" for error in errors)
        raise ProblemError("invalid-article", told, {"errors": errors})
    return is_one, articles


def _article_of(fields: object) -> Article:
    if not isinstance(fields, dict):
        raise RejectedError(f"is {kind_of(fields)}; send an article as an object")
    article = article_from_fields(fields, fields.get("text"))
    if DATE_AS_READ in article.metadata and DATE_AS_READ not in fields:
        written = ascii(str(article.metadata[DATE_AS_READ])[:80])
        raise RejectedError(f"its date {written} is not read; write it as 2018-03-05 or 2018-03-05T10:15:00+03:00")
    return article


def _store(store: Callable[[], object], body_bytes: int, waiting: Waiting) -> None:
    try:
        store()
    except DatabaseUnavailableError:
        raise
    except OSError as error:
        members: dict[str, Any] = {"retry_after_s": RETRY_WHEN_FULL_S}
        detail = f"nothing was accepted: {os.strerror(error.errno) if error.errno else 'the inbox is busy'}"
        if error.errno in _FULL:
            # Besides the text: the record around it and the file system's own blocks.
            members["bytes_needed"] = body_bytes + 4096 * MAX_ARTICLES
            members["bytes_free"] = shutil.disk_usage(waiting.inbox.index_dir).free
            detail += f"; free {members['bytes_needed']:,} bytes on the server's disk"
        raise ProblemError(NOT_STORED, detail, members) from error


def _accepted(article_id: str, sha256: str) -> contract.Accepted:
    address = f"{request.script_root}/api/arrivals/{quote(article_id, safe='')}"
    address += f"?sha256={sha256}" if sha256 else ""
    return {"id": article_id, "sha256": sha256 or None, "status": "waiting", "status_url": address}


def _respond(accepted: contract.Accepted | contract.AcceptedArticles, status_url: str = "") -> Response:
    response = Response(json.dumps(accepted, ensure_ascii=False), 202, mimetype="application/json")
    if status_url:
        response.headers["Location"] = status_url
    return response
