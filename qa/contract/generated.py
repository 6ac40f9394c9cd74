"""What an answer has besides if a language model wrote it."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from qa.contract.citation import Citation

DroppedBecause = Literal["no_citation", "not_proved", "refuted", "other_language", "markup", "repeated", "model_failed"]


class WrittenSentence(TypedDict):
    """A sentence that a language model wrote, and the numbers of the citations that prove it.

    A `verbatim` one is the cited sentence, in place of one that was not proved.
    """

    text: str
    citations: list[int]
    verbatim: bool


class DroppedSentence(TypedDict):
    """Why a sentence that the model wrote is not shown."""

    because: DroppedBecause


class GeneratedMembers(TypedDict, total=False):
    """Members of an answer that a language model wrote: the model's name, and those of its sentences that are proved.

    `dropped` says why others are left out; it alone is there if nothing of the model's is shown. The tokens are null if
    the model does not count them.
    """

    generated: bool
    model: str
    sentences: list[WrittenSentence]
    dropped: list[DroppedSentence]
    input_tokens: int | None
    output_tokens: int | None


class WrittenSentenceFound(TypedDict):
    """An event of a stream: a sentence that is proved, with its citations."""

    sentence: WrittenSentence
    citations: list[Citation]
