"""Measure quality over a question set, on a temporary index of its own passages."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path
from platform import python_version
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.generation.snapshot import Snapshot, open_snapshot
from index.intake.build import Progress, build
from index.language.arabic import ANALYZER_VERSION, normalise
from index.model.reading import Reader
from index.model.types import Embedder, ModelSettings, Vectors
from index.sources import Rejection, Repeat
from index.types import Article
from qa.answer.compose import distinct
from qa.answer.ranking import SENTENCES_CONSIDERED, RankedSentence
from qa.answer.reading import Read, read
from qa.answer.reprints import PASSAGES_COMPARED
from qa.answer.thresholds import ANSWERED_FROM
from qa.evaluation.metrics import (
    Ranking,
    auroc,
    expected_calibration_error,
    ndcg_at,
    recall_at,
    reciprocal_rank_at,
    span_scores,
)
from qa.evaluation.question_sets import GoldQuestion, JudgedSet, QuestionSet
from qa.question.parsed import ParsedQuestion, parse_question, said_in_standard
from qa.retrieve.retriever import Candidate, embed_question, retrieve

RANKED = 10
# The packages that the figures depend on, besides the model.
PACKAGES = {"musnad": "musnad", "numpy": "numpy", "faiss": "faiss-cpu", "onnxruntime": "onnxruntime",
            "sentence_transformers": "sentence-transformers"}
SENTENCES = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a question, and, as `without`, its outcome with everything relevant removed from the index.

    A sentence is right if it holds a gold answer, even if it comes from another context with the same words. `span` has
    exact match and F1 of the short answer; None if no reader read.
    """

    contexts: Ranking
    sentences: Ranking
    confidence: float
    confidence_without: float
    is_right_without: bool
    span: tuple[float, float] | None = None

    @property
    def is_right(self) -> bool:
        """Whether the first sentence holds a gold answer."""
        return self.sentences.found[:1] == (1,)


def evaluate_squad(questions: QuestionSet, embedder: Embedder, reader: Reader | None = None, *,
                   snapshot: Snapshot | None = None,
                   progress: Progress = lambda _stage, _done, _total: None) -> dict[str, Any]:
    """Return the measures that `musnad eval squad` prints; `docs/evaluation.md` defines each.

    `snapshot` holds the set's contexts, in their order; None builds a temporary one.
    """
    started = time.perf_counter()
    if snapshot is None:
        snapshot = throwaway_snapshot(questions.articles, embedder, progress=progress)
    outcomes = _counted(ask_all(questions.questions, snapshot, embedder, reader), len(questions.questions), progress)
    sentences = [outcome.sentences for outcome in outcomes]
    calibration = expected_calibration_error(
        [confidence for outcome in outcomes for confidence in (outcome.confidence, outcome.confidence_without)],
        [is_right for outcome in outcomes for is_right in (outcome.is_right, outcome.is_right_without)])
    return rounded(_measures(snapshot, outcomes, started) | {
        **{f"answer_sentence@{k}": recall_at(sentences, k) for k in (1, 3)},
        "expected_calibration_error": calibration, **_span_measures(outcomes), "versions": versions(snapshot.model)})


def evaluate_beir(judged: JudgedSet, embedder: Embedder, reader: Reader | None = None, *,
                  progress: Progress = lambda _stage, _done, _total: None) -> dict[str, Any]:
    """Return the measures that `musnad eval beir` prints; those that need marked answers are None."""
    started = time.perf_counter()
    snapshot = throwaway_snapshot(judged.articles, embedder, progress=progress)
    outcomes = _counted(_judge_all(judged, snapshot, embedder, reader), len(judged.queries), progress)
    known = {article.id for article in judged.articles}
    missing = {document for query in judged.queries for document in query.grades if document not in known}
    return rounded(_measures(snapshot, outcomes, started) | {
        "documents": len(judged.articles), "judged_documents_missing": len(missing),
        "versions": versions(snapshot.model)})


def throwaway_snapshot(records: Iterable[Article | Rejection | Repeat], embedder: Embedder, *,
                       on_rejection: Callable[[Rejection], None] = lambda _rejection: None,
                       progress: Progress = lambda _stage, _done, _total: None) -> Snapshot:
    """Build a snapshot in a temporary folder and delete the folder; the open files use disk until it is closed."""
    with TemporaryDirectory(prefix="musnad-") as folder:
        build(records, Path(folder), embedder, on_rejection=on_rejection, progress=progress)
        return open_snapshot(Path(folder))


def ask_all(questions: Sequence[GoldQuestion], snapshot: Snapshot, embedder: Embedder, reader: Reader | None = None
            ) -> Iterator[Outcome]:
    """Ask each question twice: of the whole index, and with the question's own context removed."""
    context_of_row = snapshot.tables.passages[:, 0]
    for question in questions:
        parsed = said_in_standard(parse_question(question.text))
        vector = embed_question(embedder, parsed)
        everything = _read(snapshot, reader, parsed, vector, None)
        without = _read(snapshot, reader, parsed, vector, context_of_row != question.context)
        contexts = [int(context_of_row[candidate.row]) for candidate in everything.candidates]
        context_rank = contexts.index(question.context) if question.context in contexts else None
        yield Outcome(
            Ranking.of_rank(context_rank), Ranking.of_rank(_first_with_answer(_distinct(everything), question.answers)),
            everything.confidence, without.confidence, _first_with_answer(_distinct(without), question.answers) == 0,
            _span(everything, question.answers))


def comparable(text: str) -> str:
    """Normalise a text for comparing answers: fold letters, drop punctuation, put one space between words."""
    return " ".join(re.sub(r"[\W_]+", " ", normalise(text)).split())


