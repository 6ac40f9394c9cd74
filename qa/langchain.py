"""Use Musnad in a LangChain program: its passages as a retriever, its model as embeddings, its answers as tools.

This needs only langchain-core, and no key. Errors are Musnad's own: LangChain passes them on unchanged. No other module
imports this one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import wraps
from inspect import getdoc

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_core.tools import BaseTool, StructuredTool, ToolException
from pydantic import ConfigDict, ValidationError
from pydantic.v1 import ValidationError as ValidationErrorV1

from index.model.types import Embedder
from qa.answerer import Answerer
from qa.arguments import WholeNumber, word_validation
from qa.tools import TOLD, Tools, arguments_of, shorten
from qa.types.filters import NO_FILTERS, Filters
from qa.types.question import Question
from qa.types.search import Hit


class MusnadRetriever(BaseRetriever):
    """Retrieves the `top_k` passages closest to a question as Documents, best first.

    `page_content` is the passage, verbatim: the article's `text[start:end]`, offsets in code points. `metadata` holds
    the JSON values of a hit of GET /api/search (article_id, title, source, url, published, start, end, score, rank)
    and `generation`, the snapshot's name. `id` is "article_id:start-end", which stays the same in later generations
    unless the article's text is changed or cut into passages differently.

    Raises QuestionError for a question that cannot be asked or a `top_k` out of bounds. The asynchronous methods run
    the same search in a thread.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    answerer: Answerer
    top_k: WholeNumber = 5
    filters: Filters = NO_FILTERS

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:  # noqa: ARG002  # LangChain's signature
        result = self.answerer.search(Question.parse(query, top_k=self.top_k, filters=self.filters))
        return [_document(hit, result.index.generation) for hit in result.hits]


class MusnadEmbeddings(Embeddings):
    """Gives an Embedder's vectors to LangChain's vector stores; their length is 1, so an inner product is a cosine."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed texts to be found, with the model's prompt for them: a list of `dimension` floats for each text.

        The model ignores the part of a text beyond its window.
        """
        vectors: list[list[float]] = self._embedder.embed_passages(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Embed a question, with the model's prompt for questions: `dimension` floats."""
        vector: list[float] = self._embedder.embed_query(text).tolist()
        return vector


def musnad_tools(answerer: Answerer) -> list[BaseTool]:
    """Return the tools of `qa.tools` for an agent: ask, search, verify_quote, check_text, timeline,
    affair, get_article.

    A tool returns JSON as text, with each citation's article and offsets. What a model asks wrongly is returned to it
    in the words of the error, so that it can ask again.
    """
    return [_tool(method) for method in Tools(lambda: answerer).all()]


def _tool(method: Callable[..., Mapping[str, object]]) -> BaseTool:
    # LangChain's own schema passes over arguments that a tool does not have, so that a misspelled filter would be none.
    return StructuredTool.from_function(
        _as_text(method), name=method.__name__, description=getdoc(method), args_schema=arguments_of(method),
        handle_tool_error=True, handle_validation_error=_as_words)


def _as_words(error: ValidationError | ValidationErrorV1) -> str:
    return shorten(word_validation(error) if isinstance(error, ValidationError) else str(error))


def _as_text(method: Callable[..., Mapping[str, object]]) -> Callable[..., str]:
    @wraps(method)
    def call(**arguments: object) -> str:
        try:
            return json.dumps(method(**arguments), ensure_ascii=False)
        except TOLD as error:
            raise ToolException(shorten(str(error))) from error
    return call


def _document(hit: Hit, generation: str) -> Document:
    place = {name: value for name, value in hit.as_json().items() if name != "text"}
    return Document(page_content=hit.text, metadata={**place, "generation": generation},
                    id=f"{hit.article.id}:{hit.start}-{hit.end}")
