"""Learns how evidence is weighed: python -m training.fit_answering SQUAD.json... [--no-reader] [--write] > report.json

From questions that the reader and the embedder were not trained on (`training/asked.py`):

1. the weights of the evidence in `qa/answer/ranking.py`, that make the right sentences of a question likelier than the
   others that were read (conditional logit: the softmax of the scores over a question's sentences);
2. `confidence` (`qa/data/confidence_trees*.json`; `training/fit_confidence.py`);
3. logistic weights of `confidence` for questions in another script than the articles.

With `--keep-weights --by-size`, what confidence has learned stays, and is only weighed anew beside the relevance that
the reader finds, by the size of the index. What is printed is by cross-validation over titles and articles: nothing is
judged on what it was fitted to. `--write` puts what confidence learned from everything where the program reads it; the
weights are printed, to be copied.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.model_selection import GroupKFold

from benchmarks.cases import language_sets
from index.model.load import load_embedder
from index.model.load_reader import load_reader
from qa.answer.compose import distinct
from qa.answer.confidence import TREES, TREES_READ
from qa.answer.ranking import SENTENCES_CONSIDERED, WITH_READER, WITHOUT_READER, Evidence, RankedSentence
from qa.question.kinds import AnswerKind
from training import fit_confidence
from training.asked import NEWS, Asked, Asking, by_set, part_of_questions
from training.told import told

FOLDS = 5
RIDGE = 3.0
WITH_READER_ONLY = ("lead", "lead_across_scripts", "corroboration")
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
    "is_of_other_years": lambda evidence: float(evidence.is_of_other_years),
    "lead": lambda evidence: evidence.lead * evidence.same_script,
    "lead_across_scripts": lambda evidence: evidence.lead * (not evidence.same_script),
    "corroboration": lambda evidence: evidence.corroboration,
}
Weights = NDArray[np.float64]


def main() -> int:
    """Print what was learned and what it does, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="SQUAD.json")
    parser.add_argument("--news-index", type=Path, nargs="+", default=[Path("var/training/news-index")],
                        help="the index that is reported on, and others that confidence learns from")
    parser.add_argument("--news", type=Path, default=Path("var/training/news-candidates.jsonl"))
    parser.add_argument("--grown-index", type=Path, metavar="DIR", help="the sample articles among others: "
                        "python build_index.py articles OTHERS --index-dir DIR")
    parser.add_argument("--no-reader", action="store_true", help="learn for answers without a reader")
    parser.add_argument("--learn", nargs="+", default=[], choices=list(LEARNED), metavar="WEIGHT",
                        help="learn these weights of evidence alone, the others as the program has them")
    parser.add_argument("--keep-weights", action="store_true",
                        help="learn confidence with the program's weights of evidence, not with those learned here")
    parser.add_argument("--by-size", action="store_true", help="with --keep-weights: keep what confidence has learned, "
                        "too, and only weigh it anew beside the relevance that the reader finds")
    parser.add_argument("--write", action="store_true", help="replace what the program's confidence has learned")
    options = parser.parse_args()
    if options.by_size and (options.no_reader or not options.keep_weights):
        parser.error("--by-size needs a reader and --keep-weights")
    asked = Asking(load_embedder(), None if options.no_reader else load_reader()).everything(
        options.files, options.news_index, options.news, options.grown_index)
    with_reader = not options.no_reader
    names = [name for name in LEARNED if with_reader or name not in WITH_READER_ONLY]
    learned = _learned(names, options.learn, with_reader=with_reader)
    weights = fit_weights(asked, names, learned)
    judged = ranked_by(asked, _weights_across(asked, names, learned), names)
    kept = ranked_by(asked, [_weights_of_program(names, with_reader=with_reader)] * len(asked), names)
    same, other = _by_script(kept if options.keep_weights else judged)
    by_size = None
    if options.by_size:
        # Of news questions only their own article counts as right: what another one tells as well would count as wrong.
        same = [each for each in same if each.question_set != NEWS]
        confidences, by_size = fit_confidence.weighed_by_size(same, DATA / TREES_READ)
    else:
        confidences, calibrated = fit_confidence.learned(same, with_reader=with_reader)
    report = {
        "cases": len(asked), "weights": dict(zip(names, weights.round(4).tolist(), strict=True)),
        "sentences": {name: _ranking(of_set) for name, of_set in by_set(judged)},
        "passages": {weight: {name: _passages(of_set, weight) for name, of_set in by_set(asked)}
                     for weight in PASSAGE_WEIGHTS} if with_reader else {},
        "confidence": told(same, confidences), "by_size": by_size and asdict(by_size),
        "other_script": fit_confidence.other_script(other, with_reader=with_reader) if other else {}}
    print(json.dumps(report, indent=1))
    if options.write and by_size is not None:
        fit_confidence.write_by_size(by_size, DATA / TREES_READ)
    elif options.write:
        shipped, _ = _by_script(kept if options.keep_weights else ranked_by(asked, [weights] * len(asked), names))
        fitted = fit_confidence.fit(fit_confidence.Cases.of(shipped), with_reader=with_reader)
        fit_confidence.write(fitted, calibrated, DATA / (TREES_READ if with_reader else TREES))
    return 0


