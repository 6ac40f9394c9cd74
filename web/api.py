"""The REST endpoints: parse, call, render."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from index.types import Article
from web.indexing import Indexing
from web.schema import AskIn, BrowseQuery, SearchQuery, VerifyIn, read_body, read_query
from web.service import Service
from web.waiting import Waiting


def api_blueprint(service: Service, waiting: Waiting, indexing: Indexing | None) -> Blueprint:
    """POST /api/ask and /api/verify, GET /api/search, /api/articles, /api/articles/{id}, /healthz and /readyz."""
    api = Blueprint("api", __name__)

    @api.post("/api/ask")
    def ask() -> Response:
        question = read_body(AskIn, request).parse()
        answer = service.answerer().ask(question)
        return _tagged(answer.as_json(), answer.index.generation)

    @api.post("/api/verify")
    def verify() -> Response:
        quote = read_body(VerifyIn, request).parse()
        verification = service.answerer().verify(quote)
        return _tagged(verification.as_json(), verification.index.generation)

    @api.get("/api/search")
    def search() -> Response:
        question = read_query(SearchQuery, request.args).parse()
        result = service.answerer().search(question)
        return _tagged(result.as_json(), result.index.generation)

    @api.get("/api/articles")
    def articles() -> Response:
        query = read_query(BrowseQuery, request.args)
        answerer = service.answerer()
        page = answerer.browse(query.filters(), offset=query.offset, limit=query.limit)
        return _tagged({"articles": [summary_json(article) for article in page.articles], "total": page.total,
                        "offset": query.offset, "limit": query.limit, "index": answerer.state.as_json()},
                       answerer.state.generation)

    @api.get("/api/articles/<article_id:article_id>")
    def article(article_id: str) -> Response:
        answerer = service.answerer()
        found = answerer.record(article_id)
        return _tagged(summary_json(found.article) | {
            "revised": found.revised or None, "also_at": [summary_json(other) for other in found.also_at],
            "text": found.article.text, "metadata": dict(found.article.metadata), "index": answerer.state.as_json()},
            answerer.state.generation)

    @api.get("/healthz")
    def healthz() -> dict[str, Any]:
        return {"status": "ok"}

    @api.get("/readyz")
    def readyz() -> dict[str, Any]:
        answerer = service.answerer()
        reload_error = service.reload_error
        return {"status": "degraded" if reload_error else "ready", "index": answerer.state.as_json(),
                "reload_error": reload_error or None, "waiting": len(waiting.names()),
                "indexing_error": (indexing.error if indexing else "") or None}

    return api


def _tagged(body: Mapping[str, object], generation: str) -> Response:
    """The body with an ETag of its generation: within that, one request has one answer. 304 where the client has it."""
    response = jsonify(body)
    response.set_etag(generation, weak=True)  # weak, since times differ
    if request.method in ("GET", "HEAD"):
        response.make_conditional(request)
    return response


def summary_json(article: Article) -> dict[str, Any]:
    """One article without its text; what is unknown is null, save title and source, which are then empty."""
    return {"id": article.id, "title": article.title, "source": article.source, "url": article.url or None,
            "published": article.published or None, "author": article.author or None,
            "language": article.language or None, "characters": len(article.text)}
