"""A server with more questions than it can answer answers what it can, and says so to the rest at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from qa.answerer import Answerer
from qa.types.answer import Answer
from qa.types.question import Question
from qa.types.search import SearchResult
from tests.fake_answerer import FakeAnswerer
from web import create_app
from web.gate.admission import PAGES_RUNNING, PAGES_WAITING, RUNNING, WAITING, Admission, asks, read_at_most
from web.gate.turns import Turns
from web.server import THREADS
from web.service import Service

PLENTY_S = 30


class Held(FakeAnswerer):
    """Begins a question and ends it when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Semaphore(0)
        self.may_end = threading.Event()
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()

    def ask(self, question: Question, *, read_at_most: int | None = None) -> Answer:
        with self.lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        self.begun.release()
        assert self.may_end.wait(PLENTY_S)
        with self.lock:
            self.at_once -= 1
        return super().ask(question)


class FullServer:
    """An app that works on two questions, lets one wait, and is full."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        (folder / "CURRENT").write_text(f"g {'0' * 64}\n")
        self.answerer = Held()
        opened = cast("Callable[[], Answerer]", lambda: self.answerer)
        app = create_app(Service(folder, opened), questions_at_once=2, questions_waiting=1, **settings)
        self.client: Callable[[], FlaskClient] = app.test_client
        self._pool = ThreadPoolExecutor(3)
        self._asked = [self._pool.submit(self.ask) for _ in range(3)]
        for _ in range(2):
            assert self.answerer.begun.acquire(timeout=PLENTY_S)
        # Looked at and not taken: a place taken here would refuse the third.
        wait_until(lambda: "musnad_questions_waiting 1.0" in self.client().get("/metrics").text)

    def ask(self) -> TestResponse:
        return self.client().post("/api/ask", json={"question": "متى وُقّع الاتفاق؟"})

    def end(self) -> list[TestResponse]:
        self.answerer.may_end.set()
        answers = [asked.result(PLENTY_S) for asked in self._asked]
        self._pool.shutdown()
        return answers


@pytest.fixture
def fill(tmp_path: Path) -> Iterator[Callable[..., FullServer]]:
    servers: list[FullServer] = []

    def fill(**settings: Any) -> FullServer:
        servers.append(FullServer(tmp_path, **settings))
        return servers[-1]

    yield fill
    for server in servers:
        server.answerer.may_end.set()


@pytest.fixture
def full(fill: Callable[..., FullServer]) -> FullServer:
    return fill()


def test_who_is_refused_is_told_when_to_come_again_and_the_others_are_answered(full: FullServer) -> None:
    refused = full.ask()
    assert (refused.status_code, refused.mimetype, refused.headers["Retry-After"]) == (
        503, "application/problem+json", "1")
    assert refused.json == {
        "type": "urn:musnad:problem:overloaded", "title": "The server is overloaded", "status": 503,
        "detail": "more requests arrive than this server can answer; try again in a second", "retry_after_s": 1}
    assert refused.headers["X-Content-Type-Options"] == "nosniff"
    assert [answer.status_code for answer in full.end()] == [200, 200, 200]
    assert full.answerer.most_at_once == 2
    assert full.ask().status_code == 200


def test_a_reader_at_the_page_is_refused_with_a_page(full: FullServer) -> None:
    page = full.client().get("/?q=%D8%A3%26b&lang=ar", headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (503, "text/html")
    assert "الطلبات الآن أكثر من طاقة الخادم" in page.text
    assert '<a href="?q=%D8%A3%26b&amp;lang=ar">أعد المحاولة</a>' in page.text
    assert page.headers["Retry-After"] == "1"
    program = full.client().get("/?q=سؤال", headers={"Accept": "application/json"})
    assert (program.status_code, program.json) == (503, full.ask().json)
    assert program.headers["Retry-After"] == "1"
    full.end()


def test_a_page_elsewhere_may_read_that_it_is_refused_and_may_always_ask_whether_it_may(
        fill: Callable[..., FullServer]) -> None:
    full, origin = fill(allowed_origins=["https://paper.example"]), {"Origin": "https://paper.example"}
    refused = full.client().post("/api/ask", json={"question": "متى؟"}, headers=origin)
    assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (503, origin["Origin"])
    assert "Retry-After" in refused.headers["Access-Control-Expose-Headers"]
    program = full.ask()
    assert refused.json == program.json
    same = set(program.headers.keys()) - {"X-Request-Id"}
    assert {name: refused.headers.get(name) for name in same} == {name: program.headers[name] for name in same}
    assert program.headers["Cache-Control"] == "no-store"
    asked_first = full.client().options("/api/ask", headers={**origin, "Access-Control-Request-Method": "POST"})
    assert (asked_first.status_code, asked_first.headers["Access-Control-Allow-Origin"]) == (200, origin["Origin"])
    full.end()


def test_who_may_not_ask_takes_no_place_from_others(fill: Callable[..., FullServer]) -> None:
    full = fill(questions_a_minute=1)
    asked = [full.client().get("/?q=x", environ_overrides={"REMOTE_ADDR": "192.0.2.1"}).status_code for _ in range(3)]
    assert asked == [503, 429, 429]
    full.end()


def test_the_server_has_a_thread_for_every_question_let_in_and_some_to_refuse_with() -> None:
    assert THREADS > RUNNING + WAITING + PAGES_RUNNING + PAGES_WAITING


def test_search_and_quotes_are_refused_and_what_needs_no_work_is_served(full: FullServer) -> None:
    assert full.client().get("/api/search?q=x").status_code == 503
    assert full.client().post("/api/verify", json={"quote": "a b c"}).status_code == 503
    assert full.client().get("/verify?quote=a+b+c", headers={"Accept": "text/html"}).status_code == 503
    for path in ("/healthz", "/readyz", "/api/articles", "/", "/verify"):
        assert full.client().get(path).status_code == 200
    full.end()


def test_a_text_takes_a_processor_when_it_is_sent_and_its_empty_form_does_not() -> None:
    for path in ("/check", "/check/export", "/api/check"):
        assert asks({"REQUEST_METHOD": "POST", "PATH_INFO": path, "QUERY_STRING": ""})
    assert not asks({"REQUEST_METHOD": "GET", "PATH_INFO": "/check", "QUERY_STRING": ""})


@pytest.mark.parametrize(("path", "query", "is_asked"), [
    ("/api/ask", "", True), ("/api/timeline", "q=x", True), ("/api/affair", "q=x", True),
    ("/affair", "q=x", True), ("/affair/export", "q=x&format=ris", True), ("/", "q=x", True), ("/", "%71=x", True),
    ("/", "a=b&q=", True), ("/timeline", "q=x", True), ("/disagreements", "lang=ar&q=x", True),
    ("/verify", "%71uote=x", True),
    ("/articles", "q=x", True), ("/api/articles", "q=x", True), ("/articles", "source=q", False), ("/", "", False),
    ("/", "lang=ar&aq=x", False), ("/articles/a", "q=x", False), ("/healthz", "q=x", False)])
def test_what_takes_a_processor_is_known_by_its_path_and_the_names_of_its_fields(path: str, query: str,
                                                                               is_asked: bool) -> None:
    assert asks({"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query}) == is_asked
    assert not asks({"REQUEST_METHOD": "OPTIONS", "PATH_INFO": path, "QUERY_STRING": query})


def test_a_question_that_fails_frees_its_place(tmp_path: Path) -> None:
    def broken(_environ: object, _start: object) -> list[bytes]:
        raise RuntimeError("broken")

    admission = Admission(broken, running=1, waiting=0)
    for _ in range(3):
        with pytest.raises(RuntimeError, match="broken"):
            admission({"REQUEST_METHOD": "POST", "PATH_INFO": "/api/ask"}, lambda *_: None)


def test_turns_come_in_the_order_of_arrival_and_no_newcomer_is_let_in_before() -> None:
    turns, order = Turns(1), []
    waiting = []
    with turns.turn():
        for number in range(5):
            thread = threading.Thread(target=lambda number=number: order.append(taken(turns, number)))
            thread.start()
            waiting.append(thread)
            wait_until(lambda number=number: turns.waiting == number + 1)
    for thread in waiting:
        thread.join(PLENTY_S)
    assert order == [0, 1, 2, 3, 4]
    assert (turns.free, turns.waiting) == (1, 0)


def test_a_turn_that_ends_is_handed_to_who_waits_and_not_put_up_for_all() -> None:
    turns = Turns(2)
    with turns.turn(), turns.turn():
        thread = threading.Thread(target=lambda: taken(turns, 0))
        thread.start()
        wait_until(lambda: turns.waiting == 1)
        turns.give_back()
        assert turns.free == 0
        thread.join(PLENTY_S)
        assert turns.free == 1
        turns.take()
    assert turns.free == 2


def taken(turns: Turns, number: int) -> int:
    with turns.turn():
        return number


def wait_until(condition: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + PLENTY_S
    while not condition():
        assert time.monotonic() < give_up_at
        time.sleep(0.001)


def test_less_is_read_the_more_wait_and_nothing_before_anyone_is_refused() -> None:
    read = [read_at_most(waiting, WAITING) for waiting in range(WAITING + 1)]
    assert read[:2] == [None, None]
    assert read[-1] == 0
    counts = [100 if passages is None else passages for passages in read]
    assert counts == sorted(counts, reverse=True)
    assert {1, 2} <= set(counts)
    assert read_at_most(0, 0) is None


class Telling(Held):
    """Keeps how many passages each question may read."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[int | None] = []

    def ask_in_steps(self, question: Question, *, read_at_most: int | None = None, generate: bool = False
                     ) -> Iterator[SearchResult | Answer]:
        self.told.append(read_at_most)
        return super().ask_in_steps(question)


def test_a_question_reads_less_the_more_wait_behind_it(tmp_path: Path) -> None:
    (tmp_path / "CURRENT").write_text(f"g {'0' * 64}\n")
    answerer = Telling()
    app = create_app(Service(tmp_path, cast("Callable[[], Answerer]", lambda: answerer)), questions_at_once=1,
                     questions_waiting=4)

    def ask() -> TestResponse:
        return app.test_client().post("/api/ask", json={"question": "كم سعر الخبز؟"})

    with ThreadPoolExecutor(5) as pool:
        asked = [pool.submit(ask)]
        assert answerer.begun.acquire(timeout=PLENTY_S)
        for number in range(1, 5):
            asked.append(pool.submit(ask))
            wait_until(lambda number=number: f"musnad_questions_waiting {number}.0"
                       in app.test_client().get("/metrics").text)
        answerer.may_end.set()
        assert {response.result().status_code for response in asked} == {200}
    # When the first begins nobody waits; then 3, 2, 1 and none of the four places are taken.
    assert answerer.told == [None, 0, 1, 2, None]
