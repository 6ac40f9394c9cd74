"""Haystack: an in-memory document store, embedders of sentence-transformers, and BM25 joined by reciprocal rank."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, ClassVar

from benchmarks.peers.types import Passage, Setup

os.environ.setdefault("HAYSTACK_TELEMETRY_ENABLED", "False")   # read on import; a benchmark reports to nobody

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

STORE = "store.json"


class Haystack:
    """The store is saved as one JSON file; BM25 statistics are rebuilt from its documents on loading."""

    packages: ClassVar[tuple[str, ...]] = ("haystack-ai", "sentence-transformers-haystack")

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        self._text_embedder = SentenceTransformersTextEmbedder(
            model=str(setup.model), prefix=setup.prompts.query, progress_bar=False)
        self._text_embedder.warm_up()
        self._pipeline: Any = None

    def ingest(self, passages: Sequence[Passage]) -> None:
        # Shares the loaded model of the text embedder.
        embedder = SentenceTransformersDocumentEmbedder(
            model=str(self._setup.model), prefix=self._setup.prompts.document, progress_bar=False)
        indexing = Pipeline()
        indexing.add_component("embedder", embedder)
        indexing.add_component("writer", DocumentWriter(document_store=self._store))
        indexing.connect("embedder", "writer")
        documents = [Document(id=passage.id, content=passage.text) for passage in passages]
        indexing.run({"embedder": {"documents": documents}})
        self._pipeline = self._query_pipeline()

    def search(self, question: str) -> list[str]:
        if self._setup.mode == "dense":
            found = self._pipeline.run({"text_embedder": {"text": question}})["dense"]
        else:
            found = self._pipeline.run({"text_embedder": {"text": question}, "lexical": {"query": question}})["joiner"]
        return [document.id for document in found["documents"]]

    def save(self) -> None:
        self._store.save_to_disk(str(self._setup.folder / STORE))

    def load(self) -> None:
        self._store = InMemoryDocumentStore.load_from_disk(str(self._setup.folder / STORE))
        self._pipeline = self._query_pipeline()

    def _query_pipeline(self) -> Pipeline:
        top_k = self._setup.top_k
        pipeline = Pipeline()
        pipeline.add_component("text_embedder", self._text_embedder)
        pipeline.add_component("dense", InMemoryEmbeddingRetriever(self._store, top_k=top_k))
        pipeline.connect("text_embedder.embedding", "dense.query_embedding")
        if self._setup.mode == "hybrid":
            pipeline.add_component("lexical", InMemoryBM25Retriever(self._store, top_k=top_k))
            pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=top_k))
            pipeline.connect("lexical", "joiner")
            pipeline.connect("dense", "joiner")
        return pipeline
