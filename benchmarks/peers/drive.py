"""Runs one peer over passages and questions and writes what it measured as JSON.

    python -m benchmarks.peers.drive PEER --model FOLDER --passages FILE --questions FILE --mode dense|hybrid --out FILE

Run it with the python of the peer's own environment (see `setup`), in the folder above `benchmarks`. Nothing of Musnad
is imported. Numbers of threads are left alone (no OMP_NUM_THREADS, OPENBLAS_NUM_THREADS and the like), as a user would
leave them.

- `load_seconds`: importing the peer and loading the model.
- `ingest_seconds`: from texts in memory to a searchable index; Chroma writes to disk within it, the others after it
  (`save_seconds`). `tokens` are those of the texts, without prompts and special tokens.
- `recall@k`: over all questions, or the first `--recall-questions`.
- `query_ms`: a second pass over the first `--timed-questions` (300), after `--warm-up` (20) untimed ones; embedding
  the question is part of each.
- `cold_first_answer_seconds`: from starting a new python process to its first answer from the saved index, with the
  files still in the page cache.
- `rss_mb` and `peak_rss_mb`: of this process after the queries, before the tokens are counted. The weights are mapped
  from their file, and how many of its pages count as resident (`rss_file_mb`) has been seen to differ by 240 MiB
  between runs of the same thing; `rss_anon_mb`, the process's own memory, leaves them out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers.measure import count_tokens, folder_mb, memory_mb, percentiles, recall_at, versions_of
from benchmarks.peers.registry import CLASSES, MODES, peer_class
from benchmarks.peers.types import Passage, Peer, Question, Setup, read_passages, read_prompts, read_questions

COLD_MARK = "cold-answer "
RECALL_AT = (1, 5, 10)


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0, or 2 where the peer has no such mode."""
    options = parser().parse_args(arguments)
    if options.mode not in MODES[options.peer]:
        print(f"{options.peer} has no mode {options.mode}", file=sys.stderr)
        return 2
    if options.cold_from:
        answer_cold(options)
        return 0
    if not (options.passages and options.out):
        parser().error("--passages and --out are needed")
    if options.save_to:
        options.save_to.mkdir(parents=True, exist_ok=True)
        if any(options.save_to.iterdir()):
            print(f"{options.save_to} is not empty; name another folder", file=sys.stderr)
            return 2
        result = run(options, options.save_to)
    else:
        with tempfile.TemporaryDirectory(prefix=f"{options.peer}-", ignore_cleanup_errors=True) as folder:
            result = run(options, Path(folder))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="benchmarks.peers.drive", description="Run one peer and measure it.")
    made.add_argument("peer", choices=sorted(CLASSES))
    made.add_argument("--model", type=Path, required=True, help="a sentence-transformers folder")
    made.add_argument("--passages", type=Path, help="needed unless --cold-from")
    made.add_argument("--questions", type=Path, required=True)
    made.add_argument("--mode", choices=("dense", "hybrid"), default="dense")
    made.add_argument("--top-k", type=int, default=10)
    made.add_argument("--with-title", action="store_true", help="the title in front of the text")
    made.add_argument("--out", type=Path, help="needed unless --cold-from")
    made.add_argument("--save-to", type=Path, help="keep the saved index here (default: a temporary folder)")
    made.add_argument("--cold-from", type=Path, help="only answer the first question from this saved index")
    made.add_argument("--recall-questions", type=int, help="measure recall on the first N questions (default: all)")
    made.add_argument("--timed-questions", type=int, default=300)
    made.add_argument("--warm-up", type=int, default=20)
    return made


def run(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Load, ingest, ask twice, save, and answer once in a new process."""
    passages = read_passages(options.passages, with_title=options.with_title)
    questions = read_questions(options.questions)
    started = time.perf_counter()
    peer = loaded_peer(options, folder)
    load_seconds = time.perf_counter() - started
    ingest_seconds = seconds_of_ingest(peer, passages)
    asked = questions[:options.recall_questions]
    found = [peer.search(question.text) for question in asked]
    query_ms = timed_queries(peer, questions, options.warm_up, options.timed_questions)
    memory = {"peak_rss_mb": memory_mb("VmHWM"), "rss_mb": memory_mb("VmRSS"),
              "rss_anon_mb": memory_mb("RssAnon"), "rss_file_mb": memory_mb("RssFile")}
    started = time.perf_counter()
    peer.save()
    save_seconds = time.perf_counter() - started
    cold = cold_first_answer_seconds(options, folder)
    tokens = count_tokens(options.model, passages)
    return {
        "peer": options.peer, "versions": versions_of(peer.packages), "mode": options.mode, "top_k": options.top_k,
        "with_title": options.with_title, "passages": len(passages), "questions": len(asked), "tokens": tokens,
        "load_seconds": round(load_seconds, 3), "ingest_seconds": round(ingest_seconds, 3),
        "tokens_per_second": round(tokens / ingest_seconds, 1), "save_seconds": round(save_seconds, 3),
        "saved_mb": folder_mb(folder), "cold_first_answer_seconds": round(cold, 3),
        **percentiles(query_ms),
        **{f"recall@{k}": round(recall_at(found, asked, k), 4) for k in RECALL_AT if k <= options.top_k},
        **memory, "query_ms": [round(value, 3) for value in query_ms],
    }


def loaded_peer(options: argparse.Namespace, folder: Path) -> Peer:
    """The peer with its model in memory, and `folder` as the place of its saved index."""
    prompts = read_prompts(options.model)
    return peer_class(options.peer)(Setup(options.model, prompts, options.mode, options.top_k, folder))


def seconds_of_ingest(peer: Peer, passages: Sequence[Passage]) -> float:
    """Time until the passages can be searched."""
    started = time.perf_counter()
    peer.ingest(passages)
    return time.perf_counter() - started


def timed_queries(peer: Peer, questions: Sequence[Question], warm_up: int, timed: int) -> list[float]:
    """Milliseconds of each of the first `timed` questions, one after the other."""
    for question in questions[:warm_up]:
        peer.search(question.text)
    latencies = []
    for question in questions[:timed]:
        started = time.perf_counter()
        peer.search(question.text)
        latencies.append((time.perf_counter() - started) * 1000)
    return latencies


def cold_first_answer_seconds(options: argparse.Namespace, folder: Path) -> float:
    """Time from starting a new process until it has answered; the interpreter's own start is in it, its end is not."""
    command = [sys.executable, "-m", "benchmarks.peers.drive", options.peer, "--model", str(options.model),
               "--questions", str(options.questions), "--mode", options.mode, "--top-k", str(options.top_k),
               "--cold-from", str(folder)]
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(COLD_MARK):
                seconds = time.perf_counter() - started
                process.stdout.read()
                return seconds
    raise RuntimeError(f"the second process of {options.peer} ended with {process.returncode} and no answer")


def answer_cold(options: argparse.Namespace) -> None:
    """What the second process does: load, answer the first question, print the ids."""
    question = read_questions(options.questions)[0]
    peer = loaded_peer(options, options.cold_from)
    peer.load()
    print(COLD_MARK + json.dumps(peer.search(question.text)), flush=True)


if __name__ == "__main__":
    sys.exit(main())
