"""Measure whether the server's memory grows while it answers for a long time.

    python -m benchmarks.soak --index-dir DIR --questions FILE.jsonl --minutes 60 --rate 10 --out result.json

It starts a server and warms it up for two minutes or a tenth of the time, whichever is less. Then an open-loop load
runs for `--minutes` while the server's memory is sampled. Growth is measured from the mean of the first tenth of the
samples to the mean of the last tenth. Memory is that of the server's process, without child processes. Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.connections import Target
from benchmarks.load import open_loop
from benchmarks.load_records import OK, Record, summarise
from benchmarks.load_requests import payloads, poisson_schedule, read_questions
from benchmarks.startup import START_LIMIT_S, ask, memory_mb, server_process

Sample = dict[str, float]
MEASURES = ("VmRSS", "RssAnon", "RssFile")
LONGEST_WARM_UP_S = 120.0


def soak(index_dir: Path, questions: Sequence[str], *, seconds: float, rate: float, every_s: float = 10.0,
         seed: int = 0, distinct: bool = False, deadline_s: float = 1.0) -> dict[str, Any]:
    """Run the server under load; return memory samples, their growth, and a summary of the requests."""
    warm_up_s = min(LONGEST_WARM_UP_S, seconds / 10)
    with server_process(index_dir) as server:
        if (status := ask(server.url, questions[0], timeout_s=START_LIMIT_S)) != OK:
            raise RuntimeError(f"the first question was answered with {status}")
        target = Target.parse(server.url)
        schedule = poisson_schedule(rate, warm_up_s + seconds, seed)
        records, samples = asyncio.run(_load_and_sample(target, questions, schedule, server.pid, distinct=distinct,
                                                        every_s=every_s, until_s=warm_up_s + seconds))
    kept = [sample for sample in samples if sample["at_s"] >= warm_up_s]
    loaded = [record for record in records if record.intended_s >= warm_up_s]
    figures = summarise(loaded, seconds=seconds, deadline_s=deadline_s)
    del figures["records"]  # one entry per request of the whole soak: too long to keep; the latencies' summary stays
    return {"mode": "soak", "rate_offered": rate, "distinct": distinct, "seed": seed, "warm_up_s": warm_up_s,
            "seconds": seconds, "every_s": every_s,
            "growth_percent": {name: growth_percent([sample[name] for sample in kept]) for name in MEASURES},
            "samples": samples, "load": figures}


def growth_percent(values: Sequence[float]) -> float | None:
    """Return the growth from the mean of the first tenth of the values to the mean of the last tenth, in percent.

    A tenth is at least one value. Returns None for fewer than two values.
    """
    if len(values) < 2:
        return None
    tenth = max(1, len(values) // 10)
    first, last = statistics.fmean(values[:tenth]), statistics.fmean(values[-tenth:])
    return round((last / first - 1) * 100, 3) if first else None


async def _load_and_sample(target: Target, questions: Sequence[str], schedule: Sequence[float], pid: int, *,
                           every_s: float, until_s: float, distinct: bool) -> tuple[list[Record], list[Sample]]:
    requests = payloads(questions, target, distinct=distinct)
    sampling = asyncio.create_task(_sample(pid, every_s=every_s, until_s=until_s))
    loading = asyncio.create_task(open_loop(target, requests, schedule))
    try:
        samples = await sampling  # checked first, so that a server that died ends the soak
        return await loading, samples
    finally:
        sampling.cancel()
        loading.cancel()
        await asyncio.gather(sampling, loading, return_exceptions=True)


async def _sample(pid: int, *, every_s: float, until_s: float) -> list[Sample]:
    start = time.monotonic()
    samples: list[Sample] = []
    for ordinal in range(int(until_s / every_s) + 1):
        await asyncio.sleep(max(0.0, start + ordinal * every_s - time.monotonic()))
        samples.append({"at_s": round(time.monotonic() - start, 2), **memory_mb(pid)})
    return samples


def main(argv: Sequence[str] | None = None) -> int:
    """Run the soak, write the result as JSON and print the growth."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--index-dir", type=Path, required=True, metavar="DIR")
    parser.add_argument("--questions", type=Path, required=True, metavar="FILE.jsonl")
    parser.add_argument("--minutes", type=float, default=60.0, help="after the warm-up (default 60)")
    parser.add_argument("--rate", type=float, default=10.0, help="requests a second (default 10)")
    parser.add_argument("--every", type=float, default=10.0, help="seconds between samples (default 10)")
    parser.add_argument("--seed", type=int, default=0, help="of the schedule")
    parser.add_argument("--distinct", action="store_true", help="number the questions, so that no answer cache helps")
    parser.add_argument("--out", type=Path, required=True, metavar="result.json")
    arguments = parser.parse_args(argv)
    try:
        result = soak(arguments.index_dir.resolve(), read_questions(arguments.questions),
                      seconds=arguments.minutes * 60, rate=arguments.rate, every_s=arguments.every,
                      seed=arguments.seed, distinct=arguments.distinct)
    except (RuntimeError, ValueError, OSError) as error:
        print(f"soak: {error}", file=sys.stderr)
        return 1
    arguments.out.write_text(json.dumps(result), encoding="utf-8")
    load, growth = result["load"], result["growth_percent"]
    print(f"{len(result['samples'])} samples, growth " + ", ".join(f"{name} {growth[name]} %" for name in MEASURES)
          + f"; sent {load['sent']}, ok {load['ok']}, refused {load['refused']}, failed {load['failed']}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
