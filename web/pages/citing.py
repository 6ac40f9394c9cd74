"""Write citations as BibTeX, RIS and CSL-JSON, and in a line of text."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.types import Article
from qa.types import Citation
from web.pages.messages import Messages
from web.pages.text_fragments import with_text_fragment

AddressOf = Callable[[Citation], str]
"""Returns the address of a citation: on its publisher's page, or else on this server."""

TEX_SIGNS = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_",
             "%": r"\%", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}


@dataclass(frozen=True, slots=True)
class CitationFormat:
    """A format of citations: `write(citations, address_of, messages)`, the media type and the suffix of the file name.
    """

    media_type: str
    suffix: str
    write: Callable[[Sequence[Citation], AddressOf, Messages], str]


def told(citation: Citation, messages: Messages) -> Sequence[str]:
    """Return what a citation says of its article: title, author, source, day and page, as far as they are known."""
    article = citation.article
    page = messages.text("page", number=citation.page) if citation.page else ""
    parts = (article.title or messages.text("untitled"), article.author, messages.source(article.source),
             _day(article), page)
    return [part for part in parts if part]


def as_line(citation: Citation, address_of: AddressOf, messages: Messages) -> str:
    """Write what `told` returns and the address in one line."""
    return f"{'. '.join(told(citation, messages))}. {address_of(citation)}"


def as_bibtex(citations: Sequence[Citation], address_of: AddressOf, messages: Messages) -> str:
    """Write an `@online` entry of biblatex for each citation, with the quote as its `annotation`."""
    entries = []
    for citation in citations:
        article = citation.article
        fields = {"title": article.title or article.id, "author": article.author and f"{{{_tex(article.author)}}}",
                  "organization": messages.source(article.source), "date": _day(article), "url": address_of(citation),
                  "langid": article.language, "pages": str(citation.page or ""), "annotation": citation.quote}
        body = "".join(f"  {name} = {{{value if name in ('url', 'author') else _tex(value)}}},\n"
                       for name, value in fields.items() if value)
        entries.append(f"@online{{musnad:{citation.number},\n{body}}}\n")
    return "\n".join(entries)


def as_ris(citations: Sequence[Citation], address_of: AddressOf, messages: Messages) -> str:
    """Write a record of RIS (type NEWS) for each citation, with the quote as its note; lines end in CR LF."""
    records = []
    for citation in citations:
        article = citation.article
        fields = (("TY", "NEWS"), ("TI", article.title or article.id), ("AU", article.author),
                  ("T2", messages.source(article.source)), ("DA", _day(article).replace("-", "/")),
                  ("PY", _day(article)[:4]), ("LA", article.language), ("SP", str(citation.page or "")),
                  ("UR", address_of(citation)), ("N1", citation.quote))
        lines = [f"{tag}  - {_one_line(value)}" for tag, value in fields if value]
        records.append("".join(f"{line}\r\n" for line in (*lines, "ER  - ")))
    return "".join(records)


def as_csl(citations: Sequence[Citation], address_of: AddressOf, messages: Messages) -> str:
    """Write an item of CSL-JSON for each citation, with the quote as its `note`."""
    items: list[Mapping[str, Any]] = []
    for citation in citations:
        article = citation.article
        day = article.published_on
        item = {"id": f"musnad:{citation.number}", "type": "article-newspaper", "title": article.title,
                "container-title": messages.source(article.source),
                "author": [{"literal": article.author}] if article.author else [],
                "issued": {"date-parts": [[day.year, day.month, day.day]]} if day else {},
                "language": article.language, "page": str(citation.page or ""), "URL": address_of(citation),
                "note": citation.quote}
        items.append({name: value for name, value in item.items() if value})
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"


FORMATS: Mapping[str, CitationFormat] = {
    "ris": CitationFormat("application/x-research-info-systems", "ris", as_ris),
    "bibtex": CitationFormat("application/x-bibtex", "bib", as_bibtex),
    "csl": CitationFormat("application/vnd.citationstyles.csl+json", "csl.json", as_csl),
}


def address_of(citation: Citation, own_address: str) -> str:
    """Return the publisher's page, scrolled to the quote, or `own_address` if the article has no address."""
    return with_text_fragment(citation.article.url, citation.quote) if citation.article.url else own_address


def _day(article: Article) -> str:
    return article.published_on.isoformat() if article.published_on else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _tex(text: str) -> str:
    return "".join(TEX_SIGNS.get(character, character) for character in _one_line(text))
