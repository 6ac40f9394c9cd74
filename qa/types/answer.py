"""An answer: its status, its short answer and its citations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from index.types import Article
from qa import contract
from qa.generate.types import Dropped, Generated
from qa.notice import Notice
from qa.types.citation import Citation, Part
from qa.types.index_state import IndexState
from qa.types.question import Question
from qa.types.search import Hit


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """The words that answer: `article.text[start:end]`, offsets in code points.

    `resolved` is the day that they name relative to the article's date ("Tuesday") or by the Hijri calendar; None if
    they name none, or name it in full. It is `approximate` if it may be off by a day.
    """

    article: Article
    start: int
    end: int
    resolved: date | None = None
    approximate: bool = False

    @property
    def text(self) -> str:
        """The words, verbatim."""
        return self.article.text[self.start:self.end]

    def as_json(self) -> contract.ShortAnswer:
        """Return `short_answer` of POST /api/ask."""
        resolved: contract.Resolved | None = None if self.resolved is None else {
            "date": self.resolved.isoformat(), "approximate": self.approximate}
        return {"text": self.text, "article_id": self.article.id, "start": self.start, "end": self.end,
                "resolved": resolved}


@dataclass(frozen=True, slots=True)
class Premise:
    """A premise of a question that the articles do not bear out.

    `text` are the words of the question concerned, and `why` says in the question's language what the articles say.
    `days` are the first and the last day of the time that they tell of instead; None if it is no time.
    """

    text: str
    why: str
    days: tuple[date, date] | None = None

    def as_json(self) -> contract.Premise:
        """Return `premise` of POST /api/ask."""
        return {"text": self.text, "why": self.why}


# A confidence is medium from here on, and below it an answer is only likely.
LIKELY = 0.5
Sureness = Literal["answered", "likely", "unsure", "not_found"]


@dataclass(frozen=True, slots=True)
class Answer:
    """Cited sentences, or none: best first, or the items of a list in order.

    `status` is `unsure` if the sentences may answer, and `not_found` if nothing does. `confidence` is from 0 to 1;
    `timings_ms` has the milliseconds of each stage. `understood_as` is the standalone question that a follow-up was
    resolved to. `passages_read` counts the passages that a reader read. `did_you_mean` is the corrected
    question that was answered, if the question was misspelled. `dropped` says why a language model's sentences are not
    shown, where nothing of it is.
    """

    question: Question
    status: contract.Status
    confidence: float
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    index: IndexState
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    understood_as: str | None = None
    short_answer: ShortAnswer | None = None
    premise: Premise | None = None
    passages_read: int = 0
    did_you_mean: str | None = None
    notices: tuple[Notice, ...] = ()
    generated: Generated | None = None
    dropped: tuple[Dropped, ...] = ()

    @property
    def text(self) -> str | None:
        """The quotes in order, each after its context and before its number in brackets; None if nothing was found.

        If a language model wrote the answer, its sentences.
        """
        if self.status == "not_found":
            return None
        if self.generated is not None:
            return self.generated.text
        return " ".join(filter(None, (said for part in self.parts for said in (
            part.context, *(f"{citation.quote}[{citation.number}]" for citation in part.citations)))))

    @property
    def sureness(self) -> Sureness:
        """How to speak of the answer: as the answer, as probably it, as perhaps it, or as none."""
        return "likely" if self.status == "answered" and self.confidence < LIKELY else self.status

    @property
    def parts(self) -> tuple[Part, ...]:
        """The citations in order, with those of one list grouped together."""
        parts: list[Part] = []
        for citation in self.citations:
            if parts and parts[-1].shares_context(citation):
                parts[-1] = Part((*parts[-1].citations, citation))
            else:
                parts.append(Part((citation,)))
        return tuple(parts)

    def as_json(self) -> contract.Answer:
        """Return what POST /api/ask returns and `musnad ask --json` prints."""
        answer: contract.Answer = {
            "question": self.question.text, "status": self.status, "answer": self.text,
            "short_answer": None if self.short_answer is None else self.short_answer.as_json(),
            "premise": None if self.premise is None else self.premise.as_json(),
            "confidence": round(self.confidence, 4), "citations": [citation.as_json() for citation in self.citations],
            "passages": [hit.as_passage_json() for hit in self.hits], "passages_read": self.passages_read,
            "index": self.index.as_json(),
            "timings_ms": {stage: round(milliseconds, 3) for stage, milliseconds in self.timings_ms.items()}}
        if self.understood_as is not None:
            answer["understood_as"] = self.understood_as
        if self.did_you_mean is not None:
            answer["did_you_mean"] = self.did_you_mean
        if self.notices:
            answer["notices"] = [notice.as_json() for notice in self.notices]
        if self.dropped:
            answer["dropped"] = [each.as_json() for each in self.dropped]
        if self.generated is not None:
            answer |= self.generated.as_json()  # type: ignore[typeddict-item]  # its members are all optional here
        return answer
