"""Many questions or quotes in one request or command: each gets its result or its problem in its place."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from flask.testing import FlaskClient
from pydantic import TypeAdapter

from qa import contract
from qa.types.answer import Answer
from qa.types.question import Question
from tests.conftest import PROJECT
from tests.fake_answerer import ALTERED_QUOTE, FakeAnswerer, service_of
from web.api.batch import MAX_CHARS, MAX_ITEMS
from web.app import create_app
from web.errors import PROBLEMS

CLIENT = {"REMOTE_ADDR": "192.0.2.1"}
BREAD = {"question": "كم سعر الخبز؟"}


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")
    monkeypatch.setattr("time.time", lambda: 1_800_000_010.0)

    def app(answerer: FakeAnswerer | None = None, **settings: Any) -> FlaskClient:
        return create_app(service_of(answerer or FakeAnswerer(), tmp_path), **settings).test_client()

    return app


def problem_types(results: list[Any]) -> list[str | None]:
    return [each["problem"] and each["problem"]["type"].removeprefix("urn:musnad:problem:") for each in results]


def test_each_item_has_its_answer_or_its_problem_in_its_place(make: Any) -> None:
    items = [BREAD, {"question": "؟"}, {"question": "x", "top_k": "many"}, {"question": "x", "colour": 1}, "x",
             {"question": "x", "filters": {"published_from": "soon"}}, {"question": "ك" * 2001}, BREAD]
    response = make().post("/api/ask/batch", json={"items": items})
    batch = response.get_json()
    adapter = TypeAdapter(contract.BatchOfAnswers)
    assert adapter.dump_python(adapter.validate_python(batch, strict=True)) == batch
    assert [each["number"] for each in batch["results"]] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert problem_types(batch["results"]) == [
        None, "invalid-question", "invalid-request", "invalid-request", "invalid-request", "invalid-request",
        "invalid-question", None]
    assert batch["results"][5]["problem"]["errors"] == [
        {"field": "filters.published_from", "message": "must be a date written YYYY-MM-DD"}]
    assert batch["results"][0]["answer"] == make().post("/api/ask", json=BREAD).get_json()
    assert response.headers["ETag"] == 'W/"g1"'


def test_quotes_are_checked_in_a_batch_too(make: Any) -> None:
    items = [{"quote": ALTERED_QUOTE, "speaker": "سلمى"}, {"quote": "كلمتان فقط"}]
    batch = make().post("/api/verify/batch", json={"items": items}).get_json()
    adapter = TypeAdapter(contract.BatchOfVerifications)
    assert adapter.dump_python(adapter.validate_python(batch, strict=True)) == batch
    assert batch["results"][0]["verification"]["verdict"] == "altered"
    assert (batch["results"][1]["verification"], problem_types(batch["results"])) == (None, [None, "invalid-quote"])


def test_results_come_as_lines_when_asked_for(make: Any) -> None:
    items = [BREAD, {"question": "؟"}]
    with make().post("/api/ask/batch", json={"items": items}, headers={"Accept": "application/x-ndjson"}) as response:
        assert (response.mimetype, response.headers["X-Accel-Buffering"]) == ("application/x-ndjson", "no")
        lines = [json.loads(line) for line in response.text.splitlines()]
    assert lines == make().post("/api/ask/batch", json={"items": items}).get_json()["results"]


@pytest.mark.parametrize(("body", "status", "detail"), [
    ({}, 422, "items: field required"),
    ({"items": []}, 422, "items: list should have at least 1 item"),
    ({"items": [BREAD] * (MAX_ITEMS + 1)}, 422, f"items: list should have at most {MAX_ITEMS} items"),
    ({"items": {"question": "x"}}, 422, "items: input should be a valid list, not an object"),
    ({"items": [BREAD], "top_k": 3}, 422, "top_k: extra inputs are not permitted"),
    ({"items": [{"question": "a" * 2000, "previous": ["b"]}] * 10}, 422, "the items have 20010 characters together"),
    ([BREAD], 400, "the body must be a JSON object"),
    ({"items": [{"question": "ك" * 30_000}] * 2}, 413, "larger than 65536 bytes"),
])
def test_a_batch_that_is_none_or_too_large_is_refused_whole(make: Any, body: Any, status: int, detail: str) -> None:
    response = make().post("/api/ask/batch", data=json.dumps(body, ensure_ascii=False), content_type="application/json")
    assert (response.status_code, detail in response.get_json()["detail"]) == (status, True), response.get_json()


def test_a_batch_of_the_most_characters_is_answered(make: Any) -> None:
    batch = make().post("/api/ask/batch", json={"items": [{"question": "a" * (MAX_CHARS // 10)}] * 10})
    assert (batch.status_code, problem_types(batch.get_json()["results"])) == (200, [None] * 10)


def test_each_item_counts_as_a_question_and_those_beyond_the_limit_are_refused_in_their_place(make: Any) -> None:
    client = make(questions_a_minute=5)
    asked = {"json": {"items": [BREAD] * 3}, "environ_overrides": CLIENT}
    assert problem_types(client.post("/api/ask/batch", **asked).get_json()["results"]) == [None] * 3
    assert problem_types(client.post("/api/ask/batch", **asked).get_json()["results"]) == [
        None, None, "rate-limited"]
    assert client.post("/api/ask/batch", **asked).status_code == 429
    asked["headers"] = {"Accept": "application/x-ndjson"}
    with make(questions_a_minute=2).post("/api/ask/batch", **asked) as lines:
        assert problem_types([json.loads(line) for line in lines.text.splitlines()]) == [None, None, "rate-limited"]


class Failing(FakeAnswerer):
    def ask(self, question: Question) -> Answer:
        if question.text == "fail":
            raise RuntimeError("a secret")
        return super().ask(question)


def test_an_item_that_fails_does_not_take_the_others_with_it_and_tells_no_secret(make: Any) -> None:
    response = make(Failing()).post("/api/ask/batch", json={"items": [BREAD, {"question": "fail"}, BREAD]})
    assert problem_types(response.get_json()["results"]) == [None, "internal-error", None]
    assert "secret" not in response.text


# ---- real ones ----

def lines_of_command(command: str, index: Path, given: str) -> list[Any]:
    done = subprocess.run([sys.executable, "-m", "qa", command, "--batch", "-", "--index-dir", str(index)],
                          cwd=PROJECT, input=given, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.slow
@pytest.mark.process
def test_the_command_prints_what_the_server_returns(sample_index: Path, sample_server: str) -> None:
    items: list[Any] = [{"question": "متى وُقّعت اتفاقيتا كامب ديفيد؟", "top_k": 2}, {"question": "؟"},
                        {"question": "من وقّع اتفاق الدوحة؟", "top_k": 1, "filters": {"sources": ["لا أحد"]}}]
    lines = lines_of_command("ask", sample_index, "\n".join(json.dumps(item) for item in items) + "\n\n")
    request = Request(f"{sample_server}/api/ask/batch", json.dumps({"items": items}).encode(),
                      {"Content-Type": "application/json", "Accept": "application/x-ndjson"})
    with urlopen(request) as response:
        served = [json.loads(line) for line in response]
    assert len(served) == 3
    for each in (*lines, *served):
        (each["answer"] or {}).pop("timings_ms", None)
    assert lines == served
    assert lines[2]["answer"]["notices"][0]["code"] == "unknown_source"


@pytest.mark.slow
@pytest.mark.process
def test_a_line_of_the_command_is_a_text_or_an_object_and_a_wrong_one_is_named(sample_index: Path) -> None:
    quote = "التواصل الروسي الأمريكي يجري غدا على مستوى الخبراء"
    lines = lines_of_command("verify", sample_index, "\n".join((
        json.dumps(quote), "{no", "[1]", json.dumps({"quote": quote, "colour": 1}), json.dumps({"quote": 5}),
        json.dumps({"quote": quote, "filters": {"published_from": "soon"}}), json.dumps({"quote": "كلمة"}))))
    assert lines[0]["verification"]["verdict"] == "altered"
    assert problem_types(lines) == [None, "malformed-request", "malformed-request", "invalid-request",
                                    "invalid-request", "invalid-request", "invalid-quote"]
    named = [each["problem"]["errors"][0]["field"] for each in lines[3:6]]
    assert named == ["colour", "quote", "filters.published_from"]
    for each in lines[1:]:
        slug = each["problem"]["type"].rpartition(":")[2]
        assert (each["problem"]["status"], each["problem"]["title"]) == PROBLEMS[slug]


@pytest.mark.process
@pytest.mark.parametrize("arguments", [["ask"], ["ask", "x", "--batch", "-"], ["verify"]])
def test_a_command_takes_one_or_many(arguments: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", "qa", *arguments], cwd=PROJECT, capture_output=True, text=True,
                          check=False)
    assert (done.returncode, "or --batch FILE" in done.stderr) == (2, True)
