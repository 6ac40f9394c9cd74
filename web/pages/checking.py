"""Serve the page that checks a text: the text with each claim marked, and beside it what the articles say of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from qa.check import report
from qa.check.draft import MAX_TEXT_CHARS, CheckedClaim, Draft, DraftError, TextCheck
from qa.check.wording import SIGNS, difference_template, word_reasons, word_verdict
from qa.types.filters import NO_FILTERS, Filters
from web.api.drafts import MAX_DRAFT_BYTES
from web.api.schema import FilterQuery, read_query
from web.errors import InvalidRequestError, ProblemError
from web.pages.citing import as_line, own_address
from web.pages.forms import codes_by_field
from web.pages.rendering import interface_language, interface_messages, isolated
from web.service import Service

ReportFormat = Literal["markdown", "json"]
_SUFFIXES = {"markdown": ("text/markdown", "md"), "json": ("application/json", "json")}


@dataclass(frozen=True, slots=True)
class TextRun:
    """Consecutive characters of the checked text: a claim, or what stands between claims."""

    text: str
    checked: CheckedClaim | None = None


def text_runs(check: TextCheck) -> Iterator[TextRun]:
    """Cut a checked text into its claims and what stands between them, in order; together they are the text."""
    text, done = check.draft.text, 0
    for checked in check.claims:
        yield TextRun(text[done:checked.claim.start])
        yield TextRun(text[checked.claim.start:checked.claim.end], checked)
        done = checked.claim.end
    yield TextRun(text[done:])


def add_check_page(pages: Blueprint, service: Service) -> None:
    """Add GET and POST /check, and POST /check/export."""

    @pages.route("/check", methods=("GET", "POST"))
    def check() -> ResponseReturnValue:
        if request.method != "POST":
            return _page(service, "", {}, None)
        typed, filters, errors = _read_form()
        found = None
        try:
            draft = Draft.parse(typed, filters=filters)
        except DraftError as error:
            errors["text"] = error.fault
        if not errors:
            found = service.answerer().check(draft)
        return _page(service, typed, errors, found)

    @pages.post("/check/export")
    def export_check() -> ResponseReturnValue:
        typed, filters, errors = _read_form()
        name = request.form.get("format", "")
        if name not in _SUFFIXES or errors:
            raise ProblemError("invalid-request", "the form is not valid", {"errors": []})
        found = service.answerer().check(Draft.parse(typed, filters=filters))
        media_type, suffix = _SUFFIXES[name]
        written = report.as_json(found) if name == "json" \
            else report.as_markdown(found, own_address, interface_language(), interface_messages().source)
        response = Response(written, mimetype=media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="musnad-check.{suffix}"'
        return response


def _read_form() -> tuple[str, Filters, dict[str, str]]:
    """Return the text, the filters and the error codes by field. A browser sends line ends as two characters."""
    request.max_content_length = request.max_form_memory_size = MAX_DRAFT_BYTES
    typed = request.form.get("text", "").replace("\r\n", "\n")
    try:
        return typed, read_query(FilterQuery, request.form, ignore_unknown=True).filters(), {}
    except InvalidRequestError as error:
        return typed, NO_FILTERS, codes_by_field(error)


def _page(service: Service, typed: str, errors: dict[str, str], found: TextCheck | None) -> ResponseReturnValue:
    answerer = service.answerer()
    language, messages = interface_language(), interface_messages()
    runs: Sequence[TextRun] = [run for run in text_runs(found) if run.text] if found else ()
    page = render_template(
        "check.html", typed=typed, errors=errors, found=found, runs=runs, signs=SIGNS, max_chars=MAX_TEXT_CHARS,
        verdict_of=lambda verdict: word_verdict(verdict, language),
        reasons_of=lambda checked: word_reasons(checked, language),
        difference_of=lambda difference: isolated(difference_template(difference, language), claim=difference.claim,
                                                  source=difference.source),
        told=lambda citation: as_line(citation, own_address, messages),
        kept_filters=[(name, value) for name in ("published_from", "published_to", "source")
                      for value in request.form.getlist(name) if value] if request.method == "POST" else [],
        sources=_choices(answerer.sources()), index=answerer.state)
    return page, 422 if errors else 200


def _choices(sources: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    chosen = frozenset(request.form.getlist("source")) if request.method == "POST" else frozenset()
    return tuple((source, source in chosen) for source in sources)
