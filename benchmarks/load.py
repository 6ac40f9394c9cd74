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
import json
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.connections import FAILED, BadReplyError, Pool, Target
from benchmarks.load_records import OK, Record, quantiles, summarise
from benchmarks.load_requests import Payloads, constant_schedule, payloads, poisson_schedule, read_questions

BACK_OFF_S = 0.05  # pause of a closed-loop worker after a refusal, because it would only be refused again


async def open_loop(target: Target, requests: Payloads, schedule: Sequence[float], *,
                    timeout_s: float = 30.0) -> list[Record]:
    """Send requests at the scheduled times; return when all are answered or have timed out."""
    loop = asyncio.get_running_loop()
    pool = Pool(target)
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
    pool = Pool(target)
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
                       "latency_ms": quantiles(ok_ms, (50, 95, 99))})
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


def _pace(schedule: Sequence[float], start: float, loop: asyncio.AbstractEventLoop,
          launch: Callable[[float], None], stopping: threading.Event) -> None:
    # In a thread, since the event loop's own timers are rounded up to a millisecond.
    for intended_s in schedule:
        delay_s = start + intended_s - time.monotonic()
        if stopping.wait(max(delay_s, 0)):
            return
        loop.call_soon_threadsafe(launch, intended_s)


async def _timed(pool: Pool, request: bytes, start: float, intended_s: float, *, timeout_s: float) -> Record:
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
