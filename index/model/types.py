"""Define the interface of embedding models, `Embedder`, and the settings that tell two of them apart."""

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
    """Settings of an embedding model: embedders with equal settings give the same vectors.

    `fingerprint` is a SHA-256 over the weights and the tokenizer. `runtime` names the code that runs the model.
    """

    name: str
    fingerprint: str
    dimension: int
    max_tokens: int
    query_prompt: str
    passage_prompt: str
    runtime: Runtime = "reference"

    def as_json(self) -> dict[str, Any]:
        """Return the settings as they are stored in a snapshot's manifest."""
        return asdict(self)


class Embedder(Protocol):
    """An embedding model. Its vectors are float32 of unit length, so that their inner product is the cosine."""

    @property
    def settings(self) -> ModelSettings:
        """Return the settings of the model that it runs."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text, without prompt and special tokens; texts are not truncated."""

    def embed_query(self, text: str) -> Vectors:
        """Embed a question, with the model's prompt for questions: shape (dimension,)."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed texts to be searched, with the model's prompt for passages: shape (number of texts, dimension)."""
