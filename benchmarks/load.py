"""Put an open-loop load on POST /api/ask of a server on this machine, and measure latency and throughput.

    python -m benchmarks.load URL --questions FILE.jsonl --rate 50 --seconds 20 [--distinct] --out result.json
    python -m benchmarks.load URL --questions FILE.jsonl --overload --out result.json

Requests are sent at the times of a schedule made beforehand, whether or not earlier ones were answered. Latency counts
from the scheduled time, so that a stalled server is charged for all requests that it kept waiting (no coordinated
omission). Connections are kept alive and reused; another is opened when none is idle. `late_ms` says how far the load
generator fell behind its own schedule: if that is not small compared with the latencies, the result measures the
generator.

`--distinct` adds a number in brackets to every question, different in every question and every run, so that no cache of
answers helps. The number has six or seven digits. No article contains it, but it adds a few tokens to embed and may
lower the confidence of an answer.

Traffic goes to loopback only, and is limited in requests, seconds and connections.
"""

from __future__ import annotations

import argparse
import asyncio
import ipaddress
import itertools
import json
import math
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

MAX_REQUESTS = 500_000
MAX_CONNECTIONS = 4_000
REFUSED = (429, 503)
OK = 200
FAILED = 0  # the status of a request that got no answer
BACK_OFF_S = 0.05  # pause of a closed-loop worker after a refusal, because it would only be refused again

Payloads = Iterator[bytes]


@dataclass(frozen=True, slots=True)
class Record:
    """One request: its scheduled time (seconds from the start), how long after that it ended, and its outcome."""

    intended_s: float
    latency_ms: float
    status: int
    late_ms: float = 0.0
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """The server that requests are sent to, which must have a loopback address."""

    host: str
    port: int

    @classmethod
    def parse(cls, url: str) -> Target:
        """Parse a base URL; raises ValueError when it is not a loopback address."""
        parts = urlsplit(url)
        host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
        if parts.scheme != "http" or not _is_loopback(host):
            raise ValueError(f"{url}: load is sent to http:// on a loopback address only")
        return cls(host, parts.port or 80)


class BadReplyError(Exception):
    """The server closed the connection early, or its reply is not a complete HTTP/1.1 answer."""


# Schedules and questions.

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


# Runs.

async def open_loop(target: Target, requests: Payloads, schedule: Sequence[float], *,
                    timeout_s: float = 30.0) -> list[Record]:
    """Send requests at the scheduled times; return when all are answered or have timed out."""
    loop = asyncio.get_running_loop()
    pool = _Pool(target)
    tasks: list[asyncio.Task[Record]] = []
    stopping = threading.Event()
    start = loop.time() + 0.1

    def launch(intended_s: float) -> None:
        request = _timed(pool, next(requests), start, intended_s, timeout_s=timeout_s)
        tasks.append(loop.create_task(request))

    try:
        await asyncio.to_thread(_pace, schedule, start, loop, launch, stopping)
        await asyncio.sleep(0)  # let the event loop start the last request, which was scheduled just now
        return list(await asyncio.gather(*tasks))
    finally:
        stopping.set()
        for task in tasks:
            task.cancel()
        pool.close()


async def closed_loop(target: Target, requests: Payloads, *, connections: int, seconds: float,
                      timeout_s: float = 30.0) -> list[Record]:
    """Run `connections` workers for `seconds`, each sending its next request as soon as the last one is answered."""
    loop = asyncio.get_running_loop()
    pool = _Pool(target)
    start = loop.time()

    async def work() -> list[Record]:
        records: list[Record] = []
        while (now := loop.time() - start) < seconds:
            records.append(await _timed(pool, next(requests), start, now, timeout_s=timeout_s))
            if records[-1].status != OK:
                await asyncio.sleep(BACK_OFF_S)
        return records

    try:
        groups = await asyncio.gather(*(work() for _ in range(connections)))
    finally:
        pool.close()
    return [record for group in groups for record in group]


def run_load(url: str, questions: Sequence[str], *, rate: float, seconds: float, kind: str = "poisson", seed: int = 0,
             distinct: bool = False, deadline_s: float = 1.0, timeout_s: float = 30.0) -> dict[str, Any]:
    """Run an open-loop load and summarise the result."""
    target = Target.parse(url)
    schedule = constant_schedule(rate, seconds) if kind == "constant" else poisson_schedule(rate, seconds, seed)
    requests = payloads(questions, target, distinct=distinct, seed=seed)
    records = asyncio.run(open_loop(target, requests, schedule, timeout_s=timeout_s))
    settings = {"mode": "open_loop", "schedule": kind, "seed": seed, "distinct": distinct, "rate_offered": rate}
    return settings | summarise(records, seconds=seconds, deadline_s=deadline_s)


