"""Fits the weights of `qa/confidence.py`: python benchmarks/fit_confidence.py SQUAD.json... > report.json

Each question of the files, and of `articles/questions.jsonl`, is asked of the whole set, of the set without its own
context, of the set without any context of its title, and of an index of its title alone; questions of other titles are
asked of that small index too. Questions in another script than the articles' are only in the sample.
The sentence that comes first is right when it holds a gold answer. Needs scikit-learn,
which sentence-transformers brings. Takes about ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from index.dense import DenseIndex
from index.embedder import Embedder, Vectors, load_embedder
from index.lexical import LexicalIndex
from index.snapshot import Snapshot, Tables
from index.sources import read_paths
from index.terms import passage_terms
from index.types import Article, Passage
from qa.confidence import ANSWERED_FROM, confidence_of, features
from qa.evaluate import comparable, throwaway_snapshot
from qa.metrics import auroc
from qa.question_sets import GoldQuestion, QuestionSet, read_sentence_questions, read_squad
from qa.reader import Evidence, rank_sentences
from qa.retriever import embed_question, retrieve

ARTICLES = Path(__file__).resolve().parents[1] / "articles"
SAMPLE = "articles"
SMALL_INDEXES = 150
QUESTIONS_A_SMALL_INDEX = 12


@dataclass(frozen=True, slots=True)
class Case:
    """One question asked of one index. `setting` is whole, own-context-out, title-out, small, small-other or none."""

    question_set: str
    setting: str
    evidence: Evidence
    sentence_count: int
    is_right: bool


def main() -> int:
    """Print the fitted weights and what they do, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="SQUAD.json")
    files = parser.parse_args().files
    embedder = load_embedder()
    sets = {path.name: read_squad(path) for path in files}
    cases = [case for name, questions in sets.items() for case in cases_of(name, questions, [], embedder)]
    cases += cases_of(SAMPLE, *sample_set(), embedder)
    report = {"answered_from": ANSWERED_FROM, "same_script": fit([case for case in cases if case.evidence.same_script]),
              "other_script": fit([case for case in cases if case.question_set == SAMPLE
                                   and not case.evidence.same_script]), "shipped": summary(cases)}
    print(json.dumps(report, indent=1))
    return 0


def sample_set() -> tuple[QuestionSet, list[str]]:
    """The sample corpus and its questions, and those that nothing answers."""
    articles = [record for record in read_paths([ARTICLES]) if isinstance(record, Article)]
    rows = {article.id: row for row, article in enumerate(articles)}
    asked = read_sentence_questions(ARTICLES / "questions.jsonl")
    answerable = tuple(GoldQuestion(each.text, rows[each.article_id], (each.sentence or "",))
                       for each in asked if each.article_id)
    return QuestionSet(tuple(articles), answerable), [each.text for each in asked if not each.article_id]


def cases_of(name: str, questions: QuestionSet, unanswerable: Sequence[str], embedder: Embedder) -> Iterator[Case]:
    """Every case of one set."""
    print(f"{name}: {len(questions.questions)} questions", file=sys.stderr)
    snapshot = throwaway_snapshot(questions.articles, embedder)
    context = snapshot.tables.passages[:, 0]
    titles = np.array([article.title for article in questions.articles])
    vectors = [embed_question(embedder, question.text) for question in questions.questions]
    for question, vector in zip(questions.questions, vectors, strict=True):
        title = titles[question.context]
        yield ask(name, "whole", snapshot, question, vector, None)
        yield ask(name, "own-context-out", snapshot, question, vector, context != question.context)
        yield ask(name, "title-out", snapshot, question, vector, titles[context] != title)
    for text in unanswerable:
        yield ask(name, "none", snapshot, GoldQuestion(text, -1, ()), embed_question(embedder, text), None)
    chance = random.Random(5)
    with_questions = sorted({titles[question.context] for question in questions.questions})
    for title in chance.sample(with_questions, min(len(with_questions), SMALL_INDEXES)):
        small = part_of(snapshot, np.flatnonzero(titles[context] == title))
        own = [row for row, question in enumerate(questions.questions) if titles[question.context] == title]
        others = [row for row, question in enumerate(questions.questions) if titles[question.context] != title]
        own = chance.sample(own, min(len(own), QUESTIONS_A_SMALL_INDEX))
        for row in own:
            yield ask(name, "small", small, questions.questions[row], vectors[row], None)
        for row in chance.sample(others, min(len(others), len(own))):
            yield ask(name, "small-other", small, questions.questions[row], vectors[row], None)


