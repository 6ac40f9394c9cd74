"""Ask an index questions as a reader does, and measure whether it cites the sentences that answer them."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import UnknownArticleError
from index.intake.build import Progress
from qa.answerer import Answerer
from qa.contract import Status
from qa.evaluation.evaluate import comparable, rounded, versions
from qa.evaluation.question_sets import QuestionSetError, SentenceQuestion
from qa.types.answer import Answer
from qa.types.citation import Citation
from qa.types.question import Question, QuestionError

HITS = 10


@dataclass(frozen=True, slots=True)
class Result:
    """A question's result: the ranks, from 0, of the first right citation and of the first hit in its article.

    A rank is None if there is no such citation or hit.
    """

    question: SentenceQuestion
    status: Status
    citation_rank: int | None
    hit_rank: int | None


def evaluate_questions(questions: Sequence[SentenceQuestion], answerer: Answerer, source: Path, *,
                       progress: Progress = lambda _stage, _done, _total: None) -> dict[str, Any]:
    """Return the measures that `musnad eval questions` prints; `docs/evaluation.md` defines each.

    `source` is the file of the questions. Raises QuestionSetError, with the line, for a question that cannot be asked
    or whose article or sentence is not in the index.
    """
    started = time.perf_counter()
    spans = [_span(question, answerer, source) for question in questions]
    results = []
    for question, span in zip(questions, spans, strict=True):
        results.append(_result(question, span, _ask(question, answerer, source)))
        progress("asking", len(results), len(questions))
    return rounded({
        "articles": answerer.state.articles, "passages": answerer.state.passages, **_measures(results),
        "by_language": _by("language", results), "by_kind": _by("kind", results),
        "seconds": time.perf_counter() - started, "generation": answerer.state.generation,
        "versions": versions(answerer.snapshot.model)})


def _ask(question: SentenceQuestion, answerer: Answerer, source: Path) -> Answer:
    try:
        return answerer.ask(Question.parse(question.text, top_k=HITS, previous=question.previous))
    except QuestionError as error:
        raise QuestionSetError(f"{source}: line {question.line}: {error}") from error


def _span(question: SentenceQuestion, answerer: Answerer, source: Path) -> tuple[int, int] | None:
    """Find the sentence in its article; None if it is there only after normalising, or if nothing answers."""
    if question.article_id is None or question.sentence is None:
        return None
    place = f"{source}: line {question.line}"
    try:
        text = answerer.article(question.article_id).text
    except UnknownArticleError as error:
        raise QuestionSetError(f"{place}: {error}") from error
    start = text.find(question.sentence)
    if start >= 0:
        return start, start + len(question.sentence)
    if comparable(question.sentence) not in comparable(text):
        raise QuestionSetError(f"{place}: the article {question.article_id!r} does not hold the answer sentence")
    return None


def _result(question: SentenceQuestion, span: tuple[int, int] | None, answer: Answer) -> Result:
    citation_rank = next((rank for rank, citation in enumerate(answer.citations)
                          if question.sentence is not None and _cites(citation, question, span)), None)
    hit_rank = next((rank for rank, hit in enumerate(answer.hits) if hit.article.id == question.article_id), None)
    return Result(question, answer.status, citation_rank, hit_rank)


def _cites(citation: Citation, question: SentenceQuestion, span: tuple[int, int] | None) -> bool:
    """Tell whether the quote holds the sentence's words, in any article, or overlaps the sentence in its article."""
    if comparable(question.sentence or "") in comparable(citation.quote):
        return True
    return (span is not None and citation.article.id == question.article_id
            and citation.start < span[1] and span[0] < citation.end)


def _measures(results: Sequence[Result]) -> dict[str, Any]:
    answerable = [result for result in results if result.question.article_id is not None]
    unanswerable = [result for result in results if result.question.article_id is None]
    return {
        "questions": len(results), "answerable": len(answerable), "unanswerable": len(unanswerable),
        "gold_cited": _share([result.citation_rank is not None for result in answerable]),
        "gold_first": _share([result.citation_rank == 0 for result in answerable]),
        **{f"article_found@{k}": _share([result.hit_rank is not None and result.hit_rank < k
                                         for result in answerable]) for k in (1, 5, 10)},
        "answered": _share([result.status == "answered" for result in answerable]),
        "shown": _share([result.status != "not_found" for result in answerable]),
        "not_answered": _share([result.status != "answered" for result in unanswerable]),
        "not_found": _share([result.status == "not_found" for result in unanswerable])}


def _by(field: str, results: Sequence[Result]) -> dict[str, Any]:
    """Compute the measures for each language or kind; questions without one are under an empty name."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(getattr(result.question, field), []).append(result)
    return {name: _measures(group) for name, group in sorted(groups.items())}


def _share(facts: Sequence[bool]) -> float:
    return sum(facts) / len(facts) if facts else math.nan
