"""Learns how evidence is weighed: python -m training.fit_answering SQUAD.json... [--no-reader] [--write] > report.json

From questions that the reader and the embedder were not trained on (`training/asked.py`):

1. the weights of the evidence in `qa/answer/ranking.py`, that make the right sentences of a question likelier than the
   others that were read (conditional logit: the softmax of the scores over a question's sentences);
2. the trees of `confidence` (`qa/data/confidence_trees*.json`), boosted as before (docs/decisions/0006-confidence.md);
3. logistic weights of `confidence` for questions in another script than the articles.

What is printed is by cross-validation over titles and articles: nothing is judged on what it was fitted to. `--write`
puts the trees, learned from everything, where the program reads them; the weights are printed, to be copied.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from index.model.load import load_embedder
from index.model.load_reader import load_reader
from qa.answer.compose import SENTENCES_CONSIDERED, distinct
from qa.answer.confidence import OTHER_SCRIPT, TREES, TREES_READ, features
from qa.answer.ranking import Evidence, RankedSentence
from qa.evaluation.metrics import auroc, expected_calibration_error
from qa.question.kinds import AnswerKind
from training.asked import NEWS, Asked, Asking

FOLDS = 5
RIDGE = 3.0
TREE_COUNT, LEAVES, LEARNING_RATE = 200, 8, 0.04
WITH_READER_ONLY = ("relevance", "lead", "relevance_margin")
PASSAGE_WEIGHTS = (0.0, 0.02, 0.04, 0.06, 0.08, 0.12, 0.16)
DATA = Path(__file__).resolve().parents[1] / "qa" / "data"
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
    "lead": lambda evidence: evidence.lead,
}
Weights = NDArray[np.float64]


def main() -> int:
    """Print what was learned and what it does, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="SQUAD.json")
    parser.add_argument("--news-index", type=Path, nargs="+", default=[Path("var/training/news-index")],
                        help="the index that is reported on, and others that confidence learns from")
    parser.add_argument("--news", type=Path, default=Path("var/training/news-candidates.jsonl"))
    parser.add_argument("--no-reader", action="store_true", help="learn for answers without a reader")
    parser.add_argument("--write", action="store_true", help="replace the trees of the program")
    options = parser.parse_args()
    asked = Asking(load_embedder(), None if options.no_reader else load_reader()).everything(
        options.files, options.news_index, options.news)
    with_reader = not options.no_reader
    names = [name for name in LEARNED if with_reader or name not in WITH_READER_ONLY]
    shipped = ranked_by(asked, [fit_weights(asked, names)] * len(asked), names)
    judged = ranked_by(asked, _weights_across(asked, names), names)
    report = {
        "cases": len(asked), "weights": dict(zip(names, (fit_weights(asked, names)).round(4).tolist(), strict=True)),
        "sentences": {name: _ranking(of_set) for name, of_set in _by_set(judged)},
        "passages": {weight: {name: _passages(of_set, weight) for name, of_set in _by_set(asked)}
                     for weight in PASSAGE_WEIGHTS} if with_reader else {},
        "confidence": _confidence(judged, with_reader=with_reader)}
    print(json.dumps(report, indent=1))
    if options.write:
        _write(fit_trees(_same_script(shipped), with_reader=with_reader), _names(shipped, with_reader=with_reader),
               DATA / (TREES_READ if with_reader else TREES))
    return 0


def fit_weights(asked: Sequence[Asked], names: Sequence[str]) -> Weights:
    """The weights, (features,), relative to the first, that make the right sentences of the questions likeliest."""
    told_apart = [each for each in asked if each.is_there and each.right.any() and not each.right.all()]
    evidence = [_evidence(each.sentences, names) for each in told_apart]
    spread = np.vstack([each - each.mean(0) for each in evidence]).std(0) + 1e-9
    scaled = np.vstack(evidence) / spread
    right = np.concatenate([each.right for each in told_apart])
    lengths = np.array([len(each.right) for each in told_apart])
    starts = np.cumsum(lengths) - lengths
    counts = {name: sum(each.question_set == name for each in told_apart) for name, _ in _by_set(told_apart)}
    # News and the other sets count the same.
    times = np.array([0.5 * len(told_apart) / counts[NEWS] if each.question_set == NEWS else
                      0.5 * len(told_apart) / (len(told_apart) - counts.get(NEWS, 0)) for each in told_apart])

    def loss(weights: Weights) -> tuple[float, Weights]:
        scores = scaled @ weights
        likelihood = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), lengths))
        all_of, right_of = np.add.reduceat(likelihood, starts), np.add.reduceat(likelihood * right, starts)
        slope = likelihood * (np.repeat(times / right_of, lengths) * right - np.repeat(times / all_of, lengths))
        return (float((times * np.log(all_of / right_of)).sum() + RIDGE * weights @ weights),
                2 * RIDGE * weights - slope @ scaled)

    found = minimize(loss, np.zeros(scaled.shape[1]), jac=True, method="L-BFGS-B")
    weights: Weights = found.x / spread
    return weights / weights[0]


