"""A command whose output nobody reads any more ends quietly: `musnad search … | head -1`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.intake.quarantine import Quarantine
from index.output import EXIT_OUTPUT_CLOSED
from index.sources import Rejection
from tests.conftest import PROJECT

pytestmark = pytest.mark.process

# argparse passes over a broken pipe while it writes, but not one that is found when the buffer is written at the end.
BUFFERED = os.environ | {"PYTHONUNBUFFERED": ""}


def into_a_closed_pipe(*command: str) -> tuple[int, str]:
    """Run a Python program whose output nobody reads; return its exit code and what it wrote as errors."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = subprocess.run([sys.executable, *command], stdout=writing, stderr=subprocess.PIPE, text=True,
                               cwd=PROJECT, env=BUFFERED, timeout=120, check=False)
    finally:
        os.close(writing)
    return ended.returncode, ended.stderr


@pytest.mark.parametrize("command", [
    ("-m", "qa", "--help"), ("-m", "qa", "search", "--help"), ("-m", "qa", "--version"), ("build_index.py", "--help")])
def test_help_into_a_closed_pipe_leaves_no_traceback(command: tuple[str, ...]) -> None:
    assert into_a_closed_pipe(*command) == (EXIT_OUTPUT_CLOSED, "")


def test_a_list_longer_than_a_pipe_holds_leaves_no_traceback(tmp_path: Path) -> None:
    quarantine = Quarantine(tmp_path)
    for number in range(200):
        assert quarantine.put(Rejection(Path(f"articles/{number}.md"), None, "no text " * 60))
    command = [sys.executable, "-m", "qa", "index", "rejected", "--index-dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=PROJECT) as listing:
        assert listing.stdout is not None
        assert listing.stderr is not None
        assert "articles/0.md: no text" in listing.stdout.readline()
        listing.stdout.close()
        assert listing.stderr.read() == ""
        assert listing.wait(60) == EXIT_OUTPUT_CLOSED


def test_a_broken_pipe_of_another_kind_is_still_an_error() -> None:
    program = ("import sys; from index.output import ends_with_its_output\n"
               "@ends_with_its_output\ndef main() -> int: raise BrokenPipeError(32, 'a socket')\nsys.exit(main())")
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=PROJECT, timeout=60,
                           check=False)
    assert ended.returncode == 1
    assert ended.stderr.rstrip().endswith("BrokenPipeError: [Errno 32] a socket")
