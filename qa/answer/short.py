"""Find the words of the first citation that answer the question, and the spans that answer in the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.types import Sentence
from qa.answer.days import answering_day_span, approximate_day, resolved_day
from qa.answer.ranking import RankedSentence
from qa.question.kinds import AnswerKind
from qa.question.parsed import ParsedQuestion
from qa.types import Citation, ShortAnswer, Span

# A span is shown if the reader prefers it to "no answer", or the other way round by at most this much.
SHOWN_FROM_LEAD = -3.0
# What may stand around an answer without being part of it.
_AROUND = " \t\n\r«»\"“”'‘’()[]{}،؛,;:.؟?!…-–—"


def with_answers(question: ParsedQuestion, citations: Sequence[Citation], ranked: Sequence[RankedSentence]
                 ) -> tuple[tuple[Citation, ...], ShortAnswer | None]:
    """Return the citations with the spans that answer, and the short answer: the span of the first that has one."""
    read = {sentence.text: sentence for sentence in ranked}
    found = tuple(replace(citation, answer=_span(question, citation, read.get(citation.quote)))
                  for citation in citations)
    first = next((citation for citation in found[:1] if citation.answer is not None), None)
    if first is None or first.answer is None:
        return found, None
    start, end = first.answer
    if question.kind is not AnswerKind.TIME:
        return found, ShortAnswer(first.article, start, end)
    day, about = (resolve(first.article, start, end) for resolve in (resolved_day, approximate_day))
    return found, ShortAnswer(first.article, start, end, day or about, approximate=day is None and about is not None)


def _span(question: ParsedQuestion, citation: Citation, sentence: RankedSentence | None) -> Span | None:
    """Return the span in the cited article's text; None if neither the reader nor a date gives one."""
    span = None
    if sentence is not None and sentence.span is not None and sentence.evidence.lead >= SHOWN_FROM_LEAD:
        # The cited sentence is a copy of the one that was read, perhaps in another article.
        moved = citation.start - sentence.sentence.start
        span = _trimmed(citation, sentence.span[0] + moved, sentence.span[1] + moved)
    if question.kind is AnswerKind.TIME:
        day = answering_day_span(citation.article, Sentence(citation.start, citation.end), question)
        if day is not None and (span is None or not _overlap(span, day)):
            return day
    return span


def _trimmed(citation: Citation, start: int, end: int) -> Span | None:
    start, end = max(start, citation.start), min(end, citation.end)
    text = citation.article.text[start:end]
    start += len(text) - len(text.lstrip(_AROUND))
    end -= len(text) - len(text.rstrip(_AROUND))
    return (start, end) if start < end else None


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
