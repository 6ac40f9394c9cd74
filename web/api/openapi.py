"""Describe the API in OpenAPI 3.1, from the types that the code uses.

Those are the models that check requests (`web.api.schema`) and the shapes of the responses (`qa.contract`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from flask import Flask
from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from qa import contract
from web.api import batch, schema
from web.errors import PROBLEMS
from web.metrics import path_template

JSON, EVENTS, PROBLEM, TEXT = "application/json", "text/event-stream", "application/problem+json", "text/plain"
_REFERENCE = "#/components/schemas/{model}"
_EMPTY = {"type": "string", "maxLength": 0}

_ASKING = ("invalid-request", "invalid-question", "no-index", "index-unavailable", "overloaded", "rate-limited",
           "uri-too-long", "malformed-request")
_READING = ("invalid-request", "no-index", "index-unavailable", "rate-limited", "uri-too-long", "malformed-request")
_BATCH = (*_READING, "overloaded")
_OF_ALL = ("login-required", "headers-too-large", "internal-error")
_SENDING = ("content-too-large", "unsupported-media-type")
_UNAVAILABLE = ("database-unavailable", "state-unavailable")
_CHANGING = ("unauthorized", "insufficient-scope", "no-admin-token", "invalid-article", "index-replaced", "not-stored",
             *_UNAVAILABLE, "rate-limited")
_CLAIMING = ("unauthorized", "insufficient-scope", "no-admin-token", *_UNAVAILABLE, "rate-limited", "overloaded")


@dataclass(frozen=True, slots=True)
class Operation:
    """One endpoint: its request, its response and the problems (`web.errors.PROBLEMS`) that it may return.

    `answers` and `body` are types that pydantic can describe; `body_types` lists the media types a body may have.
    """

    tag: str
    summary: str
    answers: Any
    problems: tuple[str, ...] = ()
    query: type[BaseModel] | None = None
    body: Any = None
    body_types: tuple[str, ...] = (JSON,)
    status: int = 200
    also_as: tuple[str, ...] = ()
    needs_token: bool = False
    is_tagged: bool = True


OPERATIONS: Mapping[str, Operation] = {
    "api.ask": Operation(
        "Asking", "Answer a question with cited sentences. With Accept: text/event-stream the passages come first, as "
        "the event `passages`; where a language model writes, each proved sentence as the event `sentence` and the "
        "reason for each other one as the event `dropped`; then the event `answer`.",
        contract.Answer, (*_ASKING, *_SENDING), body=schema.AskIn, also_as=(EVENTS,)),
    "api.search": Operation("Asking", "The passages closest to a question.", contract.SearchResult, _ASKING,
                            schema.SearchQuery),
    "api.verify": Operation("Asking", "Whether a quote was said as it stands, and by whom.", contract.Verification,
                            (*_READING, *_SENDING, "invalid-quote", "overloaded"), body=schema.VerifyIn),
    "api.check": Operation(
        "Asking", "What the articles say of each claim of a text. With Accept: text/event-stream each claim comes as "
        "soon as it is checked, as the event `claim`, and then all of them, as the event `check`.",
        contract.TextCheck, (*_READING, *_SENDING, "invalid-text", "overloaded"), body=schema.CheckIn,
        also_as=(EVENTS,)),
    "batch.ask": Operation(
        "Asking", "Answer many questions; each has its answer or its problem in its place. With Accept: "
        "application/x-ndjson each comes as a line of JSON, as soon as it is known.",
        contract.BatchOfAnswers, (*_BATCH, *_SENDING), body=batch.AskBatchIn, also_as=(batch.NDJSON,)),
    "batch.verify": Operation(
        "Asking", "Check many quotes; each has its verdict or its problem in its place. With Accept: "
        "application/x-ndjson each comes as a line of JSON, as soon as it is known.",
        contract.BatchOfVerifications, (*_BATCH, *_SENDING), body=batch.VerifyBatchIn, also_as=(batch.NDJSON,)),
    "api.timeline": Operation("Asking", "What the articles say happened, dated and in order.", contract.Timeline,
                              _ASKING, schema.TimelineQuery),
    "api.affair": Operation("Asking", "What the articles have about a topic: its events, who said what, "
                            "conflicting statements, disagreements and the newest articles.", contract.Affair, _ASKING,
                            schema.TimelineQuery),
    "api.disagreements": Operation("Asking", "Where articles give other numbers, days or speakers for the same thing.",
                                      contract.Disagreements, _ASKING, schema.TopicQuery),
    "api.suggestions": Operation("Asking", "Questions and titles that fit what has been typed.", contract.Suggestions,
                                 (*_READING, "overloaded"), schema.SuggestionQuery),
    "api.articles": Operation("Articles", "A page of articles: the newest, or those that hold the words of `q`.",
                              contract.ArticlePage, (*_READING, "overloaded"), schema.BrowseQuery),
    "api.article": Operation("Articles", "One article with its text.", contract.Article,
                             ("unknown-article", *_READING)),
    "arrivals.add": Operation(
        "Articles", "Add articles or replace those of the same id: one, a list, or a line of JSON each.",
        contract.Accepted | contract.AcceptedArticles, (*_CHANGING, *_SENDING, "malformed-request"),
        body=schema.ArticleIn | schema.ArticleList, body_types=(JSON, "application/x-ndjson"), status=202,
        needs_token=True, is_tagged=False),
    "arrivals.withdraw": Operation("Articles", "Withdraw an article.", contract.Accepted,
                                   ("unknown-article", *_CHANGING), status=202, needs_token=True, is_tagged=False),
    "arrivals.status": Operation("Articles", "The state of an article that was sent.", contract.Arrival,
                                 ("invalid-request", "rate-limited", "malformed-request", *_UNAVAILABLE),
                                 schema.StatusQuery, is_tagged=False),
    "claims.listed": Operation("Standing claims", "The claims that stand, of this token; those of every token for the "
                               "server's own.", contract.StandingClaims, _CLAIMING, needs_token=True, is_tagged=False),
    "claims.add": Operation(
        "Standing claims", "Save a claim, a quote or a question, which later generations are matched against.",
        contract.SavedClaim, (*_CLAIMING, *_SENDING, "malformed-request", "invalid-request", "invalid-claim",
                              "invalid-question", "invalid-quote", "invalid-text", "too-many-claims", "no-index",
                              "index-unavailable", "not-stored"),
        body=schema.ClaimIn, status=201, needs_token=True, is_tagged=False),
    "claims.one": Operation("Standing claims", "A claim that stands, and its alerts.",
                            contract.StandingClaimWithAlerts, (*_CLAIMING, "unknown-claim"), needs_token=True,
                            is_tagged=False),
    "claims.remove": Operation("Standing claims", "Remove a claim with its alerts.", None,
                               (*_CLAIMING, "unknown-claim"), status=204, needs_token=True, is_tagged=False),
    "api.healthz": Operation("Operating", "Whether the process is alive.", contract.Health, is_tagged=False),
    "api.readyz": Operation("Operating", "The generation being served, and whether it is the newest.",
                            contract.Readiness, ("no-index", "index-unavailable"), is_tagged=False),
    "metrics": Operation("Operating", "Counters and gauges in the text format of Prometheus.", None,
                         also_as=(TEXT,), is_tagged=False),
}
"""The operations by the endpoint's name in the app; a test checks that none is missing."""


