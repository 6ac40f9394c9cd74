"""What embeds texts: the seam `Embedder`, and the settings that tell two of them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Runtime = Literal["compiled", "reference"]
RUNTIMES: tuple[Runtime, ...] = get_args(Runtime)


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """What makes two embedders interchangeable: the same settings give the same vectors.

    `fingerprint` is a SHA-256 over the weights and the tokenizer. `runtime` is what runs them.
    """

    name: str
    fingerprint: str
    dimension: int
    max_tokens: int
    query_prompt: str
    passage_prompt: str
    runtime: Runtime = "reference"

    def as_json(self) -> dict[str, Any]:
        """What a snapshot's manifest holds."""
        return asdict(self)


class Embedder(Protocol):
    """Vectors are float32 of unit length, so that an inner product is a cosine."""

    @property
    def settings(self) -> ModelSettings:
        """The model it runs."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text without prompt and special tokens."""

    def embed_query(self, text: str) -> Vectors:
        """A question, with the model's prompt for questions: shape (dimension,)."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Texts to be found, with the model's prompt for them: shape (number of texts, dimension)."""
