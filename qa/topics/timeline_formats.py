"""Write a timeline to take away: as Markdown, as CSV, or as the JSON of the endpoint."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from index.output import printable_json
from qa.markup import in_a_cell, in_markdown
from qa.references import AddressOf, SourceName, safe_url
from qa.topics.timeline import Event, Timeline
from qa.types.citation import Citation

TimelineFormat = Literal["markdown", "csv", "json"]
_COLUMNS = ("event", "first", "last", "approximate", "dated_by", "is_key", "articles", "is_report", "quote",
            "article_id", "title", "source", "published", "start", "end", "url")


@dataclass(frozen=True, slots=True)
class Format:
    """A format: `write(timeline, address_of, source_name)`, the media type and the suffix of the file name."""

    media_type: str
    suffix: str
    write: Callable[[Timeline, AddressOf, SourceName], str]


def as_markdown(timeline: Timeline, address_of: AddressOf, source_name: SourceName) -> str:
    """Write a list of the events, key events in bold, each with its sources below it."""
    lines = [f"# {in_markdown(timeline.query.text)}", ""]
    for event in timeline.events:
        day = f"**{days_of(event)}**" if event.is_key else days_of(event)
        lines.append(f"- {day}: {in_markdown(event.citation.quote)}")
        lines += [f"  - {source_of(citation, address_of, source_name)}" for citation in (
            event.citation, *(report.citation for report in event.reports))]
    return "\n".join([*lines, ""])


def as_csv(timeline: Timeline, address_of: AddressOf, source_name: SourceName) -> str:
    """Write a row for each event, and one for each further report of it with the event's number in the first column.

    The text begins with a byte order mark, by which spreadsheets recognise UTF-8.
    """
    written = io.StringIO()
    written.write("\ufeff")
    table = csv.DictWriter(written, _COLUMNS)
    table.writeheader()
    for number, event in enumerate(timeline.events, start=1):
        table.writerows(_rows(number, event, address_of, source_name))
    return written.getvalue()


def as_json(timeline: Timeline, _address_of: AddressOf, _source_name: SourceName) -> str:
    """Write what GET /api/timeline returns."""
    return printable_json(timeline.as_json()) + "\n"


FORMATS: Mapping[TimelineFormat, Format] = {
    "markdown": Format("text/markdown", "md", as_markdown),
    "csv": Format("text/csv", "csv", as_csv),
    "json": Format("application/json", "json", as_json),
}


def days_of(event: Event) -> str:
    """Write the days of an event in ISO 8601, as an interval if they are several; "~" marks approximate ones."""
    days = event.first.isoformat() if event.first == event.last \
        else f"{event.first.isoformat()}/{event.last.isoformat()}"
    return f"~{days}" if event.approximate else days


def own_address(citation: Citation) -> str:
    """Return the publisher's address of the cited article, empty if it has none."""
    return safe_url(citation.article.url) or ""


def source_of(citation: Citation, address_of: AddressOf, source_name: SourceName) -> str:
    """Write the article of a citation in Markdown: title, source, day and address."""
    article = citation.article
    told = ". ".join(in_markdown(part) for part in (
        article.title or article.id, source_name(article.source), article.published[:10]) if part)
    address = address_of(citation)
    return f"{told}. <{address}>" if address else f"{told}."


def _rows(number: int, event: Event, address_of: AddressOf, source_name: SourceName) -> Iterator[dict[str, object]]:
    of_event = {"event": number, "first": event.first.isoformat(), "last": event.last.isoformat(),
                "approximate": event.approximate, "dated_by": event.dated_by, "is_key": event.is_key,
                "articles": event.articles}
    for citation in (event.citation, *(report.citation for report in event.reports)):
        article = citation.article
        yield of_event | {
            "is_report": citation is not event.citation, "quote": in_a_cell(citation.quote),
            "article_id": in_a_cell(article.id), "title": in_a_cell(article.title),
            "source": in_a_cell(source_name(article.source)), "published": in_a_cell(article.published),
            "start": citation.start, "end": citation.end, "url": in_a_cell(address_of(citation))}
