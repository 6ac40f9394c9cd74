"""Load an embedding model: compiled to int8, or as the reference that sentence-transformers runs."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from index.errors import ModelError
from index.model.default import DEFAULT_MODEL, Report, ensure_default_model, models_dir
from index.model.reference import SentenceTransformerEmbedder
from index.model.types import RUNTIMES, Embedder, Runtime
from index.settings import RUNTIME

if TYPE_CHECKING:

    from index.model.compiled import CompiledModel


def add_runtime_argument(parser: argparse.ArgumentParser) -> None:
    """Add the option `--runtime` of the commands that embed articles."""
    parser.add_argument("--runtime", type=_runtime, metavar="{" + ",".join(RUNTIMES) + "}",
                        default=RUNTIME.value(),
                        help=RUNTIME.help("what runs the model", default="compiled where that is equal and faster"))


def _runtime(name: str) -> Runtime:
    # argparse's `choices` would not do: it does not check a default, here the value of MUSNAD_RUNTIME.
    for runtime in RUNTIMES:
        if name == runtime:
            return runtime
    raise argparse.ArgumentTypeError(f"{name!r} is not a runtime (--runtime or {RUNTIME.variable}); "
                                     f"use {' or '.join(RUNTIMES)}, or leave it out to choose automatically")


def load_embedder(name: str = DEFAULT_MODEL, *, runtime: Runtime | None = None,
                  report: Report = lambda _line: None) -> Embedder:
    """Load the model of this name or folder; the first time, set it up and compile it.

    Without a `runtime`, the compiled model runs if its self-check found it equal to the reference and faster. Otherwise
    the reference runs, and `report` gets a line with the reason. Raises ModelError when the model cannot be loaded, or
    when `runtime` is "compiled" and it has no compiled form.
    """
    if runtime == "reference":
        return SentenceTransformerEmbedder(name, _source_folder(name, report))
    from index.model.compiled import CompiledEmbedder

    compiled = compiled_model(name, report)
    if runtime == "compiled" and not compiled.is_there:
        raise ModelError(f"the model {name!r} has no compiled form here ({compiled.verdict}); build the index again "
                         "with: python build_index.py --runtime reference PATH...")
    if runtime == "compiled" or compiled.preferred:
        return CompiledEmbedder(compiled)
    report(f"model: using the reference runtime; compiled model {compiled.verdict}")
    return SentenceTransformerEmbedder(name, _source_folder(name, report))


def _source_folder(name: str, report: Report) -> str:
    """Return what sentence-transformers must load: the folder of the default model, or else `name` itself."""
    return str(ensure_default_model(models_dir(), report=report)) if name == DEFAULT_MODEL else name


def compiled_model(name: str, report: Report) -> CompiledModel:
    """Return the model's compilation, compiling it first if there is none; a second process waits for the first."""
    from filelock import FileLock

    from index.model.compiled import read_compiled
    from index.model.default import compiled_folder

    folder = compiled_folder(name)
    if (compiled := read_compiled(folder)) is not None:
        return compiled
    reference = SentenceTransformerEmbedder(name, _source_folder(name, report))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name(f".{folder.name}.lock")):
        if (compiled := read_compiled(folder)) is not None:
            return compiled
        # Imported here because the compiler loads torch, which a compiled model does not need.
        from index.model.compiler import compile_model

        return compile_model(reference, folder, report=report)
