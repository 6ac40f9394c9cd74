"""Load a reader: the program's own, compiled, or a model of transformers."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from index.model.compiled import SENTENCEPIECE
from index.model.compiled_reader import CompiledReader, read_manifest, reader_folder
from index.model.default import DEFAULT_MODEL, Report
from index.model.load import compiled_model
from index.model.reading import READER_NAME, Reader
from index.output import ends_with_its_output
from index.settings import READER, not_empty

# The name that stands for no reader.
NO_READER = "none"


def load_reader(name: str = READER_NAME, *, report: Report = lambda _line: None) -> Reader | None:
    """Load the reader of this name or folder; None for "none".

    The program's own is compiled the first time. It runs compiled if its self-check found it equal to the reference.
    Raises ModelError when a reader cannot be loaded.
    """
    if name == NO_READER:
        return None
    if name != READER_NAME:
        from index.model.transformers_reader import TransformersReader

        return TransformersReader(name)
    folder = _compiled_folder(report)
    manifest = read_manifest(folder)
    if manifest is not None and manifest["preferred"]:
        return CompiledReader(folder)
    from index.model.reference_reader import ReferenceReader

    report(f"reader: using the reference; compiled reader {manifest['verdict'] if manifest else 'missing'}")
    return ReferenceReader(folder / SENTENCEPIECE)


def add_reader_argument(parser: argparse.ArgumentParser) -> None:
    """Add the option `--reader` of the commands that answer questions."""
    parser.add_argument("--reader", type=not_empty, default=READER.value() or READER_NAME, metavar="NAME",
                        help=READER.help("an extractive question-answering model or a cross-encoder, by name or "
                                         f"folder, or {NO_READER!r}", default="the program's own"))


@ends_with_its_output
def main() -> int:
    """Set the program's own reader up, so that the first question need not wait for it."""
    load_reader(report=lambda line: print(line, flush=True))
    return 0


def _compiled_folder(report: Report) -> Path:
    """Return the compiled reader's folder, compiling it if there is none; a second process waits for the first."""
    from filelock import FileLock

    folder = reader_folder()
    if read_manifest(folder) is None:
        embedder = compiled_model(DEFAULT_MODEL, report).folder
        with FileLock(folder.with_name(f".{folder.name}.lock")):
            if read_manifest(folder) is None:
                # Imported here because the compiler loads torch, which a compiled reader does not need.
                from index.model.reader_compiler import compile_reader

                compile_reader(folder, embedder, report=report)
    return folder


if __name__ == "__main__":
    sys.exit(main())