def ranked_by(asked: Sequence[Asked], weights: Sequence[Weights], names: Sequence[str]) -> list[Asked]:
    """The same with the sentences scored and ordered by these weights, one vector a question."""
    ranked = []
    for each, weighing in zip(asked, weights, strict=True):
        if not each.sentences:
            ranked.append(each)
            continue
        scores = _evidence(each.sentences, names) @ weighing
        order = np.argsort(-scores, kind="stable").tolist()
        ranked.append(replace(each, sentences=[replace(each.sentences[row], score=float(scores[row])) for row in order],
                              right=each.right[order]))
    return ranked


def _evidence(sentences: Sequence[RankedSentence], names: Sequence[str]) -> NDArray[np.float64]:
    return np.array([[LEARNED[name](sentence.evidence) for name in names] for sentence in sentences])


def _weights_across(asked: Sequence[Asked], names: Sequence[str]) -> list[Weights]:
    """For each question the weights that never saw its group."""
    weights: list[Weights] = [np.zeros(0)] * len(asked)
    for rest, held_out in _folds(asked):
        fitted = fit_weights([asked[row] for row in rest], names)
        for row in held_out:
            weights[row] = fitted
    return weights


def _folds(asked: Sequence[Asked]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    folds: Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]] = GroupKFold(
        FOLDS, shuffle=True, random_state=0).split(asked, groups=[each.group for each in asked])
    return folds


def _by_set(asked: Sequence[Asked]) -> list[tuple[str, list[Asked]]]:
    names = dict.fromkeys(each.question_set for each in asked)
    return [(name, [each for each in asked if each.question_set == name]) for name in names]


def _ranking(asked: Sequence[Asked]) -> dict[str, float]:
    """How often the first distinct sentence, and one of the first three, answers, over the whole index."""
    found: dict[int, list[bool]] = {1: [], 3: []}
    for each in (each for each in asked if each.setting == "whole"):
        right = {id(sentence): bool(answers) for sentence, answers in zip(each.sentences, each.right, strict=True)}
        first = [right[id(sentence)] for sentence in list(distinct(each.sentences[:SENTENCES_CONSIDERED]))[:3]]
        for count, of_count in found.items():
            of_count.append(any(first[:count]))
    return {"questions": len(found[1]), **{f"sentence@{count}": round(float(np.mean(of_count)), 4)
                                           for count, of_count in found.items()}}


def _passages(asked: Sequence[Asked], weight: float) -> float:
    """How often the first passage is of the article that answers, with the reader's relevance weighed so."""
    first = []
    for each in (each for each in asked if each.setting == "whole"):
        scores = np.array([candidate.score for candidate in each.candidates])
        scores += weight * np.nan_to_num(each.relevances, nan=-2.0)
        first.append(bool(each.own[int(scores.argmax())]))
    return round(float(np.mean(first)), 4)


def _same_script(asked: Sequence[Asked]) -> list[Asked]:
    return [each for each in asked if each.sentences and each.same_script]


def _inputs(asked: Sequence[Asked], names: Sequence[str]) -> list[list[float]]:
    values = [features(each.sentences[:SENTENCES_CONSIDERED], each.candidates, each.sentence_count) for each in asked]
    return [[value[name] for name in names] for value in values]


def _names(asked: Sequence[Asked], *, with_reader: bool) -> list[str]:
    each = asked[0]
    return [name for name in features(each.sentences, each.candidates, each.sentence_count)
            if with_reader or name not in WITH_READER_ONLY]


def _times(asked: Sequence[Asked]) -> list[float]:
    """News questions and the others count the same, and so do, of each, cases with and without an answer."""
    def kind(each: Asked) -> tuple[bool, bool]:
        return each.question_set == NEWS, each.is_there

    kinds = [kind(each) for each in asked]
    sizes = {each: kinds.count(each) for each in set(kinds)}
    return [len(asked) / 4 / sizes[each] for each in kinds]


def fit_trees(asked: Sequence[Asked], *, with_reader: bool) -> HistGradientBoostingClassifier:
    """The trees: how likely the first sentence answers. They may only rise with evidence that speaks for an answer."""
    names = _names(asked, with_reader=with_reader)
    model = HistGradientBoostingClassifier(
        max_iter=TREE_COUNT, max_leaf_nodes=LEAVES, learning_rate=LEARNING_RATE, l2_regularization=10.0,
        min_samples_leaf=40, max_features=0.5, monotonic_cst=[int(name != "size") for name in names],
        early_stopping=False, random_state=0)
    return model.fit(_inputs(asked, names), [bool(each.right[0]) for each in asked], sample_weight=_times(asked))


