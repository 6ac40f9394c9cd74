"""Estimate how likely the best sentence answers the question.

`training/fit_confidence.py` learns the estimate from questions asked with their answer in the index, and again with the
answer removed. `docs/decisions/0006-confidence.md` has the data, the figures and what was tried.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.abc import Traversable
from importlib.resources import files
from math import exp, log, log1p
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.answer.ranking import MOST_RELEVANCE, Evidence, RankedSentence
from qa.question.kinds import AnswerKind
from qa.retrieve.retriever import Candidate


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression: an intercept, and a weight for each feature that it uses."""

    intercept: float
    weights: Mapping[str, float]

    def logit(self, values: Mapping[str, float]) -> float:
        """Return the logarithm of the odds for these features."""
        return self.intercept + sum(weight * values[name] for name, weight in self.weights.items())

    def probability(self, values: Mapping[str, float]) -> float:
        """Return the probability for these features, 0..1."""
        return 1 / (1 + exp(-self.logit(values)))


# In a larger index the closest sentence is closer by chance. The feature `size` is 0 at the first of these sizes and
# stops growing at the second, the largest index that was learned from.
REFERENCE_SENTENCES = 500
MOST_SENTENCES = 26_000
MOST_SIZE = log(MOST_SENTENCES / REFERENCE_SENTENCES)
# Passages from this rank on are background: the best passage is compared with them.
BACKGROUND_FROM = 5
# Cap on the lead of the first sentence.
MOST_MARGIN = 0.05
# Logistic weights for a question and a sentence in different scripts, where words are found through a translation.
# There are too few such cases to grow trees.
OTHER_SCRIPT = Logistic(-16.22, {
    "cosine": 17.96, "words_known": 2.21, "coverage": 0.09, "coverage_margin": 3.95, "stands_out": 6.82,
    "margin": 29.17, "size": -0.05})
# The weight of the lead is set, not learned: what a reader finds must not count against an answer.
OTHER_SCRIPT_READ = Logistic(-7.394, {
    "cosine": 5.205, "words_known": 3.833, "coverage": -1.847, "coverage_margin": 6.972, "stands_out": 17.167,
    "margin": 41.574, "relevance": 0.3863, "lead": 0.004})
# Logarithms of probabilities that are estimated first, and that the trees read as features: that the article which
# answers is in the index, from everything but the reader, and that the sentence answers, from the reader alone.
STAGES = ("article_is_there", "reader_finds_answer")
# What was learned for questions whose passages a reader read, and for the others.
TREES_READ, TREES = "confidence_trees_read.json", "confidence_trees.json"


def confidence_of(ranked: Sequence[RankedSentence], candidates: Sequence[Candidate], sentence_count: int) -> float:
    """Return the probability, 0..1, that the first ranked sentence answers; 0 if there is none.

    `candidates` are the retrieved passages, best first; `sentence_count` is the size of the index.
    """
    if not ranked:
        return 0.0
    values = features(ranked, candidates, sentence_count)
    was_read = ranked[0].span is not None
    if not ranked[0].evidence.same_script:
        return (OTHER_SCRIPT_READ if was_read else OTHER_SCRIPT).probability(values)
    return _learned(TREES_READ if was_read else TREES).probability(values)


@cache
def _learned(name: str) -> Stacked:
    return Stacked.read(files("qa") / "data" / name)


def features(ranked: Sequence[RankedSentence], candidates: Sequence[Candidate],
             sentence_count: int) -> dict[str, float]:
    """Return the inputs of the classifiers by name."""
    first = ranked[0]
    best = first.evidence
    return {
        "score": first.score, "cosine": best.cosine, "passage_dense": best.passage_dense,
        "coverage": best.passage_coverage, "words_found": best.words_found, "words_known": best.words_known,
        "new_words_found": best.new_words_found, "asked_word_found": best.asked_word_found,
        "time_shown": _shown_or_missing(best, AnswerKind.TIME),
        "counted": float(2 * best.is_counted - 1) if best.wants_count else 0.0,
        "margin": _margin(ranked), "stands_out": _stands_out(candidates),
        "coverage_margin": _coverage_margin(first, candidates), "size": _size(sentence_count),
        "relevance": best.relevance, "lead": best.lead, "corroboration": best.corroboration,
        "relevance_margin": _relevance_margin(ranked)}


def _size(sentence_count: int) -> float:
    return log(min(max(sentence_count, 1), MOST_SENTENCES) / REFERENCE_SENTENCES)


def _shown_or_missing(evidence: Evidence, kind: AnswerKind) -> float:
    """Return 1 if the question asks for this kind and the sentence shows it, -1 if the sentence lacks it, else 0."""
    if evidence.kind is not kind:
        return 0.0
    return 1.0 if evidence.kind_shown else -1.0


def _margin(ranked: Sequence[RankedSentence]) -> float:
    """Return the lead of the first sentence over the best one of another passage, at most `MOST_MARGIN`."""
    others = [sentence.score for sentence in ranked[1:] if sentence.passage_row != ranked[0].passage_row]
    return min(MOST_MARGIN, ranked[0].score - max(others)) if others else MOST_MARGIN


def _relevance_margin(ranked: Sequence[RankedSentence]) -> float:
    """Return how much more relevant the reader found the first sentence's passage than the best other one."""
    others = [sentence.evidence.relevance for sentence in ranked if sentence.passage_row != ranked[0].passage_row]
    return min(MOST_RELEVANCE, ranked[0].evidence.relevance - max(others)) if others else MOST_RELEVANCE