def find_capacity(url: str, questions: Sequence[str], *, connections: Sequence[int] = (2, 4, 8, 16),
                  seconds: float = 5.0, warm_up_s: float = 2.0, distinct: bool = True, seed: int = 0) -> dict[str, Any]:
    """Return the peak throughput: the most 200s per second of closed loops with these numbers of connections."""
    target = Target.parse(url)
    requests = payloads(questions, target, distinct=distinct, seed=seed)
    if warm_up_s > 0:
        asyncio.run(closed_loop(target, requests, connections=connections[0], seconds=warm_up_s))
    trials: list[dict[str, Any]] = []
    for count in connections:
        records = asyncio.run(closed_loop(target, requests, connections=count, seconds=seconds))
        ok_ms = [record.latency_ms for record in records if record.status == OK]
        elapsed_s = max((record.intended_s + record.latency_ms / 1000 for record in records), default=seconds)
        trials.append({"connections": count, "ok": len(ok_ms), "asked": len(records),
                       "per_s": round(len(ok_ms) / max(elapsed_s, seconds), 2),
                       "latency_ms": _quantiles(ok_ms, (50, 95, 99))})
    peak = max(trials, key=lambda trial: float(trial["per_s"]))
    return {"mode": "closed_loop", "distinct": distinct, "seconds": seconds, "capacity_per_s": peak["per_s"],
            "connections": peak["connections"], "trials": trials}


def overload(url: str, questions: Sequence[str], *, factor: float = 2.0, seconds: float = 20.0,
             capacity: dict[str, Any] | None = None, distinct: bool = True, seed: int = 0, deadline_s: float = 1.0,
             timeout_s: float = 30.0) -> dict[str, Any]:
    """Offer `factor` times the capacity; measure how much is answered in time and how fast the rest is refused."""
    found = capacity or find_capacity(url, questions, distinct=distinct, seed=seed)
    peak = float(found["capacity_per_s"])
    if peak <= 0:
        raise ValueError(f"{url}: nothing was answered with 200, so there is no capacity to exceed")
    load = run_load(url, questions, rate=factor * peak, seconds=seconds, seed=seed, distinct=distinct,
                    deadline_s=deadline_s, timeout_s=timeout_s)
    return {"mode": "overload", "factor": factor, "capacity_per_s": peak,
            "goodput_ratio": round(load["goodput_per_s"] / peak, 3),
            "refusal_ms": load["refusal_ms"], "capacity": found, "load": load}


# Figures.

def summarise(records: Sequence[Record], *, seconds: float, deadline_s: float) -> dict[str, Any]:
    """Summarise a run: counts, goodput and quantiles. `goodput_per_s` counts the 200s within the deadline."""
    ok_ms = [record.latency_ms for record in records if record.status == OK]
    refusal_ms = [record.latency_ms for record in records if record.status in REFUSED]
    in_time = sum(latency <= deadline_s * 1000 for latency in ok_ms)
    return {
        "seconds": seconds, "deadline_s": deadline_s, "sent": len(records), "ok": len(ok_ms),
        "refused": len(refusal_ms), "failed": len(records) - len(ok_ms) - len(refusal_ms),
        "statuses": dict(Counter(str(record.status) for record in records)),
        "faults": dict(Counter(record.fault for record in records if record.fault)),
        "goodput_per_s": round(in_time / seconds, 3),
        "latency_ms": _quantiles(ok_ms, (50, 95, 99)), "refusal_ms": _quantiles(refusal_ms, (50, 99)),
        "late_ms": _quantiles([record.late_ms for record in records], (50, 99)),
        "latencies_ms": [round(latency, 3) for latency in ok_ms],
        "records": [[round(record.intended_s, 4), round(record.latency_ms, 3), record.status] for record in records],
    }


def quantile(values: Sequence[float], percent: float) -> float | None:
    """Return the nearest-rank percentile, or None without values."""
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(percent / 100 * len(values)) - 1)]


def _quantiles(values: Sequence[float], percents: Sequence[int]) -> dict[str, float | None]:
    ordered = sorted(values)
    named = {f"p{percent}": quantile(ordered, percent) for percent in percents}
    named["max"] = quantile(ordered, 100)
    return {name: None if value is None else round(value, 3) for name, value in named.items()}


# Parts of a run.

