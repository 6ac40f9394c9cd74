"""Chroma: a persistent client and a cosine collection; dense only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import chromadb
from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction

from benchmarks.peers.types import Passage, Setup

COLLECTION = "passages"


class Prompted(SentenceTransformerEmbeddingFunction):
    """Chroma's own embedding function with the prompts, which it has no parameter for."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(model_name=str(setup.model))
        self._prompts = setup.prompts

    def __call__(self, input: list[str]) -> Any:  # noqa: A002 - Chroma's name
        return super().__call__([self._prompts.document + text for text in input])

    def embed_query(self, input: list[str]) -> Any:  # noqa: A002 - Chroma's name
        return super().__call__([self._prompts.query + text for text in input])


class Chroma:
    """It writes to disk while it ingests, so that saving is part of the time of ingestion."""

    packages: ClassVar[tuple[str, ...]] = ("chromadb",)

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._embedding_function = Prompted(setup)
        self._client = chromadb.PersistentClient(
            str(setup.folder), settings=chromadb.Settings(anonymized_telemetry=False))
        self._collection: Any = None

    def ingest(self, passages: Sequence[Passage]) -> None:
        self._collection = self._client.create_collection(
            COLLECTION, embedding_function=self._embedding_function, configuration={"hnsw": {"space": "cosine"}})
        batch_size = self._client.get_max_batch_size()
        for start in range(0, len(passages), batch_size):
            batch = passages[start:start + batch_size]
            self._collection.add(ids=[passage.id for passage in batch], documents=[passage.text for passage in batch])

    def search(self, question: str) -> list[str]:
        found = self._collection.query(query_texts=[question], n_results=self._setup.top_k)
        return list(found["ids"][0])

    def save(self) -> None:
        """Nothing left to write."""

    def load(self) -> None:
        self._collection = self._client.get_collection(COLLECTION, embedding_function=self._embedding_function)
