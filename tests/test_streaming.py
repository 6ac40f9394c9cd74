"""An answer as server-sent events, over a real socket: the passages before the answer, and what goes wrong then."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from index.model.types import Embedder
from qa.opening import open_answerer
from qa.types.answer import Answer
from qa.types.question import Question
from qa.types.search import SearchResult
from tests.fake_answerer import FakeAnswerer, service_of
from web.app import create_app
from web.server import Server
from web.service import Service

PLENTY_S = 20


Post = Callable[..., http.client.HTTPResponse]


@pytest.fixture
def post() -> Iterator[Post]:
    """Asks a server, and hangs up when the test is over."""
    connections: list[http.client.HTTPConnection] = []

    def ask(server: str, body: dict[str, Any], accept: str = "text/event-stream") -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=PLENTY_S)
        connections.append(connection)
        connection.request("POST", "/api/ask", json.dumps(body).encode(),
                           {"Content-Type": "application/json", "Accept": accept})
        return connection.getresponse()

    yield ask
    for connection in connections:
        connection.close()


def events(response: http.client.HTTPResponse) -> list[tuple[str, Any]]:
    found = []
    for block in response.read().decode().split("\n\n"):
        if block:
            event, data = block.split("\n")
            found.append((event.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def test_the_passages_come_first_and_then_the_answer_that_is_given_without_a_stream(sample_server: str,
                                                                                                 post: Post) -> None:
    body = {"question": "متى وُقّعت اتفاقيتا كامب ديفيد؟", "top_k": 3}
    response = post(sample_server, body)
    assert (response.status, response.headers["Content-Type"].partition(";")[0], response.headers["Cache-Control"]) == (
        200, "text/event-stream", "no-store")
    (first, found), (second, answer) = events(response)
    assert (first, second) == ("passages", "answer")
    whole = json.loads(post(sample_server, body, "application/json").read())
    assert answer | {"timings_ms": None} == whole | {"timings_ms": None}
    assert (found["question"], found["index"]) == (body["question"], whole["index"])
    # The passages stand in the order in which they were found; in the answer, in that in which they were read.
    assert [passage["rank"] for passage in found["passages"]] == [1, 2, 3]
    assert found["passages"][0]["article_id"] == whole["passages"][0]["article_id"] == "camp-david-accords-1978"


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/json, text/event-stream;q=0.5", ""])
def test_who_does_not_ask_for_events_gets_one_answer(sample_server: str, post: Post, accept: str) -> None:
    assert post(sample_server, {"question": "متى؟"}, accept).headers["Content-Type"] == "application/json"


def test_a_question_that_cannot_be_asked_is_a_problem_and_no_stream(sample_server: str, post: Post) -> None:
    response = post(sample_server, {"question": "؟"})
    assert (response.status, response.headers["Content-Type"]) == (422, "application/problem+json")


class Slow(FakeAnswerer):
    """Finds its passages at once, and answers when it is told to; or fails then."""

    def __init__(self, *, fails: bool = False) -> None:
        super().__init__()
        self.may_answer = threading.Event()
        self.fails = fails

    def ask_in_steps(self, question: Question, *, read_at_most: int | None = None, generate: bool = False
                     ) -> Iterator[SearchResult | Answer]:
        yield self.search(question)
        assert self.may_answer.wait(PLENTY_S)
        if self.fails:
            raise RuntimeError("on the way")
        yield self.ask(question)


@pytest.fixture
def serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")
    running: list[tuple[Server, threading.Thread]] = []

    def start(answerer: FakeAnswerer) -> tuple[Server, str]:
        server = Server(create_app(service_of(answerer, tmp_path)), "127.0.0.1", 0)
        thread = threading.Thread(target=server.run)
        thread.start()
        running.append((server, thread))
        return server, server.url

    yield start
    for server, thread in running:
        server.stop()
        thread.join(PLENTY_S)


def read_event(response: http.client.HTTPResponse) -> str:
    lines = []
    while line := response.readline().decode().strip():
        lines.append(line)
    return lines[0]


def test_the_passages_are_there_while_the_answer_is_still_being_worked_out(serve: Any, post: Post) -> None:
    answerer = Slow()
    _, url = serve(answerer)
    response = post(url, {"question": "كم سعر الخبز؟"})
    assert read_event(response) == "event: passages"
    answerer.may_answer.set()
    assert read_event(response) == "event: answer"


def test_an_answer_that_fails_on_the_way_ends_with_its_problem(serve: Any, post: Post,
                                                            caplog: pytest.LogCaptureFixture) -> None:
    answerer = Slow(fails=True)
    answerer.may_answer.set()
    _, url = serve(answerer)
    (_, _), (name, problem) = events(post(url, {"question": "كم سعر الخبز؟"}))
    assert (name, problem["type"], problem["status"]) == ("problem", "urn:musnad:problem:internal-error", 500)
    assert "on the way" not in json.dumps(problem)
    assert "an answer failed after its stream had begun" in caplog.text


def test_a_stream_in_hand_is_finished_before_the_server_stops(serve: Any, post: Post) -> None:
    answerer = Slow()
    server, url = serve(answerer)
    response = post(url, {"question": "كم سعر الخبز؟"})
    assert read_event(response) == "event: passages"
    server.stop()
    answerer.may_answer.set()
    assert read_event(response) == "event: answer"


def test_a_stream_keeps_its_turn_until_it_ends_and_then_gives_it_back(tmp_path: Path,
                                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")
    app = create_app(service_of(FakeAnswerer(), tmp_path), questions_at_once=1, questions_waiting=0)
    headers = {"Accept": "text/event-stream"}
    response = app.test_client().post("/api/ask", json={"question": "x"}, headers=headers, buffered=False)
    assert app.test_client().post("/api/ask", json={"question": "x"}).status_code == 503
    response.close()
    assert app.test_client().post("/api/ask", json={"question": "x"}).status_code == 200


# ---- what is counted of answers ----

def counted(client: Any, name: str) -> float:
    text = client.get("/metrics").get_data(as_text=True)
    (line,) = [line for line in text.splitlines() if line.startswith(f"{name} ")]
    return float(line.rpartition(" ")[2])


def test_answers_are_counted_by_whether_there_was_one_and_by_their_stages(sample_index: Path,
                                                                          embedder: Embedder) -> None:
    client = create_app(Service(sample_index, lambda: open_answerer(sample_index, embedder))).test_client()
    answered, nothing = 'musnad_answers_total{status="answered"}', 'musnad_answers_total{status="not_found"}'
    assert [counted(client, name) for name in (answered, nothing, "musnad_questions_waiting")] == [0, 0, 0]
    for question in ("متى وُقّعت اتفاقيتا كامب ديفيد؟", "متى وُقّعت اتفاقيتا كامب ديفيد؟", "من فاز بكأس العالم؟"):
        client.post("/api/ask", json={"question": question})
    client.get("/?q=من+وقّع+اتفاق+الدوحة؟")
    client.get("/export?q=من+وقّع+اتفاق+الدوحة؟&format=json")
    assert (counted(client, answered), counted(client, nothing)) == (4, 1)
    for stage in ("embed", "retrieve", "read"):  # what was remembered took no stage
        assert counted(client, f'musnad_stage_seconds_count{{stage="{stage}"}}') == 3
