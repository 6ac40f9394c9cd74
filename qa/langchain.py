"""Musnad inside a LangChain program: its passages as a retriever, its model as embeddings. Nothing imports it here.

Needs langchain-core alone, and no key. Errors are Musnad's own: LangChain passes them on as they are.
"""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from index.model.types import Embedder
from qa.answerer import Answerer
from qa.types import NO_FILTERS, Filters, Hit, Question


class MusnadRetriever(BaseRetriever):
    """The `top_k` passages closest to a question as Documents, best first.

    `page_content` is the passage verbatim: the article's `text[start:end]`, offsets in code points. `metadata` holds
    the JSON values of a hit of GET /api/search (article_id, title, source, url, published, start, end, score, rank)
    and `generation`, the snapshot's name. `id` is "article_id:start-end", the same in every generation in which the
    article's text and its cutting are.

    Raises QuestionError for a question that cannot be asked and for a `top_k` out of bounds. The asynchronous methods
    run the same search in a thread.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    answerer: Answerer
    top_k: int = 5
    filters: Filters = NO_FILTERS

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:  # noqa: ARG002  # LangChain's signature
        result = self.answerer.search(Question.parse(query, top_k=self.top_k, filters=self.filters))
        return [_document(hit, result.index.generation) for hit in result.hits]


class MusnadEmbeddings(Embeddings):
    """An Embedder's vectors for LangChain's vector stores: unit length, so that an inner product is a cosine."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Texts to be found, with the model's prompt for them: one list of `dimension` floats a text.

        What lies beyond the model's window is left out, as the model does.
        """
        vectors: list[list[float]] = self._embedder.embed_passages(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """A question, with the model's prompt for questions: `dimension` floats."""
        vector: list[float] = self._embedder.embed_query(text).tolist()
        return vector


def _document(hit: Hit, generation: str) -> Document:
    place = {name: value for name, value in hit.as_json().items() if name != "text"}
    return Document(page_content=hit.text, metadata={**place, "generation": generation},
                    id=f"{hit.article.id}:{hit.start}-{hit.end}")
