"""Learn `confidence` from cases that `training/asked.py` asked, and judge it on cases that it did not learn from.

A logistic regression estimates whether the article that answers is in the index, from everything but the reader and
from cases that are no near-misses, since those share the words of what is there. Another estimates from the reader
whether the first sentence answers. Boosted trees learn from all features and from the logarithms of both probabilities,
and a sum of trees and logarithms is calibrated (Platt, 1999) on cases that none of them learned from.

`weighed_by_size` leaves all this as the program has it, and weighs its logit anew beside the relevance that the reader
of now finds, by the size of the index: so that the confidence is a probability, and that of a question is above its
near miss's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from qa.answer.confidence import OTHER_SCRIPT, STAGES, Logistic, Stacked, features, features_by_size
from qa.answer.ranking import SENTENCES_CONSIDERED
from training.asked import Asked, part_of_questions
from training.told import told

FOLDS, INNER_FOLDS = 5, 4
TREE_COUNT, LEAVES, LEARNING_RATE = 200, 8, 0.04
OF_READER = ("relevance", "lead", "corroboration", "relevance_margin")
NEAR_MISSES = ("near-miss", "part near-miss")
# What is learned from cases of which two thirds have no answer, by their weights, is too low where more have one
# (docs/decisions/0022-reader.md, "Confidence as it is"): it is added to the logit. What is weighed by size learns from
# questions as they are asked, and needs none.
FOR_MORE_ANSWERS = 0.44
# The share of the two stages in the sum; the trees have the rest.
SHARE_OF_STAGES = 0.3
# What the loss of pairs counts beside the log loss, where what was learned is weighed by size.
WEIGHT_OF_PAIRS = 1.0
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cases:
    """Cases as arrays: features by name, (cases,) each, and what is known of each case; `times` is what it counts.

    A question and its near miss have the same `pairs`, all others an empty one.
    """

    values: dict[str, Numbers]
    right: NDArray[np.bool_]
    there: NDArray[np.bool_]
    near_miss: NDArray[np.bool_]
    times: Numbers
    groups: NDArray[np.str_]
    pairs: NDArray[np.str_]

    @classmethod
    def of(cls, asked: Sequence[Asked]) -> Cases:
        """Turn what was asked into arrays."""
        found = [features(each.sentences[:SENTENCES_CONSIDERED], each.candidates, each.sentence_count)
                 for each in asked]
        return cls({name: np.array([each[name] for each in found]) for name in found[0]},
                   np.array([bool(each.right[0]) for each in asked]), np.array([each.is_there for each in asked]),
                   np.array([each.setting in NEAR_MISSES for each in asked]), _times(asked),
                   np.array([each.group for each in asked]),
                   np.array([f"{each.group} {each.pair} {each.setting.startswith('part')}" if each.pair else ""
                             for each in asked]))

    def __len__(self) -> int:
        return len(self.right)

    def __getitem__(self, rows: NDArray[Any]) -> Cases:
        return Cases({name: values[rows] for name, values in self.values.items()}, self.right[rows], self.there[rows],
                     self.near_miss[rows], self.times[rows], self.groups[rows], self.pairs[rows])

    def matrix(self, names: Sequence[str]) -> Numbers:
        """Return the features of these names, (cases, names)."""
        return np.column_stack([self.values[name] for name in names])

    def apart(self) -> NDArray[np.int64]:
        """Return the rows of questions and of their near misses, (pairs, 2)."""
        near: dict[str, list[int]] = {}
        for row in np.flatnonzero((self.pairs != "") & ~self.there).tolist():
            near.setdefault(self.pairs[row], []).append(row)
        return np.array([(row, other) for row in np.flatnonzero((self.pairs != "") & self.there).tolist()
                         for other in near.get(self.pairs[row], ())], np.int64).reshape(-1, 2)

    def folds(self, count: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Split by group into what is learned from and what is judged."""
        split: Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]] = GroupKFold(
            count, shuffle=True, random_state=0).split(self.right, groups=self.groups)
        return split


@dataclass(frozen=True, slots=True)
class Fitted:
    """The learned stages, the trees over `names`, and the weights of the stages before calibration."""

    stages: dict[str, Logistic]
    names: list[str]
    trees: HistGradientBoostingClassifier
    of_stages: Logistic

    def logits(self, cases: Cases) -> Numbers:
        """Return the uncalibrated logits, (cases,)."""
        staged = _staged(self.stages, cases)
        of_trees: Numbers = self.trees.decision_function(staged.matrix(self.names))
        if not self.stages:
            return of_trees
        return (1 - SHARE_OF_STAGES) * of_trees + SHARE_OF_STAGES * _logits(self.of_stages, staged)


def fit(cases: Cases, *, with_reader: bool) -> Fitted:
    """Learn stages and trees, or trees alone for answers without a reader."""
    names = [name for name in cases.values if with_reader or name not in OF_READER]
    if not with_reader:
        return Fitted({}, names, _trees(cases, names), Logistic(0.0, {}))
    seen = np.zeros((len(cases), len(STAGES)))
    for rest, held_out in cases.folds(INNER_FOLDS):
        seen[held_out] = _staged(_stages(cases[rest]), cases[held_out]).matrix(STAGES)
    cases = _with(cases, dict(zip(STAGES, seen.T, strict=True)))
    names += STAGES
    return Fitted(_stages(cases), names, _trees(cases, names), rising(cases, STAGES, cases.right))