def ask(name: str, setting: str, snapshot: Snapshot, question: GoldQuestion, vector: Vectors,
        allowed: NDArray[np.bool_] | None) -> Case:
    """The evidence for the sentence that comes first."""
    ranked = rank_sentences(snapshot, question.text, retrieve(snapshot, question.text, vector, allowed, 10), 1)
    best = comparable(ranked[0].text)
    golds = [comparable(answer) for answer in question.answers]
    is_right = any(gold and gold in best for gold in golds)
    return Case(name, setting, ranked[0].evidence, snapshot.sentence_count, is_right)


def part_of(snapshot: Snapshot, rows: NDArray[np.int64]) -> Snapshot:
    """A snapshot of those passages alone, with the lexical statistics that it would have if it had been built so."""
    passages = snapshot.tables.passages[rows]
    vectors = np.array([snapshot.dense.vector(int(row)) for row in rows])
    terms = []
    for article_row, start, end, *_ in passages.tolist():
        article = snapshot.articles[article_row]
        terms.append(passage_terms(article, Passage(article.id, start, end, ())))
    kept = np.concatenate([np.arange(first, end) for first, end in passages[:, 3:5]])
    renumbered = passages.copy()
    renumbered[:, 4] = np.cumsum(passages[:, 4] - passages[:, 3])
    renumbered[:, 3] = renumbered[:, 4] - (passages[:, 4] - passages[:, 3])
    tables = Tables(renumbered, snapshot.tables.sentences[kept], snapshot.tables.sentence_vectors[kept])
    return Snapshot("part", snapshot.model, snapshot.chunking, snapshot.articles, tables, DenseIndex.build(vectors),
                    LexicalIndex.build(terms))


def fit(cases: Sequence[Case]) -> dict[str, Any]:
    """Logistic weights by feature, every set and kind of index counting the same."""
    inputs = [features(case.evidence, case.sentence_count) for case in cases]
    groups = [(case.question_set, case.setting.startswith("small")) for case in cases]
    sizes = {group: groups.count(group) for group in set(groups)}
    model = LogisticRegression(C=1e4, max_iter=100_000).fit(
        [list(each.values()) for each in inputs], [case.is_right for case in cases],
        sample_weight=[1000 / sizes[group] for group in groups])
    return {"cases": len(cases), "intercept": round(float(model.intercept_[0]), 2),
            **{name: round(float(weight), 2) for name, weight in zip(inputs[0], model.coef_[0], strict=True)}}


def summary(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """What the weights in `qa/confidence.py` do in each setting."""
    rows = []
    confidences_of: dict[tuple[str, bool, str], list[float]] = {}
    for case in cases:
        key = (case.question_set, case.evidence.same_script, case.setting)
        confidences_of.setdefault(key, []).append(confidence_of(case.evidence, case.sentence_count))
    for (question_set, same_script, setting), confidences in sorted(confidences_of.items()):
        whole = confidences_of.get((question_set, same_script, "whole"), [])
        rows.append({"set": question_set, "same_script": same_script, "setting": setting, "cases": len(confidences),
                     "answered": round(float(np.mean([value >= ANSWERED_FROM for value in confidences])), 3),
                     "auroc_against_whole": round(auroc(whole, confidences), 3)})
    return rows


if __name__ == "__main__":
    sys.exit(main())
