"""Measure how the time, memory and disk of building and asking grow from 1,000 to 1,000,000 passages.

    python -m benchmarks.growth --out FILE.json [--sizes 1000 10000 100000 1000000] [--articles PATH] [--keep FOLDER]

An article is made of sentences drawn at random (seeded) from one article of `--articles` (default: the sample corpus),
under its title, so that words are as frequent as in news and a passage has one subject. A sentence's vector is that of
the original sentence, embedded by the model, with Gaussian noise that leaves a cosine of .9, because embedding a
million passages would only measure the model. Everything else is the program's own: `build`, its files,
`open_snapshot`, `Answerer`. Building and asking run in separate processes, one size after another.

Questions are those of the sample corpus. Each is asked once to measure memory; then, after `WARM_UP` others, again to
measure times.
- `build_seconds`; `peak_rss_mb` (VmHWM) includes mapped files, which the system may drop; `peak_anon_mb` is the peak of
  the process's own memory (RssAnon, sampled), and `anon_before_build_mb` the part taken by the model and the sentences;
- `disk_mb`; `open_seconds`: hashing and mapping every file;
- `p50_ms` and so on: whole answers, embedding included; `stages_ms`: the medians of their stages; `bare_ms`: embedding
  the question and an exact FAISS search for ten passages, measured in turn with the answers;
- `filtered_ms`: the same questions under a filter that a tenth of the articles pass;
- `serving_rss_mb`, `serving_anon_mb`: memory after every question was asked once and nothing else was done;
- `dense_recall@10`: recall of the dense search against comparing all vectors; `recall@10`: recall of the whole
  retrieval against the same retrieval with all vectors compared.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from benchmarks.cases import sample_set
from benchmarks.peers.measure import memory_mb, percentiles
from index.chunker import Chunking, cut_passages
from index.generation.snapshot import Snapshot, open_snapshot
from index.intake.build import build
from index.language.arabic import without_marks
from index.language.sentences import split_sentences
from index.model.load import load_embedder
from index.model.types import Embedder, ModelSettings, Vectors
from index.search.dense import FLAT_ROWS
from index.sources import read_paths
from index.types import Article
from qa.answerer import Answerer
from qa.question.parsed import parse_question
from qa.retrieve.retriever import retrieve
from qa.types.filters import Filters
from qa.types.question import Question

PROJECT = Path(__file__).resolve().parents[1]
SIZES = (1_000, 10_000, 100_000, 1_000_000)
NOISY_COSINE = 0.9
SENTENCES_OF_AN_ARTICLE = 12
FEWEST_SENTENCES = 4
WARM_UP = 20
EXACT_QUESTIONS = 50
SAMPLED_EVERY_S = 0.1
FIRST_DAY = date(2016, 1, 1)
DAYS = 3650


class NoisyEmbedder:
    """Reuse the vectors of sentences embedded before, with noise seeded by the text; embed questions with the model."""

    def __init__(self, embedder: Embedder, sentences: Sequence[str]) -> None:
        self._embedder = embedder
        as_embedded = list(map(without_marks, sentences))
        self._known = dict(zip(as_embedded, embedder.embed_passages(as_embedded), strict=True))

    @property
    def settings(self) -> ModelSettings:
        """Return the settings of the model itself."""
        return self._embedder.settings

    def count_tokens(self, texts: Sequence[str]) -> Sequence[int]:
        """Count tokens with the model's tokenizer."""
        return self._embedder.count_tokens(texts)

    def embed_query(self, text: str) -> Vectors:
        """Embed the question with the model."""
        return self._embedder.embed_query(text)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return noisy vectors, shape (texts, dimension). Each text's last line must be a sentence embedded before."""
        if not texts:
            return np.zeros((0, self.settings.dimension), np.float32)
        vectors = np.stack([self._known[text.rsplit("\n", 1)[-1]] for text in texts])
        noise = np.random.default_rng(crc32("\n".join(texts).encode())).standard_normal(vectors.shape, np.float32)
        noise -= np.einsum("ij,ij->i", noise, vectors)[:, None] * vectors
        noise /= np.linalg.norm(noise, axis=1, keepdims=True)
        noisy: Vectors = NOISY_COSINE * vectors + np.float32(np.sqrt(1 - NOISY_COSINE ** 2)) * noise
        return noisy


def sentences_of(article: Article) -> list[str]:
    """Return the article's one-line sentences, without headings."""
    found = [article.text[sentence.start:sentence.end] for sentence in split_sentences(article.text)
             if not sentence.is_heading]
    return [text for text in found if "\n" not in text and text.endswith((".", "؟", "!"))]


def made_articles(articles: Sequence[Article]) -> Iterator[Article]:
    """Yield made-up articles without end."""
    numbers = random.Random(0)
    number = 0
    while True:
        drawn_from = numbers.choice(articles)
        day = FIRST_DAY + timedelta(days=numbers.randrange(DAYS))
        text = " ".join(numbers.choices(sentences_of(drawn_from), k=SENTENCES_OF_AN_ARTICLE))
        yield Article(f"made-{number}", text, drawn_from.title, f"source {number % 10}", published=day.isoformat())
        number += 1


def first_passages(articles: Iterator[Article], count: int, embedder: Embedder) -> Iterator[Article]:
    """Yield articles until they have about `count` passages, estimated from the first hundred articles."""
    first = [next(articles) for _ in range(100)]
    passages = sum(len(cut_passages(article, embedder.count_tokens, Chunking())) for article in first)
    for number in range(max(1, round(count * len(first) / passages))):
        yield first[number] if number < len(first) else next(articles)


