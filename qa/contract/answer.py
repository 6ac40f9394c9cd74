"""The response of POST /api/ask."""

from __future__ import annotations

from typing import Literal

from typing_extensions import NotRequired, TypedDict  # noqa: UP035

from qa.contract.citation import Citation, Span
from qa.contract.generated import GeneratedMembers
from qa.contract.index import Index
from qa.contract.notice import Notice
from qa.contract.search import Passage

Status = Literal["answered", "unsure", "not_found"]


class Resolved(TypedDict):
    """The day that a short answer names relative to its article's date or by the Hijri calendar, as ISO 8601.

    `approximate` is true if it may be off by a day.
    """

    date: str
    approximate: bool


class ShortAnswer(Span):
    """The span that answers, verbatim, and its place in an article."""

    text: str
    article_id: str
    resolved: Resolved | None


class Premise(TypedDict):
    """Words of the question that the articles deny or lack, and why, in the question's language."""

    text: str
    why: str


class Answer(GeneratedMembers):
    """The answer to a question; `understood_as` is the standalone question that a follow-up was resolved to.

    `did_you_mean` is the corrected question that was answered, if words were misspelled or it was typed on the wrong
    keyboard layout. `unsure` means that the citations may answer. `passages_read` counts the passages that the reader
    read.
    """

    question: str
    understood_as: NotRequired[str]
    did_you_mean: NotRequired[str]
    notices: NotRequired[list[Notice]]
    status: Status
    answer: str | None
    short_answer: ShortAnswer | None
    premise: Premise | None
    confidence: float
    citations: list[Citation]
    passages: list[Passage]
    passages_read: int
    index: Index
    timings_ms: dict[str, float]
