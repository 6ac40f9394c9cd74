"""Run the `musnad` command. Other packages add commands through the entry-point group `musnad.commands`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib.metadata import entry_points, version
from typing import TYPE_CHECKING

from index.errors import IndexingError
from index.exit_codes import EXIT_FAILED, EXIT_USAGE
from index.model.load_reader import NO_READER, add_reader_argument
from index.output import ends_with_its_output, is_output_closed, print_line, printable
from index.settings import ANSWERED_FROM, MODEL, SHOWN_FROM, add_index_dir_argument, not_empty
from qa.answer import thresholds
from qa.batch_command import add_batch_argument, question_of, quote_of, run_batch
from qa.check.draft import DraftError
from qa.check_command import add_check_command
from qa.command_output import as_json, language_of, noted, place, place_of_citation, shown
from qa.generate.model import add_writer_arguments, load_writer
from qa.late_parser import LateParser
from qa.option_values import from_zero_to_one
from qa.source_names import SourceNamesError
from qa.standing.types import StandingError, UnknownClaimError
from qa.topic_commands import add_topic_commands
from qa.types.filters import Filters
from qa.types.question import Question, QuestionError
from qa.verify.quote import Quote, QuoteError

if TYPE_CHECKING:
    from qa.notice import Language
    from qa.types.answer import Answer, Sureness
    from qa.types.citation import Citation
    from qa.types.search import SearchResult
    from qa.verify.quote import Verification

Command = Callable[[argparse.Namespace], int]


@ends_with_its_output
def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code.

    0 done (`not_found` is an answer too), 1 failed, 2 bad usage, 75 another build holds the lock, 141 nobody reads the
    output any more.
    """
    arguments = _parser().parse_args(argv)
    run: Command = arguments.run
    try:
        return run(arguments)
    except (QuestionError, QuoteError, DraftError, SourceNamesError, StandingError,
            thresholds.ThresholdsError) as error:
        print_line(f"musnad: {error}")
        return EXIT_USAGE
    except (IndexingError, UnknownClaimError, OSError) as error:
        if isinstance(error, BrokenPipeError) and is_output_closed():
            raise
        print_line(f"musnad: {error}")
        return EXIT_FAILED
    except KeyboardInterrupt:
        return 128 + 2


