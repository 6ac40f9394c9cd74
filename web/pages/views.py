"""Serve the pages: questions and answers, articles, topics, and the check of a quote."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from qa.contract import Order
from qa.question.small_talk import small_talk
from qa.topics.affair_formats import FORMATS as AFFAIR_FORMATS
from qa.topics.affair_words import ACTS, PARTS
from qa.topics.timeline_formats import FORMATS as TIMELINE_FORMATS
from qa.types.answer import Answer
from qa.types.citation import Citation
from qa.types.filters import Filters
from qa.types.question import MAX_QUESTION_CHARS, Question, QuestionError
from qa.verify.quote import MAX_QUOTE_CHARS, MAX_SPEAKER_CHARS, Quote, QuotedPart, QuoteError, Verification
from web.api.schema import AffairExportQuery, BrowseQuery, CiteQuery, ExportQuery, TimelineExportQuery, read_query
from web.errors import InvalidRequestError, ProblemError
from web.gate.wsgi import READ_AT_MOST
from web.metrics import Metrics
from web.pages import citing
from web.pages.checking import add_check_page
from web.pages.citing import CitationFormat, as_line, own_address
from web.pages.exports import FORMATS, Format, as_text
from web.pages.forms import chips, choices, codes_by_field, kept_filters, last_previous, read_filters, read_previous
from web.pages.rendering import interface_language, interface_messages
from web.pages.runs import paragraphs, quote_runs, source_runs
from web.service import Service

if TYPE_CHECKING:  # importing the web package must not load the models' runtime
    from qa.answerer import Answerer
    from qa.generate.generate import Step

STORIES_ON_HOME = 12

_OFFSET = re.compile(r"[0-9]{1,9}")


def pages_blueprint(service: Service, metrics: Metrics) -> Blueprint:
    """Create the routes /, /export, /cite/{id}, /folders, /articles, /articles/{id}, /timeline, /timeline/export,
    /affair, /affair/export, /disagreements, /verify, /check and /check/export.
    """
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


def earlier_answers(answerer: Answerer, question: Question) -> list[tuple[Question, Answer | None]]:
    """Return the questions before this one, as each was asked, with their answers if the answerer remembers them.

    Only the latest is answered again if it is forgotten: each costs as much as the question that was asked.
    """
    before = question.previous
    asked = [replace(question, text=text, previous=before[:place]) for place, text in enumerate(before)]
    found = [(each, answerer.remembered(each)) for each in asked]
    if found and found[-1][1] is None:
        found[-1] = asked[-1], _answer_of(_steps(answerer, asked[-1]))
    return found


def _add_answer_pages(pages: Blueprint, service: Service, metrics: Metrics) -> None:
    @pages.get("/")
    def home() -> ResponseReturnValue:
        answerer = service.answerer()
        typed, previous = request.args.get("q"), read_previous()
        answer, newest, instead, not_written, is_small_talk = None, None, [], [], False
        earlier: list[tuple[Question, Answer | None]] = []
        filters, errors = read_filters()
        try:
            question = None if typed is None else Question.parse(typed, filters=filters, previous=previous)
        except QuestionError as error:
            errors["q"] = error.fault
        if not errors and question is not None:
            answer = _answered(metrics, answerer, question, generate=True)
            earlier = earlier_answers(answerer, question)
            if is_small_talk := small_talk(question.text) is not None:
                instead = list(answerer.first_look.examples)
            elif answer.status == "not_found":
                instead = answerer.examples_near(answer)
                not_written = [(unknown.word, unknown.nearest) for unknown in answerer.unknown_words(answer)]
        elif typed is None:
            newest = answerer.browse(Filters(), offset=0, limit=1)
        messages = interface_messages()
        page = render_template(
            "home.html", typed=typed or "", draft=request.args.get("draft", "")[:MAX_QUESTION_CHARS], errors=errors,
            answer=answer, newest=newest, previous=previous, earlier=earlier,
            continued=_continued(answer, previous, is_small_talk=is_small_talk), instead=instead,
            is_small_talk=is_small_talk, writes=answerer.writes,
            stories_shown=STORIES_ON_HOME, told=lambda citation: as_line(citation, own_address, messages),
            copied=as_text(answer, own_address, messages) if answer else "", chips=chips(filters, messages),
            kept_filters=kept_filters(), days=answerer.days() if newest else None, not_written=not_written,
            first_look=answerer.first_look if typed is None else None,
            sources=choices(answerer.sources()), max_chars=MAX_QUESTION_CHARS, index=answerer.state)
        return page, 422 if errors else 200

    @pages.get("/export")
    def export() -> ResponseReturnValue:
        query = read_query(ExportQuery, request.args, ignore_unknown=True)
        answer = _answered(metrics, service.answerer(), query.parse())
        chosen = FORMATS[query.format]
        return _download(chosen.write(answer, own_address, interface_messages()), chosen, "musnad-answer")

    @pages.get("/cite/<article_id:article_id>")
    def cite(article_id: str) -> ResponseReturnValue:
        answerer = service.answerer()
        query = read_query(CiteQuery, request.args, ignore_unknown=True)
        article = answerer.record(article_id).article
        span = cited_span([str(query.start), str(query.end)], article.text)
        if span is None:
            raise ProblemError("not-found", "the article has no such place")
        chosen = citing.FORMATS[query.format]
        return _download(chosen.write([Citation(1, article, *span)], own_address, interface_messages()), chosen,
                         "musnad-citation")


def _download(text: str, format: Format | CitationFormat, name: str) -> Response:  # noqa: A002  # it is one
    response = Response(text, mimetype=format.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{format.suffix}"'
    return response


def _answered(metrics: Metrics, answerer: Answerer, question: Question, *, generate: bool = False) -> Answer:
    return _answer_of(metrics.counted(_steps(answerer, question, generate=generate)))


def _steps(answerer: Answerer, question: Question, *, generate: bool = False) -> Iterator[Step]:
    return answerer.ask_in_steps(question, read_at_most=request.environ.get(READ_AT_MOST), generate=generate)


def _answer_of(steps: Iterator[Step]) -> Answer:
    return next(step for step in steps if isinstance(step, Answer))


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
        messages = interface_messages()
        return render_template("article.html", article=found, record=record, cited=cited,
                               citation=Citation(1, found, *cited) if cited else None,
                               told=lambda citation: as_line(citation, own_address, messages),
                               bad_span=bool(asked) and cited is None, paragraphs=paragraphs(found.text, cited),
                               index=answerer.state)


    @pages.get("/folders")
    def folders() -> ResponseReturnValue:
        return render_template("folders.html", index=None)


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
        response = Response(chosen.write(found, own_address, interface_messages().source), mimetype=chosen.media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="musnad-timeline.{chosen.suffix}"'
        return response

    @pages.get("/affair")
    def affair() -> ResponseReturnValue:
        order: Order = "desc" if request.args.get("order") == "desc" else "asc"
        language = interface_language()
        return _topic_page("affair.html", service, lambda answerer, question: answerer.affair(question).ordered(order),
                           order=order, words=PARTS[language], acts=ACTS[language])

    @pages.get("/affair/export")
    def export_affair() -> ResponseReturnValue:
        query = read_query(AffairExportQuery, request.args, ignore_unknown=True)
        found = service.answerer().affair(query.parse()).ordered(query.order)
        chosen = AFFAIR_FORMATS[query.format]
        response = Response(chosen.write(found, own_address, interface_language(), interface_messages().source),
                            mimetype=chosen.media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="musnad-affair.{chosen.suffix}"'
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
        messages = interface_messages()
        page = render_template(
            "verify.html", typed=typed or "", speaker=speaker, errors=errors, verification=verification,
            quote_runs=quote_runs(verification) if verification else (),
            cited=[(part, source_runs(verification, part), _names_of(verification, part))
                   for part in verification.parts] if verification else (),
            told=lambda citation: as_line(citation, own_address, messages), chips=chips(filters, messages),
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
