"""The tools of an agent in LangChain, and the LangGraph program of docs/agents.md with a scripted model."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from datetime import date
from types import ModuleType
from typing import Any

import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import BaseTool
from pydantic import Field

import qa
from qa.answerer import Answerer
from qa.langchain import musnad_tools
from qa.tools import MAX_TEXT_CHARS, Tools
from qa.types.filters import Filters
from qa.types.question import Question
from tests.conftest import PROJECT

PAGE = (PROJECT / "docs" / "agents.md").read_text(encoding="utf-8")
QUESTION = "متى وُقّعت اتفاقيتا كامب ديفيد؟"
ARTICLE = "camp-david-accords-1978"


@pytest.fixture(scope="module")
def tools(sample_answerer: Answerer) -> dict[str, BaseTool]:
    return {tool.name: tool for tool in musnad_tools(sample_answerer)}


@pytest.mark.slow
def test_a_tool_returns_what_the_endpoint_does(tools: dict[str, BaseTool], sample_answerer: Answerer) -> None:
    answer = json.loads(tools["ask"].invoke({"question": QUESTION}))
    expected = sample_answerer.ask(Question(QUESTION)).as_json()
    assert {**answer, "timings_ms": {}} == {**expected, "timings_ms": {}}
    filters = {"published_from": "1979-01-01", "sources": ["مُسنَد"]}
    hits = json.loads(tools["search"].invoke({"question": QUESTION, "top_k": 2, **filters}))["hits"]
    assert len(hits) == 2
    assert all(hit["published"] >= "1979" for hit in hits)
    citation = answer["citations"][0]
    assert json.loads(tools["verify_quote"].invoke({"quote": citation["quote"]}))["verdict"] == "found"
    assert json.loads(tools["timeline"].invoke({"question": QUESTION}))["events"]
    assert json.loads(tools["affair"].invoke({"question": QUESTION, **filters})) == sample_answerer.affair(
        Question(QUESTION, filters=Filters(date(1979, 1, 1), sources=("مُسنَد",)))).as_json()
    article = json.loads(tools["get_article"].invoke({"article_id": citation["article_id"]}))
    assert article["text"][citation["start"]:citation["end"]] == citation["quote"]


def test_a_model_reads_what_a_tool_does_without_the_indentation_of_the_code(tools: dict[str, BaseTool]) -> None:
    assert tools["ask"].description.endswith("status is answered, unsure or not_found.")
    assert [name for name, tool in tools.items() if "\n " in tool.description] == []


@pytest.mark.slow
@pytest.mark.parametrize(("tool", "arguments", "said"), [
    ("ask", {"question": " "}, "the question is empty; type a question"),
    ("ask", {"q": "x"}, "question"), ("search", {"question": "x", "top_k": 0}, "it must be from 1 to 100"),
    ("search", {"question": "x", "published_to": "tomorrow"}, "published_to"),
    ("search", {"question": "x", "published_to": 2020}, "published_to: must be a date written YYYY-MM-DD"),
    ("search", {"question": "x", "source": ["y"]},
     "search takes question, top_k, sources, published_from, published_to, and not 'source'"),
    ("search", {"question": "x", "sources": list(range(1_000))},
     "sources.0: input should be a valid string, not a number"),
    ("verify_quote", {"quote": "two words"}, "quote 3 at least"),
    ("affair", {"question": " "}, "the question is empty; type a question"),
    ("check_text", {"text": " "}, "the text is empty; give a text to check"),
    ("get_article", {"article_id": "nobody"}, "there is no article with the id"),
])
def test_what_a_model_asks_wrongly_is_told_to_it(
        tools: dict[str, BaseTool], tool: str, arguments: dict[str, object], said: str) -> None:
    told = tools[tool].invoke(arguments)
    assert said in told
    assert len(told) <= 501


@pytest.mark.parametrize("length", [0, 1, MAX_TEXT_CHARS, MAX_TEXT_CHARS + 1, 3 * MAX_TEXT_CHARS])
def test_a_long_article_is_read_part_by_part(sample_answerer: Answerer, length: int,
                                             monkeypatch: pytest.MonkeyPatch) -> None:
    record = sample_answerer.record(ARTICLE)
    text = "".join(chr(0x627 + place % 30) for place in range(length))
    long = record.__class__(qa.Article(ARTICLE, text), "", ())
    monkeypatch.setattr(sample_answerer, "record", lambda _id: long)
    read, parts = "", 0
    while parts == 0 or len(read) < length:
        part = Tools(lambda: sample_answerer).get_article(ARTICLE, len(read))
        assert (part["start"], part["characters"]) == (len(read), length)
        assert part["end"] - part["start"] == len(part["text"]) <= MAX_TEXT_CHARS
        read, parts = read + part["text"], parts + 1
    assert (read, parts) == (text, max(1, -(-length // MAX_TEXT_CHARS)))


class Scripted(GenericFakeChatModel):
    """A chat model that says what it is given, and keeps what it was told."""

    told: list[Sequence[BaseMessage]] = Field(default_factory=list)

    def bind_tools(self, tools: Any, **_options: Any) -> Any:
        assert [tool.name for tool in tools] == ["ask", "search", "verify_quote", "check_text", "timeline",
                                                "affair", "get_article"]
        return self

    def _generate(self, messages: list[BaseMessage], *arguments: Any, **options: Any) -> Any:
        self.told.append(messages)
        return super()._generate(messages, *arguments, **options)


@pytest.mark.slow
def test_the_program_of_the_docs_runs(sample_answerer: Answerer, monkeypatch: pytest.MonkeyPatch,
                                      capsys: pytest.CaptureFixture[str]) -> None:
    call = {"name": "ask", "args": {"question": QUESTION}, "id": "1"}
    model = Scripted(messages=iter([AIMessage("", tool_calls=[call]), AIMessage("في 17 سبتمبر 1978 [1].")]))
    ollama = ModuleType("langchain_ollama")
    ollama.ChatOllama = lambda model: scripted  # type: ignore[attr-defined]  # the program's keyword
    scripted = model
    monkeypatch.setitem(sys.modules, "langchain_ollama", ollama)
    monkeypatch.setattr(qa, "load_answerer", lambda _folder: sample_answerer, raising=False)
    (program,) = re.findall(r"```python\n(from langchain_ollama.*?)```", PAGE, re.DOTALL)
    exec(program, {})
    assert capsys.readouterr().out == "في 17 سبتمبر 1978 [1].\n"
    system, asked, called, result = model.told[1]
    assert [type(message) for message in (system, asked, called, result)] == [
        SystemMessage, HumanMessage, AIMessage, ToolMessage]
    assert json.loads(str(result.content))["citations"][0]["article_id"] == ARTICLE


def test_the_page_names_the_tools_and_their_parameters(sample_answerer: Answerer) -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]*) \|", PAGE, re.MULTILINE))
    shared = {"sources", "published_from", "published_to"}
    for tool in musnad_tools(sample_answerer):
        named = set(re.findall(r"`(\w+)`", rows[tool.name].replace("`asc`, `desc`", "")))
        assert named == set(tool.args) - shared
        assert ("filters" in rows[tool.name]) == (shared <= set(tool.args))
    assert len(rows) == len(musnad_tools(sample_answerer))