def add_index_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that every command over an index has."""
    add_index_dir_argument(parser)
    parser.add_argument("--model", type=not_empty, default=MODEL.value(),
                        help=MODEL.help("the model the index was built with", default="the one the index names"))


def add_answered_from_argument(parser: argparse.ArgumentParser) -> None:
    """Add the option `--answered-from` of the commands that answer."""
    confidence = from_zero_to_one("confidence")
    parser.add_argument("--answered-from", type=confidence, metavar="CONFIDENCE", default=ANSWERED_FROM.value(),
                        help=ANSWERED_FROM.help("be sure of an answer from this confidence on, from 0 to 1",
                                                default=thresholds.ANSWERED_FROM))
    parser.add_argument("--shown-from", type=confidence, metavar="CONFIDENCE", default=SHOWN_FROM.value(),
                        help=SHOWN_FROM.help("show as uncertain what is from this confidence, at most that of "
                                             "--answered-from", default=thresholds.SHOWN_FROM))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="musnad", description="Ask news articles, and check every sentence.")
    parser.add_argument("--version", action="version", version=f"musnad {version('musnad')}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND", parser_class=LateParser)
    commands.add_parser("build", help="build or update the index").when_used(_add_build_arguments)
    ask = commands.add_parser("ask", help="answer a question with cited sentences")
    _add_question_arguments(ask, top_k=5, nargs="?")
    ask.add_argument("--previous", action="append", default=[], metavar="QUESTION",
                     help="a question asked before, which this one may refer to; repeatable")
    add_answered_from_argument(ask)
    add_reader_argument(ask)
    add_writer_arguments(ask)
    add_batch_argument(ask, "question")
    ask.set_defaults(run=lambda arguments: _ask(arguments, ask))
    search = commands.add_parser("search", help="find the passages closest to a question")
    _add_question_arguments(search, top_k=10)
    search.set_defaults(run=_search)
    add_topic_commands(commands, _add_filter_arguments, _question)
    verify = commands.add_parser("verify", help="check whether a quote was said, and by whom")
    verify.add_argument("quote", metavar="QUOTE", nargs="?")
    verify.add_argument("--speaker", metavar="NAME", help="who is said to have said it")
    _add_filter_arguments(verify)
    add_batch_argument(verify, "quote")
    verify.set_defaults(run=lambda arguments: _verify(arguments, verify))
    add_check_command(commands, _add_filter_arguments, _filters)
    claims = commands.add_parser("claims", help="have claims, quotes and questions stand, and list their alerts")
    claims.when_used(_add_claims_arguments)
    evaluate = commands.add_parser("eval", help="measure quality over questions with known answers")
    evaluate.when_used(_add_eval_arguments)
    index = commands.add_parser("index", help="manage the generations of an index, and list what was rejected")
    index.when_used(_add_index_arguments)
    for entry_point in sorted(entry_points(group="musnad.commands")):
        entry_point.load()(commands)
    return parser


def _add_claims_arguments(claims: argparse.ArgumentParser) -> None:
    from qa.claims_command import add_arguments

    add_arguments(claims)


def _add_build_arguments(build: argparse.ArgumentParser) -> None:
    from index.intake import command

    build.description = command.DESCRIPTION
    command.add_arguments(build)
    build.set_defaults(run=lambda arguments: command.run(arguments, build, name="musnad"))


def _add_eval_arguments(evaluate: argparse.ArgumentParser) -> None:
    from qa.evaluation import command

    command.add_arguments(evaluate)


def _add_index_arguments(index: argparse.ArgumentParser) -> None:
    from qa import index_command

    index_command.add_arguments(index)


def _add_question_arguments(parser: argparse.ArgumentParser, *, top_k: int, nargs: str | None = None) -> None:
    parser.add_argument("question", metavar="QUESTION", nargs=nargs)
    parser.add_argument("--top-k", type=int, default=top_k, help=f"passages to return (default {top_k})")
    _add_filter_arguments(parser)


def _add_filter_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="published_from", type=date.fromisoformat, metavar="DATE",
                        help="only articles published on this day or later (YYYY-MM-DD)")
    parser.add_argument("--to", dest="published_to", type=date.fromisoformat, metavar="DATE",
                        help="only articles published on this day or earlier (YYYY-MM-DD)")
    parser.add_argument("--source", dest="sources", action="append", default=[], help="only this source; repeatable")
    parser.add_argument("--json", action="store_true", help="print what the REST endpoint returns")
    add_index_arguments(parser)


def _question(arguments: argparse.Namespace) -> Question:
    return Question.parse(arguments.question, top_k=arguments.top_k, filters=_filters(arguments),
                          previous=getattr(arguments, "previous", ()))


def _filters(arguments: argparse.Namespace) -> Filters:
    return Filters(arguments.published_from, arguments.published_to, tuple(arguments.sources))


def _ask(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    from qa.opening import load_answerer

    _check_one_of(arguments.question, arguments.batch, "QUESTION", parser)
    question = _question(arguments) if arguments.question is not None else Question(
        "", arguments.top_k, _filters(arguments), tuple(arguments.previous))
    answerer = load_answerer(arguments.index_dir, arguments.model, reader=arguments.reader,
                             answered_from=arguments.answered_from, shown_from=arguments.shown_from,
                             writer=load_writer(arguments.llm, arguments.llm_timeout), report=print_line)
    if arguments.batch is not None:
        return run_batch(arguments.batch, "answer", lambda given: answerer.ask(
            question_of(given, question), generate=True).as_json())
    answer = answerer.ask(question, generate=True)
    print(as_json(answer.as_json()) if arguments.json else as_text(answer))
    return 0


def _check_one_of(given: str | None, batch: str | None, name: str, parser: argparse.ArgumentParser) -> None:
    if (given is None) == (batch is None):
        parser.error(f"give a {name} or --batch FILE")


def _search(arguments: argparse.Namespace) -> int:
    from qa.opening import load_answerer

    question = _question(arguments)
    result = load_answerer(arguments.index_dir, arguments.model, reader=NO_READER, report=print_line).search(question)
    print(as_json(result.as_json()) if arguments.json else _as_table(result))
    return 0


def _verify(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    from qa.opening import load_answerer

    _check_one_of(arguments.quote, arguments.batch, "QUOTE", parser)
    filters = _filters(arguments)
    quote = Quote.parse(arguments.quote, arguments.speaker, filters=filters) if arguments.quote is not None else Quote(
        "", arguments.speaker or "", filters)
    answerer = load_answerer(arguments.index_dir, arguments.model, reader=NO_READER, report=print_line)
    if arguments.batch is not None:
        return run_batch(arguments.batch, "verification",
                         lambda given: answerer.verify(quote_of(given, quote)).as_json())
    verification = answerer.verify(quote)
    print(as_json(verification.as_json()) if arguments.json else _as_verdict(verification))
    return 0


def as_text(answer: Answer) -> str:
    """Format an answer for a terminal: its sentences, each with where it stands, or the closest passages."""
    understood = [printable(f"understood as: {answer.understood_as}")] if answer.understood_as else []
    notices = noted(answer, language_of(answer.question.text))
    return "\n".join([*notices, *understood, *_corrected(answer), _said(answer)])


def _corrected(found: Answer | SearchResult) -> list[str]:
    meant = found.did_you_mean
    return [printable(f"searched with the spelling corrected: {meant}")] if meant else []


def _said(answer: Answer) -> str:
    if answer.status == "not_found":
        note = [] if answer.premise is None else [printable(f"note: {answer.premise.why}")]
        nearest = [printable(f"  {hit.article.title or hit.article.id} ({hit.start}-{hit.end})")
                   for hit in answer.hits[:3]]
        closest = ["The closest passages:", *nearest] if nearest else []
        return "\n".join([*note, "Not found in these articles.", *closest])
    lines = _first_lines(answer)
    if answer.generated is not None:
        lines += [printable(f"written by {answer.generated.model}, each sentence proved by those that it cites:"),
                  *map(shown, answer.generated.text.split("\n")), ""]
    for part in answer.parts:
        if part.context is not None:
            lines.append(f"({shown(part.context)})")
        for citation in part.citations:
            lines += _as_lines(citation)
        if part.items_left_out is not None:
            left_out = part.items_left_out
            lines.append(f"    {left_out.count} more in the list: "
                         f"{place(part.article, left_out.start, left_out.end)}")
        lines += [f"    also in {place(other.article, other.start, other.end)}" for other in part.also_in]
    return "\n".join([*lines, f"confidence {answer.confidence:.2f}"])


# What is said of an answer that is not sure, in the language of the question.
_DOUBTS: Mapping[tuple[Language, Sureness], str] = {
    ("ar", "unsure"): "قد يكون الجواب هنا، ولسنا على يقين.", ("en", "unsure"): "This may answer; it is not certain.",
    ("ar", "likely"): "الجواب على الأرجح:", ("en", "likely"): "Probably the answer:",
}


def _first_lines(answer: Answer) -> list[str]:
    lines = [] if answer.premise is None else [printable(f"note: {answer.premise.why}")]
    doubt = _DOUBTS.get((language_of(answer.question.text), answer.sureness))
    lines += [] if doubt is None else [doubt]
    if answer.status != "unsure" and answer.short_answer is not None:
        day = answer.short_answer.resolved
        lines += [shown(answer.short_answer.text) + (
            f" ({'~' * answer.short_answer.approximate}{day.isoformat()})" if day else ""), ""]
    return lines


def _as_lines(citation: Citation) -> list[str]:
    return [f"{shown(citation.quote)} [{citation.number}]",
            f"    {place_of_citation(citation)}"]


def _as_verdict(verification: Verification) -> str:
    lines: list[str] = [*noted(verification, language_of(verification.quote.text)), verification.verdict]
    if verification.attribution:
        lines[-1] += f" (speaker {verification.attribution})"
    for part in verification.parts:
        lines += _as_lines(part.citation)
        lines += [f"    said by: {printable(speaker.name)}" for speaker in verification.speakers
                  if speaker.citation == part.citation.number]
    lines += [f"{difference.kind} [{difference.citation}]: quoted {difference.quote!r}, written {difference.source!r}"
              for difference in verification.differences]
    return "\n".join(lines)


def _as_table(result: SearchResult) -> str:
    notices = noted(result, language_of(result.query.text))
    hits = [printable(f"{hit.rank:>3}  {hit.score:.3f}  {hit.article.id} {hit.start}-{hit.end}  "
                      f"{' '.join(hit.text.split())[:100]}") for hit in result.hits]
    return "\n".join([*notices, *_corrected(result), *hits])
