"""bm25s and tantivy beside the index of words that the product has, over the same terms.

    python -m benchmarks.lexical_peers --articles FILE.jsonl.gz [--made-up 100000] [--out result.json] [--folder FOLDER]

Run it in a throw-away environment with bm25s and tantivy (`pip install bm25s scipy tantivy`), with the project and its
packages on PYTHONPATH. Passages are those of the chunker, or made-up ones as in `lexical_speed`; their terms are made
once and given to each engine, k1 1.2 and b .75. Questions are titles of articles. Each engine builds in one process and
answers in another.

- `build_s`, `update_s`: processor time from terms to files. The update replaces the last 100 passages by others.
- `query_ms`: processor time for the 100 best, p50 and p95, with every passage allowed, 10 % of them and 1 %; making the
  terms of the question, `terms_ms`, is part of each. bm25s and ours take any mask; tantivy's filter is a field.
- `overlap@10`: mean share of the ten best that the engine has in common with exact BM25, computed apart.
- `same_bytes_again`, `same_bytes_updated`: whether building twice, or updating instead of building, writes the same
  files.
- `ask_mib`: the process's own memory after it opened the index and asked, less what it held before; mapped files do
  not count.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.lexical_engines import ENGINES, REPLACED, SHARES, Engine, Rows, terms_of
from benchmarks.lexical_speed import passages as made_up_passages
from benchmarks.peers.measure import memory_mb
from index.chunker import Chunking, cut_passages
from index.language.sentences import split_sentences
from index.search.bm25 import K1, B
from index.search.terms import Terms, passage_terms
from index.sources import read_paths

QUESTIONS = 200
CHARS_A_TOKEN = 4  # about what the default model's tokenizer makes of Arabic news


def prepare(articles: Path, folder: Path, made_up: int) -> None:
    """Write the passages' terms and the questions, once for all engines."""
    read = list(read_paths([articles]))
    if made_up:
        sentences = [article.text[sentence.start:sentence.end] for article in read
                     for sentence in split_sentences(article.text)]
        each = made_up_passages(sentences, made_up, random.Random(7))
    else:
        each = (passage_terms(article, passage) for article in read
                for passage in cut_passages(article, estimated_tokens, Chunking()))
    # All terms count for the length, so that the formula is the same in each engine.
    terms = [np.concatenate(one) for one in each]
    np.savez(folder / "terms.npz", terms=np.concatenate(terms), lengths=np.array([len(one) for one in terms]))
    questions = random.Random(7).sample([article.title for article in read], QUESTIONS)
    (folder / "questions.json").write_text(json.dumps(questions), encoding="utf-8")


