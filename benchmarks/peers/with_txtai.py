"""txtai: one Embeddings object with stored content; hybrid adds its own BM25 index and score fusion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from txtai import Embeddings

from benchmarks.peers.types import Passage, Setup


class Txtai:
    """Its sentence-transformers method applies the model's own prompts, by encode_query and encode_document.

    Left at its default, its FAISS index is exact up to 5000 passages and approximate (IVF) beyond.
    """

    packages: ClassVar[tuple[str, ...]] = ("txtai", "faiss-cpu")

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        # With a cache of models, what `load` reads uses the model that is in memory already.
        self._embeddings: Any = Embeddings(
            path=str(setup.model), method="sentence-transformers", content=True, hybrid=setup.mode == "hybrid",
            models={})

    def ingest(self, passages: Sequence[Passage]) -> None:
        self._embeddings.index((passage.id, passage.text, None) for passage in passages)

    def search(self, question: str) -> list[str]:
        return [found["id"] for found in self._embeddings.search(question, self._setup.top_k)]

    def save(self) -> None:
        self._embeddings.save(str(self._setup.folder))

    def load(self) -> None:
        self._embeddings.load(str(self._setup.folder))
