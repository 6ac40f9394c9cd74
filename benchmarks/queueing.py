"""Simulate servers that share questions, and compare the simulation with what one server measured.

    python -m benchmarks.queueing COST.json --check LOAD.json ... [--servers 1 2 4 8] [--store-ms 0 30 100]
        [--out FILE.json]

COST.json comes from `benchmarks.answer_cost`, the LOAD.json from `benchmarks.load`, both from one quiet machine. Times
of work are drawn from the measured questions, so the model is M/G/c with a limited queue for each server, and two
things of ours: a server reads fewer passages while many questions wait (`web.gate.admission`), and a question that runs
alone has its passages read on both cores. A question with a store also waits for it, and keeps its turn meanwhile.

The simulation goes from event to event. Between two of them each question advances at a speed that depends on how many
others its server works on: `lone_speed` for one alone, 1 for as many as there are cores.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any

from benchmarks.load_records import quantiles
from qa.answer.ranking import PASSAGES_READ
from web.gate.admission import WAITING, read_at_most

# Questions a second for each server, the most that is tried.
HIGHEST_RATE = 63
POLICIES = ("round robin", "random", "fewest")


@dataclass(frozen=True, slots=True)
class Work:
    """What a question costs, in milliseconds: waiting for the store, then of a processor without and with reading."""

    store: float
    base: float
    reading: float = 0.0


@dataclass(frozen=True, slots=True)
class Machine:
    """A server: questions at a time, one for each core, and how many may wait (None: any number).

    `reads_less` has it read fewer passages while many wait.
    """

    cores: int = 2
    waiting: int | None = WAITING
    lone_speed: float = 1.0
    reads_less: bool = False


@dataclass(slots=True, eq=False)
class _Running:
    arrived: float
    store: float
    work: float


@dataclass(slots=True)
class _Server:
    machine: Machine
    running: list[_Running] = field(default_factory=list)
    queue: deque[tuple[float, Work]] = field(default_factory=deque)
    now: float = 0.0
    begun: int = 0
    shares_read: float = 0.0

    @property
    def load(self) -> int:
        return len(self.running) + len(self.queue)

    def offer(self, arrived: float, work: Work) -> bool:
        """Take the question in, or return False where no place is free."""
        if len(self.running) < self.machine.cores:
            self._start(arrived, work)
            return True
        if self.machine.waiting is not None and len(self.queue) >= self.machine.waiting:
            return False
        self.queue.append((arrived, work))
        return True

    def next_end(self) -> float:
        """Return when the next question leaves the store or the server; infinity if none runs."""
        speed = self._speed()
        return min((self.now + (each.store or each.work / speed) for each in self.running), default=math.inf)

    def advance(self, to: float) -> Iterator[float]:
        """Go on to `to`, no later than `next_end`, and yield the latency of each question that is answered then."""
        elapsed, speed = to - self.now, self._speed()
        self.now = to
        for each in list(self.running):
            if each.store > 0:
                each.store = _less(each.store, elapsed)
            else:
                each.work = _less(each.work, elapsed * speed)
            if each.store == each.work == 0:
                self.running.remove(each)
                yield to - each.arrived
                if self.queue:
                    self._start(*self.queue.popleft())

    def _start(self, arrived: float, work: Work) -> None:
        share = 1.0
        if self.machine.reads_less and self.machine.waiting:
            passages = read_at_most(len(self.queue), self.machine.waiting)
            share = 1.0 if passages is None else min(passages / PASSAGES_READ, 1.0)
        self.begun += 1
        self.shares_read += share
        self.running.append(_Running(arrived, work.store, work.base + share * work.reading))

    def _speed(self) -> float:
        computing = sum(each.store == 0 for each in self.running)
        return self.machine.lone_speed if computing == 1 else 1.0


def _less(left: float, done: float) -> float:
    """Return what is left, 0 within rounding."""
    return 0.0 if left - done < 1e-9 else left - done


@dataclass(frozen=True, slots=True)
class Outcome:
    """The latencies of the questions that were answered, in milliseconds, and how many were refused.

    `read` is the mean share of the passages to read that were read.
    """

    latencies: list[float]
    refused: int
    read: float


def simulate(arrivals: Sequence[float], draw: Callable[[], Work], machine: Machine, servers: int = 1, *,
             policy: str = "round robin", seed: int = 0) -> Outcome:
    """Let questions arrive at ascending times, in milliseconds, and be shared by `policy` among equal servers."""
    pool = [_Server(machine) for _ in range(servers)]
    chooser = random.Random(seed)
    latencies: list[float] = []
    refused = 0
    for number, arrived in enumerate([*arrivals, math.inf]):
        while (end := min(server.next_end() for server in pool)) <= arrived and end < math.inf:
            for server in pool:
                latencies.extend(server.advance(end))
        if arrived == math.inf:
            break
        for server in pool:
            latencies.extend(server.advance(arrived))
        if policy == "round robin":
            chosen = pool[number % servers]
        elif policy == "random":
            chosen = chooser.choice(pool)
        else:
            chosen = min(pool, key=lambda server: server.load)
        refused += not chosen.offer(arrived, draw())
    begun = sum(server.begun for server in pool)
    return Outcome(latencies, refused, sum(server.shares_read for server in pool) / max(begun, 1))


def poisson(rate_per_s: float, count: int, seed: int = 0) -> list[float]:
    """Return `count` arrival times in milliseconds, of a Poisson process."""
    chooser = random.Random(seed)
    return list(accumulate(chooser.expovariate(rate_per_s / 1000) for _ in range(count)))


def erlang_c(servers: int, offered: float) -> float:
    """Return the probability of waiting in M/M/c with `offered` = arrival rate / service rate, below `servers`.

    Erlang 1917; computed from Erlang's B by its recursion.
    """
    blocked = erlang_b(servers, offered)
    return servers * blocked / (servers - offered * (1 - blocked))


def erlang_b(servers: int, offered: float) -> float:
    """Return the probability that M/G/c/c, which lets nobody wait, refuses an arrival."""
    blocked = 1.0
    for number in range(1, servers + 1):
        blocked = offered * blocked / (number + offered * blocked)
    return blocked


def works_of(cost: dict[str, Any], store_ms: float = 0.0) -> list[Work]:
    """Return the work of each measured question. What is not reading takes one core; HTTP adds its difference."""
    overhead = max(cost["median_ms"]["http"] - cost["median_ms"]["answer"], 0.0)
    return [Work(store_ms, overhead + each["answer"] - each["read"],
                 max(each["answer_cpu"] - (each["answer"] - each["read"]), 0.0)) for each in cost["raw"]]


def lone_speed(works: Sequence[Work], cost: dict[str, Any]) -> float:
    """Return how many times quicker a question is answered alone than its processor time says."""
    return sum(each.base + each.reading for each in works) / sum(each["http"] for each in cost["raw"])


def run(works: Sequence[Work], machine: Machine, rate: float, servers: int = 1, *, count: int = 20_000,
        policy: str = "round robin") -> dict[str, Any]:
    """Simulate `count` questions at `rate` a second; return the shares refused and read, and quantiles in ms."""
    chooser = random.Random(1)
    outcome = simulate(poisson(rate, count), lambda: chooser.choice(works), machine, servers, policy=policy)
    return {"servers": servers, "rate": rate, "refused": round(outcome.refused / count, 4),
            "read": round(outcome.read, 3),
            **quantiles(outcome.latencies, (50, 95, 99))}


def highest_rate(works: Sequence[Work], machine: Machine, servers: int, *, policy: str = "round robin",
                 refused: float = 0.001, count: int = 4000) -> dict[str, Any]:
    """Return the run at the highest whole rate for each server that refuses no more; `count` is of each server.

    Latency is no limit here: it falls where servers read less.
    """
    best: dict[str, Any] = {}
    low, high = 1, HIGHEST_RATE + 1
    while low < high:
        each = (low + high) // 2
        now = run(works, machine, each * servers, servers, count=count * servers, policy=policy)
        if now["refused"] > refused:
            high = each
        else:
            best, low = now, each + 1
    return best


def main() -> int:
    """Print the comparison with each LOAD.json, and what several servers answer."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("cost", type=Path, metavar="COST.json")
    parser.add_argument("--check", type=Path, nargs="*", default=[], metavar="LOAD.json")
    parser.add_argument("--servers", type=int, nargs="*", default=[1, 2, 4, 8])
    parser.add_argument("--store-ms", type=float, nargs="*", default=[0.0, 30.0, 100.0],
                        help="how long a question waits for the store, in all (default: 0, 30 and 100 ms)")
    parser.add_argument("--out", type=Path, metavar="FILE.json")
    options = parser.parse_args()
    cost = json.loads(options.cost.read_text(encoding="utf-8"))
    works = works_of(cost)
    machine = Machine(lone_speed=lone_speed(works, cost), reads_less=True)
    figures: dict[str, Any] = {"lone_speed": round(machine.lone_speed, 3), "check": [], "servers": []}
    for path in options.check:
        load = json.loads(path.read_text(encoding="utf-8"))
        rate = load["sent"] / load["seconds"]
        figures["check"].append({"file": path.name, "measured": {
            "rate": round(rate, 1), "refused": round(load["refused"] / load["sent"], 4), **load["latency_ms"]},
            "simulated": run(works, machine, rate)})
    for store_ms in options.store_ms:
        with_store = works_of(cost, store_ms)
        for policy in POLICIES:
            for servers in options.servers:
                highest = highest_rate(with_store, machine, servers, policy=policy)
                figures["servers"].append({"store_ms": store_ms, "policy": policy, **highest})
    text = json.dumps(figures, indent=1)
    print(text)
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
