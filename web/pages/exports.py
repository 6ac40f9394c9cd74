"""Export an answer with its citations as Markdown, JSON, RIS, BibTeX or CSL-JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from qa.markup import in_markdown
from qa.references import AddressOf, as_bibtex, as_csl, as_ris, day_of
from qa.types import Answer, Citation
from web.pages.messages import Messages
from web.pages.text_fragments import with_text_fragment


@dataclass(frozen=True, slots=True)
class Format:
    """An export format: `write(answer, address_of, messages)`, the media type and the suffix of the file name."""

    media_type: str
    suffix: str
    write: Callable[[Answer, AddressOf, Messages], str]


def as_markdown(answer: Answer, address_of: AddressOf, messages: Messages) -> str:
    """Write the question, the answer and a footnote for each citation, a common extension of CommonMark."""
    lines = [f"# {in_markdown(answer.question.text)}", "", *(
        line for said in _said_first(answer, messages) for line in (in_markdown(said), ""))]
    if answer.status == "not_found":
        return "\n".join([*lines, in_markdown(messages.text("no_answer_text")), ""])
    for citation in answer.citations:
        lines += [f"> {in_markdown(citation.quote)}[^{citation.number}]", ""]
    for citation in answer.citations:
        lines += [f"[^{citation.number}]: {'. '.join(in_markdown(part) for part in _told(citation, messages))}. "
                  f"<{address_of(citation)}>"]
    return "\n".join([*lines, ""])


def as_text(answer: Answer, address_of: AddressOf, messages: Messages) -> str:
    """Write the numbered sentences and then their sources, to be pasted; empty if there is no answer."""
    if answer.status == "not_found":
        return ""
    said = " ".join(f"{citation.quote} [{citation.number}]" for citation in answer.citations)
    sources = [f"[{citation.number}] {'. '.join(_told(citation, messages))}. {address_of(citation)}"
               for citation in answer.citations]
    return "\n".join([*_said_first(answer, messages), said, "", *sources])


def _said_first(answer: Answer, messages: Messages) -> list[str]:
    """Return what stands above the sentences: a false premise, doubt, or the words that answer."""
    said = [] if answer.premise is None else [f"{messages.text('premise')} {answer.premise.why}"]
    if answer.status == "unsure":
        return [*said, messages.text("unsure_text")]
    if answer.status == "not_found" or answer.short_answer is None:
        return said
    day = answer.short_answer.resolved
    about = f"{messages.text('approximately')} " if answer.short_answer.approximate else ""
    return [*said, answer.short_answer.text + (f" ({about}{messages.day(day)})" if day else "")]


def as_json(answer: Answer, _address_of: AddressOf, _messages: Messages) -> str:
    """Write what POST /api/ask returns."""
    return json.dumps(answer.as_json(), ensure_ascii=False, indent=1) + "\n"


def _references(write: Callable[[Sequence[Citation], AddressOf], str]) -> Callable[[Answer, AddressOf, Messages], str]:
    return lambda answer, address_of, _messages: write(answer.citations, address_of)


FORMATS: Mapping[str, Format] = {
    "markdown": Format("text/markdown", "md", as_markdown),
    "json": Format("application/json", "json", as_json),
    "ris": Format("application/x-research-info-systems", "ris", _references(as_ris)),
    "bibtex": Format("application/x-bibtex", "bib", _references(as_bibtex)),
    "csl": Format("application/vnd.citationstyles.csl+json", "csl.json", _references(as_csl)),
}


def address_of(citation: Citation, own_address: str) -> str:
    """Return the publisher's page, scrolled to the quote, or `own_address` if the article has no address."""
    return with_text_fragment(citation.article.url, citation.quote) if citation.article.url else own_address


def _told(citation: Citation, messages: Messages) -> Sequence[str]:
    article = citation.article
    page = messages.text("page", number=citation.page) if citation.page else ""
    parts = (article.title or messages.text("untitled"), article.author, article.source, day_of(article), page)
    return [part for part in parts if part]

