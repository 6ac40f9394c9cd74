"""What the forms of the pages share: which sources are chosen, and what is wrong with which field."""

from __future__ import annotations

from flask import request

from qa.types import NO_FILTERS, Filters
from web.errors import InvalidRequestError
from web.schema import FilterQuery, read_query


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


def codes_by_field(error: InvalidRequestError) -> dict[str, str]:
    """The code of each field's error, by which the page finds the words."""
    return {one.field.partition(".")[0]: one.code for one in error.errors}
