"""Measure how embedding with Ray scales: articles a second with one, two and four workers on this machine.

    python -m benchmarks.ray_workers [--workers 1,2,4] [--articles 600] [--one-core] [--out FILE.json]

Time runs from the moment the first worker holds its model until the last part is written: reading, cutting, embedding
and writing, but no start-up. A worker embeds on all cores of the machine, as in a build; with `--one-core` on
one. Prints one JSON object with the load of the machine (one minute) before each run.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from index.intake.distributed import Engine, prepare
from index.intake.parts import PARTS
from index.model.load import load_embedder
from index.model.types import Embedder
from tests.ray_nodes import corpus

FILES = 12


def load(folder: Path, *, is_one_core: bool) -> Embedder:
    """Load the model in a worker, and leave a file that says when it was there."""
    if is_one_core:
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[_place(folder) % len(cores)]})
    embedder = load_embedder()
    embedder.embed_passages(["ready"])
    (folder / f"ready-{os.getpid()}").touch()
    return embedder


def _place(folder: Path) -> int:
    """Return how many workers were here before."""
    for number in count():
        with suppress(FileExistsError):
            (folder / f"place-{number}").touch(exist_ok=False)
            return number
    raise AssertionError


def measure(articles: int, workers: int, *, is_one_core: bool) -> dict[str, Any]:
    """Embed so many articles with so many workers; return the figures of the run."""
    before = os.getloadavg()[0]
    with TemporaryDirectory(prefix="musnad-") as temporary:
        folder = Path(temporary)
        (folder / "ready").mkdir()
        paths = [corpus(folder / "articles", FILES, articles // FILES)]
        report = prepare(paths, folder / "index", partial(load, folder / "ready", is_one_core=is_one_core),
                         settings=load_embedder().settings, engine=Engine(actors=workers))
        ready = [path.stat().st_mtime for path in (folder / "ready").glob("ready-*")]
        started, ended = min(ready), max(path.stat().st_mtime for path in (folder / "index" / PARTS).iterdir())
    return {"workers": workers, "loaded": len(ready), "articles": report.embedded, "seconds": round(ended - started, 1),
            "articles_a_second": round(report.embedded / (ended - started), 2), "load_before": round(before, 1)}


def main() -> int:
    """Print or write the figures of each number of workers, with the ratio to the first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", default="1,2,4")
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--one-core", action="store_true")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    runs = [measure(arguments.articles, int(workers), is_one_core=arguments.one_core)
            for workers in arguments.workers.split(",")]
    for each in runs:
        each["ratio"] = round(each["articles_a_second"] / runs[0]["articles_a_second"], 2)
    result = json.dumps({"cores": os.cpu_count(), "one_core": arguments.one_core, "runs": runs}, indent=1)
    if arguments.out:
        arguments.out.write_text(result + "\n", encoding="utf-8")
    sys.stdout.write(result + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
