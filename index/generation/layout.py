"""Define the names of a generation's main files, and the counts of a generation's content."""

from __future__ import annotations

from dataclasses import asdict, dataclass

VECTORS = "passages.faiss"
PASSAGES = "passages.npy"
SENTENCE_VECTORS = "sentence_vectors.npy"


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of articles, passages and sentences in a generation."""

    articles: int
    passages: int
    sentences: int

    def as_json(self) -> dict[str, int]:
        """Return the counts as they are stored in a snapshot's manifest."""
        return asdict(self)
