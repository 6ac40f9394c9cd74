"""How likely the best sentence answers the question: learned from questions asked with their answer in the index and
with it taken out.

`training/fit_confidence.py` learns it; `docs/decisions/0006-confidence.md` has the data, the figures and what was
tried.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.abc import Traversable
from importlib.resources import files
from math import exp, log

from qa.answer.reader import Evidence, RankedSentence
from qa.question.kinds import AnswerKind
from qa.retrieve.retriever import Candidate

# An answer is given from this confidence on; below it the status is `not_found`.
ANSWERED_FROM = 0.15
# The more sentences there are, the closer the closest one comes by chance. The first size changes nothing; beyond the
# second, the largest that was learned from, nothing more is added.
REFERENCE_SENTENCES = 500
MOST_SENTENCES = 2500
# The passages before this one may all be about what is asked; those behind it are what it stands out from.
BACKGROUND_FROM = 5
# A sentence that leads the others by more leads by this much.
MOST_MARGIN = 0.05
# Where question and sentence are in different scripts, words and coverage are those that a translation finds, and there
# are too few cases for trees: logistic weights of these features.
OTHER_SCRIPT_INTERCEPT = -20.35
OTHER_SCRIPT = {"cosine": 18.52, "words_known": 3.18, "coverage": 2.84, "coverage_margin": 1.98, "stands_out": 29.11,
                "margin": 23.67, "size": -0.4}


def confidence_of(ranked: Sequence[RankedSentence], candidates: Sequence[Candidate], sentence_count: int) -> float:
    """The probability, 0..1, that the first ranked sentence answers, in an index of so many sentences; 0 of none.

    `candidates` are the passages that were retrieved, best first.
    """
    if not ranked:
        return 0.0
    values = features(ranked, candidates, sentence_count)
    if not ranked[0].evidence.same_script:
        return other_script_confidence(values)
    learned = _learned()
    return learned.probability([values[name] for name in learned.features])


def other_script_confidence(values: Mapping[str, float]) -> float:
    """The probability that `features` speak for where question and sentence are in different scripts."""
    logit = OTHER_SCRIPT_INTERCEPT + sum(weight * values[name] for name, weight in OTHER_SCRIPT.items())
    return 1 / (1 + exp(-logit))


@cache
def _learned() -> BoostedTrees:
    return BoostedTrees.read(files("qa") / "data" / "confidence.json")


def features(ranked: Sequence[RankedSentence], candidates: Sequence[Candidate],
             sentence_count: int) -> dict[str, float]:
    """What is learned from, by name: all of it by the trees."""
    first = ranked[0]
    best = first.evidence
    return {
        "score": first.score, "cosine": best.cosine, "passage_dense": best.passage_dense,
        "coverage": best.passage_coverage, "words_found": best.words_found, "words_known": best.words_known,
        "new_words_found": best.new_words_found, "asked_word_found": best.asked_word_found,
        "time_shown": _shown_or_missing(best, AnswerKind.TIME),
        "counted": float(2 * best.is_counted - 1) if best.wants_count else 0.0,
        "margin": _margin(ranked), "stands_out": _stands_out(candidates),
        "coverage_margin": _coverage_margin(first, candidates), "size": _size(sentence_count)}


def _size(sentence_count: int) -> float:
    return log(min(max(sentence_count, 1), MOST_SENTENCES) / REFERENCE_SENTENCES)


def _shown_or_missing(evidence: Evidence, kind: AnswerKind) -> float:
    """1 when the question asks for such a thing and the sentence shows one, -1 when it shows none, else 0."""
    if evidence.kind is not kind:
        return 0.0
    return 1.0 if evidence.kind_shown else -1.0


def _margin(ranked: Sequence[RankedSentence]) -> float:
    """How far the first sentence leads those of other passages, `MOST_MARGIN` at most."""
    others = [sentence.score for sentence in ranked[1:] if sentence.passage_row != ranked[0].passage_row]
    return min(MOST_MARGIN, ranked[0].score - max(others)) if others else MOST_MARGIN


def _stands_out(candidates: Sequence[Candidate]) -> float:
    """How much closer the closest passage is than those of the background; 0 without one."""
    background = [candidate.dense for candidate in candidates[BACKGROUND_FROM:]]
    if not background:
        return 0.0
    return max(candidate.dense for candidate in candidates[:BACKGROUND_FROM]) - sum(background) / len(background)


def _coverage_margin(first: RankedSentence, candidates: Sequence[Candidate]) -> float:
    """How much more of the question the first sentence's passage covers than any other one."""
    others = [candidate.coverage for candidate in candidates if candidate.row != first.passage_row]
    return first.evidence.passage_coverage - max(others) if others else first.evidence.passage_coverage


@dataclass(frozen=True, slots=True)
class Tree:
    """A binary tree by node, the root first: at a node, `features[node]` is compared with `thresholds[node]`; not above
    it leads to `lower[node]`, above it to `higher[node]`. At a leaf `features[node]` is -1, and `values[node]` counts.
    """

    features: tuple[int, ...]
    thresholds: tuple[float, ...]
    lower: tuple[int, ...]
    higher: tuple[int, ...]
    values: tuple[float, ...]

    def value(self, inputs: Sequence[float]) -> float:
        """That of the leaf that the inputs lead to."""
        node = 0
        while (feature := self.features[node]) >= 0:
            node = self.lower[node] if inputs[feature] <= self.thresholds[node] else self.higher[node]
        return self.values[node]


@dataclass(frozen=True, slots=True)
class BoostedTrees:
    """Boosted decision trees: Friedman, "Greedy Function Approximation: A Gradient Boosting Machine" (2001).

    A classifier, grown by `training/fit_confidence.py`: the logit is `base` and what each tree adds. `features` names
    the inputs in their order.
    """

    features: tuple[str, ...]
    base: float
    trees: tuple[Tree, ...]

    @classmethod
    def read(cls, path: Traversable) -> BoostedTrees:
        """The classifier of a JSON file with the keys of this class and, for each tree, those of `Tree`."""
        stored = json.loads(path.read_text(encoding="utf-8"))
        trees = tuple(Tree(**{name: tuple(numbers) for name, numbers in tree.items()}) for tree in stored["trees"])
        return cls(tuple(stored["features"]), stored["base"], trees)

    def probability(self, inputs: Sequence[float]) -> float:
        """Of the positive class, 0..1, for one value a feature."""
        return 1 / (1 + exp(-self.base - sum(tree.value(inputs) for tree in self.trees)))
