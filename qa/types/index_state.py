"""The generation that an answer comes from."""

from __future__ import annotations

from dataclasses import dataclass

from qa import contract


@dataclass(frozen=True, slots=True)
class IndexState:
    """The snapshot that an answer comes from."""

    generation: str
    articles: int
    passages: int

    def as_json(self) -> contract.Index:
        """Return `index` of every answer."""
        return {"generation": self.generation, "articles": self.articles, "passages": self.passages}
