"""Choose what reads, cuts and embeds the files of a build: this process, or Ray."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from index.chunker import Chunking
from index.intake.parts import PARTS, Keys, Parts
from index.intake.update import base_of
from index.model.load import load_embedder
from index.model.types import Embedder, ModelSettings
from index.output import print_line
from index.settings import whole_number


def add_engine_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options `--engine`, `--ray-address` and `--ray-actors`."""
    parser.add_argument("--engine", choices=("local", "ray"), default="local",
                        help="what reads, cuts and embeds the files: this process, or Ray (musnad[scale])")
    parser.add_argument("--ray-address", default="", metavar="ADDRESS",
                        help="the Ray cluster to use (HOST:PORT); without it, one starts on this machine")
    parser.add_argument("--ray-actors", type=whole_number(1), default=1, metavar="N",
                        help="how many Ray actors hold a model and embed (default: 1)")


def check_engine(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    """Exit with code 2 where options do not go together."""
    if arguments.engine == "ray" and arguments.watch:
        parser.error("--engine ray builds once; run --watch without it")
    if arguments.engine == "local" and arguments.ray_address:
        parser.error("--ray-address needs --engine ray")


def prepare_by_engine(arguments: argparse.Namespace, paths: Sequence[Path], load: Callable[[], Embedder]) -> None:
    """Cut and embed the files with Ray, if `--engine` says so.

    Raises EngineError when Ray fails, and OSError when the disk does.
    """
    if arguments.engine != "ray":
        return
    from index.intake.distributed import Engine, prepare

    there = partial(load_embedder, arguments.model, runtime=arguments.runtime)
    report = prepare(paths, arguments.index_dir, there, settings=load().settings,
                     base=None if arguments.rebuild else base_of(arguments.index_dir, load().settings),
                     engine=Engine(arguments.ray_address, arguments.ray_actors), follow_links=arguments.follow_links)
    print_line(f"ray: {report.embedded} articles cut and embedded, {report.known} in parts of an earlier run")


def parts_of_engine(arguments: argparse.Namespace) -> Callable[[ModelSettings], Parts] | None:
    """Return what opens the parts that Ray wrote, or None where this process does all."""
    if arguments.engine != "ray":
        return None
    return lambda settings: Parts(arguments.index_dir / PARTS, Keys(settings, Chunking()), settings.dimension)