def versions(model: ModelSettings) -> dict[str, Any]:
    """List what the figures depend on: packages (None if not installed), analyzer, model and runtime."""
    return {"python": python_version(), **{name: _version(package) for name, package in PACKAGES.items()},
            "analyzer": ANALYZER_VERSION, "model": model.name, "fingerprint": model.fingerprint,
            "runtime": model.runtime}


def rounded(measures: dict[str, Any]) -> dict[str, Any]:
    """Round numbers to four places, and replace NaN, a share of nothing, by None, as JSON has no NaN."""
    return {name: rounded(value) if isinstance(value, dict) else _rounded(value) for name, value in measures.items()}


def _read(snapshot: Snapshot, reader: Reader | None, question: ParsedQuestion, vector: Vectors,
          allowed: NDArray[np.bool_] | None) -> Read:
    return read(snapshot, reader, question, retrieve(snapshot, question, vector, allowed, PASSAGES_COMPARED),
                SENTENCES_CONSIDERED)


def _span(found: Read, answers: Sequence[str]) -> tuple[float, float] | None:
    """Return exact match and F1 of the span in the first sentence; None if no passage was read."""
    if not found.passages_read or not found.sentences:
        return None
    first = found.sentences[0]
    said = "" if first.span is None else first.article.text[slice(*first.span)]
    return span_scores(comparable(said), list(map(comparable, answers)))


def _span_measures(outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    spans = [outcome.span for outcome in outcomes if outcome.span is not None]
    if not spans:
        return {"span_em": None, "span_f1": None}
    exact, f1 = (sum(values) / len(spans) for values in zip(*spans, strict=True))
    return {"span_em": exact, "span_f1": f1}


def _distinct(found: Read) -> list[RankedSentence]:
    return list(islice(distinct(found.sentences), SENTENCES))


def _judge_all(judged: JudgedSet, snapshot: Snapshot, embedder: Embedder, reader: Reader | None) -> Iterator[Outcome]:
    """Ask each query of the whole index, and again with everything relevant removed if anything is relevant."""
    row_of = {article.id: row for row, article in enumerate(judged.articles)}
    article_of_row = snapshot.tables.passages[:, 0]
    for query in judged.queries:
        parsed = parse_question(query.text)
        vector = embed_question(embedder, parsed)
        reading = _read(snapshot, reader, parsed, vector, None)
        documents = _documents(snapshot, parsed, vector, reading.candidates)
        relevant = [row_of[document] for document in query.grades if document in row_of]
        without = _read(snapshot, reader, parsed, vector, ~np.isin(article_of_row, relevant)) if relevant else reading
        yield Outcome(
            Ranking(tuple(query.grades.get(judged.articles[row].id, 0) for row in documents),
                    tuple(query.grades.values())),
            Ranking(()), reading.confidence, without.confidence, is_right_without=False)


def _documents(snapshot: Snapshot, query: ParsedQuestion, vector: Vectors,
               candidates: Sequence[Candidate]) -> list[int]:
    """Return the rows of the `RANKED` best articles, each ranked by its best passage.

    Retrieves more passages until there are enough articles.
    """
    count = PASSAGES_COMPARED
    while True:
        rows = snapshot.tables.passages[[candidate.row for candidate in candidates], 0]
        documents = list(dict.fromkeys(rows.tolist()))
        if len(documents) >= RANKED or len(candidates) < count:
            return documents[:RANKED]
        count *= 2
        candidates = retrieve(snapshot, query, vector, None, count)


def _measures(snapshot: Snapshot, outcomes: Sequence[Outcome], started: float) -> dict[str, Any]:
    """Compute the measures of every question set; leave those of marked answers None for `evaluate_squad`."""
    contexts = [outcome.contexts for outcome in outcomes]
    # If nothing is relevant, nothing can be removed.
    answerable = [outcome for outcome in outcomes if outcome.contexts.relevant]
    confidences = [outcome.confidence for outcome in answerable]
    confidences_without = [outcome.confidence_without for outcome in answerable]
    return {
        "passages": snapshot.passage_count, "questions": len(outcomes),
        **{f"recall@{k}": recall_at(contexts, k) for k in (1, 5, 10)},
        "mrr@10": reciprocal_rank_at(contexts, 10), "ndcg@10": ndcg_at(contexts, 10),
        "answer_sentence@1": None, "answer_sentence@3": None,
        "no_answer_auroc": auroc(confidences, confidences_without), "expected_calibration_error": None,
        "answered": _share_answered(confidences), "answered_without": _share_answered(confidences_without),
        "seconds": time.perf_counter() - started, "span_em": None, "span_f1": None,
    }


def _counted(outcomes: Iterable[Outcome], count: int, progress: Progress) -> list[Outcome]:
    asked = []
    for outcome in outcomes:
        asked.append(outcome)
        progress("asking", len(asked), count)
    return asked


def _share_answered(confidences: Sequence[float]) -> float:
    if not confidences:
        return math.nan
    return sum(confidence >= ANSWERED_FROM for confidence in confidences) / len(confidences)


def _first_with_answer(ranked: Sequence[RankedSentence], answers: Sequence[str]) -> int | None:
    golds = [gold for gold in map(comparable, answers) if gold]
    return next((rank for rank, sentence in enumerate(ranked)
                 if any(gold in comparable(sentence.text) for gold in golds)), None)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _rounded(value: Any) -> Any:
    if not isinstance(value, float):
        return value
    return None if math.isnan(value) else round(value, 4)