def estimated_tokens(texts: Sequence[str]) -> list[int]:
    """Sizes that cut passages of about the usual length, without loading the model."""
    return [len(text) // CHARS_A_TOKEN + 1 for text in texts]


def read_passages(folder: Path, *, changed: bool) -> list[Terms]:
    """The terms of the passages; `changed` puts the first `REPLACED` in place of the last, reversed."""
    with np.load(folder / "terms.npz") as held:
        parts = np.split(held["terms"], np.cumsum(held["lengths"])[:-1])
    nothing = np.zeros(0, np.uint64)
    passages = [Terms(part, nothing) for part in parts]
    return [*passages[:-REPLACED], *passages[:REPLACED][::-1]] if changed else passages


def exact(folder: Path) -> Iterator[NDArray[np.float64]]:
    """Yield the BM25 of every passage for each question, straight from the formula, with nothing capped or left out."""
    passages = read_passages(folder, changed=False)
    lengths = np.array([len(terms.words) for terms in passages])
    row_of = np.repeat(np.arange(len(passages)), lengths)
    all_terms = np.concatenate([terms.words for terms in passages])
    order = np.argsort(all_terms, kind="stable")
    all_terms, row_of = all_terms[order], row_of[order]
    damping = K1 * (1 - B + B * lengths / lengths.mean())
    for question in json.loads((folder / "questions.json").read_text(encoding="utf-8")):
        scores = np.zeros(len(passages))
        for term, times in zip(*np.unique(terms_of(question), return_counts=True), strict=True):
            start, end = (np.searchsorted(all_terms, term, side=side) for side in ("left", "right"))
            rows, frequency = np.unique(row_of[start:end], return_counts=True)
            weight = np.log1p((len(passages) - len(rows) + 0.5) / (len(rows) + 0.5)) * times
            scores[rows] += weight * frequency * (K1 + 1) / (frequency + damping[rows])
        yield scores


def build(engine: Engine, folder: Path, name: str) -> dict[str, Any]:
    """Build twice, update once, and build what the update should have given."""
    passages, changed = read_passages(folder, changed=False), read_passages(folder, changed=True)
    places = {kind: folder / name / kind for kind in ("built", "again", "updated", "rebuilt")}
    for place in places.values():
        place.mkdir(parents=True)
    started = time.process_time()
    engine.build(passages, places["built"])
    built = time.process_time()
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    engine.build(passages, places["again"])
    before_update = time.process_time()
    engine.update(changed, places["built"], places["updated"])
    updated = time.process_time()
    engine.build(changed, places["rebuilt"])
    digests = {kind: digest(place) for kind, place in places.items()}
    return {"passages": len(passages), "build_s": round(built - started, 2),
            "update_s": round(updated - before_update, 2), "build_mib": round(peak_mib),
            "disk_mb": round(sum(path.stat().st_size for path in places["built"].rglob("*")) / 1e6, 1),
            "same_bytes_again": digests["built"] == digests["again"],
            "same_bytes_updated": digests["updated"] == digests["rebuilt"]}


def digest(folder: Path) -> str:
    """Of the names and bytes of all files of a folder."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def ask(engine: Engine, folder: Path, name: str) -> dict[str, Any]:
    """Time the questions and compare the answers with the exact ones."""
    questions = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    truth = np.load(folder / "exact.npy", mmap_mode="r")
    started = time.process_time()
    for question in questions:
        terms_of(question)
    result: dict[str, Any] = {"terms_ms": round((time.process_time() - started) * 1000 / len(questions), 2)}
    held_mb = memory_mb("RssAnon")
    started = time.process_time()
    search = engine.open(folder / name / "built", truth.shape[1])
    result["open_ms"] = round((time.process_time() - started) * 1000, 1)
    found = {}
    for share, group in SHARES.items():
        search(questions[0], group)
        times, found[share] = [], []
        for question in questions:
            started = time.process_time()
            found[share].append(search(question, group))
            times.append((time.process_time() - started) * 1000)
        cuts = statistics.quantiles(times, n=20)
        result[f"query_ms {share}"] = [round(statistics.median(times), 2), round(cuts[18], 2)]
    result["ask_mib"] = round(memory_mb("RssAnon") - held_mb)
    for share, group in SHARES.items():
        result[f"overlap@10 {share}"] = round(statistics.fmean(
            overlap(rows, scores, group) for rows, scores in zip(found[share], truth, strict=True)), 4)
    return result


def overlap(rows: Rows, scores: NDArray[np.float64], group: int) -> float:
    """The share of the ten rows that may be among the ten best; equal scores may stand in for each other."""
    allowed = np.where(np.arange(len(scores)) % group == 0, scores, 0.0)
    tenth = np.sort(allowed)[-10]
    return float((allowed[rows[:10]] >= tenth * (1 - 1e-6)).sum()) / 10


def main() -> int:
    """Prepare, then run each engine's two phases in processes of their own."""
    made = argparse.ArgumentParser(prog="benchmarks.lexical_peers", description="Compare lexical indexes.")
    made.add_argument("--articles", type=Path)
    made.add_argument("--made-up", type=int, default=0, help="make up so many passages out of the articles' sentences")
    made.add_argument("--folder", type=Path, help="where indexes are built (default: a temporary folder)")
    made.add_argument("--out", type=Path)
    made.add_argument("--engine", choices=sorted(ENGINES), help=argparse.SUPPRESS)
    made.add_argument("--phase", choices=("build", "ask"), help=argparse.SUPPRESS)
    options = made.parse_args()
    if options.engine:
        phase = {"build": build, "ask": ask}[options.phase]
        print(json.dumps(phase(ENGINES[options.engine](), options.folder, options.engine)))
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        prepare(options.articles, folder, options.made_up)
        np.save(folder / "exact.npy", np.array(list(exact(folder)), np.float64))
        results: dict[str, dict[str, Any]] = {}
        for name in ENGINES:
            results[name] = {}
            for phase in ("build", "ask"):
                run = subprocess.run([sys.executable, "-m", "benchmarks.lexical_peers", "--engine", name, "--phase",
                                      phase, "--folder", str(folder)], check=True, stdout=subprocess.PIPE)
                results[name] |= json.loads(run.stdout)
            print(name, json.dumps(results[name]), flush=True)
    if options.out:
        options.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
