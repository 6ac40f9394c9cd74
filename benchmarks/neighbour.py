"""Measure how one client's answers slow down while another sends the costliest requests it may.

    python -m benchmarks.neighbour --index-dir DIR --questions FILE.jsonl [--asked 40] [--rounds 4] --out FILE

The server runs here, in a process of its own, behind a trusted proxy that is this program: it names the clients in
`X-Forwarded-For`. One client asks `--asked` questions, one after the other and one every `--every` seconds at most: in
each round some alone and then as many while the neighbour keeps `--connections` requests under way. These are questions
with five before them or that nothing answers, topics, quotes, exports and articles, all different, at its rate limit of
`--rate-limit` questions a minute; refused, it comes again at once. No answer is remembered.

The limit holds for the first client too, and a question that takes more than half a second of a processor counts for
several. So that nothing of it need be refused, it asks half as many as it may, unless `--every` says otherwise.
Latencies are those of answered questions; `outcomes` counts all by status, and what `timed out` or was `lost`.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from benchmarks.load_records import quantiles
from benchmarks.load_requests import read_questions

QUIET, NOISY = "192.0.2.1", "2001:db8:1:2::"
FIRST = "192.0.2.2"  # whoever asks before the measurement
ANSWERED, REFUSED = "200", ("429", "503")
TIMEOUT_S = 60.0
MOST_ASKED, MOST_CONNECTIONS = 500, 64
COMES_AGAIN_S = 0.2


def measure(index_dir: Path, questions: Sequence[str], *, asked: int = 40, rounds: int = 4, every_s: float = 1.0,
            connections: int = 8, rate_limit: int = 120) -> dict[str, Any]:
    """Serve the index, ask alone and beside the neighbour, and return both latencies and what was refused."""
    if not 1 <= rounds <= asked <= MOST_ASKED or not 1 <= connections <= MOST_CONNECTIONS:
        raise ValueError(f"ask 1 to {MOST_ASKED} questions, at least one a round, beside 1 to {MOST_CONNECTIONS} "
                         f"connections")
    numbers = itertools.count(int(time.time()) % 1_000_000)
    got = Counter[str]()
    alone, beside = list[tuple[float, str]](), list[tuple[float, str]]()
    with _served(index_dir, rate_limit) as port:
        # The first ones load what later ones share.
        _ask(port, FIRST, questions, 5, 0.0, numbers)
        for number in range(rounds):
            chosen = questions[number * asked // rounds % len(questions):] or questions
            count = (number + 1) * asked // rounds - number * asked // rounds
            alone += _ask(port, QUIET, chosen, count, every_s, numbers)
            with _disturbed(port, questions, connections, numbers, got):
                time.sleep(COMES_AGAIN_S)
                beside += _ask(port, QUIET, chosen, count, every_s, numbers)
    found = [_summary(replies) for replies in (alone, beside)]
    p95 = [each["latency_ms"]["p95"] for each in found]
    return {"asked": asked, "rounds": rounds, "every_s": every_s, "connections": connections,
            "rate_limit": rate_limit, "alone": found[0], "beside": found[1], "neighbour": dict(got),
            "p95_ratio": round(p95[1] / p95[0], 2) if all(p95) else None}


@contextmanager
def _disturbed(port: int, questions: Sequence[str], connections: int, numbers: Iterator[int], got: Counter[str]
               ) -> Iterator[None]:
    stopping = threading.Event()
    threads = [threading.Thread(target=_disturb, args=(port, questions, number, numbers, stopping, got))
               for number in range(connections)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join()


def _summary(replies: Sequence[tuple[float, str]]) -> dict[str, Any]:
    return {"latency_ms": quantiles([ms for ms, outcome in replies if outcome == ANSWERED], (50, 95, 99)),
            "refused": sum(outcome in REFUSED for _, outcome in replies),
            "outcomes": dict(Counter(outcome for _, outcome in replies))}


def _ask(port: int, client: str, questions: Sequence[str], count: int, every_s: float, numbers: Iterator[int]
         ) -> list[tuple[float, str]]:
    """Ask questions one after the other; return each one's milliseconds and outcome."""
    replies = []
    for place in range(count):
        started = time.perf_counter()
        question = f"{questions[place % len(questions)]} ({next(numbers)})"
        outcome = _sent(port, client, "POST", "/api/ask", {"question": question})
        taken_s = time.perf_counter() - started
        replies.append((taken_s * 1000, outcome))
        time.sleep(max(0.0, every_s - taken_s))
    return replies


