"""Serve the pages: questions and answers, articles, topics, and the check of a quote."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from qa.contract import Order
from qa.question.small_talk import small_talk
from qa.topics.written import FORMATS as TIMELINE_FORMATS
from qa.types import MAX_QUESTION_CHARS, Answer, Citation, Filters, Question, QuestionError
from qa.verify.quote import MAX_QUOTE_CHARS, MAX_SPEAKER_CHARS, Quote, QuotedPart, QuoteError, Verification
from web.api.schema import BrowseQuery, ExportQuery, TimelineExportQuery, read_query
from web.errors import InvalidRequestError
from web.gate.wsgi import READ_AT_MOST
from web.metrics import Metrics
from web.pages.checking import add_check_page
from web.pages.exports import FORMATS, address_of, as_text
from web.pages.forms import chips, choices, codes_by_field, kept_filters, last_previous, read_filters, read_previous
from web.pages.rendering import interface_messages
from web.pages.runs import paragraphs, quote_runs, source_runs
from web.service import Service

if TYPE_CHECKING:  # importing the web package must not load the models' runtime
    from qa.answerer import Answerer

NEWEST_ON_HOME = 6

_OFFSET = re.compile(r"[0-9]{1,9}")


def pages_blueprint(service: Service, metrics: Metrics) -> Blueprint:
    """Create the routes /, /export, /articles, /articles/{id}, /timeline, /timeline/export, /disagreements, /verify,
    /check and /check/export."""
    pages = Blueprint("pages", __name__)
    _add_answer_pages(pages, service, metrics)
    _add_article_pages(pages, service)
    _add_topic_pages(pages, service)
    _add_verify_page(pages, service)
    add_check_page(pages, service)
    return pages


def _continued(answer: Answer | None, previous: tuple[str, ...], *, is_small_talk: bool) -> tuple[str, ...]:
    """Return the questions that a follow-up is sent with; small talk is none of them."""
    if answer is None or is_small_talk:
        return previous
    return last_previous((*previous, answer.question.text))


def _add_answer_pages(pages: Blueprint, service: Service, metrics: Metrics) -> None:
    @pages.get("/")
    def home() -> ResponseReturnValue:
        answerer = service.answerer()
        typed, previous = request.args.get("q"), read_previous()
        answer, newest, instead, not_written, is_small_talk = None, None, [], [], False
        filters, errors = read_filters()
        try:
            question = None if typed is None else Question.parse(typed, filters=filters, previous=previous)
        except QuestionError as error:
            errors["q"] = error.fault
        if not errors and question is not None:
            answer = _answered(metrics, answerer, question, generate=True)
            if is_small_talk := small_talk(question.text) is not None:
                instead = list(answerer.examples)
            elif answer.status == "not_found":
                instead, not_written = answerer.examples_near(answer), answerer.unknown_words(answer)
        elif typed is None:
            newest = answerer.browse(Filters(), offset=0, limit=NEWEST_ON_HOME)
        messages = interface_messages()
        page = render_template(
            "home.html", typed=typed or "", errors=errors, answer=answer, newest=newest, previous=previous,
            continued=_continued(answer, previous, is_small_talk=is_small_talk), instead=instead,
            is_small_talk=is_small_talk,
            copied=as_text(answer, _address, messages) if answer else "", chips=chips(filters, messages),
            kept_filters=kept_filters(), days=answerer.days() if newest else None, not_written=not_written,
            examples=answerer.examples if typed is None else (),
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


def _answered(metrics: Metrics, answerer: Answerer, question: Question, *, generate: bool = False) -> Answer:
    steps = answerer.ask_in_steps(question, read_at_most=request.environ.get(READ_AT_MOST), generate=generate)
    return next(step for step in metrics.counted(steps) if isinstance(step, Answer))


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


def _add_topic_pages(pages: Blueprint, service: Service) -> None:
    @pages.get("/timeline")
    def timeline() -> ResponseReturnValue:
        order: Order = "desc" if request.args.get("order") == "desc" else "asc"
        return _topic_page("timeline.html", service,
                           lambda answerer, question: answerer.timeline(question).ordered(order), order=order)

    @pages.get("/timeline/export")
    def export_timeline() -> ResponseReturnValue:
        query = read_query(TimelineExportQuery, request.args, ignore_unknown=True)
        found = service.answerer().timeline(query.parse()).ordered(query.order)
        chosen = TIMELINE_FORMATS[query.format]
        response = Response(chosen.write(found, _address), mimetype=chosen.media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="musnad-timeline.{chosen.suffix}"'
        return response

    @pages.get("/disagreements")
    def disagreements() -> ResponseReturnValue:
        return _topic_page("disagreements.html", service, lambda answerer, question: answerer.disagreements(question))


def _topic_page(template: str, service: Service, find: Callable[[Answerer, Question], Any], **shown: object
                ) -> ResponseReturnValue:
    answerer = service.answerer()
    typed = request.args.get("q")
    filters, errors = read_filters()
    found = None
    try:
        question = None if typed is None else Question.parse(typed, filters=filters, previous=read_previous())
    except QuestionError as error:
        errors["q"] = error.fault
    if not errors and question is not None:
        found = find(answerer, question)
    page = render_template(template, typed=typed or "", errors=errors, found=found,
                           chips=chips(filters, interface_messages()),
                           sources=choices(answerer.sources()), max_chars=MAX_QUESTION_CHARS, index=answerer.state,
                           **shown)
    return page, 422 if errors else 200


def _add_verify_page(pages: Blueprint, service: Service) -> None:
    @pages.get("/verify")
    def verify() -> ResponseReturnValue:
        answerer = service.answerer()
        typed, speaker = request.args.get("quote"), request.args.get("speaker", "")
        verification = None
        filters, errors = read_filters()
        try:
            quote = None if typed is None else Quote.parse(typed, speaker)
        except QuoteError as error:
            errors["speaker" if error.fault == "bad_speaker" else "quote"] = error.fault
        if not errors and quote is not None:
            verification = answerer.verify(Quote(quote.text, quote.speaker, filters))
        page = render_template(
            "verify.html", typed=typed or "", speaker=speaker, errors=errors, verification=verification,
            quote_runs=quote_runs(verification) if verification else (),
            cited=[(part, source_runs(verification, part), _names_of(verification, part))
                   for part in verification.parts] if verification else (),
            chips=chips(filters, interface_messages()),
            sources=choices(answerer.sources()), max_chars=MAX_QUOTE_CHARS, max_speaker_chars=MAX_SPEAKER_CHARS,
            index=answerer.state)
        return page, 422 if errors else 200


def _names_of(verification: Verification, part: QuotedPart) -> list[str]:
    """Return the speakers that the article names for a part of the quote."""
    return [speaker.name for speaker in verification.speakers if speaker.citation == part.citation.number]


def cited_span(asked: list[str], text: str) -> tuple[int, int] | None:
    """Return the span that `start` and `end` name, or None if the text has nothing visible there."""
    if len(asked) != 2 or not all(_OFFSET.fullmatch(offset) for offset in asked):
        return None
    start, end = int(asked[0]), int(asked[1])
    return (start, end) if start < end <= len(text) and text[start:end].strip() else None
