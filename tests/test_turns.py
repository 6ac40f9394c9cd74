"""Turns and places are shared between clients, whatever one of them sends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.test_admission import PLENTY_S, wait_until
from web.gate.clients import client_of, is_this_machine
from web.gate.turns import OTHERS_REMEMBERED_S, PATIENCE_S, SAVED_S, NoPlaceError, Turns


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


class Asked:
    """A request in a thread of its own; `got` tells whether it got a turn, once it is `done`."""

    def __init__(self, take: Callable[[], bool]) -> None:
        self._take, self._done = take, threading.Event()
        self._got = False
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        self._got = self._take()
        self._done.set()

    @property
    def done(self) -> bool:
        return self._done.is_set()

    @property
    def got(self) -> bool:
        assert self._done.wait(PLENTY_S)
        return self._got


class Queue:
    """Requests of clients that wait for turns; `order` tells who got them."""

    def __init__(self, turns: Turns) -> None:
        self.turns, self.order = turns, list[str]()

    def ask(self, client: str, *, until: Asked | None = None) -> Asked:
        """Let a request wait, until it has its turn or its place, or `until` another one is decided by it."""
        before = self.turns.waiting
        asked = Asked(lambda: self._take(client))
        wait_until(lambda: asked.done or (self.turns.waiting != before if until is None else until.done))
        return asked

    def _take(self, client: str) -> bool:
        try:
            self.turns.take(client)
        except NoPlaceError:
            return False
        self.order.append(client)
        return True

    def end(self, client: str, taken_s: float) -> None:
        """End a turn, and wait until the next has begun."""
        waiting, begun = self.turns.waiting, len(self.order)
        self.turns.give_back(client, taken_s)
        if waiting:
            wait_until(lambda: len(self.order) > begun)


def test_who_has_taken_less_comes_first_however_many_wait_of_another() -> None:
    queue = Queue(Turns(1, 16))
    assert queue.ask("noisy").got
    for _ in range(5):
        queue.ask("noisy")
    for _ in range(3):
        queue.ask("quiet")
    queue.end("noisy", 2.0)
    for taken_s in (0.2, 0.2, 0.2):
        assert queue.order[-1] == "quiet"
        queue.end("quiet", taken_s)
    assert queue.order == ["noisy", "quiet", "quiet", "quiet", "noisy"]
    for _ in range(5):
        queue.end("noisy", 2.0)
    assert (queue.turns.free, queue.turns.waiting) == (1, 0)


def test_who_was_away_starts_level_with_the_others_and_has_saved_nothing() -> None:
    queue = Queue(Turns(1, 16))
    assert queue.ask("early").got
    queue.ask("early")
    queue.ask("other")
    queue.end("early", 5.0)
    queue.ask("other")
    queue.end("other", 4.0)
    queue.ask("late")
    queue.end("other", 4.0)
    assert queue.order == ["early", "other", "other", "late"]
    queue.ask("late")
    queue.end("late", 2.0)
    assert queue.order[-1] == "early"
    queue.end("early", 1.0)
    queue.end("late", 1.0)
    assert (queue.turns.free, queue.turns.waiting) == (1, 0)


def pausing(turns: Turns, client: str, taken_s: float) -> Asked:
    """A piece of work that has taken so long and gives way; it is done when its turn goes on."""
    def give_way() -> bool:
        turns.give_way(client, taken_s)
        return True
    return Asked(give_way)


def test_work_under_way_gives_way_to_who_has_taken_less_and_goes_on_before_its_own_later_work() -> None:
    queue = Queue(Turns(1, 16))
    assert not queue.turns.others_wait("noisy")
    assert queue.ask("noisy").got
    later = queue.ask("noisy")
    assert not queue.turns.others_wait("noisy")
    quiet = queue.ask("quiet")
    assert queue.turns.others_wait("noisy")
    went_on = pausing(queue.turns, "noisy", 2 * SAVED_S)
    assert quiet.got
    assert (went_on.done, later.done, queue.turns.waiting) == (False, False, 2)
    queue.turns.give_back("quiet", 0.1)
    assert went_on.got
    assert not later.done
    queue.end("noisy", 1.0)
    assert later.got
    queue.turns.give_back("noisy", 0.1)
    assert (queue.turns.free, queue.turns.waiting) == (1, 0)


def test_ordinary_work_is_not_interrupted_by_another_client_s() -> None:
    queue = Queue(Turns(1, 16))
    assert queue.ask("one").got
    other = queue.ask("other")
    assert pausing(queue.turns, "one", 0.6 * SAVED_S).got
    assert not other.done
    interrupted = pausing(queue.turns, "one", 0.6 * SAVED_S)
    assert other.got
    queue.turns.give_back("other", 0.1)
    assert interrupted.got
    queue.turns.give_back("one", 0.1)
    assert (queue.turns.free, queue.turns.waiting) == (1, 0)


def test_who_asks_now_and_then_goes_before_who_asks_without_end() -> None:
    queue = Queue(Turns(1, 16))
    assert queue.ask("noisy").got
    interrupted = 0
    for _ in range(20):
        quiet = queue.ask("quiet")
        went_on = pausing(queue.turns, "noisy", 0.3)
        assert quiet.got
        interrupted += not went_on.done
        queue.turns.give_back("quiet", 0.2)
        assert went_on.got
        assert pausing(queue.turns, "noisy", 0.3).got
    assert interrupted == 20
    queue.turns.give_back("noisy", 0.1)
    assert (queue.turns.free, queue.turns.waiting) == (1, 0)


def test_work_that_gave_way_keeps_its_place_and_counts_among_those_that_wait() -> None:
    queue = Queue(Turns(1, 2))
    assert queue.ask("noisy").got
    quiet = queue.ask("quiet")
    went_on = pausing(queue.turns, "noisy", 1.0)
    assert quiet.got
    assert queue.turns.is_busy_with("noisy")
    waiting = queue.ask("third")
    assert not queue.ask("third").got  # two wait: work under way and `third`, which has as many
    assert not queue.ask("noisy").got
    queue.end("quiet", 0.1)
    assert waiting.got
    queue.turns.give_back("third", 0.1)
    assert went_on.got
    queue.turns.give_back("noisy", 0.1)
    assert (queue.turns.free, queue.turns.waiting) == (1, 0)


def test_a_full_queue_takes_a_place_from_who_has_most_and_refuses_who_has_as_many() -> None:
    queue = Queue(Turns(1, 3))
    assert queue.ask("noisy").got
    waiting = [queue.ask("noisy") for _ in range(3)]
    assert not queue.ask("noisy").got
    quiet = queue.ask("quiet", until=waiting[2])
    assert not waiting[2].got  # its newest
    second = queue.ask("quiet")
    assert not second.got  # two each: as many as the other has
    queue.end("noisy", 1.0)
    assert quiet.got
    queue.end("quiet", 1.0)
    for _ in range(2):
        queue.end("noisy", 1.0)
    assert [each.got for each in waiting] == [True, True, False]
    assert (queue.turns.free, queue.turns.waiting) == (1, 0)


def test_one_client_has_all_turns_only_while_no_other_asks() -> None:
    clock = Clock()
    queue = Queue(Turns(2, 16, clock=clock))
    for _ in range(2):
        assert queue.ask("noisy").got
    held = queue.ask("noisy")
    quiet = queue.ask("quiet")
    queue.end("noisy", 1.0)
    assert quiet.got
    queue.turns.give_back("quiet", 0.1)
    assert (queue.turns.free, queue.turns.waiting) == (1, 1)  # kept free for others
    assert queue.ask("quiet").got
    queue.turns.give_back("quiet", 0.1)
    clock.now_s += OTHERS_REMEMBERED_S
    last = queue.ask("noisy", until=held)
    assert (held.got, queue.turns.free) == (True, 0)
    queue.end("noisy", 1.0)
    assert last.got
    for _ in range(2):
        queue.turns.give_back("noisy", 1.0)
    assert (queue.turns.free, queue.turns.waiting) == (2, 0)


def test_the_queue_of_one_client_counts_for_another_only_where_it_comes_first() -> None:
    queue = Queue(Turns(1, 16))
    assert queue.ask("noisy").got
    for _ in range(6):
        queue.ask("noisy")
    assert (queue.turns.waiting_beside("noisy"), queue.turns.waiting_beside("quiet")) == (6, 1)
    queue.ask("quiet")
    assert (queue.turns.waiting_beside("noisy"), queue.turns.waiting_beside("quiet")) == (7, 3)
    queue.end("noisy", 1.0)
    queue.end("quiet", 0.1)
    for _ in range(6):
        queue.end("noisy", 1.0)


def test_a_page_that_waits_for_a_question_of_its_client_gets_its_turn_after_other_pages_have_ended() -> None:
    questions = Turns(2, 16)
    pages = Queue(Turns(1, 4, beside=questions, clock=Clock()))
    questions.take("quiet")
    questions.give_back("quiet", 0.1)
    assert pages.ask("noisy").got
    waiting = pages.ask("noisy")
    questions.take("noisy")
    pages.turns.give_back("noisy", 0.1)
    assert (pages.turns.free, pages.turns.waiting) == (1, 1)
    questions.give_back("noisy", 0.1)
    pages.turns.start()
    assert waiting.got
    pages.turns.give_back("noisy", 0.1)
    assert (pages.turns.free, pages.turns.waiting) == (1, 0)


def test_pages_of_a_client_that_asks_without_end_come_now_and_then() -> None:
    clock = Clock()
    questions = Turns(2, 16, clock=clock)
    pages = Queue(Turns(1, 4, beside=questions, clock=clock))
    questions.take("quiet")
    questions.take("noisy")
    waiting = [pages.ask("noisy") for _ in range(2)]
    clock.now_s += 0.9 * PATIENCE_S
    pages.turns.start()
    assert (pages.turns.free, pages.turns.waiting) == (1, 2)
    for left, page in zip((1, 0), waiting, strict=True):
        clock.now_s += PATIENCE_S
        pages.turns.start()
        assert page.got
        pages.turns.give_back("noisy", 0.1)
        assert (pages.turns.free, pages.turns.waiting) == (1, left)
    assert questions.is_busy_with("noisy")
    for client in ("quiet", "noisy"):
        questions.give_back(client, 0.1)


def test_a_page_that_is_held_looks_by_itself_when_its_patience_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.gate.turns.PATIENCE_S", 0.05)
    questions = Turns(2)
    pages = Queue(Turns(1, beside=questions))
    questions.take("quiet")
    questions.take("noisy")
    questions.give_back("quiet", 0.1)   # nobody asks any more, and nothing ends
    assert pages.ask("noisy").got
    pages.turns.give_back("noisy", 0.1)
    questions.give_back("noisy", 0.1)


def test_who_gets_a_turn_at_once_is_let_in_although_work_that_comes_back_has_more_than_all_places() -> None:
    queue = Queue(Turns(2, 1))
    assert queue.ask("quiet").got
    queue.turns.give_back("quiet", 0.1)
    for _ in range(3):
        assert queue.ask("noisy").got
        queue.turns.step_out("noisy", 0.1)
    returned = [Asked(lambda: queue.turns.step_in("noisy") or True) for _ in range(3)]  # type: ignore[func-returns-value]
    wait_until(lambda: queue.turns.waiting == 2)
    assert queue.ask("quiet").got
    queue.turns.give_back("quiet", 0.1)
    for _ in range(3):
        queue.turns.give_back("noisy", 0.1)
    assert [each.got for each in returned] == [True, True, True]
    assert (queue.turns.free, queue.turns.waiting) == (2, 0)


@pytest.mark.parametrize(("address", "client", "is_here"), [
    ("192.0.2.1", "192.0.2.1", False), ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64", False),
    ("::ffff:192.0.2.1", "192.0.2.1", False), ("127.0.0.1", "127.0.0.1", True), ("::1", "::/64", True),
    ("::ffff:127.0.0.1", "127.0.0.1", True), ("unix:", "unix:", False), ("", "", False)])
def test_a_client_is_an_address_or_a_network_of_a_household(address: str, client: str, is_here: bool) -> None:
    assert (client_of(address), is_this_machine(address)) == (client, is_here)


def test_no_turn_is_lost_when_many_clients_come_and_go() -> None:
    turns, most, at_once, lock = Turns(3, 8), [0], [0], threading.Lock()

    def ask(client: str) -> None:
        for _ in range(50):
            # There are twelve threads for three turns and eight places: who is refused has no say in when one is free.
            while True:
                try:
                    turns.take(client)
                    break
                except NoPlaceError:
                    time.sleep(0.0005)
            with lock:
                at_once[0] += 1
                most[0] = max(most[0], at_once[0])
            with lock:
                at_once[0] -= 1
            turns.give_back(client, 0.01)

    with ThreadPoolExecutor(12) as pool:
        asking = [pool.submit(ask, f"client {number % 4}") for number in range(12)]
        for each in asking:
            each.result(60)
    assert most[0] <= 3
    assert (turns.free, turns.waiting) == (3, 0)
