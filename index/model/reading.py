"""Define what readers have in common: models that read a passage for a question and find the span that answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

READER_NAME = "musnad-reader"
# What the default reader reads at most, in tokens: of the question, of the title, and of everything.
MAX_QUESTION, MAX_TITLE, MAX_TOKENS = 48, 24, 288
# A reader's longest answer, in tokens.
MAX_ANSWER = 60


class TitledPassage(NamedTuple):
    """A passage as a reader gets it; `title` is its article's, or empty."""

    title: str
    text: str


class AnswerSpan(NamedTuple):
    """A span of a passage, half-open in code points. `score` is its start's and end's logit together."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader finds in a passage of n tokens.

    `relevance` is the logit that the passage answers. `starts` and `ends`, (n,), are the logits of each token as the
    first and the last of the answer; `nothing` is the sum of both logits for no answer. `places`, (n, 2), holds each
    token's start and end in the passage, in code points.
    """

    relevance: float
    nothing: float
    starts: NDArray[np.float32]
    ends: NDArray[np.float32]
    places: NDArray[np.int64]

    def best_span(self, start: int, end: int) -> AnswerSpan | None:
        """Return the likeliest span inside `start` to `end`, code points of the passage; None if no token is there."""
        inside = np.flatnonzero((self.places[:, 1] > start) & (self.places[:, 0] < end))
        if not len(inside):
            return None
        low, high = int(inside[0]), int(inside[-1]) + 1
        scores = self.starts[low:high, None] + self.ends[None, low:high]
        # A span ends where it starts or later, and is not too long.
        in_order = np.tri(high - low, k=MAX_ANSWER - 1, dtype=bool) & np.tri(high - low, dtype=bool).T
        scores = np.where(in_order, scores, -np.inf)
        first, last = divmod(int(scores.argmax()), high - low)
        return AnswerSpan(max(start, int(self.places[low + first, 0])), min(end, int(self.places[low + last, 1])),
                          float(scores[first, last]))


class Reader(Protocol):
    """A model that reads a question, a title and a passage together."""

    @property
    def name(self) -> str:
        """Return the name of the model, for people."""

    def read(self, question: str, passages: Sequence[TitledPassage]) -> list[Reading]:
        """Read each passage for the question."""


@dataclass(frozen=True, slots=True)
class ReaderInput:
    """The tokens of question, title and passage; those of the passage begin at `first` and stand at `places`."""

    ids: list[int]
    first: int
    places: NDArray[np.int64]

    def reading(self, starts: NDArray[np.float32], ends: NDArray[np.float32], relevance: NDArray[np.float32]
                ) -> Reading:
        """Return the reading from the model's outputs for this one input: (1, tokens), (1, tokens) and (1,)."""
        until = self.first + len(self.places)
        return Reading(float(relevance[0]), float(starts[0, 0] + ends[0, 0]), starts[0, self.first:until],
                       ends[0, self.first:until], self.places)


def reader_input(processor: Any, question: str, passage: TitledPassage) -> ReaderInput:
    """Lay out the default reader's input with a SentencePiece processor, as it was trained.

    Places, (tokens, 2), are code points of the passage. What is longer than the limits is cut at its end.
    """
    begin, end = processor.bos_id(), processor.eos_id()
    asked = processor.encode(question)[:MAX_QUESTION]
    title = processor.encode(f"{passage.title}:")[:MAX_TITLE] if passage.title else []
    head = [begin, *asked, end, end, *title]
    pieces = processor.encode(passage.text, return_type="proto").pieces[:MAX_TOKENS - len(head) - 1]
    places = np.array([(piece.begin, piece.end) for piece in pieces], np.int64).reshape(-1, 2)
    return ReaderInput([*head, *(piece.id for piece in pieces), end], len(head),
                       _in_code_points(passage.text, places))


def _in_code_points(text: str, places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Turn places in UTF-8 bytes into places in code points, without the white space in front of a token."""
    encoded = np.frombuffer(text.encode(), np.uint8)
    before = np.concatenate([[0], np.cumsum((encoded & 0xC0) != 0x80)])
    found: NDArray[np.int64] = before[places]
    for place in found:
        while place[0] < place[1] and text[place[0]].isspace():
            place[0] += 1
    return found