def _pace(schedule: Sequence[float], start: float, loop: asyncio.AbstractEventLoop,
          launch: Callable[[float], None], stopping: threading.Event) -> None:
    # In a thread, since the event loop's own timers are rounded up to a millisecond.
    for intended_s in schedule:
        delay_s = start + intended_s - time.monotonic()
        if stopping.wait(max(delay_s, 0)):
            return
        loop.call_soon_threadsafe(launch, intended_s)


async def _timed(pool: _Pool, request: bytes, start: float, intended_s: float, *, timeout_s: float) -> Record:
    loop = asyncio.get_running_loop()
    intended_at = start + intended_s
    late_s = loop.time() - intended_at
    status, fault = FAILED, ""
    try:
        async with asyncio.timeout_at(intended_at + timeout_s):
            status = await pool.exchange(request)
    except (OSError, BadReplyError) as error:  # a TimeoutError is an OSError
        fault = f"{type(error).__name__}: {error}".rstrip(": ")
    return Record(intended_s, (loop.time() - intended_at) * 1000, status, late_s * 1000, fault)


class _Connection(asyncio.Protocol):
    """One keep-alive connection with at most one request in flight."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._wanted: int | None = None
        self._status = FAILED
        self._reply: asyncio.Future[int] | None = None
        self._transport: asyncio.Transport | None = None
        self.reusable = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Store the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail the request in flight."""
        self.reusable = False
        self._fail(f"the connection was closed{f': {exc}' if exc else ''}")

    def data_received(self, data: bytes) -> None:
        """Collect one answer: a header, then as many bytes of body as Content-Length says."""
        self._received += data
        if self._wanted is None and (end := self._received.find(b"\r\n\r\n")) >= 0:
            self._read_header(bytes(self._received[:end]).lower().split(b"\r\n"), end + 4)
        if self._wanted is not None and len(self._received) >= self._wanted:
            reply, self._reply = self._reply, None
            if reply is not None and not reply.done():
                reply.set_result(self._status)

    def ask(self, request: bytes) -> asyncio.Future[int]:
        """Send a request; the future gets the status once the whole answer has arrived."""
        self._received.clear()
        self._wanted = None
        self._reply = asyncio.get_running_loop().create_future()
        if self._transport is None or self._transport.is_closing():
            self._fail("the connection was closed")
            return self._reply_or_fault()
        self._transport.write(request)
        return self._reply

    def close(self) -> None:
        """Drop the connection."""
        self.reusable = False
        if self._transport is not None:
            self._transport.abort()

    def has_begun_to_answer(self) -> bool:
        """Tell whether any byte of the present answer has arrived."""
        return bool(self._received)

    def _read_header(self, lines: list[bytes], body_from: int) -> None:
        headers = dict(line.split(b":", 1) for line in lines[1:] if b":" in line)
        length = headers.get(b"content-length", b"").strip()
        parts = lines[0].split()
        if len(parts) < 2 or not parts[1].isdigit() or not length.isdigit():
            self._fail(f"no status or no Content-Length: {lines[0]!r}")
            return
        self._status, self._wanted = int(parts[1]), body_from + int(length)
        if headers.get(b"connection", b"").strip() == b"close" or parts[0] == b"http/1.0":
            self.reusable = False

    def _fail(self, reason: str) -> None:
        if self._reply is not None and not self._reply.done():
            self._reply.set_exception(BadReplyError(reason))

    def _reply_or_fault(self) -> asyncio.Future[int]:
        assert self._reply is not None
        return self._reply


class _Pool:
    """A pool of connections to one target. It reuses the one used last, and opens another when none is idle."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._idle: list[_Connection] = []
        self._open: set[_Connection] = set()

    async def exchange(self, request: bytes) -> int:
        """Send a request and return the status; retry on a new connection if the server had dropped an idle one."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.reusable:
                self._drop(connection)
                continue
            try:
                return await self._ask(connection, request)
            except BadReplyError:
                if connection.has_begun_to_answer():
                    raise
        return await self._ask(await self._connect(), request)

    def close(self) -> None:
        """Drop all connections."""
        for connection in self._open:
            connection.close()

    async def _ask(self, connection: _Connection, request: bytes) -> int:
        try:
            status = await connection.ask(request)
        except BaseException:
            self._drop(connection)
            raise
        if connection.reusable:
            self._idle.append(connection)
        else:
            self._drop(connection)
        return status

    async def _connect(self) -> _Connection:
        if len(self._open) >= MAX_CONNECTIONS:
            raise BadReplyError(f"the generator has its {MAX_CONNECTIONS} connections in use")
        connection = _Connection()
        self._open.add(connection)
        try:
            await asyncio.get_running_loop().create_connection(lambda: connection, self._target.host,
                                                               self._target.port)
        except BaseException:
            self._drop(connection)
            raise
        return connection

    def _drop(self, connection: _Connection) -> None:
        connection.close()
        self._open.discard(connection)


