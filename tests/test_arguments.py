"""What callers send is read by one rule: over the Model Context Protocol, in LangChain, over REST and in a batch."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from flask.testing import FlaskClient
from mcp import Client
from pydantic import BaseModel, ValidationError

from qa.answerer import Answerer
from qa.arguments import MAX_NUMBER, Strict, word_validation
from qa.batch_command import LineError, question_of
from qa.langchain import MusnadRetriever, musnad_tools
from qa.tools import Tools, arguments_of
from qa.types.question import Question, QuestionError
from tests.fake_answerer import FakeAnswerer, service_of
from web.api.openapi import describe
from web.api.schema import AskIn, CheckIn, ClaimIn, FiltersIn, VerifyIn
from web.app import create_app
from web.mcp.protocol import create_mcp_server

Say = Callable[[dict[str, Any]], str]
HUGE = "x" * 10_000_000


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")
    return create_app(service_of(FakeAnswerer(), tmp_path)).test_client()


def answerer() -> Answerer:
    return cast("Answerer", FakeAnswerer())


def over_mcp(arguments: dict[str, Any]) -> str:
    """What a call of `search` or `ask` is told, "" if it is answered."""
    async def call() -> str:
        async with Client(create_mcp_server(answerer)) as agent:
            result = await agent.call_tool("ask" if "previous" in arguments else "search", arguments)
            return result.content[0].text if result.is_error else ""
    return asyncio.run(call())


def in_langchain(arguments: dict[str, Any]) -> str:
    tools = {tool.name: tool for tool in musnad_tools(answerer())}
    told = tools["ask" if "previous" in arguments else "search"].invoke(arguments)
    return "" if told.startswith("{") else told


def over_rest(client: FlaskClient) -> Say:
    def say(arguments: dict[str, Any]) -> str:
        fields = dict(arguments)
        filters = {name: fields.pop(name) for name in list(fields) if name.startswith("published") or name == "sources"}
        answered = client.post("/api/ask", json={**fields, "filters": filters})
        told = "" if answered.status_code == 200 else answered.get_json()["detail"]
        return str(told).replace("filters.", "")
    return say


def in_batch(arguments: dict[str, Any]) -> str:
    fields = dict(arguments)
    filters = {name: fields.pop(name) for name in list(fields) if name.startswith("published")}
    try:
        question_of({**fields, "filters": filters}, Question("x"))
    except (LineError, QuestionError) as error:
        return str(error).replace("filters.", "")
    return ""


NUMBERS: tuple[tuple[object, str], ...] = (
    (True, "top_k: must be a whole number, not true or false"),
    (False, "top_k: must be a whole number, not true or false"),
    ("5", "top_k: must be a whole number, not a string"), ("", "top_k: must be a whole number, not a string"),
    ([5], "top_k: must be a whole number, not a list"), ({}, "top_k: must be a whole number, not an object"),
    (2.5, "top_k: must be a whole number"), (1e308, "top_k: must be a whole number of at most 9 digits"),
    (MAX_NUMBER + 1, "top_k: must be a whole number of at most 9 digits"),
    (10 ** 30, "top_k: must be a whole number of at most 9 digits"),
    (MAX_NUMBER, "top_k is 999999999; it must be from 1 to 100"), (-1, "top_k is -1; it must be from 1 to 100"),
    (0, "top_k is 0; it must be from 1 to 100"), (5, ""), (5.0, ""), (None, ""))
DAY = "published_from: must be a date written YYYY-MM-DD"
DAYS: tuple[tuple[object, str], ...] = (
    (True, DAY), (2020, DAY), (1.5e9, DAY), ("", DAY), ("2020", DAY), ("20200101", DAY), ("2020-W01-1", DAY),
    ("2020-02-30", DAY), ("yesterday", DAY), ([], DAY), ("2020-01-01", ""), ("2020-01-01T23:00:00+03:00", ""),
    (None, ""))


@pytest.fixture(params=["mcp", "langchain", "rest", "batch"])
def say(request: pytest.FixtureRequest, client: FlaskClient) -> Say:
    """What arguments are told, "" if they are taken."""
    return {"mcp": over_mcp, "langchain": in_langchain, "rest": over_rest(client), "batch": in_batch}[request.param]


@pytest.mark.parametrize(("value", "said"), NUMBERS, ids=lambda value: repr(value)[:20])
def test_a_number_is_a_whole_number_and_nothing_that_looks_like_one(
        say: Say, value: object, said: str) -> None:
    assert say({"question": "سعر", "top_k": value}) == said


@pytest.mark.parametrize(("value", "said"), DAYS, ids=lambda value: repr(value)[:20])
def test_a_day_is_a_date(say: Say, value: object, said: str) -> None:
    assert say({"question": "سعر", "published_from": value}) == said


@pytest.mark.parametrize(("arguments", "said"), [
    ({"question": True}, "question: "), ({"question": None}, "question: "), ({"question": ["x"]}, "question: "),
    ({"question": " \n"}, "the question is empty"), ({"question": HUGE}, "10000000 characters; shorten it to 2000"),
    ({"question": "x", "previous": "y"}, "previous: "), ({"question": "x", "previous": ["y", True]}, "previous"),
    ({"question": "x", "previous": ["y", " "]}, "previous question 2: the question is empty"),
    ({"question": "x", "previous": ["y" * 2001]}, "previous question 1: the question has 2001 characters"),
    ({"question": "x", "previous": None}, ""), ({"question": "x", "previous": []}, ""),
    ({"question": "x", "nothing": None}, "nothing"),
])
def test_a_text_is_a_text_and_a_list_has_texts_alone(say: Say, request: pytest.FixtureRequest,
                                                     arguments: dict[str, Any], said: str) -> None:
    if arguments["question"] is HUGE and "rest" in request.node.name:
        pytest.skip("the body is refused before it is read: tests/test_api.py")
    told = say(arguments)
    assert said in told
    assert bool(told) == bool(said)
    assert len(told) <= 501


@pytest.mark.parametrize(("sources", "said"), [
    (True, "sources: input should be a valid list, not true or false"),
    ("x", "sources: input should be a valid list, not a string"),
    ({"x": 1}, "sources: input should be a valid list, not an object"),
    (["x", 5, None], "sources.1: input should be a valid string, not a number; "
                     "sources.2: input should be a valid string, not null"),
    (["", "x"], "sources.0: is blank; name a source, or leave it out"),
    (["\t"], "sources.0: is blank; name a source, or leave it out"),
    (["x" * 1_001], "sources.0: string should have at most 1000 characters"),
    (["x"] * 1_001, "sources: list should have at most 1000 items after validation, not 1001"),
    ([], ""), (None, ""), (["x"], ""),
])
@pytest.mark.parametrize("face", ["mcp", "langchain", "rest"])
def test_sources_are_a_list_of_names(client: FlaskClient, face: str, sources: object, said: str) -> None:
    say = {"mcp": over_mcp, "langchain": in_langchain, "rest": over_rest(client)}[face]
    assert say({"question": "سعر", "sources": sources}) == said


def test_a_retriever_counts_its_passages_by_the_same_rule() -> None:
    assert MusnadRetriever.model_fields["top_k"].default == 5
    for wrong in (True, "5", 2.5, float("nan"), float("inf")):
        with pytest.raises(ValidationError, match="must be a whole number"):
            MusnadRetriever(answerer=Answerer.__new__(Answerer), top_k=cast("int", wrong))


# ---- every field there is ----

BODIES: tuple[type[BaseModel], ...] = (AskIn, VerifyIn, CheckIn, ClaimIn, FiltersIn)
TOOLS = tuple(arguments_of(tool) for tool in Tools(answerer).all())
REQUIRED = {"question": "x", "quote": "a b c", "text": "x", "article_id": "x", "kind": "claim"}
OF_NO_TYPE = {"string": 5, "integer": True, "array": "x", "boolean": 1, "object": []}


def required_of(model: type[BaseModel]) -> dict[str, Any]:
    return {name: REQUIRED[name] for name, field in model.model_fields.items() if field.is_required()}


@pytest.mark.parametrize("model", [*BODIES, *TOOLS], ids=lambda model: model.__name__)
def test_null_is_absent_for_what_may_be_left_out_and_refused_for_the_rest(model: type[BaseModel]) -> None:
    assert issubclass(model, Strict)
    without = model.model_validate(required_of(model))
    for name, field in model.model_fields.items():
        if field.is_required():
            with pytest.raises(ValidationError, match="null|not None|Input should be"):
                model.model_validate({**required_of(model), name: None})
        else:
            assert model.model_validate({**required_of(model), name: None}) == without


@pytest.mark.parametrize("model", [*BODIES, *TOOLS], ids=lambda model: model.__name__)
def test_a_value_of_another_type_is_refused_and_its_argument_named(model: type[BaseModel]) -> None:
    schema = model.model_json_schema()
    assert schema["properties"]
    for name, described in schema["properties"].items():
        kinds = [choice for choice in described.get("anyOf", [described]) if choice.get("type") != "null"]
        wrong = OF_NO_TYPE[kinds[0].get("type", "object")]
        with pytest.raises(ValidationError) as error:
            model.model_validate({**required_of(model), name: wrong})
        assert word_validation(error.value).startswith(f"{name}: "), (name, wrong)


@pytest.mark.parametrize("body", BODIES, ids=lambda model: model.__name__)
def test_the_description_says_what_null_may_stand_for(body: type[BaseModel]) -> None:
    described = body.model_json_schema()["properties"]
    optional = [name for name, field in body.model_fields.items() if not field.is_required()]
    assert [name for name in optional if {"type": "null"} not in described[name]["anyOf"]] == []


def test_every_number_of_a_query_string_is_written_in_digits(client: FlaskClient) -> None:
    paths = describe(cast("Any", client.application))["paths"]
    numbers = [(path, each["name"]) for path, methods in paths.items()
               for each in methods.get("get", {}).get("parameters", ())
               if each["in"] == "query" and "integer" in json.dumps(each["schema"])]
    assert sorted(name for _, name in numbers) == ["limit", "limit", "offset", "top_k"]
    for path, name in numbers:
        for wrong in ("true", "1.0", "1e1", "NaN", "٥", " 5", "+5", "0x5", "9" * 10, "9" * 5_000, "[5]"):
            refused = client.get(path, query_string={"q": "سعر", name: wrong})
            assert refused.status_code == 422
            assert refused.get_json()["detail"].startswith(f"{name}: must be a whole number")
        for absent in ({}, {name: ""}, {name: "5"}):
            assert client.get(path, query_string={"q": "سعر", **absent}).status_code == 200
