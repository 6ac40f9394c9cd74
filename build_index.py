"""Builds the index: `python build_index.py PATH... [--index-dir var/index]`.

Files and folders of articles in, a published generation and a one-line summary out. The index holds exactly the
articles under the paths named. Exit codes: 0 done, 1 failed, 2 bad usage, 75 another build holds the lock.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from index.build import BuildReport, build
from index.embedder import add_runtime_argument, load_embedder
from index.errors import BuildLockedError, IndexingError
from index.models import DEFAULT_MODEL
from index.progress import StageBar
from index.sources import Rejection, read_paths

EXIT_LOCKED = 75  # EX_TEMPFAIL of sysexits.h


def main(argv: Sequence[str] | None = None) -> int:
    """Read, build, publish, report; returns the exit code."""
    arguments = _parser().parse_args(argv)
    started = time.perf_counter()
    try:
        with StageBar() as bar:
            embedder = load_embedder(arguments.model, runtime=arguments.runtime, report=bar.line)
            report = build(read_paths(arguments.paths), arguments.index_dir, embedder, on_rejection=_print_rejection,
                           progress=bar)
    except BuildLockedError as error:
        print(f"build_index: {error}", file=sys.stderr)
        return EXIT_LOCKED
    except IndexingError as error:
        print(f"build_index: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"build_index: {error}; the index is left as it was", file=sys.stderr)
        return 1
    print(_summary(report, time.perf_counter() - started, arguments.index_dir))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="build_index.py", description="Build the index of the articles under the paths named.")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH",
                        help="a .jsonl, .jsonl.gz, .txt or .md file, or a folder of them")
    parser.add_argument("--index-dir", type=Path, default=Path(os.environ.get("MUSNAD_INDEX_DIR", "var/index")),
                        help="where the index is kept (MUSNAD_INDEX_DIR; default var/index)")
    parser.add_argument("--model", default=os.environ.get("MUSNAD_MODEL", DEFAULT_MODEL),
                        help=f"a sentence-transformers model: name or folder (MUSNAD_MODEL; default {DEFAULT_MODEL})")
    add_runtime_argument(parser)
    return parser


def _print_rejection(rejection: Rejection) -> None:
    print(f"rejected: {rejection}", file=sys.stderr)


def _summary(report: BuildReport, seconds: float, index_dir: Path) -> str:
    seen = report.accepted + report.rejected + report.repeated
    return (f"generation {report.generation} in {index_dir}: {seen} seen = {report.accepted} accepted + "
            f"{report.rejected} rejected + {report.repeated} repeated; {report.passages} passages, "
            f"{report.sentences} sentences, {report.undated} undated; {seconds:.1f} s, "
            f"{report.passages / seconds:.1f} passages/s, {report.bytes / 1e6:.1f} MB")


if __name__ == "__main__":
    sys.exit(main())
