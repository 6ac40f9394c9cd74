"""Evaluate both stores of generations: every figure of `musnad eval`, from files and from Milvus.

    python -m benchmarks.store_evaluation [--index-dir var/index] [--squad FILE.json] [--sample N] [--store milvus://…]

The index must hold `articles/`. Its questions and follow-ups are asked of it, with the reader, once from its files and
once from Milvus; so are those of a file in SQuAD format, of an index of its contexts, each also with its own context
removed. Without `--store`, a milvus-lite server is started on 127.0.0.1 for the time of the evaluation. Prints one JSON
object; exits with 1 if a figure differs by more than `--tolerance`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from index.generation.snapshot import FolderSnapshot, Snapshot, open_snapshot
from index.intake.build import build
from index.milvus.mirror import publish
from index.milvus.source import MilvusSource
from index.model.load import load_embedder
from index.model.load_reader import load_reader
from index.model.reading import READER_NAME
from qa.answerer import Answerer
from qa.evaluation.evaluate import evaluate_squad
from qa.evaluation.question_sets import read_sentence_questions, read_squad, sample_of
from qa.evaluation.quiz import evaluate_questions
from tests.milvus import MilvusServer

ARTICLES = Path(__file__).resolve().parents[1] / "articles"
SETS = ("questions", "follow_ups")
# A figure of the run, not of the answers.
NOT_COMPARED = "seconds"
Evaluate = Callable[[Snapshot], dict[str, Any]]


def figures_of(measures: dict[str, Any], before: str = "") -> dict[str, float]:
    """Return all numbers among the measures by name, those of groups as "group.name"."""
    figures: dict[str, float] = {}
    for name, value in measures.items():
        if isinstance(value, dict):
            figures |= figures_of(value, f"{before}{name}.")
        elif isinstance(value, int | float) and name != NOT_COMPARED:
            figures[before + name] = float(value)
    return figures


def compare(folder: FolderSnapshot, milvus: Snapshot, evaluate: Evaluate) -> dict[str, Any]:
    """Evaluate both; return both measures, and by how much each figure that differs does."""
    of_files, of_milvus = evaluate(folder), evaluate(milvus)
    ours, theirs = figures_of(of_files), figures_of(of_milvus)
    if ours.keys() != theirs.keys() or not ours:
        raise SystemExit(f"figures of one store alone: {sorted(ours.keys() ^ theirs.keys())}")
    differences = {name: round(theirs[name] - ours[name], 4) for name in ours if theirs[name] != ours[name]}
    return {"figures": len(ours), "differ": differences,
            "largest_difference": max((abs(each) for each in differences.values()), default=0.0),
            "files": _shown(of_files), "milvus": _shown(of_milvus)}


def _shown(measures: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in measures.items() if not isinstance(value, dict) and value is not None}


def evaluate_all(arguments: argparse.Namespace, store: Callable[[str], str]) -> dict[str, Any]:
    """Evaluate each set; `store` gives the address of an index by its name."""
    folder = open_snapshot(arguments.index_dir)
    embedder = load_embedder(folder.model.name, runtime=folder.model.runtime)
    reader = load_reader(READER_NAME)
    compared = {}
    with _published(folder, store("sample")) as milvus:
        for name in SETS:
            path = ARTICLES / f"{name}.jsonl"
            questions = sample_of(read_sentence_questions(path), arguments.sample, 0)
            compared[name] = compare(folder, milvus, lambda snapshot, asked=questions, path=path: evaluate_questions(
                asked, Answerer(snapshot, embedder, reader), path))
    if arguments.squad:
        gold = read_squad(arguments.squad)
        gold = replace(gold, questions=sample_of(gold.questions, arguments.sample, 0))
        with TemporaryDirectory(prefix="musnad-") as temporary:
            build(gold.articles, Path(temporary), embedder)
            contexts = open_snapshot(Path(temporary))
            with _published(contexts, store("squad")) as milvus:
                compared["squad"] = compare(contexts, milvus, lambda snapshot: evaluate_squad(
                    gold, embedder, reader, snapshot=snapshot))
    return compared


@contextmanager
def _published(folder: FolderSnapshot, store: str) -> Iterator[Snapshot]:
    source = MilvusSource.of(store)
    publish(source.connection, folder)
    yield source.open()
    source.connection.close()


def main() -> int:
    """Print or write the figures; return 1 if one differs by more than the tolerance."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index-dir", type=Path, default=Path("var/index"))
    parser.add_argument("--squad", type=Path)
    parser.add_argument("--sample", type=int, help="ask only so many questions of each set, drawn at random")
    parser.add_argument("--tolerance", type=float, default=0.002)
    parser.add_argument("--store", help="an address without a name: milvus://HOST:PORT")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    if arguments.store:
        compared = evaluate_all(arguments, lambda name: f"{arguments.store}/{name}")
    else:
        with TemporaryDirectory(prefix="musnad-") as data, MilvusServer(Path(data) / "data") as server:
            compared = evaluate_all(arguments, server.store)
    result = json.dumps(compared, indent=1)
    if arguments.out:
        arguments.out.write_text(result + "\n", encoding="utf-8")
    sys.stdout.write(result + "\n")
    return int(max(one["largest_difference"] for one in compared.values()) > arguments.tolerance)


if __name__ == "__main__":
    sys.exit(main())
