"""Write citations as references: BibTeX, CSL-JSON and RIS, for programs that manage them.

Such programs take tags of HTML in any text for markup, and none of the formats can escape them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from index.language.scripts import is_at_least_half_arabic
from index.output import printable_json
from index.types import Article
from qa.markup import without_elements
from qa.types.citation import Citation

SourceName = Callable[[str], str]
"""Returns a source's name as people know it."""
AddressOf = Callable[[Citation], str]
"""Returns the address of a citation: on its publisher's page, or else on a server; empty if it has none."""

# Braces by name: BibTeX counts every one, with a backslash before it or not, and one too many would end the field.
TEX_SIGNS = {"\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "$": r"\$", "&": r"\&",
             "#": r"\#", "_": r"\_", "%": r"\%", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}
_NOT_IN_ADDRESS = frozenset(' <>"{}|\\^`')


def as_bibtex(citations: Sequence[Citation], address_of: AddressOf, source_name: SourceName = str) -> str:
    """Write an `@online` entry of biblatex for each citation, with the quote as its `annotation`.

    The author and the organization are lists, which " and " divides: each is in braces of its own, as one name.
    """
    entries = []
    for citation in citations:
        article = citation.article
        fields = {"title": _tex(article.title or article.id), "author": _one_name(article.author),
                  "organization": _one_name(source_name(article.source)), "date": day_of(article),
                  "url": address_of(citation), "langid": _tex(article.language), "pages": str(citation.page or ""),
                  "annotation": _tex(citation.quote)}
        told = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
        entries.append(f"@online{{musnad:{citation.number},\n{told}}}\n")
    return "\n".join(entries)


def as_csl(citations: Sequence[Citation], address_of: AddressOf, source_name: SourceName = str) -> str:
    """Write an item of CSL-JSON for each citation, with the quote as its `note`.

    Processors read a line "variable: value" of a note, and "{:variable: value}" in it, as that variable (citeproc-js's
    `parseNoteFieldHacks`). A note has one line, in quotation marks, and no such brace.
    """
    items: list[Mapping[str, Any]] = []
    for citation in citations:
        article = citation.article
        day = article.published_on
        item = {"id": f"musnad:{citation.number}", "type": "article-newspaper",
                "title": without_elements(article.title),
                "container-title": without_elements(source_name(article.source)),
                "author": [{"literal": without_elements(article.author)}] if article.author else [],
                "issued": {"date-parts": [[day.year, day.month, day.day]]} if day else {},
                "language": without_elements(article.language), "page": str(citation.page or ""),
                "URL": address_of(citation), "note": _note(citation.quote)}
        items.append({name: value for name, value in item.items() if value})
    return printable_json(items) + "\n"


def as_ris(citations: Sequence[Citation], address_of: AddressOf, source_name: SourceName = str) -> str:
    """Write a record of RIS of the type NEWS for each citation, with the quote as its note; lines end in CR LF."""
    lines: list[str] = []
    for citation in citations:
        article = citation.article
        day = article.published_on
        fields = (("TY", "NEWS"), ("ID", f"musnad:{citation.number}"), ("TI", article.title or article.id),
                  ("AU", article.author), ("T2", source_name(article.source)), ("DA", f"{day:%Y/%m/%d}" if day else ""),
                  ("PY", f"{day.year:04}" if day else ""), ("SP", str(citation.page or "")), ("LA", article.language),
                  ("UR", address_of(citation)), ("N1", citation.quote))
        lines += [f"{tag}  - {without_elements(value)}" for tag, value in fields if value]
        lines += ["ER  - ", ""]
    return "\r\n".join([*lines, ""]) if lines else ""


def day_of(article: Article) -> str:
    """Return the day of publication in ISO 8601, empty if it is not known."""
    return article.published_on.isoformat() if article.published_on else ""


def _one_name(name: str) -> str:
    return f"{{{_tex(name)}}}" if name else ""


def _tex(text: str) -> str:
    return "".join(TEX_SIGNS.get(character, character) for character in without_elements(text))


def _note(quote: str) -> str:
    marks = "«»" if is_at_least_half_arabic(quote) else "“”"
    return f"{marks[0]}{without_elements(quote).replace('{:', '{ :')}{marks[1]}"


def safe_url(url: str) -> str | None:
    """Return an address that is safe to link to, http or https with a host and no name of a user, or None.

    Characters that no address may hold are escaped, so that it ends where it does (RFC 3986); letters stay. A name
    before the host looks like a host ("https://news.example@evil.example"), or is a secret.
    """
    address = "".join(quote(character) if character in _NOT_IN_ADDRESS or not character.isprintable() else character
                      for character in url.strip())
    try:
        parts = urlsplit(address)
    except ValueError:  # a broken IPv6 host
        return None
    return address if parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc else None
