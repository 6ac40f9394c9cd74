"""Build the index: `python build_index.py PATH...`, which is `musnad build PATH...` without the other commands.

Exit codes: 0 done, 1 failed, 2 bad usage, 75 another build holds the lock, 141 nobody reads the output any more.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from index.intake.command import DESCRIPTION, add_arguments, run
from index.output import ends_with_its_output


@ends_with_its_output
def main(argv: Sequence[str] | None = None) -> int:
    """Read, build, publish and report; return the exit code."""
    parser = argparse.ArgumentParser(prog="build_index.py", description=DESCRIPTION)
    add_arguments(parser)
    return run(parser.parse_args(argv), parser, name="build_index")


if __name__ == "__main__":
    sys.exit(main())
