"""Time questions in the lexical index: `LexicalIndex.search` against adding up every posting.

    python -m benchmarks.lexical_speed [--passages 300000] [--articles FILE.jsonl.gz] [--out result.json]

A passage is 3 to 7 sentences drawn at random (seeded) from the articles, so that words are as frequent as in news while
no two passages are alike. Questions are the Arabic ones of `articles/questions.jsonl`, or with `--articles` the
articles' titles. Times are processor times of this thread, so that other work on the machine has little influence.
`agree@10` is the mean share of the ten best passages that both methods have in common, and `agree@200` the share of all
that are retrieved. Where the scores of two passages differ only by rounding, either may come last.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.language.scripts import has_arabic
from index.language.sentences import split_sentences
from index.search.bm25 import K1, B
from index.search.lexical import LexicalIndex
from index.search.terms import Terms, passage_terms, question_terms
from index.sources import read_paths
from index.types import Article, Passage
from qa.retrieve.retriever import CANDIDATES

ARTICLES = Path(__file__).resolve().parents[1] / "articles"
QUESTIONS = 100

Search = Callable[[str], NDArray[np.int64]]


def passages(sentences: Sequence[str], count: int, numbers: random.Random) -> Iterator[Terms]:
    """Yield the terms of passages of 3 to 7 random sentences."""
    for _ in range(count):
        text = " ".join(numbers.sample(sentences, numbers.randint(3, 7)))
        yield passage_terms(Article("", text), Passage("", 0, len(text), ()))


def walk_everything(index: LexicalIndex, question: str) -> NDArray[np.int64]:
    """Find the best rows by the earlier method: add up every posting of every gram, in arrays as long as the index."""
    wanted, times = np.unique(np.concatenate(question_terms(question)), return_counts=True)
    places = np.searchsorted(index.postings.vocabulary, wanted)
    known = places < len(index.postings.vocabulary)
    known[known] = index.postings.vocabulary[places[known]] == wanted[known]
    starts = np.where(known, index.postings.starts[np.where(known, places, 0)], 0)
    ends = np.where(known, index.postings.starts[np.where(known, places + 1, 0)], 0)
    weights = index.inverse_document_frequency(wanted) * times
    rows = np.concatenate([index.postings.rows[start:end] for start, end in zip(starts, ends, strict=True)])
    frequency = np.concatenate([index.postings.frequencies[start:end] for start, end in zip(starts, ends, strict=True)])
    weight = np.repeat(weights, ends - starts)
    relative_length = index.postings.lengths[rows] / max(float(index.postings.lengths.mean()), 1.0)
    saturated = frequency * (K1 + 1) / (frequency + K1 * (1 - B + B * relative_length))
    bm25 = np.bincount(rows, weight * saturated, minlength=len(index.postings.lengths)).astype(np.float32)
    coverage = np.bincount(rows, weight, minlength=len(index.postings.lengths)) / weights.sum()
    assert coverage.max() <= 1.01
    best = np.argsort(-bm25, kind="stable")[:CANDIDATES]
    return best[bm25[best] > 0]


def timed(search: Search, questions: Sequence[str]) -> tuple[list[NDArray[np.int64]], list[float]]:
    """Ask each question twice; return the rows found and the milliseconds of the second time."""
    found, times_ms = [], []
    for question in questions:
        search(question)
        started = time.thread_time()
        found.append(search(question))
        times_ms.append(1000 * (time.thread_time() - started))
    return found, times_ms


def measure(articles: Sequence[Article], questions: Sequence[str], count: int) -> dict[str, float]:
    """Build an index of this many passages and ask it with both methods."""
    sentences = [article.text[sentence.start:sentence.end] for article in articles
                 for sentence in split_sentences(article.text) if not sentence.is_heading]
    started = time.perf_counter()
    index = LexicalIndex.build(passages(sentences, count, random.Random(0)))
    built_s = time.perf_counter() - started
    peak_bytes = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    old, old_ms = timed(lambda question: walk_everything(index, question), questions)
    new, new_ms = timed(lambda question: index.search(question_terms(question), CANDIDATES, None)[0], questions)
    candidates = np.arange(0, count, max(1, count // CANDIDATES))
    _, lookup_ms = timed(
        lambda question: (index.scores_of(question_terms(question), candidates), candidates)[1], questions)
    return {
        "passages": count, "postings": len(index.postings.rows),
        "bytes": sum(column.nbytes for column in index.postings),
        "build_s": round(built_s, 1), "peak_rss_bytes": peak_bytes, "questions": len(questions),
        **{f"{name}_ms_p{share}": round(float(np.percentile(times_ms, share)), 2)
           for name, times_ms in (("before", old_ms), ("search", new_ms), ("scores_of_200", lookup_ms))
           for share in (50, 99)},
        **{f"agree@{depth}": round(agreement(old, new, depth), 4) for depth in (10, CANDIDATES)},
    }


def agreement(before: Sequence[NDArray[np.int64]], after: Sequence[NDArray[np.int64]], depth: int) -> float:
    """Return the mean share of the first `depth` results that both methods have in common."""
    return float(np.mean([len(np.intersect1d(old[:depth], new[:depth])) / max(1, len(old[:depth]))
                          for old, new in zip(before, after, strict=True)]))


def main() -> int:
    """Print one JSON object, or write it to a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=30_000)
    parser.add_argument("--articles", type=Path, default=ARTICLES)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    articles = [outcome for outcome in read_paths([arguments.articles]) if isinstance(outcome, Article)]
    if arguments.articles == ARTICLES:
        lines = (ARTICLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
        asked = [question for line in lines if has_arabic(question := json.loads(line)["question"])]
    else:
        asked = sorted({article.title for article in articles if has_arabic(article.title)})
    random.Random(0).shuffle(asked)
    result = json.dumps(measure(articles, asked[:QUESTIONS], arguments.passages), indent=1)
    if arguments.out:
        arguments.out.write_text(result + "\n", encoding="utf-8")
    else:
        sys.stdout.write(result + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
