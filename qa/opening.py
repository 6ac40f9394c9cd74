"""Opens a published index to be asked."""

from __future__ import annotations

from pathlib import Path

from index.generation.snapshot import open_snapshot
from index.model.load import load_embedder
from index.model.types import Embedder
from qa.answerer import Answerer


def load_answerer(index_dir: Path, model: str | None, *, answered_from: float | None = None) -> Answerer:
    """The published generation with the model that it was built with, or with `model` where one is named; answers from
    that confidence on, or from the program's own.

    Raises IndexingError's children; SnapshotMismatchError when the model named is not the one it was built with.
    """
    snapshot = open_snapshot(index_dir)
    embedder = load_embedder(model or snapshot.model.name, runtime=snapshot.model.runtime)
    return Answerer(snapshot, embedder, answered_from=answered_from)


def open_answerer(index_dir: Path, embedder: Embedder) -> Answerer:
    """The published generation, verified and ready to answer; raises IndexingError's children."""
    return Answerer(open_snapshot(index_dir), embedder)
