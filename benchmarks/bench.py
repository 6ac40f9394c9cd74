"""Compare Musnad with other libraries on the same questions and model weights, in one run.

    make bench [SQUAD=FILE.json] [PEERS="langchain haystack …"]
    python -m benchmarks.bench --out FOLDER [--squad FILE.json | --articles FILE] [--peers langchain haystack …]

Without a file it uses the sample corpus and its answerable questions. Each system runs in a process of its own, one
after another. The folder gets `musnad.json` and one file for each peer and mode, and a table is printed.

- Peers get the passages that Musnad cuts, with the title in front. `tokens` counts the tokens of these passages.
- Musnad's ingest is that of `build_index.py`: from articles to a published, synced generation with sentence vectors.
  Loading the model is not counted, for Musnad and peers alike. `embedded_tokens` counts all tokens that Musnad embeds.
- `embedder_share`: the time that the compiled embedder alone takes for the same texts, as a share of the ingest.
- `bare_ms`: embedding the question and searching a flat FAISS index of the passages, and nothing else.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.cases import sample_set
from benchmarks.peers.measure import memory_mb, percentiles
from benchmarks.peers.registry import MODES
from index.chunker import Chunking, cut_passages, embedded_places, passage_text, sentence_text
from index.generation.snapshot import open_snapshot
from index.intake.build import build
from index.model.default import DEFAULT_MODEL, models_dir
from index.model.load import load_embedder
from index.model.types import Embedder
from index.search.dense import DenseIndex
from index.sources import read_paths
from index.types import Article, Passage
from qa.answerer import Answerer
from qa.evaluation.question_sets import GoldQuestion, QuestionSet, read_squad
from qa.types.question import Question

PROJECT = Path(__file__).resolve().parents[1]
WARM_UP = 20
TIMED_QUESTIONS = 300
RANKED = 10


def main() -> int:
    """Run Musnad and the peers, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="folder for the raw results")
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument("--squad", type=Path, help="questions in SQuAD format; default: the sample corpus")
    asked.add_argument("--articles", type=Path, help="articles as build_index.py reads them, asked by their titles")
    parser.add_argument("--peers", nargs="*", default=[], choices=sorted(MODES), help="peers that are set up")
    parser.add_argument("--only-musnad", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    questions = questions_of(options)
    if options.only_musnad:
        write(options.out / "musnad.json", measure(questions))
        return 0
    write_data(questions, options.out)
    data = [f"--{name}={path}" for name, path in (("squad", options.squad), ("articles", options.articles)) if path]
    subprocess.run([sys.executable, "-m", "benchmarks.bench", f"--out={options.out}", "--only-musnad", *data],
                   cwd=PROJECT, check=True)
    for peer in options.peers:
        for mode in MODES[peer]:
            subprocess.run([PROJECT / ".venv-bench" / peer / "bin" / "python", "-m", "benchmarks.peers.drive", peer,
                            "--model", models_dir() / DEFAULT_MODEL, "--passages", options.out / "passages.jsonl",
                            "--questions", options.out / "questions.jsonl", "--mode", mode, "--with-title", "--out",
                            options.out / f"{peer}-{mode}.json"], cwd=PROJECT, check=True)
    print(table(options.out))
    return 0


def questions_of(options: argparse.Namespace) -> QuestionSet:
    """Read the questions that the command line names; with `--articles`, each title is a question for its article."""
    if options.squad:
        return read_squad(options.squad)
    if not options.articles:
        return sample_set()[0]
    articles = tuple(record for record in read_paths([options.articles]) if isinstance(record, Article))
    return QuestionSet(articles, tuple(GoldQuestion(article.title, row, ()) for row, article in enumerate(articles)))


def write_data(questions: QuestionSet, folder: Path) -> None:
    """Write the input of the peers: passages as Musnad cuts them, and questions with the ids of the right passages."""
    count_tokens = load_embedder().count_tokens
    of_article: dict[int, list[str]] = {}
    with (folder / "passages.jsonl").open("w", encoding="utf-8") as stream:
        for row, article in enumerate(questions.articles):
            for number, passage in enumerate(cut_passages(article, count_tokens, Chunking())):
                identity = f"{row}-{number}"
                of_article.setdefault(row, []).append(identity)
                json.dump({"id": identity, "title": article.title, "text": article.text[passage.start:passage.end]},
                          stream, ensure_ascii=False)
                stream.write("\n")
    with (folder / "questions.jsonl").open("w", encoding="utf-8") as stream:
        for asked in questions.questions:
            json.dump({"question": asked.text, "context_ids": of_article[asked.context]}, stream, ensure_ascii=False)
            stream.write("\n")


def measure(questions: QuestionSet) -> dict[str, Any]:
    """Measure Musnad; the figures have the same names as those of the peers."""
    embedder = load_embedder()
    embedder.embed_passages(["."] * 4)  # warm-up: starts the embedder's threads
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        build(questions.articles, Path(folder), embedder)
        ingest_seconds = time.perf_counter() - started
        snapshot = open_snapshot(Path(folder))
        passages = [passage for article in questions.articles
                    for passage in cut_passages(article, embedder.count_tokens, Chunking())]
        bare_seconds, tokens, embedded = bare_ingest(questions.articles, passages, embedder)
        answerer = Answerer(snapshot, embedder)
        vectors = np.array([snapshot.dense.vector(row) for row in range(snapshot.passage_count)])
        texts = [asked.text for asked in questions.questions]
        bare, asked = latencies(texts, answerer, embedder, DenseIndex.build(vectors))
        ranks = [rank(answerer, asked.text, str(questions.articles[asked.context].id)) for asked in questions.questions]
    return {"peer": "musnad", "mode": "hybrid", "passages": len(passages), "sentences": snapshot.sentence_count,
            "tokens": tokens, "embedded_tokens": embedded, "ingest_seconds": ingest_seconds,
            "tokens_per_second": tokens / ingest_seconds, "embedder_share": bare_seconds / ingest_seconds,
            "query_ms": asked, **percentiles(asked), "bare_ms": percentiles(bare),
            **{f"recall@{k}": sum(0 <= found < k for found in ranks) / len(ranks) for k in (1, 5, 10)},
            "rss_mb": memory_mb("VmRSS"), "rss_anon_mb": memory_mb("RssAnon"), "peak_rss_mb": memory_mb("VmHWM")}


def bare_ingest(articles: tuple[Article, ...], passages: list[Passage], embedder: Embedder) -> tuple[float, int, int]:
    """Return the seconds of embedding alone, the tokens of the passages, and the tokens of all embedded texts."""
    by_id = {article.id: article for article in articles}
    texts = [passage_text(by_id[passage.article_id], passage) for passage in passages]
    sentences = [sentence_text(by_id[passage.article_id], passage.sentences[place]) for passage in passages
                 for place in embedded_places(passage)]
    started = time.perf_counter()
    embedder.embed_passages(sentences)
    seconds = time.perf_counter() - started
    return seconds, sum(embedder.count_tokens(texts)), sum(embedder.count_tokens(sentences))


def latencies(texts: list[str], answerer: Answerer, embedder: Embedder,
              flat: DenseIndex) -> tuple[list[float], list[float]]:
    """Return milliseconds of embedding plus flat search, and of whole answers, measured in turn for each question."""
    bare, asked = [], []
    for number, text in enumerate([*texts[-WARM_UP:], *texts[:TIMED_QUESTIONS]]):
        started = time.perf_counter()
        flat.search(embedder.embed_query(text), RANKED, None)
        between = time.perf_counter()
        answerer.ask(Question.parse(text, top_k=RANKED - number // WARM_UP % 2))  # not a cached answer
        ended = time.perf_counter()
        bare.append((between - started) * 1000)
        asked.append((ended - between) * 1000)
    return bare[WARM_UP:], asked[WARM_UP:]


def rank(answerer: Answerer, text: str, article_id: str) -> int:
    """Return the rank, from 0, of the right article's first passage; -1 when none is among the first ten."""
    hits = answerer.search(Question.parse(text, top_k=RANKED)).hits
    return next((place for place, hit in enumerate(hits) if hit.article.id == article_id), -1)


def write(path: Path, result: dict[str, Any]) -> None:
    """Write a raw result to the file as JSON."""
    path.write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")


def table(folder: Path) -> str:
    """Format the results as the table of docs/benchmarks.md, one line per system."""
    results = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    lines = ["| system | tokens/s | p50 ms | p95 ms | recall@1 | recall@10 | memory MiB |", f"|{'---|' * 7}"]
    lines += [f"| {each['peer']} {each['mode']} | {each['tokens_per_second']:.0f} | {each['p50']:.1f} | "
              f"{each['p95']:.1f} | {each['recall@1']:.3f} | {each['recall@10']:.3f} | {each['rss_mb']:.0f} |"
              for each in sorted(results, key=lambda each: -each["tokens_per_second"])]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
