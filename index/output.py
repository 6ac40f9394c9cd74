"""Print what came from outside safely, and end a command quietly when nobody reads it, as in `musnad search … | head`.

File names, ids, titles and addresses are written by others. Whatever shows one in a line of a terminal, a log or a
report passes it, or the whole line, through `printable`.
"""

from __future__ import annotations

import json
import logging
import os
import select
import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TextIO

# What a shell reports for a program that SIGPIPE ended: 128 + 13.
EXIT_OUTPUT_CLOSED = 141

# Joiners, which words of Persian and Arabic script hold, and spaces that do not break; they move nothing on a terminal.
_HARMLESS = frozenset("\u00a0\u200c\u200d\u202f")

_Parameters = ParamSpec("_Parameters")


def ends_with_its_output(main: Callable[_Parameters, int]) -> Callable[_Parameters, int]:
    """Make a command's `main` return `EXIT_OUTPUT_CLOSED` without a message when the reader of its output has gone.

    `main` must let such a BrokenPipeError pass; `is_output_closed` tells it from that of another pipe or socket.
    """
    @wraps(main)
    def run(*arguments: _Parameters.args, **keywords: _Parameters.kwargs) -> int:
        try:
            try:
                return main(*arguments, **keywords)
            finally:  # also after the SystemExit of `--help`
                sys.stdout.flush()
        except BrokenPipeError:
            if not is_output_closed():
                raise
            _discard_what_is_left()
            return EXIT_OUTPUT_CLOSED
    return run


def is_output_closed() -> bool:
    """Tell whether the reader of the standard output or the error stream has gone."""
    return any(map(_is_closed, (sys.stdout, sys.stderr)))


def _is_closed(stream: TextIO) -> bool:
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError):  # not a file: a test's stream, or closed
        return False
    poll = select.poll()
    poll.register(descriptor, 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))


def _discard_what_is_left() -> None:
    """Send buffered text nowhere: Python writes it when it exits, and would report the broken pipe then."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in filter(_is_closed, (sys.stdout, sys.stderr)):
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def printable(text: object, max_chars: int = 0) -> str:
    """Return the text as one line that a terminal shows as it is written, cut after `max_chars` if that is not 0.

    Control characters, line ends, marks that turn the direction of writing and bytes that are no text become escapes
    such as `\\n` and `\\x1b`. A text without any comes back as it is, so it does no harm to call this twice.
    """
    whole = str(text)
    shown = whole[:max_chars or None]
    if not shown.isprintable():
        shown = "".join(c if c.isprintable() or c in _HARMLESS else ascii(c)[1:-1] for c in shown)
    return shown + "…" * (len(whole) > max_chars > 0)


def printable_json(value: object, indent: int | None = 1) -> str:
    """Return the value as JSON in which each character that `printable` would escape is an escape of JSON."""
    lines = json.dumps(value, ensure_ascii=False, indent=indent).split("\n")
    return "\n".join(line if line.isprintable() else
                     "".join(c if c.isprintable() or c in _HARMLESS else json.dumps(c)[1:-1] for c in line)
                     for line in lines)


def print_line(text: object) -> None:
    """Print one line to the error stream at once, made printable."""
    print(printable(text), file=sys.stderr, flush=True)


class PrintableFormatter(logging.Formatter):
    """Formats a record as one printable line, and the lines of its exception below, printable too."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line or lines."""
        return "\n".join(map(printable, super().format(record).split("\n")))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # logging's name
        """Return the message in its format, line ends escaped."""
        return printable(super().formatMessage(record))
