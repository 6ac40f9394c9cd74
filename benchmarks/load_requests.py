"""The requests of a load: when each is sent, and what it asks."""

from __future__ import annotations

import itertools
import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.connections import Target

MAX_REQUESTS = 500_000

Payloads = Iterator[bytes]


def poisson_schedule(rate: float, seconds: float, seed: int) -> list[float]:
    """Return times from 0 to `seconds` with exponentially distributed gaps: independent arrivals."""
    _check_bounds(rate, seconds)
    numbers = random.Random(seed)
    times: list[float] = []
    at = numbers.expovariate(rate)
    while at < seconds and len(times) < MAX_REQUESTS:
        times.append(at)
        at += numbers.expovariate(rate)
    return times


def constant_schedule(rate: float, seconds: float) -> list[float]:
    """Return times from 0 to `seconds` at equal gaps."""
    _check_bounds(rate, seconds)
    return [ordinal / rate for ordinal in range(int(rate * seconds))]


def read_questions(path: Path) -> list[str]:
    """Return the `question` of every line of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        questions = [json.loads(line)["question"] for line in lines if line.strip()]
    if not questions:
        raise ValueError(f"{path}: no questions")
    return questions


def payloads(questions: Sequence[str], target: Target, *, distinct: bool, seed: int = 0) -> Payloads:
    """Yield complete HTTP requests without end: the questions in shuffled order, repeated; `distinct` numbers each."""
    order = list(questions)
    random.Random(seed).shuffle(order)
    if not distinct:
        return itertools.cycle([_request(question, target) for question in order])
    first = 100_000 + time.time_ns() // 1_000_000 % 4_000_000  # new in each run, so that caches stay cold
    numbers = itertools.count(first)
    return (_request(f"{question} [{next(numbers)}]", target) for question in itertools.cycle(order))


def _request(question: str, target: Target) -> bytes:
    body = json.dumps({"question": question}, ensure_ascii=False).encode()
    host = f"[{target.host}]" if ":" in target.host else target.host
    header = (f"POST /api/ask HTTP/1.1\r\nHost: {host}:{target.port}\r\nContent-Type: application/json\r\n"
              f"Accept: application/json\r\nContent-Length: {len(body)}\r\n\r\n")
    return header.encode("ascii") + body


def _check_bounds(rate: float, seconds: float) -> None:
    if rate <= 0 or seconds <= 0 or rate * seconds > MAX_REQUESTS:
        raise ValueError(f"a rate of {rate}/s for {seconds} s is not between 0 and {MAX_REQUESTS} requests")
