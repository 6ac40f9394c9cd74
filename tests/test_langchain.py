"""The adapters inside real LangChain chains, over the sample index and the real model."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from langchain_core.vectorstores import InMemoryVectorStore

from index.model.types import Embedder
from index.types import Article
from qa.answerer import Answerer
from qa.evaluation.evaluate import throwaway_snapshot
from qa.langchain import MusnadEmbeddings, MusnadRetriever
from qa.opening import open_answerer
from qa.types.filters import Filters
from qa.types.question import Question, QuestionError

QUESTION = "متى وُقّعت اتفاقيتا كامب ديفيد؟"


@pytest.fixture(scope="module")
def answerer(sample_index: Path, embedder: Embedder) -> Answerer:
    return open_answerer(sample_index, embedder)


def test_documents_are_the_passages_of_a_search_with_their_places(answerer: Answerer) -> None:
    documents = MusnadRetriever(answerer=answerer, top_k=3).invoke(QUESTION)
    hits = answerer.search(Question(QUESTION, 3)).hits
    assert [document.page_content for document in documents] == [hit.text for hit in hits]
    for document, hit in zip(documents, hits, strict=True):
        metadata = document.metadata
        article = answerer.article(metadata["article_id"])
        assert article.text[metadata["start"]:metadata["end"]] == document.page_content
        assert metadata == {
            "article_id": article.id, "title": article.title, "source": "مُسنَد", "url": None,
            "published": article.published, "start": hit.start, "end": hit.end, "score": round(hit.score, 6),
            "rank": hit.rank, "generation": answerer.state.generation}
        assert document.id == f"{article.id}:{hit.start}-{hit.end}"


def test_filters_narrow_what_is_retrieved(answerer: Answerer) -> None:
    only = answerer.article("oslo-accord-1993").published_on
    retriever = MusnadRetriever(answerer=answerer, filters=Filters(published_from=only, published_to=only))
    assert {document.metadata["article_id"] for document in retriever.invoke(QUESTION)} == {"oslo-accord-1993"}


def test_it_answers_asynchronously_too(answerer: Answerer) -> None:
    retriever = MusnadRetriever(answerer=answerer, top_k=2)
    assert asyncio.run(retriever.ainvoke(QUESTION)) == retriever.invoke(QUESTION)


def test_a_question_that_cannot_be_asked_is_refused_as_everywhere(answerer: Answerer) -> None:
    with pytest.raises(QuestionError, match="^the question is empty; type a question$"):
        MusnadRetriever(answerer=answerer).invoke("  ")


def test_a_chain_hands_the_passages_to_its_chat_model(answerer: Answerer) -> None:
    prompts: list[str] = []

    def note(prompt: object) -> object:
        prompts.append(str(prompt))
        return prompt

    chain = (
        {"passages": MusnadRetriever(answerer=answerer, top_k=1)
         | (lambda documents: "\n".join(document.page_content for document in documents)),
         "question": RunnablePassthrough()}
        | ChatPromptTemplate.from_template("{passages}\n\n{question}")
        | RunnableLambda(note)
        | GenericFakeChatModel(messages=iter([AIMessage("في 17 سبتمبر 1978.")]))
        | StrOutputParser()
    )
    assert chain.invoke(QUESTION) == "في 17 سبتمبر 1978."
    assert "17 سبتمبر 1978" in prompts[0]
    assert QUESTION in prompts[0]


def test_embeddings_are_those_of_the_model_with_its_prompts(embedder: Embedder) -> None:
    embeddings = MusnadEmbeddings(embedder)
    assert embeddings.embed_query("سلام") == embedder.embed_query("سلام").tolist()
    assert embeddings.embed_documents(["سلام", "حرب"]) == embedder.embed_passages(["سلام", "حرب"]).tolist()
    assert embeddings.embed_query("سلام") != embeddings.embed_documents(["سلام"])[0]


def test_a_vector_store_finds_with_the_embeddings(embedder: Embedder) -> None:
    store = InMemoryVectorStore(MusnadEmbeddings(embedder))
    store.add_texts(["اتفاق الحبوب في إسطنبول", "معاهدة حظر الأسلحة الكيميائية", "مباراة كرة قدم"])
    assert store.similarity_search("grain deal", k=1)[0].page_content == "اتفاق الحبوب في إسطنبول"


def test_metadata_is_json_where_nothing_is_known_of_an_article(embedder: Embedder) -> None:
    snapshot = throwaway_snapshot([Article("a", "نص قصير.")], embedder)
    (document,) = MusnadRetriever(answerer=Answerer(snapshot, embedder)).invoke("نص")
    assert json.loads(json.dumps(document.metadata)) == document.metadata
    assert {key: document.metadata[key] for key in ("title", "source", "url", "published", "generation")} == {
        "title": "", "source": "", "url": None, "published": None, "generation": snapshot.generation}


@pytest.mark.parametrize(("question", "top_k", "fault"), [
    ("؟", 5, "not_a_question"), ("a\x00b", 5, "not_text"), ("سلام", 0, "bad_top_k"), ("سلام", 101, "bad_top_k"),
])
def test_a_chain_and_its_asynchronous_form_pass_the_refusal_on_as_it_is(
        answerer: Answerer, question: str, top_k: int, fault: str) -> None:
    chain = MusnadRetriever(answerer=answerer, top_k=top_k) | RunnableLambda(len)
    with pytest.raises(QuestionError) as refused:
        chain.invoke(question)
    with pytest.raises(QuestionError) as refused_later:
        asyncio.run(chain.ainvoke(question))
    assert (refused.value.fault, refused_later.value.fault) == (fault, fault)


def test_embeddings_are_lists_of_floats_asynchronously_too_and_none_for_no_text(embedder: Embedder) -> None:
    embeddings = MusnadEmbeddings(embedder)
    vector = asyncio.run(embeddings.aembed_query("سلام"))
    assert vector == embeddings.embed_query("سلام")
    assert {type(number) for number in vector} == {float}
    assert len(vector) == embedder.settings.dimension
    assert asyncio.run(embeddings.aembed_documents(["سلام"])) == embeddings.embed_documents(["سلام"])
    assert embeddings.embed_documents([]) == []
