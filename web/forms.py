"""What the forms of the pages share: which sources are chosen, and what is wrong with which field."""

from __future__ import annotations

from flask import request

from web.errors import InvalidRequestError


def choices(sources: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    """Each source and whether it is chosen; a chosen one that the index does not have stays, to be taken off."""
    chosen = [source for source in request.args.getlist("source") if source]
    unknown = dict.fromkeys(source for source in chosen if source not in sources)
    return tuple((source, source in chosen) for source in (*sources, *unknown) if source)


def codes_by_field(error: InvalidRequestError) -> dict[str, str]:
    """The code of each field's error, by which the page finds the words."""
    return {one.field.partition(".")[0]: one.code for one in error.errors}
