"""A question as it is asked, and what may be wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.language.arabic import words
from qa.plain_text import is_plain_text
from qa.types.filters import NO_FILTERS, Filters

MAX_QUESTION_CHARS = 2000
MAX_TOP_K = 100
# The most previous questions that are used to understand one.
MAX_PREVIOUS = 5
# Code points that they may have together.
MAX_PREVIOUS_CHARS = 2000

QuestionFault = Literal["empty", "too_long", "not_text", "not_a_question", "bad_top_k", "too_many_previous",
                        "previous_too_long"]


class QuestionError(ValueError):
    """A question cannot be asked. `fault` is a stable code; the text says what to do."""

    def __init__(self, fault: QuestionFault, message: str) -> None:
        self.fault = fault
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Question:
    """A question, stripped, of at most `MAX_QUESTION_CHARS` code points. Use `Question.parse` for untrusted input.

    `top_k` is how many passages to return. `previous` holds the questions asked before, earliest first, that this one
    may refer to, of at most `MAX_PREVIOUS_CHARS` code points together.
    """

    text: str
    top_k: int = 5
    filters: Filters = NO_FILTERS
    previous: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str, *, top_k: int = 5, filters: Filters = NO_FILTERS,
              previous: Sequence[str] = ()) -> Question:
        """Check untrusted text and make a question of it; raise QuestionError with the code of its fault."""
        if len(previous) > MAX_PREVIOUS:
            raise QuestionError("too_many_previous", f"{len(previous)} previous questions are given; send the last "
                                                     f"{MAX_PREVIOUS} at most")
        before = tuple(_parse_previous(number, each).text for number, each in enumerate(previous, start=1))
        if (length := sum(map(len, before))) > MAX_PREVIOUS_CHARS:
            raise QuestionError("previous_too_long", f"the previous questions have {length} characters together; send "
                                                     f"the last that have {MAX_PREVIOUS_CHARS} at most")
        stripped = text.strip()
        if not stripped:
            raise QuestionError("empty", "the question is empty; type a question")
        if len(stripped) > MAX_QUESTION_CHARS:
            raise QuestionError("too_long", f"the question has {len(stripped)} characters; "
                                            f"shorten it to {MAX_QUESTION_CHARS} at most")
        if not is_plain_text(stripped):
            raise QuestionError("not_text", "the question holds bytes that are not text; send plain UTF-8 text")
        if not words(stripped):
            raise QuestionError("not_a_question", "the question holds no word; ask with words")
        if not 1 <= top_k <= MAX_TOP_K:
            raise QuestionError("bad_top_k", f"top_k is {top_k}; it must be from 1 to {MAX_TOP_K}")
        return cls(stripped, top_k, filters, before)


def _parse_previous(number: int, text: str) -> Question:
    try:
        return Question.parse(text)
    except QuestionError as error:
        raise QuestionError(error.fault, f"previous question {number}: {error}") from error
