"""What a language model wrote, as it is shown: proved sentences, and why others are not."""

from __future__ import annotations

from dataclasses import dataclass

from qa import contract
from qa.contract import DroppedBecause


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """A sentence that the citations of these numbers prove; a `verbatim` one is the cited sentence itself."""

    text: str
    citations: tuple[int, ...]
    verbatim: bool = False

    def as_json(self) -> contract.WrittenSentence:
        """Return an item of `sentences` in POST /api/ask."""
        return {"text": self.text, "citations": list(self.citations), "verbatim": self.verbatim}


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence that is not shown, by its reason alone: its words are nobody's."""

    because: DroppedBecause

    def as_json(self) -> contract.DroppedSentence:
        """Return an item of `dropped` in POST /api/ask."""
        return {"because": self.because}


@dataclass(frozen=True, slots=True)
class Generated:
    """The sentences of an answer that a model wrote, those left out, and the tokens read and written, where known."""

    model: str
    sentences: tuple[WrittenSentence, ...]
    dropped: tuple[Dropped, ...] = ()
    input_tokens: int | None = None
    output_tokens: int | None = None

    @property
    def is_cut_short(self) -> bool:
        """Whether the model failed before its end."""
        return any(each.because == "model_failed" for each in self.dropped)

    def as_json(self) -> contract.GeneratedMembers:
        """Return the members that POST /api/ask has for them."""
        return {"generated": True, "model": self.model, "sentences": [each.as_json() for each in self.sentences],
                "dropped": [each.as_json() for each in self.dropped], "input_tokens": self.input_tokens,
                "output_tokens": self.output_tokens}

    @property
    def text(self) -> str:
        """The sentences, each with the numbers of its citations in brackets."""
        return " ".join(each.text + "".join(f"[{number}]" for number in each.citations) for each in self.sentences)
