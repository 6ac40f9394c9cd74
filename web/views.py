"""The pages: the form and its answer, one article with the cited place marked, the list of articles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from qa.types import MAX_PREVIOUS, MAX_QUESTION_CHARS, Answer, Citation, Filters, Question, QuestionError
from web.errors import InvalidRequestError
from web.exports import FORMATS, address_of, as_text
from web.forms import chips, choices, codes_by_field, kept_filters, read_filters, read_previous
from web.metrics import Metrics
from web.paragraphs import paragraphs
from web.rendering import interface_messages
from web.schema import BrowseQuery, ExportQuery, read_query
from web.service import Service
from web.topics import add_topic_pages
from web.verifying import add_verify_page

if TYPE_CHECKING:  # importing the web package must not load the models' runtime
    from qa.answerer import Answerer

NEWEST_ON_HOME = 6

_OFFSET = re.compile(r"[0-9]{1,9}")


def pages_blueprint(service: Service, metrics: Metrics) -> Blueprint:
    """GET /, /export, /articles and /articles/{id}, and the pages of `web.topics` and `web.verifying`."""
    pages = Blueprint("pages", __name__)
    _add_answer_pages(pages, service, metrics)
    _add_article_pages(pages, service)
    add_topic_pages(pages, service)
    add_verify_page(pages, service)
    return pages


def _add_answer_pages(pages: Blueprint, service: Service, metrics: Metrics) -> None:
    @pages.get("/")
    def home() -> ResponseReturnValue:
        answerer = service.answerer()
        typed, previous = request.args.get("q"), read_previous()
        answer, newest, instead = None, None, []
        filters, errors = read_filters()
        try:
            question = None if typed is None else Question.parse(typed, filters=filters, previous=previous)
        except QuestionError as error:
            errors["q"] = error.fault
        if not errors and question is not None:
            answer = _answered(metrics, answerer, question)
            instead = answerer.examples_near(answer) if answer.status == "not_found" else []
        elif typed is None:
            newest = answerer.browse(Filters(), offset=0, limit=NEWEST_ON_HOME)
        messages = interface_messages()
        page = render_template(
            "home.html", typed=typed or "", errors=errors, answer=answer, newest=newest, previous=previous,
            continued=(*previous, answer.question.text)[-MAX_PREVIOUS:] if answer else (), instead=instead,
            copied=as_text(answer, _address, messages) if answer else "", chips=chips(filters, messages),
            kept_filters=kept_filters(), examples=answerer.examples if typed is None else (),
            sources=choices(answerer.sources()), max_chars=MAX_QUESTION_CHARS, index=answerer.state)
        return page, 422 if errors else 200

    @pages.get("/export")
    def export() -> ResponseReturnValue:
        query = read_query(ExportQuery, request.args, ignore_unknown=True)
        answer = _answered(metrics, service.answerer(), query.parse())
        chosen = FORMATS[query.format]
        messages = interface_messages()
        response = Response(chosen.write(answer, _address, messages), mimetype=chosen.media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="musnad-answer.{chosen.suffix}"'
        return response


def _answered(metrics: Metrics, answerer: Answerer, question: Question) -> Answer:
    return next(step for step in metrics.counted(answerer.ask_in_steps(question)) if isinstance(step, Answer))


def _address(citation: Citation) -> str:
    return address_of(citation, url_for("pages.article", article_id=citation.article.id, start=citation.start,
                                        end=citation.end, _anchor="cited", _external=True))


def _add_article_pages(pages: Blueprint, service: Service) -> None:
    @pages.get("/articles")
    def articles() -> ResponseReturnValue:
        answerer = service.answerer()
        errors: dict[str, str] = {}
        query, listed = BrowseQuery(), None
        try:
            query = read_query(BrowseQuery, request.args, ignore_unknown=True)
            listed = answerer.browse(query.filters(), offset=query.offset, limit=query.limit, words=query.q)
        except InvalidRequestError as error:
            errors = codes_by_field(error)
        messages = interface_messages()
        page = render_template("articles.html", query=query, listed=listed, errors=errors,
                               chips=chips(query.filters(), messages), max_chars=MAX_QUESTION_CHARS,
                               sources=choices(answerer.sources()), index=answerer.state)
        return page, 422 if errors else 200

    @pages.get("/articles/<article_id:article_id>")
    def article(article_id: str) -> ResponseReturnValue:
        answerer = service.answerer()
        record = answerer.record(article_id)
        found = record.article
        asked = [request.args[name] for name in ("start", "end") if name in request.args]
        cited = cited_span(asked, found.text)
        return render_template("article.html", article=found, record=record, cited=cited,
                               bad_span=bool(asked) and cited is None, paragraphs=paragraphs(found.text, cited),
                               index=answerer.state)


def cited_span(asked: list[str], text: str) -> tuple[int, int] | None:
    """The span that `start` and `end` name, or None where they name no visible part of the text."""
    if len(asked) != 2 or not all(_OFFSET.fullmatch(offset) for offset in asked):
        return None
    start, end = int(asked[0]), int(asked[1])
    return (start, end) if start < end <= len(text) and text[start:end].strip() else None
