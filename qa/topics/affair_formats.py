"""Write an affair to take away: as Markdown, JSON, a Word document, or references in RIS, BibTeX and CSL-JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from index.output import printable_json
from qa.markup import in_markdown
from qa.notice import Language
from qa.references import AddressOf, SourceName, as_bibtex, as_csl, as_ris
from qa.topics.affair import Affair
from qa.topics.affair_words import PARTS, act_on, one_then_other
from qa.topics.timeline import Event
from qa.topics.timeline_formats import days_of, source_of
from qa.topics.who_said_what import SpeakerStatement
from qa.topics.word_document import as_word_document, described
from qa.types.citation import Citation

AffairFormat = Literal["markdown", "json", "docx", "ris", "bibtex", "csl"]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: `write(affair, address_of, language, source_name)` in bytes, the media type and the suffix of the
    file name.
    """

    media_type: str
    suffix: str
    write: Callable[[Affair, AddressOf, Language, SourceName], bytes]


def as_markdown(affair: Affair, address_of: AddressOf, language: Language, source_name: SourceName) -> str:
    """Write the parts under headings, each row with the number of its footnote, and the sources as footnotes."""
    words = PARTS[language]
    lines = [f"# {in_markdown(affair.query.text)}", ""]
    for heading, rows in _parts(affair, language, source_name):
        lines += [f"## {words[heading]}", "", *rows, ""]
    if not affair.citations:
        lines += [words["nothing"], ""]
    lines += [f"[^{citation.number}]: {source_of(citation, address_of, source_name)}" for citation in affair.citations]
    return "\n".join([*lines, ""])


def _parts(affair: Affair, language: Language, source_name: SourceName) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the heading of each part that there is, and its lines."""
    if affair.events:
        yield "events", [_event(event) for event in affair.events]
    if affair.speakers:
        yield "speakers", [line for speaker in affair.speakers for line in (
            f"- **{in_markdown(speaker.name)}**",
            *(f"  - {_statement(statement, language)}" for statement in speaker.statements))]
    if affair.changes:
        yield "changes", [f"- {in_markdown(change.speaker)}: " + one_then_other(
            f"{in_markdown(change.earlier_words)}[^{change.earlier.citation.number}]",
            f"{in_markdown(change.later_words)}[^{change.later.citation.number}]", language)
                          for change in affair.changes]
    if affair.disagreements:
        yield "differing", [line for each in affair.disagreements for line in (
            f"- {PARTS[language][each.kind]}",
            *(f"  - **{in_markdown(side.value)}**: {' '.join(map(_quote, side.citations))}" for side in each.sides))]
    if affair.articles:
        yield "articles", [f"- {in_markdown(described(article, source_name))}" for article in affair.articles]


def _event(event: Event) -> str:
    day = f"**{days_of(event)}**" if event.is_key else days_of(event)
    reports = "".join(f"[^{report.citation.number}]" for report in event.reports)
    return f"- {day}: {_quote(event.citation)}{reports}"


def _statement(statement: SpeakerStatement, language: Language) -> str:
    return f"{act_on(statement, language)}: {_quote(statement.citation)}"


def _quote(citation: Citation) -> str:
    return f"{in_markdown(citation.quote)}[^{citation.number}]"


def _as_json(affair: Affair, _address_of: AddressOf, _language: Language, _source_name: SourceName) -> bytes:
    return f"{printable_json(affair.as_json())}\n".encode()


def _references(write: Callable[[Sequence[Citation], AddressOf, SourceName], str]
                ) -> Callable[[Affair, AddressOf, Language, SourceName], bytes]:
    return lambda affair, address_of, _language, source_name: write(affair.citations, address_of, source_name).encode()


def _markdown(affair: Affair, address_of: AddressOf, language: Language, source_name: SourceName) -> bytes:
    return as_markdown(affair, address_of, language, source_name).encode()


def _docx(affair: Affair, address_of: AddressOf, language: Language, source_name: SourceName) -> bytes:
    return as_word_document(affair, address_of, language, source_name)


FORMATS: Mapping[AffairFormat, Format] = {
    "markdown": Format("text/markdown", "md", _markdown),
    "json": Format("application/json", "json", _as_json),
    "docx": Format("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", _docx),
    "ris": Format("application/x-research-info-systems", "ris", _references(as_ris)),
    "bibtex": Format("application/x-bibtex", "bib", _references(as_bibtex)),
    "csl": Format("application/vnd.citationstyles.csl+json", "csl.json", _references(as_csl)),
}