def describe(app: Flask) -> dict[str, Any]:
    """Describe the app's API in OpenAPI 3.1."""
    references, components = _schemas()
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for rule in app.url_map.iter_rules():
        operation = OPERATIONS.get(rule.endpoint)
        if operation is not None:
            path = path_template(rule.rule)
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                paths[path][method.lower()] = _operation(rule.endpoint, operation, rule.arguments, references)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Musnad", "version": version("musnad"), "license": {"name": "MIT", "identifier": "MIT"},
                 "description": "Answers questions about news articles, and proves each sentence of an answer with its "
                                "exact place in a source."},
        "servers": [{"url": "/"}],
        "paths": dict(paths),
        "components": {"schemas": components, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}}}


def _schemas() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the reference to each type by its key, and the schemas of the types by name."""
    described: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [
        ("problem", "serialization", TypeAdapter(contract.Problem))]
    for endpoint, operation in OPERATIONS.items():
        if operation.body is not None:
            described.append((f"{endpoint} body", "validation", TypeAdapter(operation.body)))
        if operation.answers is not None:
            described.append((f"{endpoint} answer", "serialization", TypeAdapter(operation.answers)))
    found, definitions = TypeAdapter.json_schemas(described, ref_template=_REFERENCE)
    references = {key: reference for (key, _), reference in found.items()}
    components: dict[str, Any] = dict(sorted(definitions["$defs"].items()))
    for component in components.values():
        _put_defaults_in_words(component)
    return references, components


def _put_defaults_in_words(component: dict[str, Any]) -> None:
    """Say in words what an absent field means: generators make a field with a default one that must be sent, or read
    an object as a wrong default."""
    for field in component.get("properties", {}).values():
        default = field.pop("default", None)
        if default not in (None, "", []):
            field["description"] = "; ".join(filter(None, (field.get("description"), f"{default} if it is absent")))


def _operation(endpoint: str, operation: Operation, arguments: Iterable[str], references: Mapping[str, Any]
               ) -> dict[str, Any]:
    parameters = [{"name": name, "in": "path", "required": True,
                   "schema": {"type": "string", "minLength": 1}} for name in sorted(arguments)]
    if operation.query is not None:
        parameters += _parameters(operation.query.model_json_schema())
    described: dict[str, Any] = {
        "operationId": endpoint.replace(".", "_"), "tags": [operation.tag], "summary": operation.summary.split(". ")[0],
        "description": operation.summary, "parameters": parameters, "responses": _responses(
            endpoint, operation, references)}
    if operation.body is not None:
        described["requestBody"] = {"required": True, "content": {
            media_type: {"schema": references[f"{endpoint} body"] if media_type == JSON else {"type": "string"}}
            for media_type in operation.body_types}}
    if operation.needs_token:
        described["security"] = [{"token": []}]
    return described


def _parameters(described: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Describe the fields of a model as parameters of a query string, in which an empty value means none."""
    required = described.get("required", ())
    return [{"name": name, "in": "query", "required": name in required, "schema": _in_query(field, name in required)}
            for name, field in described["properties"].items()]


