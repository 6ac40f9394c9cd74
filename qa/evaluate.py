"""Quality over a file of questions with known answers, on a throw-away index of the file's own passages."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from index.arabic import normalise
from index.build import Progress, build
from index.embedder import Embedder
from index.snapshot import Snapshot, open_snapshot
from index.types import Article
from qa.compose import CONSIDERED, distinct
from qa.confidence import confidence_of
from qa.metrics import auroc, ndcg_at, recall_at, reciprocal_rank_at
from qa.reader import RankedSentence, rank_sentences
from qa.retriever import retrieve

RANKED = 10
SENTENCES = 3


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question, the row of the context that answers it, and the answers that people marked there."""

    text: str
    context: int
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Contexts as articles, each once, and questions over them."""

    articles: tuple[Article, ...]
    questions: tuple[GoldQuestion, ...]


class QuestionSetError(ValueError):
    """The file is not a question set of the format named."""


def read_squad(path: Path) -> QuestionSet:
    """A file in SQuAD 1.1 format; contexts with the same text are one article. Raises QuestionSetError."""
    try:
        groups = json.loads(path.read_text(encoding="utf-8-sig"))["data"]
        rows: dict[str, int] = {}
        articles: list[Article] = []
        questions: list[GoldQuestion] = []
        for group in groups:
            for paragraph in group["paragraphs"]:
                context = _text(paragraph["context"])
                if context not in rows:
                    rows[context] = len(articles)
                    articles.append(Article(id=str(len(articles)), text=context, title=_text(group.get("title", ""))))
                for asked in paragraph["qas"]:
                    answers = tuple(_text(answer["text"]) for answer in asked["answers"])
                    if answers:
                        questions.append(GoldQuestion(_text(asked["question"]), rows[context], answers))
    except (ValueError, KeyError, TypeError) as error:
        raise QuestionSetError(f"{path} is not in SQuAD format: {error!r}") from error
    if not questions:
        raise QuestionSetError(f"{path} holds no question with an answer")
    return QuestionSet(tuple(articles), tuple(questions))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one question gave; ranks count from 0. `confidence_without` is that with the gold context taken out."""

    context_rank: int | None
    sentence_rank: int | None
    confidence: float
    confidence_without: float


def evaluate(questions: QuestionSet, embedder: Embedder, *,
             progress: Progress = lambda _stage, _done, _total: None) -> dict[str, Any]:
    """One JSON object of measures, as `musnad eval` prints it."""
    started = time.perf_counter()
    snapshot = throwaway_snapshot(questions.articles, embedder, progress)
    outcomes = []
    for number, outcome in enumerate(ask_all(questions.questions, snapshot, embedder), start=1):
        outcomes.append(outcome)
        progress("asking", number, len(questions.questions))
    context_ranks = [outcome.context_rank for outcome in outcomes]
    sentence_ranks = [outcome.sentence_rank for outcome in outcomes]
    measures = {
        "passages": snapshot.passage_count, "questions": len(outcomes),
        **{f"recall@{k}": recall_at(context_ranks, k) for k in (1, 5, 10)},
        "mrr@10": reciprocal_rank_at(context_ranks, 10), "ndcg@10": ndcg_at(context_ranks, 10),
        **{f"answer_sentence@{k}": recall_at(sentence_ranks, k) for k in (1, 3)},
        "no_answer_auroc": auroc([outcome.confidence for outcome in outcomes],
                                 [outcome.confidence_without for outcome in outcomes]),
        "seconds": time.perf_counter() - started,
    }
    return {name: round(value, 4) for name, value in measures.items()}


def throwaway_snapshot(articles: Sequence[Article], embedder: Embedder,
                       progress: Progress = lambda _stage, _done, _total: None) -> Snapshot:
    """A snapshot whose files are gone from their folder; they take disk for as long as it is used."""
    with TemporaryDirectory(prefix="musnad-") as folder:
        build(articles, Path(folder), embedder, progress=progress)
        return open_snapshot(Path(folder))


def ask_all(questions: Sequence[GoldQuestion], snapshot: Snapshot, embedder: Embedder) -> Iterator[Outcome]:
    """Each question asked twice: of everything, and with its own context taken out."""
    context_of_row = snapshot.tables.passages[:, 0]
    for question in questions:
        vector = embedder.embed_query(question.text)
        candidates = retrieve(snapshot, question.text, vector, None, RANKED)
        contexts = [int(context_of_row[candidate.row]) for candidate in candidates]
        ranked = list(islice(distinct(rank_sentences(snapshot, question.text, candidates, CONSIDERED)), SENTENCES))
        others = retrieve(snapshot, question.text, vector, context_of_row != question.context, RANKED)
        without = rank_sentences(snapshot, question.text, others, 1)
        yield Outcome(
            contexts.index(question.context) if question.context in contexts else None,
            _first_with_answer(ranked, question.answers), _confidence(snapshot, ranked), _confidence(snapshot, without))


def comparable(text: str) -> str:
    """Text as answers are compared: letters folded, punctuation as spaces, one space between words."""
    return " ".join(re.sub(r"[\W_]+", " ", normalise(text)).split())


def _confidence(snapshot: Snapshot, ranked: Sequence[RankedSentence]) -> float:
    return confidence_of(ranked[0].evidence, snapshot.sentence_count) if ranked else 0.0


def _first_with_answer(ranked: Sequence[RankedSentence], answers: Sequence[str]) -> int | None:
    golds = [gold for gold in map(comparable, answers) if gold]
    return next((rank for rank, sentence in enumerate(ranked)
                 if any(gold in comparable(sentence.text) for gold in golds)), None)