def _request(question: str, target: Target) -> bytes:
    body = json.dumps({"question": question}, ensure_ascii=False).encode()
    host = f"[{target.host}]" if ":" in target.host else target.host
    header = (f"POST /api/ask HTTP/1.1\r\nHost: {host}:{target.port}\r\nContent-Type: application/json\r\n"
              f"Accept: application/json\r\nContent-Length: {len(body)}\r\n\r\n")
    return header.encode("ascii") + body


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a host name, which could resolve to any address
        return False


def _check_bounds(rate: float, seconds: float) -> None:
    if rate <= 0 or seconds <= 0 or rate * seconds > MAX_REQUESTS:
        raise ValueError(f"a rate of {rate}/s for {seconds} s is not between 0 and {MAX_REQUESTS} requests")


# The command.

def main(argv: Sequence[str] | None = None) -> int:
    """Run a load, write the result as JSON and print one line."""
    arguments = _parser().parse_args(argv)
    try:
        questions = read_questions(arguments.questions)
        result = _run(arguments, questions)
    except (ValueError, OSError) as error:
        print(f"load: {error}", file=sys.stderr)
        return 1
    arguments.out.write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
    print(one_line(result))
    return 0


def one_line(result: dict[str, Any]) -> str:
    """Format the main figures of a result in one line."""
    if result["mode"] == "overload":
        return (f"capacity {result['capacity_per_s']}/s; at {result['factor']} times that, goodput ratio "
                f"{result['goodput_ratio']}; {one_line(result['load'])}")
    counts = ", ".join(f"{name} {result[name]}" for name in ("sent", "ok", "refused", "failed"))
    return (f"offered {result['rate_offered']:.1f}/s, {counts}, goodput {result['goodput_per_s']}/s, "
            f"{_in_words(result['latency_ms'])}, refusals {_in_words(result['refusal_ms'])}, "
            f"generator late {_in_words(result['late_ms'])}")


def _in_words(quantiles: dict[str, float | None]) -> str:
    given = " ".join(f"{name} {value}" for name, value in quantiles.items() if value is not None)
    return f"{given} ms" if given else "none"


def _run(arguments: argparse.Namespace, questions: Sequence[str]) -> dict[str, Any]:
    common = {"seconds": arguments.seconds, "seed": arguments.seed, "distinct": arguments.distinct,
              "deadline_s": arguments.deadline, "timeout_s": arguments.timeout}
    if arguments.overload:
        capacity = find_capacity(arguments.url, questions, seconds=arguments.capacity_seconds,
                                 connections=arguments.connections, distinct=arguments.distinct, seed=arguments.seed)
        return overload(arguments.url, questions, factor=arguments.factor, capacity=capacity, **common)
    return run_load(arguments.url, questions, rate=arguments.rate, kind=arguments.schedule, **common)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description="Open-loop load on POST /api/ask.")
    parser.add_argument("url", metavar="URL", help="the server's base URL, on loopback")
    parser.add_argument("--questions", type=Path, required=True, metavar="FILE.jsonl")
    parser.add_argument("--rate", type=float, default=50.0, help="requests a second (default 50)")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long to send for (default 20)")
    parser.add_argument("--schedule", choices=["poisson", "constant"], default="poisson")
    parser.add_argument("--seed", type=int, default=0, help="of the schedule and the order of the questions")
    parser.add_argument("--distinct", action="store_true", help="number the questions, so that no answer cache helps")
    parser.add_argument("--deadline", type=float, default=1.0, help="seconds within which a 200 is good (default 1)")
    parser.add_argument("--timeout", type=float, default=30.0, help="seconds after which a request failed (default 30)")
    parser.add_argument("--overload", action="store_true", help="find the capacity first, then offer --factor times it")
    parser.add_argument("--factor", type=float, default=2.0, help="of --overload (default 2)")
    parser.add_argument("--capacity-seconds", type=float, default=5.0, help="of each closed loop (default 5)")
    parser.add_argument("--connections", type=int, nargs="+", default=[2, 4, 8, 16], help="closed loops to try")
    parser.add_argument("--out", type=Path, required=True, metavar="result.json")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
