"""Export an answer with its citations as Markdown, JSON, BibTeX or CSL-JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.types import Article
from qa.markup import in_markdown
from qa.types import Answer, Citation
from web.pages.messages import Messages
from web.pages.text_fragments import with_text_fragment

AddressOf = Callable[[Citation], str]
"""Returns the address of a citation: on its publisher's page, or else on this server."""

TEX_SIGNS = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_",
             "%": r"\%", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}


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


def as_bibtex(answer: Answer, address_of: AddressOf, _messages: Messages) -> str:
    """Write an `@online` entry of biblatex for each citation, with the quote as its `annotation`."""
    entries = []
    for citation in answer.citations:
        article = citation.article
        fields = {"title": article.title or article.id, "author": article.author and f"{{{_tex(article.author)}}}",
                  "organization": article.source, "date": _day(article), "url": address_of(citation),
                  "langid": article.language, "pages": str(citation.page or ""), "annotation": citation.quote}
        told = "".join(f"  {name} = {{{value if name in ('url', 'author') else _tex(value)}}},\n"
                       for name, value in fields.items() if value)
        entries.append(f"@online{{musnad:{citation.number},\n{told}}}\n")
    return "\n".join(entries)


def as_csl(answer: Answer, address_of: AddressOf, _messages: Messages) -> str:
    """Write an item of CSL-JSON for each citation, with the quote as its `note`."""
    items: list[Mapping[str, Any]] = []
    for citation in answer.citations:
        article = citation.article
        day = article.published_on
        item = {"id": f"musnad:{citation.number}", "type": "article-newspaper", "title": article.title,
                "container-title": article.source, "author": [{"literal": article.author}] if article.author else [],
                "issued": {"date-parts": [[day.year, day.month, day.day]]} if day else {},
                "language": article.language, "page": str(citation.page or ""), "URL": address_of(citation),
                "note": citation.quote}
        items.append({name: value for name, value in item.items() if value})
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"


FORMATS: Mapping[str, Format] = {
    "markdown": Format("text/markdown", "md", as_markdown),
    "json": Format("application/json", "json", as_json),
    "bibtex": Format("application/x-bibtex", "bib", as_bibtex),
    "csl": Format("application/vnd.citationstyles.csl+json", "csl.json", as_csl),
}


def address_of(citation: Citation, own_address: str) -> str:
    """Return the publisher's page, scrolled to the quote, or `own_address` if the article has no address."""
    return with_text_fragment(citation.article.url, citation.quote) if citation.article.url else own_address


def _told(citation: Citation, messages: Messages) -> Sequence[str]:
    article = citation.article
    page = messages.text("page", number=citation.page) if citation.page else ""
    parts = (article.title or messages.text("untitled"), article.author, article.source, _day(article), page)
    return [part for part in parts if part]


def _day(article: Article) -> str:
    return article.published_on.isoformat() if article.published_on else ""


def _tex(text: str) -> str:
    return "".join(TEX_SIGNS.get(character, character) for character in " ".join(text.split()))