def fit_weights(asked: Sequence[Asked], names: Sequence[str], learned: NDArray[np.float64]) -> Weights:
    """The weights, (features,), relative to the first, that make the right sentences of the questions likeliest.

    They are sums of the columns of `learned`, (features, columns), times what is learned for each.
    """
    told_apart = [each for each in asked if each.is_there and each.right.any() and not each.right.all()]
    evidence = [_evidence(each.sentences, names) @ learned for each in told_apart]
    spread = np.vstack([each - each.mean(0) for each in evidence]).std(0) + 1e-9
    scaled = np.vstack(evidence) / spread
    right = np.concatenate([each.right for each in told_apart])
    lengths = np.array([len(each.right) for each in told_apart])
    starts = np.cumsum(lengths) - lengths
    counts = Counter(map(part_of_questions, told_apart))
    times = np.array([len(told_apart) / len(counts) / counts[part_of_questions(each)] for each in told_apart])

    def loss(weights: Weights) -> tuple[float, Weights]:
        scores = scaled @ weights
        likelihood = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), lengths))
        all_of, right_of = np.add.reduceat(likelihood, starts), np.add.reduceat(likelihood * right, starts)
        slope = likelihood * (np.repeat(times / right_of, lengths) * right - np.repeat(times / all_of, lengths))
        return (float((times * np.log(all_of / right_of)).sum() + RIDGE * weights @ weights),
                2 * RIDGE * weights - slope @ scaled)

    found = minimize(loss, np.zeros(scaled.shape[1]), jac=True, method="L-BFGS-B")
    weights: Weights = learned @ (found.x / spread)
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


def _learned(names: Sequence[str], learned: Sequence[str], *, with_reader: bool) -> NDArray[np.float64]:
    """A column for each weight, or, where only some are learned, one for all others as they are, and those."""
    each_alone = np.eye(len(names))
    if not learned:
        return each_alone
    rows = [names.index(name) for name in learned]
    others = _weights_of_program(names, with_reader=with_reader)
    others[rows] = 0.0
    return np.column_stack([others, each_alone[:, rows]])


def _weights_of_program(names: Sequence[str], *, with_reader: bool) -> Weights:
    weights = WITH_READER if with_reader else WITHOUT_READER
    kinds = {f"{kind.value}_shown": weights.kinds.get(kind, 0.0) for kind in AnswerKind}
    known = kinds | {
        "cosine": 1.0, "passage_dense": weights.passage_dense, "passage_lexical": weights.passage_lexical,
        "words_found": weights.words, "new_words_found": weights.new_words, "asked_word_found": weights.asked_word,
        "is_counted": weights.counted,
        "is_of_other_years": weights.other_years, "lead": weights.lead,
        "lead_across_scripts": weights.lead_across_scripts, "corroboration": weights.corroboration}
    return np.array([known[name] for name in names])


def _evidence(sentences: Sequence[RankedSentence], names: Sequence[str]) -> NDArray[np.float64]:
    return np.array([[LEARNED[name](sentence.evidence) for name in names] for sentence in sentences])


def _weights_across(asked: Sequence[Asked], names: Sequence[str], learned: NDArray[np.float64]) -> list[Weights]:
    """For each question the weights that never saw its group."""
    weights: list[Weights] = [np.zeros(0)] * len(asked)
    for rest, held_out in _folds(asked):
        fitted = fit_weights([asked[row] for row in rest], names, learned)
        for row in held_out:
            weights[row] = fitted
    return weights


def _folds(asked: Sequence[Asked]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    folds: Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]] = GroupKFold(
        FOLDS, shuffle=True, random_state=0).split(asked, groups=[each.group for each in asked])
    return folds


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


def _by_script(asked: Sequence[Asked]) -> tuple[list[Asked], list[Asked]]:
    """Return what was asked in the script of the first sentence, and what was not; without what found no sentence.

    The second are of the sets in other languages: in others the scripts differ by accident, or in few questions.
    """
    found, languages = [each for each in asked if each.sentences], frozenset(language_sets())
    return ([each for each in found if each.same_script],
            [each for each in found if not each.same_script and each.question_set in languages])


if __name__ == "__main__":
    sys.exit(main())
