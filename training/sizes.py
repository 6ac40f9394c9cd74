"""Ask the sample's questions of indexes of many sizes: python -m training.sizes --index-dir DIR > report.jsonl

DIR holds the sample articles together with any others (`python build_index.py articles OTHERS --index-dir DIR`). The
questions are asked of the sample articles alone, then with more and more passages of the others beside them. Nothing in
the others answers, so that status and confidence should stay; what is printed says how often they do, and how often the
right sentence still comes first.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.cases import sample_set
from index.generation.snapshot import Snapshot, open_snapshot
from index.model.load import load_embedder
from index.model.load_reader import load_reader
from index.model.reading import Reader
from index.model.types import Embedder
from qa.answer.ranking import SENTENCES_CONSIDERED
from qa.answer.reading import read
from qa.answer.reprints import PASSAGES_COMPARED
from qa.answer.thresholds import ANSWERED_FROM, SHOWN_FROM
from qa.evaluation.evaluate import comparable
from qa.question.parsed import parse_question
from qa.retrieve.retriever import embed_question, retrieve
from training.asked import Remembering, grown_parts

SIZES = (0, 1_000, 3_000, 10_000, 30_000, 100_000)
SEED = 7


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one question was answered; `is_right` tells whether the first sentence is the one that answers."""

    confidence: float
    is_right: bool

    @property
    def step(self) -> int:
        """Return 2 for answered, 1 for unsure, 0 for not found."""
        return (self.confidence >= ANSWERED_FROM) + (self.confidence >= SHOWN_FROM)


def main() -> int:
    """Print what changes with the size, a line of JSON for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index-dir", type=Path, required=True)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="sentences of other articles")
    parser.add_argument("--questions", type=int, default=sys.maxsize, help="ask so many, drawn at random")
    parser.add_argument("--no-reader", action="store_true")
    options = parser.parse_args()
    sample, unanswerable = sample_set()
    asked = [(question.text, question.answers[0]) for question in sample.questions]
    asked += [(text, "") for text in unanswerable]
    asked = random.Random(SEED).sample(asked, min(options.questions, len(asked)))
    whole = open_snapshot(options.index_dir)
    loaded = None if options.no_reader else load_reader()
    reader = None if loaded is None else Remembering(loaded)
    own = [whole.articles.rows[article.id] for article in sample.articles]
    base: list[Outcome] = []
    for snapshot in grown_parts(whole, own, options.sizes):
        print(f"{snapshot.sentence_count} sentences", file=sys.stderr, flush=True)
        outcomes = [_ask(snapshot, load_embedder(), reader, *each) for each in asked]
        base = base or outcomes
        print(json.dumps({"sentences": snapshot.sentence_count, **_compared(base, outcomes, asked)}), flush=True)
    return 0


def _ask(snapshot: Snapshot, embedder: Embedder, reader: Reader | None, text: str, answer: str) -> Outcome:
    parsed = parse_question(text)
    candidates = retrieve(snapshot, parsed, embed_question(embedder, parsed), None, PASSAGES_COMPARED)
    found = read(snapshot, reader, parsed, candidates, SENTENCES_CONSIDERED)
    return Outcome(found.confidence, bool(answer) and comparable(answer) in comparable(found.sentences[0].text))


def _compared(base: Sequence[Outcome], outcomes: Sequence[Outcome], asked: Sequence[tuple[str, str]]
              ) -> dict[str, object]:
    """Compare with the sample articles alone; lists are before and now."""
    pairs = list(zip(base, outcomes, strict=True))
    right = [(before, now) for before, now in pairs if before.is_right]
    nothing = [(before, now) for (before, now), (_, answer) in zip(pairs, asked, strict=True) if not answer]
    return {
        "questions": len(asked) - len(nothing), "right_first": sum(now.is_right for _, now in pairs),
        "right_before": len(right), "still_right": sum(now.is_right for _, now in right),
        "right_answered": [sum(each[side].step == 2 for each in right) for side in (0, 1)],
        "right_shown": [sum(each[side].step > 0 for each in right) for side in (0, 1)],
        "right_fell": sum(now.step < before.step for before, now in right if now.is_right),
        "right_rose": sum(now.step > before.step for before, now in right if now.is_right),
        "confidence_moved": round(float(np.mean([abs(now.confidence - before.confidence)
                                                 for before, now in right if now.is_right] or [0])), 4),
        "unanswerable": len(nothing), "unanswerable_answered": sum(now.step == 2 for _, now in nothing),
        "unanswerable_shown": sum(now.step > 0 for _, now in nothing)}


if __name__ == "__main__":
    sys.exit(main())
