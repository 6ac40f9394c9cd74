"""Open a published index, to ask it."""

from __future__ import annotations

from pathlib import Path

from index.milvus.source import source_of
from index.model.default import Report
from index.model.load import load_embedder
from index.model.load_reader import load_reader
from index.model.reading import READER_NAME, Reader
from index.model.types import Embedder
from qa.answerer import Answerer
from qa.generate.model import Writer


def load_answerer(index_dir: Path | str, model: str | None = None, *, reader: str | None = None,
                  answered_from: float | None = None, shown_from: float | None = None,
                  writer: Writer | None = None, report: Report | None = None) -> Answerer:
    """Open the published generation and load the model that it was built with, or `model` where one is named.

    The generation is that of the index folder, or of the store that MUSNAD_STORE names.

    `writer` (`qa.generate.model.load_writer`) is a language model that writes answers where `ask` is told to generate.
    `reader` names an extractive question-answering model or a cross-encoder, or its folder; "none" answers without a
    reader, and None takes the program's own.

    From the confidence `answered_from` on, 0 to 1, an answer is `answered`, from `shown_from` on `unsure`, below both
    `not_found`; None takes the program's own. Raises ThresholdsError if `shown_from` is above `answered_from`.
    `report` is called with each line of progress while models are set up, which happens once.
    The answerer keeps to this generation: open another after a build to ask the new one.

    Raises NoSnapshotError where there is no index, CorruptSnapshotError or UnreadableSnapshotError where it cannot be
    read, SnapshotMismatchError where another program version or model built it, ModelError where the model cannot be
    loaded, StoreError where the store refuses and StoreUnavailableError where it is away: all of them are
    IndexingErrors.
    """
    told = report or (lambda _line: None)
    snapshot = source_of(Path(index_dir)).open()
    embedder = load_embedder(model or snapshot.model.name, runtime=snapshot.model.runtime, report=told)
    return Answerer(snapshot, embedder, load_reader(reader or READER_NAME, report=told), answered_from=answered_from,
                    shown_from=shown_from, writer=writer)


def open_answerer(index_dir: Path | str, embedder: Embedder, reader: Reader | None = None) -> Answerer:
    """Open the published generation for models that are loaded already; raises as `load_answerer` does."""
    return Answerer(source_of(Path(index_dir)).open(), embedder, reader)
