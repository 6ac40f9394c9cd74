"""Find the passages for a question in one generation, by meaning and by words at once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from index.errors import SnapshotMismatchError
from index.generation.folder import REBUILD
from index.generation.snapshot import Snapshot
from index.model.types import Embedder
from index.work import cores, counted, pause
from qa.question.parsed import ParsedQuestion
from qa.retrieve.retriever import Candidate, allowed_rows, embed_question, find_words, retrieve
from qa.types.filters import Filters


class Searcher:
    """Searches one snapshot with the model that it was built with. Threads may share it."""

    def __init__(self, snapshot: Snapshot, embedder: Embedder) -> None:
        """Raises SnapshotMismatchError if the snapshot was built with another model than the embedder's."""
        _check_model(snapshot, embedder)
        self._snapshot, self._embedder = snapshot, embedder
        self._pool = ThreadPoolExecutor(cores(), thread_name_prefix="words")

    def search(self, question: ParsedQuestion, filters: Filters, count: int) -> tuple[list[Candidate], float]:
        """Return the best passages, and the time at which the question was embedded.

        The lexical search runs in another thread while the question is embedded.
        """
        pause()
        allowed = allowed_rows(self._snapshot, filters)
        looking = self._pool.submit(counted(partial(find_words, self._snapshot, question, allowed)))
        query_vector = embed_question(self._embedder, question)
        embedded = time.perf_counter()
        pause()
        return retrieve(self._snapshot, question, query_vector, allowed, count, looking.result), embedded


def _check_model(snapshot: Snapshot, embedder: Embedder) -> None:
    """Raise SnapshotMismatchError, naming both values, unless the snapshot was built with the embedder's model."""
    built, running = snapshot.model, embedder.settings
    remedy = f"set MUSNAD_MODEL={built.name}, or {REBUILD}"
    for what in ("name", "fingerprint", "dimension", "query_prompt", "passage_prompt", "runtime"):
        if getattr(built, what) != getattr(running, what):
            raise SnapshotMismatchError(f"the model {what}", getattr(built, what), getattr(running, what), remedy)