def fit_logistic(asked: Sequence[Asked], names: Sequence[str]) -> Pipeline:
    """Logistic weights, for questions in another script than the articles."""
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=10_000))
    return model.fit(_inputs(asked, names), [bool(each.right[0]) for each in asked])


def _confidence(judged: Sequence[Asked], *, with_reader: bool) -> dict[str, Any]:
    same = _same_script(judged)
    names = _names(same, with_reader=with_reader)
    confidences = np.zeros(len(same))
    for rest, held_out in _folds(same):
        model = fit_trees([same[row] for row in rest], with_reader=with_reader)
        confidences[held_out] = model.predict_proba(_inputs([same[row] for row in held_out], names))[:, 1]
    other = [each for each in judged if each.sentences and not each.same_script]
    report: dict[str, Any] = {"trees": _told(same, confidences)}
    if other:
        others = [*OTHER_SCRIPT.weights, *(["relevance", "lead"] if with_reader else [])]
        apart = np.zeros(len(other))
        for rest, held_out in _folds(other):
            fitted = fit_logistic([other[row] for row in rest], others)
            apart[held_out] = fitted.predict_proba(_inputs([other[row] for row in held_out], others))[:, 1]
        scaler, logistic = fit_logistic(other, others)[:2]
        weights = logistic.coef_[0] / scaler.scale_
        report["other_script"] = _told(other, apart)
        report["other_script_weights"] = {
            "intercept": round(float(logistic.intercept_[0] - weights @ scaler.mean_), 2),
            **{name: round(float(weight), 2) for name, weight in zip(others, weights, strict=True)}}
    return report


def _told(asked: Sequence[Asked], confidences: NDArray[np.float64]) -> dict[str, Any]:
    """By set: calibration, answers told from no answers, pairs told, and what thresholds would show."""
    found = {}
    for name, of_set in _by_set(asked):
        values = np.array([value for each, value in zip(asked, confidences, strict=True) if each.question_set == name])
        whole = np.array([each.setting == "whole" for each in of_set])
        part = np.array([each.setting == "part" for each in of_set])
        right = np.array([bool(each.right[0]) for each in of_set])
        absent = {setting: values[[each.setting == setting for each in of_set]].tolist()
                  for setting in ("out", "near-miss", "part near-miss", "none")}
        found[name] = {
            "calibration_error": round(expected_calibration_error(values.tolist(), right.tolist()), 4),
            **{f"auroc_{setting}": round(auroc(values[whole].tolist(), of_setting), 4)
               for setting, of_setting in absent.items() if of_setting and whole.any()},
            "pairs_told": _pairs_told(of_set, values),
            "shown": {threshold: {
                "whole": _share(values[whole] >= threshold), "part": _share(values[part] >= threshold),
                "right_of_shown": _share(right[values >= threshold]),
                **{setting: _share(np.array(of_setting) >= threshold) for setting, of_setting in absent.items()}}
                for threshold in (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7)}}
    return found


def _pairs_told(asked: Sequence[Asked], values: NDArray[np.float64]) -> float | None:
    pairs: dict[str, dict[str, float]] = {}
    for each, value in zip(asked, values, strict=True):
        if each.pair and each.setting in ("whole", "near-miss"):
            pairs.setdefault(each.pair, {})[each.setting] = float(value)
    whole = [pair for pair in pairs.values() if len(pair) == 2]
    return _share(np.array([pair["whole"] > pair["near-miss"] for pair in whole])) if whole else None


def _share(of: NDArray[np.bool_]) -> float | None:
    return round(float(of.mean()), 4) if len(of) else None


def _write(model: HistGradientBoostingClassifier, names: Sequence[str], path: Path) -> None:
    """The trees as `qa.answer.confidence` reads them, numbers in seven digits."""
    trees = []
    for (predictor,) in model._predictors:  # noqa: SLF001  # no public way to the trees
        nodes = predictor.nodes
        is_leaf = nodes["is_leaf"].astype(bool)
        trees.append({
            "features": np.where(is_leaf, -1, nodes["feature_idx"]).tolist(),
            "thresholds": [float(f"{number:.7g}") for number in np.where(is_leaf, 0, nodes["num_threshold"])],
            "lower": np.where(is_leaf, 0, nodes["left"]).tolist(),
            "higher": np.where(is_leaf, 0, nodes["right"]).tolist(),
            "values": [float(f"{number:.7g}") for number in np.where(is_leaf, nodes["value"], 0)]})
    base = float(model._baseline_prediction.ravel()[0])  # noqa: SLF001  # as above
    lines = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in trees)
    head = json.dumps({"features": list(names), "base": base})
    path.write_text(f'{head[:-1]}, "trees": [\n{lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