def _in_query(field: Mapping[str, Any], is_required: bool) -> dict[str, Any]:  # noqa: FBT001
    kept = {key: value for key, value in field.items() if key not in ("title", "default")}
    choices = [choice for choice in kept.get("anyOf", [kept]) if choice.get("type") != "null"]
    if is_required or choices[0].get("type") == "array":
        return dict(choices[0])
    default = {} if field.get("default") in (None, "") else {"default": field["default"]}
    return {"anyOf": [*choices, _EMPTY], **default}


def _responses(endpoint: str, operation: Operation, references: Mapping[str, Any]) -> dict[str, Any]:
    content = {} if operation.answers is None else {JSON: {"schema": references[f"{endpoint} answer"]}}
    content |= {media_type: {"schema": {"type": "string"}} for media_type in operation.also_as}
    done: dict[str, Any] = {"description": HTTPStatus(operation.status).phrase, "content": content}
    responses: dict[str, Any] = {str(operation.status): done}
    if operation.is_tagged:
        done["headers"] = {"ETag": {"description": "The generation that the answer comes from.",
                                    "schema": {"type": "string"}}}
        if operation.body is None:
            responses["304"] = {"description": "Not changed since the generation of If-None-Match."}
    by_status: dict[int, list[str]] = defaultdict(list)
    for slug in dict.fromkeys((*operation.problems, *_OF_ALL)):
        by_status[PROBLEMS[slug][0]].append(slug)
    for status, slugs in sorted(by_status.items()):
        responses[str(status)] = {
            "description": ". ".join(f"{PROBLEMS[slug][1]} (`urn:musnad:problem:{slug}`)" for slug in slugs),
            "content": {PROBLEM: {"schema": references["problem"]}}}
    return responses
