"""Learns `qa/data/confidence_trees.json`: python -m training.fit_confidence SQUAD.json... [--write] > report.json

Each question of the files, and of `articles/questions.jsonl`, is asked of the whole set, of the set without its own
context, of the set without any context of its title, and of an index of its title alone; questions of other titles are
asked of that small index too. So is each question of `tests/data/questions_languages.jsonl`, in another script than the
articles': from these the logistic weights are learned, which are printed to be written into `qa/answer/confidence.py`.

The trees learn two things at once, each case once for each: whether the sentence that comes first holds a gold answer,
and whether the gold context was in the index; the first alone knows little of sentences that hold the answer's words by
chance, the second nothing of wrong sentences from the right context. They may only rise with evidence that speaks for
an answer. What is printed of them is by cross-validation over titles: nothing is judged on what it was fitted to.

`--write` puts the trees, learned from everything, where the program reads them. Needs scikit-learn, which
sentence-transformers brings. Takes about a minute on two cores.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.cases import SAMPLE, Case, cases_of, language_sets, sample_set
from index.model.load import load_embedder
from qa.answer.confidence import ANSWERED_FROM, OTHER_SCRIPT, other_script_confidence
from qa.evaluation.metrics import auroc, expected_calibration_error
from qa.evaluation.question_sets import read_squad

FOLDS = 5
TREES = 200
LEAVES = 8
LEARNING_RATE = 0.04
# Small indexes are easy; the question with its context and without it is what confidence is for.
WEIGHT_OF_SETTING = {"whole": 1.5, "own-context-out": 1.5, "small": 0.3, "small-other": 0.3}
TREES_FILE = Path(__file__).resolve().parents[1] / "qa" / "data" / "confidence_trees.json"


def main() -> int:
    """Print the fitted weights and what they do, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="SQUAD.json")
    parser.add_argument("--write", action="store_true", help="replace the trees of the program")
    options = parser.parse_args()
    embedder = load_embedder()
    sets = {path.name: read_squad(path) for path in options.files}
    cases = [case for name, questions in sets.items() for case in cases_of(name, questions, [], embedder)]
    cases += cases_of(SAMPLE, *sample_set(), embedder)
    same_script = [case for case in cases if case.same_script]
    # A title of the sample has one article: without its title is without its context once more.
    other_script = [case for language, asked in language_sets().items()
                    for case in cases_of(language, *asked, embedder)
                    if not case.same_script and case.setting != "title-out"]
    report = {"answered_from": ANSWERED_FROM, "cases": len(same_script),
              "cross_validated": summary(same_script, cross_validated(same_script)),
              "other_script_cases": len(other_script), "other_script": weights_of(fit_logistic(other_script)),
              "other_script_cross_validated": summary(other_script, cross_validated_logistic(other_script)),
              "other_script_shipped": summary(other_script, [other_script_confidence(case.features)
                                                             for case in other_script])}
    print(json.dumps(report, indent=1))
    if options.write:
        write(fit(same_script), list(same_script[0].features))
    return 0


def fit(cases: Sequence[Case]) -> HistGradientBoostingClassifier:
    """The trees; every set counts the same, and each setting by its part in `WEIGHT_OF_SETTING`."""
    names = list(cases[0].features)
    groups = [(case.question_set, case.setting.startswith("small")) for case in cases]
    sizes = {group: groups.count(group) for group in set(groups)}
    inputs = [[case.features[name] for name in names] for case in cases]
    weights = [WEIGHT_OF_SETTING.get(case.setting, 1.0) * 1000 / sizes[group]
               for case, group in zip(cases, groups, strict=True)]
    model = HistGradientBoostingClassifier(
        max_iter=TREES, max_leaf_nodes=LEAVES, learning_rate=LEARNING_RATE, l2_regularization=10.0,
        min_samples_leaf=40, max_features=0.5, monotonic_cst=[int(name != "size") for name in names],
        early_stopping=False, random_state=0)
    return model.fit(inputs + inputs, [case.is_right for case in cases] + [case.is_there for case in cases],
                     sample_weight=weights + weights)