def _disturb(port: int, questions: Sequence[str], number: int, numbers: Iterator[int], stopping: threading.Event,
             got: Counter[str]) -> None:
    """Send costly requests, from another address of the same network in each thread, until told to stop."""
    requests = itertools.islice(_costly(questions, numbers), number, None)  # each thread begins with another kind
    while not stopping.is_set():
        outcome = _sent(port, f"{NOISY}{number + 1:x}", *next(requests))
        got[outcome] += 1
        if outcome != ANSWERED:
            stopping.wait(COMES_AGAIN_S)


def _costly(questions: Sequence[str], numbers: Iterator[int]) -> Iterator[tuple[str, str, dict[str, Any] | None]]:
    """Yield the method, the path and the body of ever different requests that cost as much as they may."""
    for place in itertools.count():
        chosen = [f"و{questions[(place + step) % len(questions)]} {next(numbers)}" for step in range(12)]
        long = " ".join(chosen)[:1900]
        before = [each[:390] for each in chosen[1:6]]
        yield "POST", "/api/ask", {"question": chosen[0], "previous": before, "top_k": 100}
        yield "POST", "/api/ask", {"question": long, "top_k": 100}
        yield "GET", f"/api/disagreements?q={quote(long)}", None
        yield "GET", f"/api/timeline?q={quote(long)}", None
        yield "POST", "/api/verify", {"quote": long, "speaker": "سالم"}
        yield "GET", f"/?{urlencode({'q': ' '.join(f'{each[:6]}ظغ{next(numbers)}' for each in chosen)})}", None
        yield "GET", f"/?{urlencode({'q': chosen[2], 'previous': before}, doseq=True)}", None
        yield "GET", f"/export?{urlencode({'format': 'json', 'q': chosen[1]})}", None
        yield "GET", "/api/articles?limit=100", None
        yield "GET", f"/api/articles?limit=100&q={quote(long)}", None


def _sent(port: int, client: str, method: str, path: str, body: dict[str, Any] | None) -> str:
    """Send a request; return the status of its response, or what happened instead."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    try:
        connection.request(method, path, None if body is None else json.dumps(body), {
            "X-Forwarded-For": client, "Content-Type": "application/json"})
        response = connection.getresponse()
        response.read()
        return str(response.status)
    except TimeoutError:
        return "timed out"
    except (OSError, http.client.HTTPException):
        return "lost"
    finally:
        connection.close()


@contextmanager
def _served(index_dir: Path, rate_limit: int) -> Iterator[int]:
    server = subprocess.Popen(
        [sys.executable, "-m", "qa", "serve", "--index-dir", str(index_dir), "--port", "0", "--trusted-proxies", "1",
         "--rate-limit", str(rate_limit)], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        port = next((match[1] for line in server.stdout if (match := re.search(r"http://\S+:(\d+)", line))), None)
        if port is None:
            raise ValueError(f"the server of {index_dir} did not start")
        yield int(port)
    finally:
        server.terminate()
        server.wait(TIMEOUT_S)
        server.stdout.close()


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, write the result as JSON and print one line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.neighbour")
    parser.add_argument("--index-dir", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True, metavar="FILE.jsonl")
    parser.add_argument("--asked", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--every", type=float, default=1.0, metavar="SECONDS")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--rate-limit", type=int, default=120)
    parser.add_argument("--out", type=Path, required=True, metavar="result.json")
    arguments = parser.parse_args(argv)
    try:
        result = measure(arguments.index_dir, read_questions(arguments.questions), asked=arguments.asked,
                         rounds=arguments.rounds, every_s=arguments.every, connections=arguments.connections,
                         rate_limit=arguments.rate_limit)
    except (ValueError, OSError) as error:
        print(f"neighbour: {error}", file=sys.stderr)
        return 1
    arguments.out.write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
    print(f"alone {result['alone']}, beside {result['beside']}, ratio of p95 {result['p95_ratio']}, "
          f"the neighbour got {result['neighbour']}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
