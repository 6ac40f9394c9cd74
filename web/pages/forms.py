"""What the forms of the pages share: what is chosen in the address, and what is wrong with which field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request

from qa.types import MAX_PREVIOUS, NO_FILTERS, Filters, Question, QuestionError
from web.api.schema import FilterQuery, read_query
from web.errors import InvalidRequestError
from web.pages.messages import Messages


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in words, and the address without it."""

    text: str
    url: str


def choices(sources: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    """Each source and whether it is chosen; a chosen one that the index does not have stays, to be taken off."""
    chosen = [source for source in request.args.getlist("source") if source]
    unknown = dict.fromkeys(source for source in chosen if source not in sources)
    return tuple((source, source in chosen) for source in (*sources, *unknown) if source)


def read_filters() -> tuple[Filters, dict[str, str]]:
    """The filters of the address, and what is wrong with them by field: none of the one where there is the other."""
    try:
        return read_query(FilterQuery, request.args, ignore_unknown=True).filters(), {}
    except InvalidRequestError as error:
        return NO_FILTERS, codes_by_field(error)


def read_previous() -> tuple[str, ...]:
    """The last of the questions that the address says were asked before, those that can be asked."""
    return tuple(text for text in request.args.getlist("previous") if _can_be_asked(text))[-MAX_PREVIOUS:]


def _can_be_asked(text: str) -> bool:
    try:
        Question.parse(text)
    except QuestionError:
        return False
    return True


def chips(filters: Filters, messages: Messages) -> list[Chip]:
    """The filters of the address, each to be taken off by itself."""
    found = []
    if filters.published_from:
        found.append(Chip(messages.text("chip_from", day=messages.day(filters.published_from)),
                          _without("published_from")))
    if filters.published_to:
        found.append(Chip(messages.text("chip_to", day=messages.day(filters.published_to)), _without("published_to")))
    return found + [Chip(source, _without("source", source)) for source in dict.fromkeys(filters.sources)]


def _without(name: str, value: str | None = None) -> str:
    """The address of this page without that parameter, or without that value of it; from the first page of a list."""
    kept = [(key, each) for key, each in request.args.items(multi=True)
            if key != "offset" and (key != name or value not in (None, each))]
    return f"{request.path}?{urlencode(kept)}"


def kept_filters() -> Sequence[tuple[str, str]]:
    """The filters of the address as fields that another form takes along."""
    return [(name, value) for name in ("published_from", "published_to", "source")
            for value in request.args.getlist(name) if value]


def codes_by_field(error: InvalidRequestError) -> dict[str, str]:
    """The code of each field's error, by which the page finds the words."""
    return {one.field.partition(".")[0]: one.code for one in error.errors}
