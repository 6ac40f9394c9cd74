"""`musnad check`: hold each claim of a text against the articles, for people, scripts and newsroom hooks."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.model.load_reader import NO_READER
from index.output import print_line, printable
from index.settings import not_empty
from qa.check.draft import CLAIM_VERDICTS, MAX_TEXT_CHARS, Draft, DraftError
from qa.command_output import as_json, language_of, noted
from qa.option_values import from_zero_to_one

if TYPE_CHECKING:
    from qa.check.draft import TextCheck
    from qa.types.filters import Filters

EXIT_FAILED = 1
STANDARD_INPUT = "-"
MOST_BYTES = 4 * MAX_TEXT_CHARS + 3  # a byte order mark comes first


def add_check_command(commands: argparse._SubParsersAction[Any],
                      add_filters: Callable[[argparse.ArgumentParser], None],
                      filters_of: Callable[[argparse.Namespace], Filters]) -> None:
    """Add the command; `add_filters` adds the options of every question, and `filters_of` reads them."""
    check = commands.add_parser(
        "check", help="hold each claim of a text against the articles",
        description="Hold each claim of a text against the articles. Exit code 0; 1 if --fail-under or --fail-on says "
                    "so, or something failed; 2 for bad usage.")
    check.add_argument("file", type=not_empty, metavar="FILE", help="a text file in UTF-8, or - for standard input")
    check.add_argument("--fail-under", type=from_zero_to_one("share"), metavar="SHARE",
                       help="exit with 1 if less than this share of the checkable claims is supported, from 0 to 1")
    check.add_argument("--fail-on", type=_verdicts, metavar="VERDICTS", default=(),
                       help="exit with 1 if a claim has one of these verdicts, separated by commas: "
                            + ", ".join(CLAIM_VERDICTS))
    add_filters(check)
    check.set_defaults(run=lambda arguments: _check(arguments, filters_of(arguments)))


def _verdicts(text: str) -> tuple[str, ...]:
    verdicts = tuple(text.split(","))
    unknown = [verdict for verdict in verdicts if verdict not in CLAIM_VERDICTS]
    if unknown:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is not a verdict; write some of: {', '.join(CLAIM_VERDICTS)}")
    return verdicts


def _check(arguments: argparse.Namespace, filters: Filters) -> int:
    from qa.check.report import as_lines
    from qa.opening import load_answerer

    draft = Draft.parse(_read(arguments.file), filters=filters)
    found = load_answerer(arguments.index_dir, arguments.model, reader=NO_READER).check(draft)
    language = language_of(draft.text)
    lines = [*noted(found, language), *map(printable, as_lines(found, language))]
    print(as_json(found.as_json()) if arguments.json else "\n".join(lines))
    failures = list(_failures(found, arguments.fail_under, arguments.fail_on))
    for failure in failures:
        print_line(f"musnad: {failure}")
    return EXIT_FAILED if failures else 0


def _read(name: str) -> str:
    """Read a text; raises OSError, and DraftError if it is not UTF-8 or far too long."""
    with sys.stdin.buffer if name == STANDARD_INPUT else Path(name).open("rb") as stream:
        written = stream.read(MOST_BYTES + 1)
    if len(written) > MOST_BYTES:
        raise DraftError("text_too_long", f"{name} has more than {MOST_BYTES} bytes; "
                                          f"check it in parts of {MAX_TEXT_CHARS} characters at most")
    try:
        return written.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DraftError("text_not_text", f"{name} is not UTF-8: byte {error.start} is wrong") from error


def _failures(found: TextCheck, fail_under: float | None, fail_on: tuple[str, ...]) -> list[str]:
    failures = [f"{found.counts[verdict]} of {len(found.claims)} claims: {verdict}" for verdict in CLAIM_VERDICTS
                if verdict in fail_on and found.counts[verdict]]
    share = found.share_supported
    if fail_under is not None and share is not None and share < fail_under:
        failures.append(f"{share:.2f} of the checkable claims are supported, under {fail_under:g}")
    return failures
