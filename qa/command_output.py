"""Format what the commands print: places, notices, JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from index.language.scripts import is_at_least_half_arabic
from index.output import printable, printable_json
from qa.notice import Language, Notice

if TYPE_CHECKING:
    from index.types import Article
    from qa.types.citation import Citation


class Noted(Protocol):
    """A result with notices."""

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Why it is empty or narrower than asked for."""


def noted(result: Noted, language: Language) -> Iterator[str]:
    """Yield a line for each notice, in the language of the question."""
    return (printable(notice.text(language)) for notice in result.notices)


def shown(text: str) -> str:
    """Return a text of an article with its line ends, each line printable."""
    return "\n".join(map(printable, text.split("\n")))


def language_of(text: str) -> Language:
    """Return the language in which to speak to whoever wrote the text."""
    return "ar" if is_at_least_half_arabic(text) else "en"


def place(article: Article, start: int, end: int) -> str:
    """Say where a span stands: the article's id, the offsets, its title, source and day."""
    described = ", ".join(filter(None, (article.title, article.source, article.published[:10])))
    return printable(f"{article.id} {start}-{end}  {described}".rstrip())


def place_of_citation(citation: Citation) -> str:
    """Say where a citation stands, after its number."""
    return f"[{citation.number}] {place(citation.article, citation.start, citation.end)}"


def as_json(value: object) -> str:
    """Format JSON as every command prints it."""
    return printable_json(value)
