"""Write citations as BibTeX, RIS and CSL-JSON with the names of sources as people know them, and in a line of text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from qa.markup import in_a_line
from qa.references import AddressOf, SourceName, as_bibtex, as_csl, as_ris, day_of, safe_url
from qa.types.citation import Citation
from web.pages.messages import Messages
from web.pages.text_fragments import with_text_fragment


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
             day_of(article), page)
    return [part for part in parts if part]


def as_line(citation: Citation, address_of: AddressOf, messages: Messages) -> str:
    """Write what `told` returns and the address in one line."""
    return in_a_line(f"{'. '.join(told(citation, messages))}. {address_of(citation)}")


def _references(write: Callable[[Sequence[Citation], AddressOf, SourceName], str]
                ) -> Callable[[Sequence[Citation], AddressOf, Messages], str]:
    return lambda citations, address_of, messages: write(citations, address_of, messages.source)


FORMATS: Mapping[str, CitationFormat] = {
    "ris": CitationFormat("application/x-research-info-systems", "ris", _references(as_ris)),
    "bibtex": CitationFormat("application/x-bibtex", "bib", _references(as_bibtex)),
    "csl": CitationFormat("application/vnd.citationstyles.csl+json", "csl.json",
                          _references(as_csl)),
}


def own_address(citation: Citation) -> str:
    """Return the publisher's page, scrolled to the quote, or this server's page if the article has no address."""
    url = safe_url(citation.article.url)
    if url:
        return with_text_fragment(url, citation.quote)
    return url_for("pages.article", article_id=citation.article.id, start=citation.start, end=citation.end,
                   _anchor="cited", _external=True)