def _stands_out(candidates: Sequence[Candidate]) -> float:
    """Return how much closer the closest passage is than the mean of the background; 0 without a background."""
    background = [candidate.dense for candidate in candidates[BACKGROUND_FROM:]]
    if not background:
        return 0.0
    return max(candidate.dense for candidate in candidates[:BACKGROUND_FROM]) - sum(background) / len(background)


def _coverage_margin(first: RankedSentence, candidates: Sequence[Candidate]) -> float:
    """Return how much more of the question the first sentence's passage covers than the best other passage."""
    others = [candidate.coverage for candidate in candidates if candidate.row != first.passage_row]
    return first.evidence.passage_coverage - max(others) if others else first.evidence.passage_coverage


@dataclass(frozen=True, slots=True)
class BoostedTrees:
    """Boosted decision trees: Friedman, "Greedy Function Approximation: A Gradient Boosting Machine" (2001).

    The logit is `base` plus the outputs of all trees; `features` names the inputs in order. The nodes of all trees
    stand one behind another, and `roots` (trees,) has the first of each. At a node, an input `tested[node]` up to
    `thresholds[node]` leads to node `lower[node]`, a larger one to `higher[node]`; a leaf leads to itself and has its
    output in `values`. `depth` steps reach every leaf.
    """

    features: tuple[str, ...]
    base: float
    roots: NDArray[np.int64]
    tested: NDArray[np.int64]
    thresholds: NDArray[np.float64]
    lower: NDArray[np.int64]
    higher: NDArray[np.int64]
    values: NDArray[np.float64]
    depth: int

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> BoostedTrees:
        """Read parsed JSON: `features`, `base`, and `trees`, each with these fields but for one tree from node 0 on.

        In `features` of a tree, a leaf has -1.
        """
        trees = stored["trees"]
        sizes = [len(tree["values"]) for tree in trees]
        roots = np.cumsum([0, *sizes[:-1]])
        first = np.repeat(roots, sizes)
        tested, lower, higher = (np.concatenate([tree[name] for tree in trees]).astype(np.int64)
                                 for name in ("features", "lower", "higher"))
        is_leaf, own = tested < 0, np.arange(len(tested))
        lower, higher = (np.where(is_leaf, own, children + first) for children in (lower, higher))
        thresholds, values = (np.concatenate([tree[name] for tree in trees]).astype(np.float64)
                              for name in ("thresholds", "values"))
        return cls(tuple(stored["features"]), stored["base"], roots, np.where(is_leaf, 0, tested), thresholds, lower,
                   higher, values, _depth(roots, lower, higher))

    def logit(self, inputs: Sequence[float]) -> float:
        """Return the logarithm of the odds of the positive class; `inputs` has one value for each of `features`."""
        given, nodes = np.array(inputs, np.float64), self.roots
        for _ in range(self.depth):
            nodes = np.where(given[self.tested[nodes]] <= self.thresholds[nodes], self.lower[nodes],
                             self.higher[nodes])
        outputs: list[float] = self.values[nodes].tolist()
        return self.base + sum(outputs)


def _depth(roots: NDArray[np.int64], lower: NDArray[np.int64], higher: NDArray[np.int64]) -> int:
    """Return how many steps lead from a root to the farthest leaf."""
    depth, nodes = 0, roots
    while len(nodes := np.unique(np.concatenate([children[nodes][children[nodes] != nodes]
                                                 for children in (lower, higher)]))):
        depth += 1
    return depth


@dataclass(frozen=True, slots=True)
class Stacked:
    """A stacked classifier: Wolpert, "Stacked Generalization" (1992), grown by `training/fit_confidence.py`.

    The logarithms of the probabilities of `stages` join the features, by their names in `STAGES`, for the trees and for
    `total`, which weighs them beside the logit of the trees, "trees". `by_size`, for answers that were read, weighs
    that total anew beside the reader's relevance, which tells more the larger the index is (`features_by_size`).
    """

    stages: Mapping[str, Logistic]
    trees: BoostedTrees
    total: Logistic
    by_size: Logistic | None = None

    @classmethod
    def read(cls, path: Traversable) -> Stacked:
        """Read a JSON file with the keys `stages`, `total`, those of `BoostedTrees`, and `by_size` if it has that."""
        stored = json.loads(path.read_text(encoding="utf-8"))
        return cls({name: Logistic(**stage) for name, stage in stored["stages"].items()}, BoostedTrees.of(stored),
                   Logistic(**stored["total"]), Logistic(**stored["by_size"]) if "by_size" in stored else None)

    def probability(self, values: Mapping[str, float]) -> float:
        """Return the probability for these features, 0..1."""
        total = self.total_logit(values)
        if self.by_size is None:
            return 1 / (1 + exp(-total))
        return self.by_size.probability(features_by_size(total, values))

    def total_logit(self, values: Mapping[str, float]) -> float:
        """Return the logarithm of the odds that `total` gives."""
        found = {**values, **{name: -log1p(exp(-stage.logit(values))) for name, stage in self.stages.items()}}
        of_trees = self.trees.logit([found[name] for name in self.trees.features])
        return self.total.logit({**found, "trees": of_trees})


def features_by_size(total: float, values: Mapping[str, float]) -> dict[str, float]:
    """Return the inputs of `Stacked.by_size`: no weight of them but that of `size` may be negative."""
    size = max(values["size"], 0.0)
    return {"total": total, "relevance": values["relevance"], "size": size,
            "relevance_at_size": size * values["relevance"], "total_at_smallness": (MOST_SIZE - size) * total}
