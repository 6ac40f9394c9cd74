"""`musnad timeline` and `musnad disagreements`: what happened, in order, and where the articles differ about it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from index.model.load_reader import NO_READER
from index.output import print_line
from qa.command_output import as_json, language_of, noted, place_of_citation, shown

if TYPE_CHECKING:
    from qa.topics.disagreement import Disagreements
    from qa.topics.timeline import Event, Timeline
    from qa.topics.written import TimelineFormat
    from qa.types import Question

_NOTHING = {"ar": ("ليس في هذه المقالات حدث مؤرَّخ عن هذا.",
                   "لم نجد جملتين عن أمر واحد تختلفان في عدد أو تاريخ أو قائل."),
            "en": ("The articles have no dated event about this.",
                   "No two sentences about one thing differ in a number, a date or a speaker.")}


def add_topic_commands(commands: argparse._SubParsersAction[Any],
                       add_filters: Callable[[argparse.ArgumentParser], None],
                       question_of: Callable[[argparse.Namespace], Question]) -> None:
    """Add the two commands; `add_filters` adds the options of every question, and `question_of` reads it."""
    timeline = commands.add_parser("timeline", help="list the dated events of a topic, each with its sources")
    timeline.add_argument("question", metavar="TOPIC")
    timeline.add_argument("--order", choices=("asc", "desc"), default="asc",
                          help="the earliest event first (asc, the default) or the latest (desc)")
    timeline.add_argument("--format", choices=("markdown", "csv", "json"),
                          help="print it in a format to take away; --json is --format json")
    _add_previous(timeline)
    add_filters(timeline)
    timeline.set_defaults(run=lambda arguments: _timeline(arguments, question_of(arguments)), top_k=5)
    differing = commands.add_parser("disagreements", help="find where articles give other numbers, days or speakers")
    differing.add_argument("question", metavar="TOPIC")
    _add_previous(differing)
    add_filters(differing)
    differing.set_defaults(run=lambda arguments: _disagreements(arguments, question_of(arguments)), top_k=5)


def _add_previous(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--previous", action="append", default=[], metavar="QUESTION",
                        help="a question asked before, which this one may refer to; repeatable")


def _timeline(arguments: argparse.Namespace, question: Question) -> int:
    from qa.opening import load_answerer
    from qa.topics.written import FORMATS, own_address

    answerer = load_answerer(arguments.index_dir, arguments.model, reader=NO_READER, report=print_line)
    found = answerer.timeline(question).ordered(arguments.order)
    chosen: TimelineFormat | None = "json" if arguments.json else arguments.format
    print(FORMATS[chosen].write(found, own_address).rstrip("\n") if chosen else timeline_as_text(found))
    return 0


def _disagreements(arguments: argparse.Namespace, question: Question) -> int:
    from qa.opening import load_answerer

    answerer = load_answerer(arguments.index_dir, arguments.model, reader=NO_READER, report=print_line)
    found = answerer.disagreements(question)
    print(as_json(found.as_json()) if arguments.json else disagreements_as_text(found))
    return 0


def timeline_as_text(found: Timeline) -> str:
    """Format a timeline for a terminal: the days and a sentence of each event, then where it and its reports stand."""
    language = language_of(found.query.text)
    lines = [*noted(found, language), *(line for event in found.events for line in _event_lines(event))]
    return "\n".join(lines or [_NOTHING[language][0]])


def _event_lines(event: Event) -> Iterator[str]:
    from qa.topics.written import days_of

    yield f"{'*' if event.is_key else ' '} {days_of(event)}  {shown(event.citation.quote)} [{event.citation.number}]"
    for citation in (event.citation, *(report.citation for report in event.reports)):
        yield f"    {place_of_citation(citation)}"


def disagreements_as_text(found: Disagreements) -> str:
    """Format disagreements for a terminal: each value, and the sentences that state it."""
    language = language_of(found.query.text)
    lines = list(noted(found, language))
    for each in found.disagreements:
        lines.append(f"{each.kind}{' (published on different days)' if each.over_time else ''}:")
        for side in each.sides:
            lines.append(f"  {shown(side.value)}")
            for citation in side.citations:
                lines += [f"    {shown(citation.quote)} [{citation.number}]", f"    {place_of_citation(citation)}"]
    return "\n".join(lines or [_NOTHING[language][1]])
