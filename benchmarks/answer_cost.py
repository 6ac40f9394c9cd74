"""Measure what an answer costs, as a multiple of embedding its question in the same run.

    python -m benchmarks.answer_cost --index-dir DIR [--questions FILE.jsonl] [--asked 60] --out result.json

For each question in turn: embedding it, its whole answer in this process (reading alone, too), the same answer once
more, which is then remembered, and another answer from a server process over HTTP. So whatever else the machine does
slows all of them alike. Times are medians in milliseconds; `cpu` are of a processor, in all threads. Then closed loops
over 2, 4 and 8 connections find how many answers a second the server gives, and its memory is read: resident, and
without pages of files (`anonymous`), which the system may drop.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.load import find_capacity
from benchmarks.load_records import OK
from benchmarks.load_requests import read_questions
from benchmarks.startup import SAMPLE_QUESTIONS, ask, memory_mb, server_process
from index.generation.snapshot import open_snapshot
from index.model.load import load_embedder
from index.model.load_reader import load_reader
from qa.answerer import Answerer
from qa.question.parsed import parse_question
from qa.retrieve.retriever import embed_question
from qa.types.question import Question

WARM_UP = 3


def measure(index_dir: Path, questions: Sequence[str]) -> dict[str, Any]:
    """Measure all of it; return medians, their ratios to an embedding, throughput and memory."""
    snapshot = open_snapshot(index_dir)
    embedder = load_embedder(snapshot.model.name, runtime=snapshot.model.runtime)
    answerer = Answerer(snapshot, embedder, load_reader())
    for question in questions[:WARM_UP]:
        answerer.ask(Question(f"{question} ..."))
    costs: list[dict[str, float]] = []
    with server_process(index_dir) as server:
        for number, text in enumerate(questions):
            parsed, question = parse_question(text), Question(text)
            embedded, began = _timed(lambda parsed=parsed: embed_question(embedder, parsed)), time.process_time()
            answer, cpu = answerer.ask(question), time.process_time() - began
            remembered = _timed(lambda question=question: answerer.ask(question))
            started = time.perf_counter()
            status = ask(server.url, f"{text} [{number}]")
            if status != OK:
                raise RuntimeError(f"question {number} was answered with {status}")
            costs.append({"http": (time.perf_counter() - started) * 1000, "embed": embedded[0],
                          "embed_cpu": embedded[1], "read": answer.timings_ms["read"],
                          "answer": answer.timings_ms["total"], "answer_cpu": cpu * 1000, "remembered": remembered[0]})
        capacity = find_capacity(server.url, questions, connections=(2, 4, 8))
        memory = memory_mb(server.pid)
    medians = {name: round(median(cost[name] for cost in costs), 3) for name in costs[0]}
    return {
        "asked": len(questions), "load_average": round(os.getloadavg()[0], 1), "median_ms": medians,
        "times_embedding": {name: round(median(cost[name] / cost["embed"] for cost in costs), 1)
                            for name in ("read", "answer", "http")},
        "times_embedding_cpu": round(median(cost["answer_cpu"] / cost["embed_cpu"] for cost in costs), 1),
        "answers_per_s": capacity["capacity_per_s"],
        "memory_mib": {"resident": memory["VmRSS"], "anonymous": memory["RssAnon"]}, "raw": costs,
    }


def _timed(act: Any) -> tuple[float, float]:
    """Return the milliseconds that a call takes, by the clock and of a processor."""
    started, began = time.perf_counter(), time.process_time()
    act()
    return (time.perf_counter() - started) * 1000, (time.process_time() - began) * 1000


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, write the result as JSON and print it without the raw values."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.answer_cost",
                                     description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--index-dir", type=Path, required=True, metavar="DIR")
    parser.add_argument("--questions", type=Path, default=SAMPLE_QUESTIONS, metavar="FILE.jsonl",
                        help="default: those of the sample articles")
    parser.add_argument("--asked", type=int, default=60, help="so many of the questions (default 60)")
    parser.add_argument("--out", type=Path, required=True, metavar="result.json")
    arguments = parser.parse_args(argv)
    try:
        questions = read_questions(arguments.questions)[:max(1, arguments.asked)]
        result = measure(arguments.index_dir.resolve(), questions)
    except (RuntimeError, ValueError, OSError) as error:
        print(f"answer_cost: {error}", file=sys.stderr)
        return 1
    arguments.out.write_text(json.dumps(result, indent=1), encoding="utf-8")
    print(json.dumps({name: value for name, value in result.items() if name != "raw"}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
