"""LangChain: FAISS from langchain-community, and an EnsembleRetriever of it and BM25 for hybrid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings

from benchmarks.peers.types import Passage, Setup


class LangChain:
    """FAISS is saved and loaded; BM25Retriever cannot be saved, so that loading builds it again from the documents."""

    packages: ClassVar[tuple[str, ...]] = ("langchain-core", "langchain-community", "langchain-classic",
                                           "langchain-huggingface", "faiss-cpu", "rank-bm25")

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._embeddings = HuggingFaceEmbeddings(
            model_name=str(setup.model), encode_kwargs={"prompt": setup.prompts.document},
            query_encode_kwargs={"prompt": setup.prompts.query})
        self._store: Any = None
        self._retriever: Any = None

    def ingest(self, passages: Sequence[Passage]) -> None:
        documents = [Document(page_content=passage.text, metadata={"id": passage.id}, id=passage.id)
                     for passage in passages]
        self._store = FAISS.from_documents(documents, self._embeddings)
        self._retriever = self._retriever_of(documents)

    def search(self, question: str) -> list[str]:
        return [found.metadata["id"] for found in self._retriever.invoke(question)[:self._setup.top_k]]

    def save(self) -> None:
        self._store.save_local(str(self._setup.folder))

    def load(self) -> None:
        # The store is a pickle, here of our own making.
        self._store = FAISS.load_local(str(self._setup.folder), self._embeddings, allow_dangerous_deserialization=True)
        ids = list(self._store.index_to_docstore_id.values())
        self._retriever = self._retriever_of(self._store.get_by_ids(ids) if self._setup.mode == "hybrid" else [])

    def _retriever_of(self, documents: Sequence[Document]) -> Any:
        dense = self._store.as_retriever(search_kwargs={"k": self._setup.top_k})
        if self._setup.mode == "dense":
            return dense
        lexical = BM25Retriever.from_documents(documents, k=self._setup.top_k)
        return EnsembleRetriever(retrievers=[lexical, dense], weights=[0.5, 0.5], id_key="id")
