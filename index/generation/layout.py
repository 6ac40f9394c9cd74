"""The files of a generation, and what it counts."""

from __future__ import annotations

from dataclasses import asdict, dataclass

VECTORS = "passages.faiss"
PASSAGES = "passages.npy"
SENTENCE_VECTORS = "sentence_vectors.npy"


@dataclass(frozen=True, slots=True)
class Counts:
    """What a generation holds."""

    articles: int
    passages: int
    sentences: int

    def as_json(self) -> dict[str, int]:
        """What a snapshot's manifest holds."""
        return asdict(self)
