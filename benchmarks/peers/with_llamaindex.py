"""LlamaIndex: a VectorStoreIndex over FAISS, and a QueryFusionRetriever of it and BM25 for hybrid, without an LLM."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import faiss
import Stemmer
from llama_index.core import StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.retrievers.bm25 import BM25Retriever
from llama_index.vector_stores.faiss import FaissVectorStore

from benchmarks.peers.types import Passage, Setup

BM25 = "bm25"
LANGUAGE = "arabic"


class LlamaIndex:
    """FAISS by inner product rather than the default store, which scores in Python; BM25 with an Arabic stemmer."""

    packages: ClassVar[tuple[str, ...]] = (
        "llama-index-core", "llama-index-embeddings-huggingface", "llama-index-retrievers-bm25",
        "llama-index-vector-stores-faiss", "faiss-cpu", "bm25s", "PyStemmer")

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._embedding = HuggingFaceEmbedding(
            model_name=str(setup.model), query_instruction=setup.prompts.query,
            text_instruction=setup.prompts.document)
        self._dimensions = len(self._embedding.get_query_embedding("?"))   # FAISS wants to know before it is filled
        self._index: Any = None
        self._lexical: Any = None
        self._retriever: Any = None

    def ingest(self, passages: Sequence[Passage]) -> None:
        nodes = [TextNode(id_=passage.id, text=passage.text) for passage in passages]
        store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(self._dimensions))
        self._index = VectorStoreIndex(nodes, storage_context=StorageContext.from_defaults(vector_store=store),
                                       embed_model=self._embedding)
        if self._setup.mode == "hybrid":
            self._lexical = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=self._setup.top_k,
                                                        stemmer=Stemmer.Stemmer(LANGUAGE))
        self._retriever = self._retriever_of_parts()

    def search(self, question: str) -> list[str]:
        return [found.node.node_id for found in self._retriever.retrieve(question)]

    def save(self) -> None:
        self._index.storage_context.persist(persist_dir=str(self._setup.folder))
        if self._lexical is not None:
            self._lexical.persist(str(self._setup.folder / BM25))

    def load(self) -> None:
        folder = str(self._setup.folder)
        store = FaissVectorStore.from_persist_dir(folder)
        context = StorageContext.from_defaults(vector_store=store, persist_dir=folder)
        self._index = load_index_from_storage(context, embed_model=self._embedding)
        if self._setup.mode == "hybrid":
            self._lexical = BM25Retriever.from_persist_dir(str(self._setup.folder / BM25))
            self._lexical.stemmer = Stemmer.Stemmer(LANGUAGE)   # is not among what it saves
        self._retriever = self._retriever_of_parts()

    def _retriever_of_parts(self) -> Any:
        dense = self._index.as_retriever(similarity_top_k=self._setup.top_k)
        if self._lexical is None:
            return dense
        # With one query nothing is generated; the stand-in keeps it from asking for an OpenAI model.
        return QueryFusionRetriever([dense, self._lexical], llm=MockLLM(), num_queries=1, mode="reciprocal_rerank",
                                    similarity_top_k=self._setup.top_k, use_async=False)