def logistic(cases: Cases, names: Sequence[str], target: NDArray[np.bool_], *, inverse_ridge: float) -> Logistic:
    """Fit a logistic regression over standardised features."""
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=10_000, C=inverse_ridge))
    scaler, found = model.fit(cases.matrix(names), target, logisticregression__sample_weight=cases.times)[:2]
    weights = found.coef_[0] / scaler.scale_
    return _logistic(float(found.intercept_[0] - weights @ scaler.mean_), names, weights)


def rising(cases: Cases, names: Sequence[str], target: NDArray[np.bool_], *, of_pairs: float = 0.0) -> Logistic:
    """Fit a logistic regression with a ridge of 1 in which no weight but that of `size` is negative.

    `of_pairs` times the mean logistic loss of a question over its near miss is added to the mean log loss.
    """
    values = cases.matrix(names)
    mean, spread = values.mean(0), values.std(0) + 1e-9
    scaled, sign = np.c_[np.ones(len(values)), (values - mean) / spread], np.where(target, 1.0, -1.0)
    apart = cases.apart()
    lead = scaled[apart[:, 0]] - scaled[apart[:, 1]]
    each_pair = of_pairs * cases.times.sum() / max(1, len(apart))

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        margins = sign * (scaled @ weights)
        slope = -cases.times * sign / (1 + np.exp(margins))
        leads = lead @ weights
        ridge = np.r_[0.0, weights[1:]]
        return (float((cases.times * np.logaddexp(0, -margins)).sum() + each_pair * np.logaddexp(0, -leads).sum()
                      + ridge @ ridge / 2),
                slope @ scaled - each_pair / (1 + np.exp(leads)) @ lead + ridge)

    bounds = [(None, None), *((None, None) if name == "size" else (0.0, None) for name in names)]
    found = minimize(loss, np.zeros(scaled.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds).x
    weights = found[1:] / spread
    return _logistic(float(found[0] - weights @ mean), names, weights)


def _logistic(intercept: float, names: Sequence[str], weights: Numbers) -> Logistic:
    return Logistic(round(intercept, 5), {name: round(float(weight), 5) for name, weight in
                                          zip(names, weights, strict=True) if weight})


def _stages(cases: Cases) -> dict[str, Logistic]:
    others = cases[~cases.near_miss]
    without = [name for name in cases.values if name not in (*OF_READER, *STAGES)]
    return dict(zip(STAGES, (logistic(others, without, others.there, inverse_ridge=0.03),
                             rising(cases, OF_READER, cases.right)), strict=True))


def _staged(stages: dict[str, Logistic], cases: Cases) -> Cases:
    return _with(cases, {name: -np.logaddexp(0, -_logits(stage, cases)) for name, stage in stages.items()})


def _with(cases: Cases, more: dict[str, Numbers]) -> Cases:
    return replace(cases, values={**cases.values, **more})


def _logits(logistic: Logistic, cases: Cases) -> Numbers:
    logits: Numbers = np.full(len(cases), logistic.intercept)
    for name, weight in logistic.weights.items():
        logits = logits + weight * cases.values[name]
    return logits


def _trees(cases: Cases, names: Sequence[str]) -> HistGradientBoostingClassifier:
    """Grow trees that may only rise with evidence that speaks for an answer."""
    model = HistGradientBoostingClassifier(
        max_iter=TREE_COUNT, max_leaf_nodes=LEAVES, learning_rate=LEARNING_RATE, l2_regularization=10.0,
        min_samples_leaf=40, max_features=0.5, monotonic_cst=[int(name != "size") for name in names],
        early_stopping=False, random_state=0)
    return model.fit(cases.matrix(names), cases.right, sample_weight=cases.times)


def _times(asked: Sequence[Asked]) -> Numbers:
    """News, judged questions and the others count the same, and so do, of each, answers, near-misses and no answers."""
    kinds = [(part_of_questions(each), each.is_there, each.setting in NEAR_MISSES) for each in asked]
    sizes = {each: kinds.count(each) for each in set(kinds)}
    return np.array([len(asked) / len(sizes) / sizes[each] for each in kinds])


def calibration(logits: Numbers, cases: Cases) -> tuple[float, float]:
    """Return intercept and factor that turn logits into those of the probability that the first sentence is right."""
    found = LogisticRegression(C=100.0).fit(logits[:, None], cases.right, sample_weight=cases.times)
    return float(found.intercept_[0]), float(found.coef_[0, 0])


def learned(asked: Sequence[Asked], *, with_reader: bool) -> tuple[Numbers, tuple[float, float]]:
    """Return the cross-validated confidences, (cases,), and the calibration of what is learned from all."""
    cases = Cases.of(asked)
    logits, confidences = np.zeros(len(cases)), np.zeros(len(cases))
    for rest, held_out in cases.folds(FOLDS):
        logits[held_out] = fit(cases[rest], with_reader=with_reader).logits(cases[held_out])
    for rest, held_out in cases.folds(FOLDS):
        intercept, factor = calibration(logits[rest], cases[rest])
        confidences[held_out] = 1 / (1 + np.exp(-FOR_MORE_ANSWERS - intercept - factor * logits[held_out]))
    intercept, factor = calibration(logits, cases)
    return confidences, (FOR_MORE_ANSWERS + intercept, factor)


def weighed_by_size(asked: Sequence[Asked], learned: Path) -> tuple[Numbers, Logistic]:
    """Weigh what confidence has learned, as one logit, beside the relevance that the reader of now finds.

    `learned` is the program's file. Returns the cross-validated confidences, (cases,), and what all cases give.
    """
    stacked = Stacked.read(learned)
    cases = Cases.of(asked)
    rows = [{name: float(values[row]) for name, values in cases.values.items()} for row in range(len(cases))]
    found = [features_by_size(stacked.total_logit(row), row) for row in rows]
    names = list(found[0])
    cases = replace(cases, values={name: np.array([each[name] for each in found]) for name in names})
    confidences = np.zeros(len(cases))
    for rest, held_out in cases.folds(FOLDS):
        fitted = _by_size(cases[rest], names)
        confidences[held_out] = 1 / (1 + np.exp(-_logits(fitted, cases[held_out])))
    return confidences, _by_size(cases, names)


def _by_size(cases: Cases, names: Sequence[str]) -> Logistic:
    """Weigh so that questions are above their near misses, then calibrate."""
    weighed = rising(cases, names, cases.right, of_pairs=WEIGHT_OF_PAIRS)
    intercept, factor = calibration(_logits(weighed, cases), cases)
    return Logistic(round(intercept + factor * weighed.intercept, 5),
                    {name: round(factor * weight, 5) for name, weight in weighed.weights.items()})


def write_by_size(by_size: Logistic, path: Path) -> None:
    """Put what `weighed_by_size` learned beside the rest of what confidence has learned."""
    _store({**json.loads(path.read_text(encoding="utf-8")), "by_size": asdict(by_size)}, path)


def other_script(asked: Sequence[Asked], *, with_reader: bool) -> dict[str, Any]:
    """Learn logistic weights for questions in another script than the articles; report them and what they tell."""
    names = [*OTHER_SCRIPT.weights, *(["relevance", "lead"] if with_reader else [])]
    cases = replace(Cases.of(asked), times=np.ones(len(asked)))
    confidences = np.zeros(len(asked))
    for rest, held_out in cases.folds(FOLDS):
        fitted = _of_other_script(cases[rest], names)
        confidences[held_out] = 1 / (1 + np.exp(-_logits(fitted, cases[held_out])))
    return {"told": told(asked, confidences), "weights": asdict(_of_other_script(cases, names))}


def _of_other_script(cases: Cases, names: Sequence[str]) -> Logistic:
    fitted = logistic(cases, names, cases.right, inverse_ridge=1.0)
    return replace(fitted, intercept=fitted.intercept + FOR_MORE_ANSWERS)


def write(fitted: Fitted, calibrated: tuple[float, float], path: Path) -> None:
    """Write what was learned as `qa.answer.confidence` reads it, thresholds and leaves in seven digits."""
    trees = []
    for (predictor,) in fitted.trees._predictors:  # noqa: SLF001  # no public way to the trees
        nodes = predictor.nodes
        is_leaf = nodes["is_leaf"].astype(bool)
        trees.append({
            "features": np.where(is_leaf, -1, nodes["feature_idx"]).tolist(),
            "thresholds": [float(f"{number:.7g}") for number in np.where(is_leaf, 0, nodes["num_threshold"])],
            "lower": np.where(is_leaf, 0, nodes["left"]).tolist(),
            "higher": np.where(is_leaf, 0, nodes["right"]).tolist(),
            "values": [float(f"{number:.7g}") for number in np.where(is_leaf, nodes["value"], 0)]})
    base = float(fitted.trees._baseline_prediction.ravel()[0])  # noqa: SLF001  # as above
    _store({
        "stages": {name: asdict(stage) for name, stage in fitted.stages.items()},
        "total": asdict(_total(fitted, *calibrated)), "features": fitted.names, "base": base, "trees": trees}, path)


def _store(learned: dict[str, Any], path: Path) -> None:
    """Write JSON with a line for each tree."""
    lines = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in learned["trees"])
    head = json.dumps({name: value for name, value in learned.items() if name != "trees"})
    path.write_text(f'{head[:-1]}, "trees": [\n{lines}\n]}}\n', encoding="utf-8")


def _total(fitted: Fitted, intercept: float, factor: float) -> Logistic:
    """Return the calibrated sum over the trees' logit and the stages."""
    if not fitted.stages:
        return Logistic(intercept, {"trees": factor})
    of_stages = factor * SHARE_OF_STAGES
    return Logistic(intercept + of_stages * fitted.of_stages.intercept, {
        "trees": factor * (1 - SHARE_OF_STAGES),
        **{name: of_stages * weight for name, weight in fitted.of_stages.weights.items()}})
