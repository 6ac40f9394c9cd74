"""Work gives way between its pieces, counts where it is done, and never gives way where others would be locked out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from index.model.reading import Reading, TitledPassage
from index.types import Article
from index.work import SideBySide, cores, counted, pause, paused_between, without_pauses, working_on
from qa.answerer import Answerer
from qa.evaluation.evaluate import throwaway_snapshot
from qa.types.filters import NO_FILTERS
from qa.types.question import Question
from qa.verify.quote import Quote
from tests.fakes import WordEmbedder
from web.app import create_app
from web.service import Service

PLENTY_S = 60


class Noted:
    """A task that notes what it is asked."""

    def __init__(self) -> None:
        self.pauses, self.seconds = 0, 0.0

    def pause(self) -> None:
        self.pauses += 1

    def charge(self, seconds: float) -> None:
        self.seconds += seconds


def spend(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def test_without_a_task_work_neither_waits_nor_counts() -> None:
    pause()
    assert [*paused_between("ab")] == ["a", "b"]
    assert counted(list) is list


def test_a_task_is_asked_between_pieces_and_in_no_other_thread() -> None:
    task, elsewhere = Noted(), threading.Thread(target=pause)
    with working_on(task):
        pause()
        assert [*paused_between(range(3))] == [0, 1, 2]
        elsewhere.start()
        elsewhere.join()
        with without_pauses():
            pause()
            counted(lambda: spend(0.01))()
    pause()
    assert task.pauses == 4
    assert task.seconds >= 0.01


@pytest.mark.parametrize(("workers", "pauses", "threads"), [(1, 5, 1), (2, 3, 2), (8, 1, 5)])
def test_pieces_side_by_side_come_in_order_and_count_wherever_they_ran(workers: int, pauses: int, threads: int) -> None:
    task, side_by_side, ran_in = Noted(), SideBySide("test", workers), set[int]()
    together = threading.Barrier(min(workers, 5))

    def piece(number: int) -> int:
        if number < min(workers, 5):
            together.wait(PLENTY_S)
        ran_in.add(threading.get_ident())
        spend(0.01)
        return number * number

    started = time.thread_time()
    with working_on(task):
        assert side_by_side.map(piece, range(5)) == [0, 1, 4, 9, 16]
    assert (task.pauses, len(ran_in)) == (pauses, threads)
    assert task.seconds + time.thread_time() - started >= 0.05
    assert cores() >= 1


NAMES = ("سالم الحربي", "نوال العلي", "عمر النجار", "هدى الخطيب", "كريم القاضي")
SAID = [f"وقال الوزير {NAMES[number % 5]} إنه افتتح جسر الميناء في {1 + number % 28} مايو {2000 + number % 19} مع "
        f"{11 + number % 80} ضيفا من أهل المدينة." for number in range(60)]


class PatientReader:
    """Finds nothing. It reads a passage in pieces, as many as `until` needs to be set, and notes what it began."""

    name = "patient-reader"

    def __init__(self) -> None:
        self.until, self.begun, self.pieces = threading.Event(), threading.Event(), 0

    def read(self, question: str, passages: Sequence[TitledPassage]) -> list[Reading]:
        if "كلّف" in question:
            self.begun.set()
            ends_at = time.monotonic() + PLENTY_S
            while not self.until.is_set() and time.monotonic() < ends_at:
                spend(0.05)
                self.pieces += 1
                pause()
        no_tokens, no_places = np.empty(0, np.float32), np.empty((0, 2), np.int64)
        return [Reading(0.0, 0.0, no_tokens, no_tokens, no_places) for _ in passages]


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    embedder = WordEmbedder()
    snapshot = throwaway_snapshot([
        Article(str(number), " ".join(SAID[number:number + 30]), "جسر الميناء", f"صحيفة {number}",
                published="2018-05-10") for number in range(4)], embedder)
    return Answerer(snapshot, embedder, PatientReader())


@pytest.mark.parametrize(("act", "least"), [
    (lambda answerer: answerer.ask(Question.parse("متى افتتح الوزير سالم جسر الميناء؟")), 20),
    (lambda answerer: answerer.timeline(Question.parse("جسر الميناء")), 20),
    (lambda answerer: answerer.disagreements(Question.parse("جسر الميناء")), 100),
    (lambda answerer: answerer.verify(Quote.parse(" ".join(SAID[:8]), "منى السالم")), 20),
    (lambda answerer: answerer.suggest("متى افتتح", 6), 4),
    (lambda answerer: answerer.browse(NO_FILTERS, offset=0, limit=20, words="جسر الميناء"), 4),
], ids=["ask", "timeline", "disagreements", "quote", "suggestions", "articles"])
def test_all_that_is_costly_is_done_in_pieces(act: Callable[[Answerer], Any], least: int, answerer: Answerer) -> None:
    task = Noted()
    with working_on(task):
        act(answerer)
    assert task.pauses >= least


def test_work_under_a_lock_does_not_give_way(answerer: Answerer) -> None:
    task = Noted()
    with working_on(task):
        assert isinstance(answerer.first_look.examples, tuple)
    assert task.pauses == 0


@pytest.fixture
def running(answerer: Answerer, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, PatientReader]]:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")
    reader = PatientReader()
    service = Service(tmp_path, lambda: Answerer(answerer.snapshot, WordEmbedder(), reader))
    yield create_app(service, questions_at_once=1, questions_a_minute=0), reader
    reader.until.set()


def test_a_client_is_answered_while_the_only_turn_is_with_another_s_long_work(
        running: tuple[Any, PatientReader]) -> None:
    app, reader = running
    statuses: list[int] = []

    def ask(client: str, question: str) -> int:
        with app.test_client().post("/api/ask", json={"question": question},
                                    environ_overrides={"REMOTE_ADDR": client}) as response:
            return int(response.status_code)

    noisy = threading.Thread(target=lambda: statuses.append(ask("192.0.2.1", "متى كلّف الوزير سالم المهندس؟")))
    noisy.start()
    assert reader.begun.wait(PLENTY_S)
    for number in range(3):
        assert ask("192.0.2.2", f"متى افتتح الوزير سالم جسر الميناء {number}؟") == 200
    assert statuses == []  # it is still at work
    reader.until.set()
    noisy.join(PLENTY_S)
    assert statuses == [200]
    assert reader.pieces > 1
