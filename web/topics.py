"""The pages about a topic: its timeline, and where articles disagree about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from qa.types import MAX_QUESTION_CHARS, Question, QuestionError
from web.forms import chips, choices, read_filters, read_previous
from web.rendering import interface_messages
from web.service import Service

if TYPE_CHECKING:  # importing the web package must not load the models' runtime
    from qa.answerer import Answerer


def add_topic_pages(pages: Blueprint, service: Service) -> None:
    """GET /timeline and GET /disagreements."""

    @pages.get("/timeline")
    def timeline() -> ResponseReturnValue:
        return _page("timeline.html", service, lambda answerer, question: answerer.timeline(question))

    @pages.get("/disagreements")
    def disagreements() -> ResponseReturnValue:
        return _page("disagreements.html", service, lambda answerer, question: answerer.disagreements(question))


def _page(template: str, service: Service, find: Callable[[Answerer, Question], Any]) -> ResponseReturnValue:
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
                           sources=choices(answerer.sources()), max_chars=MAX_QUESTION_CHARS, index=answerer.state)
    return page, 422 if errors else 200