def cross_validated(cases: Sequence[Case]) -> list[float]:
    """The confidence in each case, by trees that never saw its title."""
    names = list(cases[0].features)
    confidences = np.zeros(len(cases))
    titles = [f"{case.question_set}: {case.title}" for case in cases]
    for rest, held_out in GroupKFold(FOLDS, shuffle=True, random_state=0).split(cases, groups=titles):
        model = fit([cases[row] for row in rest])
        confidences[held_out] = model.predict_proba(
            [[cases[row].features[name] for name in names] for row in held_out])[:, 1]
    return confidences.tolist()


def write(model: HistGradientBoostingClassifier, names: Sequence[str]) -> None:
    """The trees as `qa.answer.boosted` reads them, numbers in seven digits."""
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
    stored = {"features": names, "trees": trees,
              "base": float(model._baseline_prediction.ravel()[0])}  # noqa: SLF001  # as above
    lines = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in trees)
    head = json.dumps({name: stored[name] for name in ("features", "base")})
    TREES_FILE.write_text(f'{head[:-1]}, "trees": [\n{lines}\n]}}\n', encoding="utf-8")


def fit_logistic(cases: Sequence[Case]) -> Pipeline:
    """Logistic weights of the features that `OTHER_SCRIPT` names; each setting counts by `WEIGHT_OF_SETTING`."""
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=10_000))
    return model.fit([[case.features[name] for name in OTHER_SCRIPT] for case in cases],
                     [case.is_right for case in cases],
                     logisticregression__sample_weight=[WEIGHT_OF_SETTING.get(case.setting, 1.0) for case in cases])


def weights_of(model: Pipeline) -> dict[str, float]:
    """The weights, of features as they are, as `qa/answer/confidence.py` has them."""
    scaler, logistic = model[0], model[1]
    weights = logistic.coef_[0] / scaler.scale_
    return {"intercept": round(float(logistic.intercept_[0] - weights @ scaler.mean_), 2),
            **{name: round(float(weight), 2) for name, weight in zip(OTHER_SCRIPT, weights, strict=True)}}


def cross_validated_logistic(cases: Sequence[Case]) -> list[float]:
    """The confidence in each case, by weights that saw no question about its article, in whatever language."""
    confidences = np.zeros(len(cases))
    titles = [case.title for case in cases]
    for rest, held_out in GroupKFold(FOLDS, shuffle=True, random_state=0).split(cases, groups=titles):
        model = fit_logistic([cases[row] for row in rest])
        confidences[held_out] = model.predict_proba(
            [[cases[row].features[name] for name in OTHER_SCRIPT] for row in held_out])[:, 1]
    return confidences.tolist()


def summary(cases: Sequence[Case], confidences: Sequence[float]) -> dict[str, Any]:
    """What these confidences do, by question set: in each setting, and how well they are calibrated over the questions
    asked with their context and without it."""
    by_set: dict[str, list[tuple[Case, float]]] = {}
    for case, confidence in zip(cases, confidences, strict=True):
        by_set.setdefault(case.question_set, []).append((case, confidence))
    return {name: _summary_of_set(of_set) for name, of_set in by_set.items()}


def _summary_of_set(cases: Sequence[tuple[Case, float]]) -> dict[str, Any]:
    by_setting: dict[str, list[float]] = {}
    for case, confidence in cases:
        by_setting.setdefault(case.setting, []).append(confidence)
    both = [(confidence, case.is_right) for case, confidence in cases if case.setting in ("whole", "own-context-out")]
    settings = {setting: {"cases": len(of_setting),
                          "answered": round(float(np.mean([value >= ANSWERED_FROM for value in of_setting])), 3),
                          "auroc_against_whole": round(auroc(by_setting["whole"], of_setting), 3)}
                for setting, of_setting in by_setting.items()}
    return {"expected_calibration_error": round(expected_calibration_error(*zip(*both, strict=True)), 4), **settings}


if __name__ == "__main__":
    sys.exit(main())
