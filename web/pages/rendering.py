"""Provide what every page needs: the reader's language, safe links and static files."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, current_app, request, send_from_directory, url_for
from markupsafe import Markup, escape

from index.generation.folder import made_on
from index.language.scripts import reads_as_arabic_language
from index.types import Article
from qa.markup import DECEIVING
from qa.references import safe_url
from qa.source_names import SourceNames
from qa.types.question import MAX_QUESTION_CHARS
from qa.verify.quote import MAX_SPEAKER_CHARS
from web.pages.cookies import set_cookie
from web.pages.messages import LANGUAGES, Language, Messages
from web.pages.runs import answer_runs, surroundings
from web.pages.text_fragments import with_text_fragment

LANGUAGE_COOKIE = "lang"
SOURCE_NAMES = "musnad.source_names"
YEAR_S = 365 * 24 * 3600
STATIC = Path(__file__).parents[1] / "static"


def interface_language() -> Language:
    """Return the language of the address, else the one chosen before, else the browser's, else Arabic."""
    for choice in (request.args.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if choice in LANGUAGES:
            return choice
    # Not best_match, which does not take the `ar-EG` of `ar-EG,en;q=0.8` for Arabic.
    preferred = (tag.partition("-")[0].lower() for tag, quality in request.accept_languages if quality > 0)
    return next((language for language in preferred if language in LANGUAGES), "ar")


def interface_region() -> str:
    """Return the region of the browser's first Arabic tag, in capitals: `EG` of `ar-EG`; empty if it has none."""
    for tag, quality in request.accept_languages:
        language, _, region = tag.partition("-")
        if language.lower() == "ar" and quality > 0:
            return region[-2:].upper() if len(region) >= 2 else ""
    return ""


def interface_messages() -> Messages:
    """Return the messages for this request."""
    return Messages(interface_language(), interface_region(), current_app.extensions[SOURCE_NAMES])


def text_language(article: Article) -> str:
    """Return the language to tag an article's text with: the one it states, or the one its letters show."""
    return article.language or letters_language(article.title or article.text[:200])


def letters_language(text: str) -> str:
    """Return `ar` if the first letter is Arabic and no letter is Persian, Urdu or Kurdish; else empty (unknown)."""
    return "ar" if reads_as_arabic_language(text) else ""


def text_direction(text: str) -> str:
    """Return the direction of the first letter that has one (Unicode UAX #9, rule P2), else left to right."""
    for character in text:
        match unicodedata.bidirectional(character):
            case "L":
                return "ltr"
            case "R" | "AL":
                return "rtl"
    return "ltr"


def shown(value: object) -> object:
    """Remove `DECEIVING` characters from a text before a page shows it; leave Markup, which the pages wrote."""
    return DECEIVING.sub("", value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _static_versions() -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12] for path in STATIC.iterdir()}


def isolated(template: str, **values: str) -> Markup:
    """Fill in the blanks of a template; each value keeps its own direction among the words around it."""
    own = Markup("<bdi>{}</bdi>")
    return escape(template).format(**{name: own.format(shown(value)) for name, value in values.items()})


def register_rendering(app: Flask, source_names: SourceNames) -> None:
    """Give the templates their messages and helpers, remember the reader's language, and serve static files."""
    app.extensions[SOURCE_NAMES] = source_names
    app.jinja_options = {**app.jinja_options, "finalize": shown}
    versions = _static_versions()

    @app.get("/static/<name>")
    def static_file(name: str) -> Response:
        current = request.args.get("v") == versions.get(name)
        response = send_from_directory(STATIC, name, max_age=YEAR_S if current else 0)
        if current:
            response.cache_control.immutable = True
        return response

    @app.context_processor
    def helpers() -> dict[str, Any]:
        messages = interface_messages()
        return {"m": messages, "t": messages.text,
                "t_isolated": lambda key, **values: isolated(messages.template(key), **values),
                "text_language": text_language, "safe_url": safe_url,
                "with_text_fragment": with_text_fragment,
                "text_direction": text_direction, "source_name": messages.source,
                "max_question_chars": MAX_QUESTION_CHARS,
                "max_speaker_chars": MAX_SPEAKER_CHARS, "letters_language": letters_language,
                "export_url": _export_url, "topic_link": _topic_link, "surroundings": surroundings,
                "answer_runs": answer_runs,
                "made_on": made_on, "other_language_url": _other_language_url(messages.other),
                "asset": lambda name: url_for("static_file", name=name, v=versions[name])}

    @app.after_request
    def remember_language(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.vary.update(("Accept-Language", "Cookie", "Accept"))
            response.cache_control.private = True
            response.cache_control.no_cache = True
            if request.args.get("lang") in LANGUAGES:
                set_cookie(response, LANGUAGE_COOKIE, interface_language(), max_age_s=YEAR_S,
                           path=request.script_root or "/")
        return response


def _export_url(name: str) -> str:
    """Return the address that exports this page's answer in a format."""
    kept = [(key, value) for key, value in request.args.items(multi=True) if key != "format"]
    return f"{url_for('pages.export')}?{urlencode([*kept, ('format', name)])}"


def _topic_link(endpoint: str, **values: str) -> Callable[[str], str]:
    """Return what makes the address of a page about this page's topic, with its filters, from an order of events."""
    kept = {name: request.args.getlist(name) for name in ("q", "previous", "published_from", "published_to", "source")}
    given: dict[str, Any] = {name: [value for value in found if value] for name, found in kept.items() if any(found)}
    return lambda order: url_for(endpoint, **given | values, order=order)


# Pages that are not among `pages` and have an address of their own in the other language.
_OTHER_PAGES = frozenset(("operate.page", "following.listed", "following.one"))


def _other_language_url(other: Language) -> str:
    """Return this page's address in the other language, or the home page's if this is not a page."""
    if request.endpoint is None or not (request.endpoint.startswith("pages.") or request.endpoint in _OTHER_PAGES):
        return url_for("pages.home", lang=other)
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return f"{url_for(request.endpoint, **(request.view_args or {}))}?{urlencode([*kept, ('lang', other)])}"
