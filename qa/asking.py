"""Answer questions after those before them: resolve follow-ups, correct spelling, and remember the latest answers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from index.memory import Memory
from qa.question.parsed import ParsedQuestion, parse_question, said_in_standard
from qa.question.small_talk import small_talk
from qa.retrieve.narrowing import notices_of
from qa.retrieve.spelling import corrected
from qa.retrieve.vocabulary import Vocabulary
from qa.standalone import StandaloneAnswerer
from qa.types.answer import Answer
from qa.types.filters import Filters
from qa.types.question import MAX_QUESTION_CHARS, Question
from qa.types.search import SearchResult
from qa.understanding import StandaloneQuestion, understand

# Size of the cache of answers. Each answer counts as one, plus one for each passage and other place it refers to, since
# each of those holds an article.
REMEMBERED = 1536
# Readings of earlier questions of which the confidence is remembered.
CONFIDENCES = 4096


class _ForgottenError(LookupError):
    """An answer that is not remembered."""


class Asking:
    """Answers questions and caches the latest answers. Threads may share it."""

    def __init__(self, answerer: StandaloneAnswerer, vocabulary: Vocabulary) -> None:
        self._answerer, self._vocabulary = answerer, vocabulary
        self._remembered: Memory[Question, Answer] = Memory(REMEMBERED, _size)
        self._confidences: Memory[Question, float] = Memory(CONFIDENCES)

    def steps(self, question: Question, read_at_most: int | None = None) -> Iterator[SearchResult | Answer]:
        """Yield the passages as soon as they are found, and then the answer."""
        began = time.perf_counter()
        yield from self._steps(question, self.understood(question, read_at_most), began, read_at_most)

    def remembered(self, question: Question) -> Answer | None:
        """Return the answer that was given to this question not long ago, without asking again; None if forgotten."""
        if small_talk(question.text):
            return next(step for step in self.steps(question) if isinstance(step, Answer))

        def confidence(reading: StandaloneQuestion, is_last: bool) -> float:  # noqa: FBT001  # as `understand` calls it
            if not is_last:
                return self._confidence(reading, question.filters, 0)
            answer = self._remembered.get(Question(reading.text, filters=question.filters))
            if answer is None:
                raise _ForgottenError
            return answer.confidence

        try:
            standalone = understand(question, confidence)
        except _ForgottenError:
            return None
        answer = self._remembered.get(_whole(question, standalone))
        return answer and replace(answer, question=question, understood_as=understood_as(question, standalone))

    def understood(self, question: Question, read_at_most: int | None = None) -> StandaloneQuestion:
        """Resolve a follow-up into a standalone question. Readings of questions before it are compared unread."""
        return understand(question, lambda reading, is_last: self._confidence(
            reading, question.filters, read_at_most if is_last else 0))

    def corrected(self, question: ParsedQuestion) -> tuple[ParsedQuestion, str | None]:
        """Return the question with its spelling corrected, and its text if anything was corrected."""
        correction = corrected(self._answerer.snapshot, self._vocabulary, question)
        if correction is None:
            return question, None
        meant = parse_question(correction.text[:MAX_QUESTION_CHARS])
        return meant, meant.text

    def _steps(self, question: Question, standalone: StandaloneQuestion, began: float, read_at_most: int | None
               ) -> Iterator[SearchResult | Answer]:
        """Do what `steps` does, for a question already resolved into a standalone one."""
        started = time.perf_counter()
        snapshot, state = self._answerer.snapshot, self._answerer.state
        understanding = {"understand": (started - began) * 1000} if question.previous else {}
        whole, read_as = _whole(question, standalone), understood_as(question, standalone)
        remembered = self._remembered.get(whole)
        if remembered is not None:
            yield SearchResult(question, remembered.hits, state)
            yield replace(remembered, question=question, understood_as=read_as, timings_ms=understanding | {
                "cached": milliseconds_since(started), "total": milliseconds_since(began)})
            return
        if small_talk(whole.text):
            yield SearchResult(question, (), state)
            yield Answer(question, "not_found", 0.0, (), (), state,
                         timings_ms=understanding | {"total": milliseconds_since(began)})
            return
        parsed, did_you_mean = self.corrected(standalone.parsed)
        for step in self._answerer.steps(whole, said_in_standard(parsed), started, read_at_most):
            if isinstance(step, Answer):
                step = replace(step, did_you_mean=did_you_mean, notices=notices_of(snapshot, whole.filters))
                if whole.filters.passages is None and self._answerer.reads_enough(read_at_most):
                    self._remembered.keep(step.question, step)
                total = step.timings_ms["total"] + sum(understanding.values())
                step = replace(step, question=question, understood_as=read_as,
                               timings_ms=understanding | dict(step.timings_ms) | {"total": total})
            yield step

    def _confidence(self, reading: StandaloneQuestion, filters: Filters, read_at_most: int | None) -> float:
        """Return the confidence with which this reading is answered."""
        asked = Question(reading.text, filters=filters)
        confidence = self._confidences.get(asked) if read_at_most == 0 else None
        if confidence is None:
            steps = self._steps(asked, reading, time.perf_counter(), read_at_most)
            confidence = next(step.confidence for step in steps if isinstance(step, Answer))
            if read_at_most == 0:
                self._confidences.keep(asked, confidence)
        return confidence


def understood_as(question: Question, standalone: StandaloneQuestion) -> str | None:
    """Return the standalone text if it differs from the text that was asked, else None."""
    return None if standalone.text == question.text else standalone.text


def milliseconds_since(started: float) -> float:
    """Return the milliseconds since a time of `time.perf_counter`."""
    return (time.perf_counter() - started) * 1000


def _whole(question: Question, standalone: StandaloneQuestion) -> Question:
    """Return the question with its standalone text and no previous questions."""
    return replace(question, text=standalone.text, previous=())


def _size(answer: Answer) -> int:
    return 1 + len(answer.hits) + sum(len(citation.also_in) for citation in answer.citations)
