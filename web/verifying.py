"""The page that checks a quote."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from qa.quote import MAX_QUOTE_CHARS, MAX_SPEAKER_CHARS, Quote, QuotedPart, QuoteError, Verification
from web.differences import quote_runs, source_runs
from web.forms import chips, choices, read_filters
from web.rendering import interface_messages
from web.service import Service


def add_verify_page(pages: Blueprint, service: Service) -> None:
    """GET /verify."""

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
            cited=[(part, source_runs(verification, part), names_of(verification, part))
                   for part in verification.parts] if verification else (),
            chips=chips(filters, interface_messages()),
            sources=choices(answerer.sources()), max_chars=MAX_QUOTE_CHARS, max_speaker_chars=MAX_SPEAKER_CHARS,
            index=answerer.state)
        return page, 422 if errors else 200


def names_of(verification: Verification, part: QuotedPart) -> list[str]:
    """Whom the article names for that part of the quote."""
    return [speaker.name for speaker in verification.speakers if speaker.citation == part.citation.number]
