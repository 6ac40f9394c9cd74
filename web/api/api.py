"""The REST endpoints that read: parse the request, call the answerer, render the result."""

from __future__ import annotations

from flask import Blueprint, Response, request

from index.errors import DatabaseUnavailableError, IndexingError
from qa import contract
from qa.check.draft import TextCheck
from qa.types.answer import Answer
from qa.types.articles import summary
from web.api.drafts import MAX_DRAFT_BYTES
from web.api.responses import tagged
from web.api.schema import (
    AskIn,
    BrowseQuery,
    CheckIn,
    SearchQuery,
    SuggestionQuery,
    TimelineQuery,
    TopicQuery,
    VerifyIn,
    read_body,
    read_query,
)
from web.api.streaming import stream_steps, wants_stream
from web.errors import ProblemError
from web.gate.wsgi import READ_AT_MOST
from web.indexing import Indexing
from web.metrics import Metrics
from web.service import Service
from web.verifying import Verifier
from web.waiting import Waiting


def api_blueprint(service: Service, waiting: Waiting, indexing: Indexing | None, metrics: Metrics,
                  verifier: Verifier) -> Blueprint:
    """Create the routes under /api that only read, and /healthz and /readyz."""
    api = Blueprint("api", __name__)

    @api.post("/api/ask")
    def ask() -> Response:
        asked = read_body(AskIn, request)
        steps = service.answerer().ask_in_steps(asked.parse(), read_at_most=request.environ.get(READ_AT_MOST),
                                                generate=asked.generate)
        if wants_stream(request):
            return stream_steps(metrics.counted(steps))
        answer = next(step for step in metrics.counted(steps) if isinstance(step, Answer))
        return tagged(answer.as_json(), answer.index.generation)

    @api.post("/api/verify")
    def verify() -> Response:
        quote = read_body(VerifyIn, request).parse()
        verification = service.answerer().verify(quote)
        return tagged(verification.as_json(), verification.index.generation)

    @api.post("/api/check")
    def check() -> Response:
        request.max_content_length = MAX_DRAFT_BYTES
        draft = read_body(CheckIn, request).parse()
        steps = service.answerer().check_in_steps(draft)
        if wants_stream(request):
            return stream_steps(steps)
        checked = next(step for step in steps if isinstance(step, TextCheck))
        return tagged(checked.as_json(), checked.index.generation)

    @api.get("/api/search")
    def search() -> Response:
        question = read_query(SearchQuery, request.args).parse()
        result = service.answerer().search(question)
        return tagged(result.as_json(), result.index.generation)

    @api.get("/api/timeline")
    def timeline() -> Response:
        query = read_query(TimelineQuery, request.args)
        result = service.answerer().timeline(query.parse()).ordered(query.order)
        return tagged(result.as_json(), result.index.generation)

    @api.get("/api/affair")
    def affair() -> Response:
        query = read_query(TimelineQuery, request.args)
        result = service.answerer().affair(query.parse()).ordered(query.order)
        return tagged(result.as_json(), result.index.generation)

    @api.get("/api/disagreements")
    def disagreements() -> Response:
        question = read_query(TopicQuery, request.args).parse()
        result = service.answerer().disagreements(question)
        return tagged(result.as_json(), result.index.generation)

    _add_corpus(api, service)
    _add_health(api, service, waiting, indexing, verifier)
    return api


def _add_corpus(api: Blueprint, service: Service) -> None:
    """Add GET /api/suggestions, /api/articles and /api/articles/{id}."""

    @api.get("/api/suggestions")
    def suggestions() -> Response:
        query = read_query(SuggestionQuery, request.args)
        answerer = service.answerer()
        found: contract.Suggestions = {
            "query": query.q, "suggestions": [each.as_json() for each in answerer.suggest(query.q, query.limit)],
            "index": answerer.state.as_json()}
        return tagged(found, answerer.state.generation)

    @api.get("/api/articles")
    def articles() -> Response:
        query = read_query(BrowseQuery, request.args)
        answerer = service.answerer()
        found = answerer.browse(query.filters(), offset=query.offset, limit=query.limit, words=query.q)
        page: contract.ArticlePage = {
            "articles": [summary(article) for article in found.articles], "total": found.total,
            "offset": query.offset, "limit": query.limit, "index": answerer.state.as_json()}
        if found.notices:
            page["notices"] = [notice.as_json() for notice in found.notices]
        return tagged(page, answerer.state.generation)

    @api.get("/api/articles/<article_id:article_id>")
    def article(article_id: str) -> Response:
        answerer = service.answerer()
        return tagged(answerer.record(article_id).as_json(answerer.state), answerer.state.generation)


def _add_health(api: Blueprint, service: Service, waiting: Waiting, indexing: Indexing | None,
                verifier: Verifier) -> None:
    """Add GET /healthz and /readyz."""

    @api.get("/healthz")
    def healthz() -> contract.Health:
        return {"status": "ok"}

    @api.get("/readyz")
    def readyz() -> contract.Readiness:
        answerer = service.answerer()
        reload_error = service.reload_error
        if service.away:
            raise ProblemError("index-unavailable", service.away, {"index": answerer.state.as_json()})
        verified = verifier.verified
        count, database, indexing_error = None, None, indexing.error if indexing else ""
        try:
            count = len(waiting.names())
        except DatabaseUnavailableError as error:
            database = str(error)
        except (OSError, IndexingError) as error:
            indexing_error = f"the waiting articles cannot be read: {error}"
        return {"status": "degraded" if reload_error or count is None else "ready", "index": answerer.state.as_json(),
                "reload_error": reload_error or None, "waiting": count, "database": database,
                "indexing_error": indexing_error or None, "held": service.held() or None,
                "verified": None if verified is None else verified.isoformat(timespec="seconds")}
