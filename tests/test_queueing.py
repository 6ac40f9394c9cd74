"""The simulation of servers agrees with closed forms of queueing theory, and with cases worked out by hand."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from benchmarks.queueing import (
    POLICIES,
    Machine,
    Work,
    erlang_b,
    erlang_c,
    highest_rate,
    lone_speed,
    poisson,
    run,
    simulate,
    works_of,
)

SERVICE_MS = 100.0
COUNT = 30_000


def exponential(seed: int = 7) -> Callable[[], Work]:
    chooser = random.Random(seed)
    return lambda: Work(0.0, chooser.expovariate(1 / SERVICE_MS))


def mean(latencies: list[float]) -> float:
    return sum(latencies) / len(latencies)


def test_erlang_c_of_one_server_is_its_load_and_of_two_is_known() -> None:
    assert erlang_c(1, 0.7) == pytest.approx(0.7)
    assert erlang_c(2, 1.0) == pytest.approx(1 / 3)
    assert erlang_b(2, 1.0) == pytest.approx(1 / 5)


@pytest.mark.slow
@pytest.mark.parametrize(("cores", "load"), [(1, 0.5), (1, 0.8), (2, 0.7), (4, 0.8)])
def test_the_mean_time_in_an_endless_queue_is_that_of_erlang_c(cores: int, load: float) -> None:
    rate = cores * load / SERVICE_MS * 1000
    outcome = simulate(poisson(rate, COUNT), exponential(), Machine(cores, waiting=None))
    waiting = erlang_c(cores, cores * load) * SERVICE_MS / (cores * (1 - load))
    assert (len(outcome.latencies), outcome.refused) == (COUNT, 0)
    assert mean(outcome.latencies) == pytest.approx(SERVICE_MS + waiting, rel=0.05)


@pytest.mark.slow
def test_the_mean_wait_before_equal_work_is_half_of_that_before_exponential_work() -> None:
    # Pollaczek and Khinchine: load / (1 - load) x (1 + variation²) / 2 of a service.
    outcome = simulate(poisson(7, COUNT), lambda: Work(0.0, SERVICE_MS), Machine(1, waiting=None))
    assert mean(outcome.latencies) == pytest.approx(SERVICE_MS * (1 + 0.7 / 0.3 / 2), rel=0.05)


@pytest.mark.slow
@pytest.mark.parametrize(("cores", "load"), [(1, 0.8), (2, 1.0), (4, 1.5)])
def test_without_places_to_wait_the_refused_share_is_that_of_erlang_b(cores: int, load: float) -> None:
    outcome = simulate(poisson(cores * load / SERVICE_MS * 1000, COUNT), exponential(), Machine(cores, waiting=0))
    assert outcome.refused / COUNT == pytest.approx(erlang_b(cores, cores * load), rel=0.03)
    assert len(outcome.latencies) == COUNT - outcome.refused


@pytest.mark.slow
def test_questions_that_a_coin_shares_out_wait_as_before_one_server_of_half_the_rate() -> None:
    outcome = simulate(poisson(14, COUNT), exponential(), Machine(1, waiting=None), 2, policy="random")
    assert mean(outcome.latencies) == pytest.approx(SERVICE_MS / 0.3, rel=0.05)


@pytest.mark.slow
def test_the_server_with_fewest_questions_is_better_than_taking_turns_and_that_than_a_coin() -> None:
    means = {policy: mean(simulate(poisson(32, COUNT // 3), exponential(), Machine(1, waiting=None), 4, policy=policy)
                          .latencies) for policy in POLICIES}
    assert means["fewest"] < means["round robin"] < means["random"]


def test_a_question_alone_is_quicker_until_another_comes() -> None:
    # The first has done 150 of its 200 ms of work after 100 ms; then both go on at the speed of one core.
    works = iter([Work(0.0, 200.0), Work(0.0, 10.0)])
    outcome = simulate([0.0, 100.0], lambda: next(works), Machine(2, lone_speed=1.5))
    # The second ends at 110, with 40 of the first left, which is alone again.
    assert outcome.latencies == pytest.approx([10.0, 110.0 + 40 / 1.5])


def test_who_waits_for_the_store_keeps_the_turn_and_leaves_the_core_to_the_other() -> None:
    works = iter([Work(50.0, 100.0), Work(0.0, 60.0), Work(0.0, 30.0)])
    outcome = simulate([0.0, 0.0, 1.0], lambda: next(works), Machine(2, lone_speed=2.0))
    # The second is alone on the cores for 30 ms, the third for the 15 after that (it began at 30); the first after 50.
    assert outcome.latencies == pytest.approx([30.0, 44.0, 100.0])


def test_while_many_wait_fewer_passages_are_read() -> None:
    machine = Machine(1, waiting=4, reads_less=True)
    outcome = simulate([0.0, 1.0, 2.0, 3.0, 4.0], lambda: Work(0.0, 10.0, 50.0), machine)
    # Begun with 0, 3, 2, 1 and 0 others waiting: 5, 0, 1, 2 and 5 of 5 passages.
    assert outcome.latencies == pytest.approx([60.0, 69.0, 88.0, 117.0, 176.0])
    assert outcome.read == pytest.approx((5 + 0 + 1 + 2 + 5) / 25)
    assert simulate([0.0] * 6, lambda: Work(0.0, 10.0, 50.0), machine).refused == 1


def test_work_comes_from_the_measured_questions_and_a_lone_one_takes_what_was_measured() -> None:
    cost = {"median_ms": {"http": 110.0, "answer": 100.0},
            "raw": [{"http": 110.0, "answer": 100.0, "read": 80.0, "answer_cpu": 155.0}]}
    (work,) = works_of(cost, store_ms=30.0)
    assert work == Work(30.0, 30.0, 135.0)
    speed = lone_speed([work], cost)
    assert simulate([0.0], lambda: Work(0.0, work.base, work.reading), Machine(lone_speed=speed)
                    ).latencies == pytest.approx([110.0])


@pytest.mark.slow
def test_the_highest_rate_keeps_to_the_limit_of_refusals_and_grows_with_the_servers() -> None:
    works = [Work(0.0, SERVICE_MS)]
    one = highest_rate(works, Machine(1, waiting=4), 1, refused=0.01, count=1000)
    more = run(works, Machine(1, waiting=4), one["rate"] + 1, count=1000)
    four = highest_rate(works, Machine(1, waiting=4), 4, policy="fewest", refused=0.01, count=1000)
    assert one["refused"] <= 0.01 < more["refused"]
    assert 5 <= one["rate"] < 10
    assert four["rate"] >= 4 * one["rate"]
