"""Resolve a question and those before it into one standalone question, at a cost bounded by their number."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from qa.question.follow_up import readings, stands_alone
from qa.question.parsed import ParsedQuestion, parse_question
from qa.question.small_talk import small_talk, without_greeting
from qa.question.topic import Standalone
from qa.types.question import MAX_QUESTION_CHARS, Question

# A follow-up is read as a question by itself if that reading is answered with this much more confidence.
CLEARER = 0.2


class StandaloneQuestion:
    """The text of a question that can be understood without the questions before it."""

    def __init__(self, reading: Standalone) -> None:
        self.reading = reading
        self.text = reading.text[:MAX_QUESTION_CHARS]

    @cached_property
    def parsed(self) -> ParsedQuestion:
        """The parsed question. Parsed on first use, so not at all for a cached answer."""
        return parse_question(self.text)


def understand(question: Question, confidence: Callable[[StandaloneQuestion, bool], float]) -> StandaloneQuestion:
    """Resolve a follow-up into a standalone question.

    If it may also be a question by itself, take the first reading, unless the second is answered with more
    confidence by at least `CLEARER`. `confidence(reading, is_last)` answers a reading of the question itself, or of one
    before it. Questions before the latest that surely stands alone do not matter.
    """
    if small_talk(question.text):
        return StandaloneQuestion(Standalone(question.text))
    asked_before = (asked for asked in question.previous if small_talk(asked) is None)
    asked = [*map(without_greeting, (*asked_before, question.text))]
    first = max((place for place, text in enumerate(asked) if stands_alone(text)), default=0)
    understood = StandaloneQuestion(Standalone(asked[first]))
    for place in range(first + 1, len(asked)):
        read_as = [StandaloneQuestion(reading) for reading in readings(asked[place], understood.reading)]
        understood = read_as[0]
        if len(read_as) > 1:
            is_last = place + 1 == len(asked)
            one, other = (confidence(each, is_last) for each in read_as)
            understood = read_as[0] if one + CLEARER >= other else read_as[1]
    return understood
