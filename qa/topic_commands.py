"""`musnad timeline`, `affair` and `disagreements`: what happened, who said what, and where the articles differ."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.model.load_reader import NO_READER
from index.output import print_line
from index.settings import SOURCE_NAMES, named_path
from qa.command_output import as_json, language_of, noted, place_of_citation, shown

if TYPE_CHECKING:
    from qa.notice import Language
    from qa.references import SourceName
    from qa.topics.affair import Affair
    from qa.topics.affair_formats import AffairFormat
    from qa.topics.disagreement import Disagreement, Disagreements
    from qa.topics.timeline import Event, Timeline
    from qa.topics.timeline_formats import TimelineFormat
    from qa.types.question import Question

_NOTHING = {"ar": ("لم نجد في هذه المقالات حدثًا مؤرَّخًا عن هذا الموضوع.",
                   "لم نجد جملتين عن أمر واحد تختلفان في رقم أو تاريخ أو قائل."),
            "en": ("We found no dated event about this in these articles.",
                   "We found no two sentences about the same thing that differ in a number, a date or a speaker.")}


def add_topic_commands(commands: argparse._SubParsersAction[Any],
                       add_filters: Callable[[argparse.ArgumentParser], None],
                       question_of: Callable[[argparse.Namespace], Question]) -> None:
    """Add the three commands; `add_filters` adds the options of every question, and `question_of` reads it."""
    timeline = commands.add_parser("timeline", help="list the dated events of a topic, each with its sources")
    timeline.add_argument("question", metavar="TOPIC")
    timeline.add_argument("--order", choices=("asc", "desc"), default="asc",
                          help="the earliest event first (asc, the default) or the latest (desc)")
    timeline.add_argument("--format", choices=("markdown", "csv", "json"),
                          help="print it in a format to take away; --json is --format json")
    _add_previous(timeline)
    add_filters(timeline)
    timeline.set_defaults(run=lambda arguments: _timeline(arguments, question_of(arguments)), top_k=5)
    affair = commands.add_parser("affair", help="join the events of a topic, who said what, and where articles differ")
    affair.add_argument("question", metavar="TOPIC")
    affair.add_argument("--order", choices=("asc", "desc"), default="asc",
                        help="the earliest event first (asc, the default) or the latest (desc)")
    affair.add_argument("--format", choices=("markdown", "json", "docx", "ris", "bibtex", "csl"),
                        help="write it in a format to take away; --json is --format json")
    affair.add_argument("--output", type=named_path, metavar="FILE", help="write there; docx needs it")
    _add_previous(affair)
    add_filters(affair)
    affair.set_defaults(run=lambda arguments: _affair(arguments, question_of(arguments), affair), top_k=5)
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
    from qa.topics.timeline_formats import FORMATS, own_address

    chosen: TimelineFormat | None = "json" if arguments.json else arguments.format
    named = _source_name(question)
    answerer = load_answerer(arguments.index_dir, arguments.model, reader=NO_READER, report=print_line)
    found = answerer.timeline(question).ordered(arguments.order)
    print(FORMATS[chosen].write(found, own_address, named).rstrip("\n") if chosen else timeline_as_text(found))
    return 0


def _affair(arguments: argparse.Namespace, question: Question, parser: argparse.ArgumentParser) -> int:
    from qa.opening import load_answerer
    from qa.topics.affair_formats import FORMATS
    from qa.topics.timeline_formats import own_address

    chosen: AffairFormat | None = "json" if arguments.json else arguments.format
    if arguments.output is None and chosen == "docx":
        parser.error("a Word document is no text; name its file with --output")
    named = _source_name(question)
    answerer = load_answerer(arguments.index_dir, arguments.model, reader=NO_READER)
    found = answerer.affair(question).ordered(arguments.order)
    written = FORMATS[chosen].write(found, own_address, language_of(question.text), named) if chosen \
        else f"{affair_as_text(found)}\n".encode()
    if arguments.output is not None:
        arguments.output.write_bytes(written)
    else:
        print(written.decode().rstrip("\n"))
    return 0


def _source_name(question: Question) -> SourceName:
    """Return what names a source in the question's language, as the pages do. Raises SourceNamesError."""
    from qa.source_names import read_names

    file = SOURCE_NAMES.value()
    names = read_names(Path(file) if file else None)
    return lambda source: names.name(source, language_of(question.text))


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
    from qa.topics.timeline_formats import days_of

    yield f"{'*' if event.is_key else ' '} {days_of(event)}  {shown(event.citation.quote)} [{event.citation.number}]"
    for citation in (event.citation, *(report.citation for report in event.reports)):
        yield f"    {place_of_citation(citation)}"


def affair_as_text(found: Affair) -> str:
    """Format an affair for a terminal: its events, what each speaker said and when, and the disagreements."""
    from qa.topics.affair_words import ACTS, PARTS, one_then_other, said_on

    language = language_of(found.query.text)
    words = PARTS[language]
    lines = list(noted(found, language))
    if found.events:
        lines += [f"{words['events']}:", *(line for event in found.events for line in _event_lines(event))]
    if found.speakers:
        lines.append(f"{words['speakers']}:")
    for speaker in found.speakers:
        lines.append(f"  {shown(speaker.name)}")
        for each in speaker.statements:
            lines += [f"    {said_on(each, language)}  {ACTS[language][each.act]}  {shown(each.citation.quote)} "
                      f"[{each.citation.number}]", f"      {place_of_citation(each.citation)}"]
    if found.changes:
        lines.append(f"{words['changes']}:")
    for change in found.changes:
        lines.append(f"  {shown(change.speaker)}: " + one_then_other(
            f"{shown(change.earlier_words)} [{change.earlier.citation.number}]",
            f"{shown(change.later_words)} [{change.later.citation.number}]", language))
    if found.disagreements:
        lines += [f"{words['differing']}:", *_disagreement_lines(found.disagreements, language)]
    return "\n".join(lines or [words["nothing"]])


def disagreements_as_text(found: Disagreements) -> str:
    """Format disagreements for a terminal: each value, and the sentences that state it."""
    language = language_of(found.query.text)
    lines = [*noted(found, language), *_disagreement_lines(found.disagreements, language)]
    return "\n".join(lines or [_NOTHING[language][1]])


def _disagreement_lines(disagreements: Sequence[Disagreement], language: Language) -> Iterator[str]:
    from qa.topics.affair_words import PARTS

    words = PARTS[language]
    for each in disagreements:
        yield f"{words[each.kind]}{' (' + words['over_time'] + ')' if each.over_time else ''}:"
        for side in each.sides:
            yield f"  {shown(side.value)}"
            for citation in side.citations:
                yield f"    {shown(citation.quote)} [{citation.number}]"
                yield f"    {place_of_citation(citation)}"
