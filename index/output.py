"""End a command quietly when nobody reads its output any more, as in `musnad search … | head`."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TextIO

# What a shell reports for a program that SIGPIPE ended: 128 + 13.
EXIT_OUTPUT_CLOSED = 141

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
