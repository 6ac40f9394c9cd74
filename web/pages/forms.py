"""Read the forms of the pages from the address: filters, previous questions, and errors by field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request

from qa.types.filters import NO_FILTERS, Filters
from qa.types.question import MAX_PREVIOUS, MAX_PREVIOUS_CHARS, Question, QuestionError
from web.api.schema import FilterQuery, read_query
from web.errors import InvalidRequestError
from web.pages.messages import Messages


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in words, and the address of the page without it."""

    text: str
    url: str


def choices(sources: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    """List the sources and whether each is chosen; keep a chosen one that the index lacks, so it can be removed."""
    chosen = dict.fromkeys(source for source in request.args.getlist("source") if source)
    known = frozenset(sources)
    unknown = [source for source in chosen if source not in known]
    return tuple((source, source in chosen) for source in (*sources, *unknown) if source)


def read_filters() -> tuple[Filters, dict[str, str]]:
    """Return the filters of the address, or no filters and the error codes by field."""
    try:
        return read_query(FilterQuery, request.args, ignore_unknown=True).filters(), {}
    except InvalidRequestError as error:
        return NO_FILTERS, codes_by_field(error)


def read_previous() -> tuple[str, ...]:
    """Return the last valid previous questions of the address that may be sent with a question."""
    return last_previous([text for text in request.args.getlist("previous") if _can_be_asked(text)])


def last_previous(asked: Sequence[str]) -> tuple[str, ...]:
    """Return the last of the questions asked that may be sent with the next: `MAX_PREVIOUS` and no longer than allowed.
    """
    kept: list[str] = []
    for text in reversed(asked[-MAX_PREVIOUS:]):
        if sum(map(len, kept)) + len(text.strip()) > MAX_PREVIOUS_CHARS:
            break
        kept.insert(0, text)
    return tuple(kept)


def _can_be_asked(text: str) -> bool:
    try:
        Question.parse(text)
    except QuestionError:
        return False
    return True


def chips(filters: Filters, messages: Messages) -> list[Chip]:
    """List the filters, each with the address that removes it."""
    found = []
    if filters.published_from:
        found.append(Chip(messages.text("chip_from", day=messages.day(filters.published_from)),
                          _without("published_from")))
    if filters.published_to:
        found.append(Chip(messages.text("chip_to", day=messages.day(filters.published_to)), _without("published_to")))
    return found + [Chip(messages.source(source), _without("source", source))
                    for source in dict.fromkeys(filters.sources)]


def _without(name: str, value: str | None = None) -> str:
    """Return this page's address without the parameter `name`, or without its value `value` if one is given.

    The parameter `offset` is dropped too, so that a list restarts with its first page.
    """
    kept = [(key, each) for key, each in request.args.items(multi=True)
            if key != "offset" and (key != name or value not in (None, each))]
    return f"{request.script_root}{request.path}?{urlencode(kept)}"


def kept_filters() -> Sequence[tuple[str, str]]:
    """Return the filters of the address as hidden fields for another form."""
    return [(name, value) for name in ("published_from", "published_to", "source")
            for value in request.args.getlist(name) if value]


def codes_by_field(error: InvalidRequestError) -> dict[str, str]:
    """Return the error code of each field, by which the page finds the message."""
    return {one.field.partition(".")[0]: one.code for one in error.errors}
