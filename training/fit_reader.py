"""Learns the weights of `qa/answer/reader.py`: python -m training.fit_reader SQUAD.json... > report.json

Each question of the files, and of `articles/questions.jsonl`, is asked of its whole set. Of the sentences of the first
passages, those that hold a gold answer are right; the weights make these likelier than the others of the same question
(conditional logit: the softmax of the scores over a question's sentences). The sample's questions count twice, being
few.

What it prints: the weights, for a cosine that weighs one, fitted on everything; and, by cross-validation over the
articles' titles (what is fitted is never judged on), how often the first sentence and one of the first three are right,
beside the formula by hand that was there before. Needs scikit-learn and SciPy, which sentence-transformers brings.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.model_selection import GroupKFold

from benchmarks.cases import SAMPLE, sample_set
from index.model.load import load_embedder
from index.model.types import Embedder
from qa.answer.reader import Evidence, rank_sentences
from qa.answer.reprints import PASSAGES_COMPARED
from qa.evaluation.evaluate import comparable, throwaway_snapshot
from qa.evaluation.question_sets import QuestionSet, read_squad
from qa.question.kinds import AnswerKind
from qa.question.parsed import parse_question
from qa.retrieve.retriever import embed_question, retrieve

FOLDS = 5
REPEATS = 3
RIDGE = 3.0
WEIGHT_OF_SAMPLE = 2.0
LEARNED: dict[str, Callable[[Evidence], float]] = {
    "cosine": lambda evidence: evidence.cosine,
    "passage_dense": lambda evidence: evidence.passage_dense,
    "passage_lexical": lambda evidence: evidence.passage_lexical,
    "words_found": lambda evidence: evidence.words_found,
    "new_words_found": lambda evidence: evidence.new_words_found,
    "asked_word_found": lambda evidence: evidence.asked_word_found,
    "is_counted": lambda evidence: float(evidence.is_counted),
    "time_shown": lambda evidence: evidence.kind_shown * (evidence.kind is AnswerKind.TIME),
    "quantity_shown": lambda evidence: evidence.kind_shown * (evidence.kind is AnswerKind.QUANTITY),
    "person_shown": lambda evidence: evidence.kind_shown * (evidence.kind is AnswerKind.PERSON),
}
BY_HAND = {"cosine": 1.0, "passage_dense": 0.4, "passage_lexical": 0.05, "words_found": 0.05, "time_shown": 0.03,
           "quantity_shown": 0.01, "person_shown": 0.03}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: its sentences' evidence, (sentences, features), and which of them are right."""

    question_set: str
    title: str
    evidence: NDArray[np.float64]
    right: NDArray[np.bool_]


def main() -> int:
    """Print the weights and what they do, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="SQUAD.json")
    files = parser.parse_args().files
    embedder = load_embedder()
    asked = [each for path in files for each in ask_all(path.name, read_squad(path), embedder)]
    asked += ask_all(SAMPLE, sample_set()[0], embedder)
    by_hand = np.array([BY_HAND.get(name, 0.0) for name in LEARNED])
    fitted = fit(asked)
    relative = (fitted / fitted[0]).round(4).tolist()
    report = {"questions": len(asked), "weights": dict(zip(LEARNED, relative, strict=True)),
              "by_hand": summary(asked, [by_hand] * len(asked)), "cross_validated": cross_validated(asked)}
    print(json.dumps(report, indent=1))
    return 0


def ask_all(name: str, questions: QuestionSet, embedder: Embedder) -> list[Asked]:
    """Every question of a set, with all sentences that its first passages hold."""
    print(f"{name}: {len(questions.questions)} questions", file=sys.stderr)
    snapshot = throwaway_snapshot(questions.articles, embedder)
    asked = []
    for question in questions.questions:
        parsed = parse_question(question.text)
        candidates = retrieve(snapshot, parsed, embed_question(embedder, parsed), None, PASSAGES_COMPARED)
        ranked = rank_sentences(snapshot, parsed, candidates, sys.maxsize)
        golds = [gold for gold in map(comparable, question.answers) if gold]
        evidence = np.array([[feature(sentence.evidence) for feature in LEARNED.values()] for sentence in ranked])
        right = np.array([any(gold in comparable(sentence.text) for gold in golds) for sentence in ranked], bool)
        asked.append(Asked(name, questions.articles[question.context].title, evidence, right))
    return asked


def fit(asked: Sequence[Asked]) -> NDArray[np.float64]:
    """The weights, (features,), that make the right sentences of the questions likeliest."""
    told_apart = [each for each in asked if each.right.any() and not each.right.all()]
    evidence = np.vstack([each.evidence for each in told_apart])
    spread = np.vstack([each.evidence - each.evidence.mean(0) for each in told_apart]).std(0) + 1e-9
    evidence = evidence / spread
    right = np.concatenate([each.right for each in told_apart])
    lengths = np.array([len(each.right) for each in told_apart])
    starts = np.cumsum(lengths) - lengths
    times = np.array([WEIGHT_OF_SAMPLE if each.question_set == SAMPLE else 1.0 for each in told_apart])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = evidence @ weights
        likelihood = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), lengths))
        all_of, right_of = np.add.reduceat(likelihood, starts), np.add.reduceat(likelihood * right, starts)
        slope = likelihood * (np.repeat(times / right_of, lengths) * right - np.repeat(times / all_of, lengths))
        return (float((times * np.log(all_of / right_of)).sum() + RIDGE * weights @ weights),
                2 * RIDGE * weights - slope @ evidence)

    found = minimize(loss, np.zeros(evidence.shape[1]), jac=True, method="L-BFGS-B")
    weights: NDArray[np.float64] = found.x / spread
    return weights


def cross_validated(asked: Sequence[Asked]) -> dict[str, Any]:
    """The summary of weights that never saw a question's title, averaged over `REPEATS` ways to part the titles."""
    groups = [f"{each.question_set}: {each.title}" for each in asked]
    summaries = []
    for seed in range(REPEATS):
        weights: list[NDArray[np.float64]] = [np.zeros(0)] * len(asked)
        for rest, held_out in GroupKFold(FOLDS, shuffle=True, random_state=seed).split(asked, groups=groups):
            fitted = fit([asked[row] for row in rest])
            for row in held_out:
                weights[row] = fitted
        summaries.append(summary(asked, weights))
    return {name: {measure: round(float(np.mean([each[name][measure] for each in summaries])), 4)
                   for measure in summaries[0][name]} for name in summaries[0]}


def summary(asked: Sequence[Asked], weights: Sequence[NDArray[np.float64]]) -> dict[str, dict[str, float]]:
    """By question set, how often the first sentence, and one of the first three, is right. Sentences that say the same
    are not taken out, as answers take them out."""
    ranked: dict[str, list[NDArray[np.bool_]]] = {}
    for each, weighing in zip(asked, weights, strict=True):
        ranked.setdefault(each.question_set, []).append(
            each.right[np.argsort(-(each.evidence @ weighing), kind="stable")])
    return {name: {f"answer_sentence@{count}": round(float(np.mean([right[:count].any() for right in of_set])), 4)
                   for count in (1, 3)} for name, of_set in ranked.items()}


if __name__ == "__main__":
    sys.exit(main())