def built(size: int, paths: Sequence[Path], folder: Path) -> dict[str, Any]:
    """Build an index of about `size` passages and return the figures."""
    articles = [record for record in read_paths(paths) if isinstance(record, Article)]
    articles = [article for article in articles if len(sentences_of(article)) >= FEWEST_SENTENCES]
    embedder = NoisyEmbedder(load_embedder(), [text for article in articles for text in sentences_of(article)])
    samples = [memory_mb("RssAnon")]
    built_yet = threading.Event()

    def watch() -> None:
        while not built_yet.wait(SAMPLED_EVERY_S):
            samples.append(memory_mb("RssAnon"))

    watching = threading.Thread(target=watch)
    watching.start()
    started = time.perf_counter()
    try:
        report = build(first_passages(made_articles(articles), size, embedder), folder, embedder)
        seconds = time.perf_counter() - started
    finally:
        built_yet.set()
        watching.join()
    return {"passages": report.passages, "sentences": report.sentences, "articles": report.accepted,
            "build_seconds": seconds, "peak_rss_mb": memory_mb("VmHWM"), "anon_before_build_mb": samples[0],
            "peak_anon_mb": max(samples), "disk_mb": round(report.bytes / 2**20, 1)}


def asked(folder: Path) -> dict[str, Any]:
    """Open the index, ask the questions and return the figures."""
    embedder = load_embedder()
    started = time.perf_counter()
    snapshot = open_snapshot(folder)
    opened = time.perf_counter() - started
    answerer = Answerer(snapshot, embedder)
    texts = [question.text for question in sample_set()[0].questions]
    tenth = Filters(published_from=FIRST_DAY, published_to=FIRST_DAY + timedelta(days=DAYS // 10))
    everything = exactly(snapshot)
    bare, whole, filtered = [], [], []
    stages: dict[str, list[float]] = {}
    for text in texts:
        answerer.ask(Question.parse(text, top_k=3))
    memory = {"serving_rss_mb": memory_mb("VmRSS"), "serving_anon_mb": memory_mb("RssAnon")}
    for number, text in enumerate([*texts[-WARM_UP:], *texts]):
        times = [time.perf_counter()]
        snapshot.dense.search(embedder.embed_query(text), 10, everything)
        times.append(time.perf_counter())
        # A different `top_k` from the warm-up's, so that no answer comes from the cache.
        answer = answerer.ask(Question.parse(text, top_k=4 if number < WARM_UP else 5))
        times.append(time.perf_counter())
        answerer.ask(Question.parse(text, top_k=4 if number < WARM_UP else 5, filters=tenth))
        times.append(time.perf_counter())
        if number >= WARM_UP:
            for values, milliseconds in zip((bare, whole, filtered), np.diff(times) * 1000, strict=True):
                values.append(float(milliseconds))
            for stage, milliseconds in answer.timings_ms.items():
                stages.setdefault(stage, []).append(milliseconds)
    return {"open_seconds": opened, "questions": len(whole),
            **{f"{name}_ms": value for name, value in percentiles(whole).items()}, "bare_ms": percentiles(bare),
            "filtered_ms": percentiles(filtered),
            "stages_ms": {stage: round(float(np.median(values)), 3) for stage, values in stages.items()},
            **memory, **recalls(snapshot, embedder, texts[:EXACT_QUESTIONS]), "raw_ms": whole}


def recalls(snapshot: Snapshot, embedder: Embedder, texts: Sequence[str]) -> dict[str, float]:
    """Measure the recall lost by not comparing all vectors."""
    everything = exactly(snapshot)
    dense, whole = [], []
    for text in texts:
        vector = embedder.embed_query(text)
        dense.append(shared(*(snapshot.dense.search(vector, 10, mask)[0] for mask in (everything, None))))
        question = parse_question(text)
        whole.append(shared(*(np.array([candidate.row for candidate in retrieve(snapshot, question, vector, mask, 10)])
                              for mask in (everything, None))))
    return {"dense_recall@10": float(np.mean(dense)), "recall@10": float(np.mean(whole))}


def exactly(snapshot: Snapshot) -> NDArray[np.bool_] | None:
    """Return a filter that makes the index compare all vectors; None for a flat index, which always does."""
    return np.ones(snapshot.passage_count, bool) if snapshot.passage_count > FLAT_ROWS else None


def shared(wanted: NDArray[np.int64], found: NDArray[np.int64]) -> float:
    """Return the share of the wanted rows that were found."""
    return len(np.intersect1d(wanted, found)) / len(wanted) if len(wanted) else 1.0


def main() -> int:
    """Build and ask at each size, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--articles", type=Path, nargs="+", default=[PROJECT / "articles"])
    parser.add_argument("--keep", type=Path, help="keep the indexes in this folder (default: a temporary one)")
    parser.add_argument("--step", choices=("build", "ask"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        [size] = options.sizes
        result = built(size, options.articles, options.keep) if options.step == "build" else asked(options.keep)
        options.out.write_text(json.dumps(result), encoding="utf-8")
        return 0
    results = []
    with tempfile.TemporaryDirectory(prefix="musnad-growth-") as scratch:
        for size in options.sizes:
            folder = (options.keep or Path(scratch)) / str(size)
            measured: dict[str, Any] = {}
            for step in ("build", "ask"):
                out = Path(scratch) / f"{step}.json"
                subprocess.run([sys.executable, "-m", "benchmarks.growth", "--step", step, "--sizes", str(size),
                                "--keep", folder, "--articles", *options.articles, "--out", out],
                               cwd=PROJECT, check=True)
                measured |= json.loads(out.read_text(encoding="utf-8"))
            results.append(measured)
            options.out.write_text(json.dumps(results, indent=1), encoding="utf-8")
            print({name: value for name, value in measured.items() if name != "raw_ms"}, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
