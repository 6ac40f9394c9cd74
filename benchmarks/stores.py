"""Compare the stores of generations: the same index asked from its files and from Milvus.

    python -m benchmarks.stores --index-dir var/index [--squad FILE.json] [--questions 200] [--store milvus://…]

Questions are those of `articles/questions.jsonl`, those of a file in SQuAD format whose contexts the index holds, or
with `--titles` the titles of the index's articles. Without `--store`, a milvus-lite server is started on 127.0.0.1 for
the time of the comparison. Each question is embedded once; times are wall-clock times of one client that asks one
question after another, the first time each is asked. `retrieve` is what finds the passages, `answer` a whole answer
without a reader. Milvus's bytes are those of its folder once everything is flushed, with its indexes.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from index.generation.snapshot import FolderSnapshot, Snapshot, open_snapshot
from index.generation.space import folder_bytes
from index.milvus.mirror import publish
from index.milvus.source import MilvusSource
from index.model.load import load_embedder
from index.model.types import Embedder
from qa.answerer import Answerer
from qa.evaluation.question_sets import read_squad
from qa.question.parsed import parse_question
from qa.retrieve.retriever import Candidate, embed_question, retrieve
from qa.types.question import Question
from tests.milvus import MilvusServer

ARTICLES = Path(__file__).resolve().parents[1] / "articles"
TOP = 10
SCORES = ("score", "dense", "lexical", "coverage")


def compare(folder: FolderSnapshot, milvus: Snapshot, embedder: Embedder, questions: Sequence[str]) -> dict[str, Any]:
    """Ask both stores each question; return how alike they are, and their times in milliseconds."""
    found: dict[str, list[list[Candidate]]] = {}
    answers: dict[str, list[str]] = {}
    times: dict[str, dict[str, list[float]]] = {}
    for name, snapshot in (("folder", folder), ("milvus", milvus)):
        answerer = Answerer(snapshot, embedder)
        answerer.ask(Question(questions[0]))  # what is read on first use
        found[name], answers[name], times[name] = [], [], {"retrieve": [], "answer": []}
        for text in questions:
            parsed = parse_question(text)
            vector = embed_question(embedder, parsed)
            started = time.perf_counter()
            found[name].append(retrieve(snapshot, parsed, vector, None, TOP))
            times[name]["retrieve"].append(1000 * (time.perf_counter() - started))
            started = time.perf_counter()
            answer = answerer.ask(Question(text))
            times[name]["answer"].append(1000 * (time.perf_counter() - started))
            answers[name].append(_comparable(answer.as_json()))
    pairs = list(zip(found["folder"], found["milvus"], strict=True))
    differences = [abs(getattr(one, score) - getattr(other, score)) for ours, theirs in pairs
                   for one, other in zip(ours, theirs, strict=False) for score in SCORES]
    return {
        "questions": len(questions),
        "same_top_ten": sum([one.row for one in ours] == [other.row for other in theirs] for ours, theirs in pairs),
        "largest_difference_of_scores": float(max(differences, default=0.0)),
        "same_answer": sum(one == other for one, other in zip(answers["folder"], answers["milvus"], strict=True)),
        **{f"{what}_ms_p{share}": {name: round(float(np.percentile(times[name][what], share)), 1) for name in times}
           for what in ("retrieve", "answer") for share in (50, 95)}}


def _comparable(answer: Any) -> str:
    """Return the answer with numbers rounded to 1e-4 and without its times."""
    answer.pop("timings_ms")
    return json.dumps(json.loads(json.dumps(answer), parse_float=lambda text: round(float(text), 4)), sort_keys=True)


def measure(index_dir: Path, questions: Sequence[str], store: str, data: Path | None) -> dict[str, Any]:
    """Publish the index to the store, compare, and return the figures. `data` is the server's folder, if it is here."""
    folder = open_snapshot(index_dir, any_analyzer=True)
    source = MilvusSource.of(store)
    started = time.perf_counter()
    publish(source.connection, folder)
    published_s = time.perf_counter() - started
    started = time.perf_counter()
    milvus = source.open()
    opened_s = time.perf_counter() - started
    embedder = load_embedder(folder.model.name, runtime=folder.model.runtime)
    passages = folder.passage_count
    on_disk = folder_bytes(index_dir / "generations" / folder.generation)
    grams = folder.lexical.grams
    held = folder.tables.passages.nbytes + 12 * len(folder.articles) + 20 * len(grams.vocabulary)
    return {"articles": len(folder.articles), "passages": passages,
            "postings_a_passage": round(len(folder.lexical.postings.rows) / passages, 1),
            "published_s": round(published_s, 1), "passages_a_second": round(passages / published_s, 1),
            "opened_s": round(opened_s, 2), "bytes_a_passage_in_files": round(on_disk / passages),
            "bytes_a_passage_in_milvus": None if data is None else round(_bytes_below(data) / passages),
            "bytes_a_passage_that_a_server_holds": round(held / passages),
            **compare(folder, milvus, embedder, questions)}


def _bytes_below(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def questions_of(arguments: argparse.Namespace) -> list[str]:
    """Return the questions to ask, in an order that a seed gives."""
    if arguments.squad:
        asked = [question.text for question in read_squad(arguments.squad).questions]
    elif arguments.titles:
        asked = sorted({article.title for article in open_snapshot(arguments.index_dir).articles} - {""})
    else:
        lines = (ARTICLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
        asked = [json.loads(line)["question"] for line in lines]
    asked = sorted(set(asked))
    random.Random(0).shuffle(asked)
    return asked[:arguments.questions]


def main() -> int:
    """Print one JSON object, or write it to a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index-dir", type=Path, default=Path("var/index"))
    parser.add_argument("--squad", type=Path)
    parser.add_argument("--titles", action="store_true")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--store")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    questions = questions_of(arguments)
    if arguments.store:
        measured = measure(arguments.index_dir, questions, arguments.store, None)
    else:
        with TemporaryDirectory(prefix="musnad-") as folder, MilvusServer(Path(folder) / "data") as server:
            measured = measure(arguments.index_dir, questions, server.store(), Path(folder) / "data")
    result = json.dumps(measured, indent=1)
    if arguments.out:
        arguments.out.write_text(result + "\n", encoding="utf-8")
    else:
        sys.stdout.write(result + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
