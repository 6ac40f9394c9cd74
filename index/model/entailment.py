"""Tell how likely a text entails a claim: a small head over the states of an encoder that reads both together.

The encoder is the default model's, up to `STATES_LAYER`, with adapters that `training/entailment.py` trains with the
head.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from index.model.adapters import ENTAILMENT, read_trained
from index.work import pause

# So many of the encoder's layers read a pair.
STATES_LAYER = 10
# What the names of the head's weights begin with.
HEAD = "head."
# What is read at most, in tokens: of the claim, and of everything.
MAX_CLAIM, MAX_PAIR = 96, 288
# This share of a claim's tokens, the ones that the text has least of, tells most.
LEAST_ALIKE = 5


class PairStates(NamedTuple):
    """The encoder's states of a claim and a text, read together.

    `whole`, (hidden,), is that of the first token; `claim`, (n, hidden), and `text`, (m, hidden), those of their own.
    """

    whole: NDArray[np.float32]
    claim: NDArray[np.float32]
    text: NDArray[np.float32]


@runtime_checkable
class PairEncoder(Protocol):
    """A model that reads a claim and a text together."""

    def states(self, claim: str, text: str) -> PairStates:
        """Return the states of both."""


def pair_input(processor: Any, claim: str, text: str) -> tuple[list[int], slice, slice]:
    """Lay out a claim and a text with a SentencePiece processor; return the tokens, and where each of the two stands.

    What is longer than the limits is cut at its end.
    """
    begin, end = processor.bos_id(), processor.eos_id()
    mine = processor.encode(claim)[:MAX_CLAIM]
    theirs = processor.encode(text)[:MAX_PAIR - len(mine) - 4]
    first = len(mine) + 3
    return [begin, *mine, end, end, *theirs, end], slice(1, 1 + len(mine)), slice(first, first + len(theirs))


def pair_features(states: PairStates) -> NDArray[np.float32]:
    """Return what the head learns from, (5 × hidden + 3,).

    The first token's state, the means of both, and how each token of the claim differs from the text's token that is
    most like it: mean and maximum; then the mean, the minimum, and the mean of the least fifth of these likenesses.
    """
    whole, claim, text = states
    likeness = _unit(claim) @ _unit(text).T
    nearest, most = likeness.argmax(axis=1), np.sort(likeness.max(axis=1))
    apart = np.abs(claim - text[nearest])
    least = most[:max(1, len(most) // LEAST_ALIKE)]
    return np.concatenate([whole, claim.mean(axis=0), text.mean(axis=0), apart.mean(axis=0), apart.max(axis=0),
                           [most.mean(), most[0], least.mean()]]).astype(np.float32)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    units: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return units


@dataclass(frozen=True)
class Entailment:
    """Scores claims against texts with an encoder and the trained head. Threads may share it."""

    encoder: PairEncoder

    def scores(self, claim: str, texts: Sequence[str]) -> list[float]:
        """Return for each text the probability, 0..1, that it entails the claim; 0 where either is empty.

        Other work may go first between two texts. Raises ModelError when the head's weights are missing or damaged.
        """
        found = []
        for text in texts:
            pause()
            states = self.encoder.states(claim, text)
            found.append(self._head.score(pair_features(states)) if len(states.claim) and len(states.text) else 0.0)
        return found

    @cached_property
    def _head(self) -> Head:
        trained = read_trained(ENTAILMENT)
        return Head(**{name.removeprefix(HEAD): tensor for name, tensor in trained.items() if name.startswith(HEAD)})


@dataclass(frozen=True)
class Head:
    """A perceptron with one hidden layer over standardised features; its weights are as `training/entailment.py` saves.

    `mean` and `scale` are (features,), `first` (features, units) in int8 with `first_scale` (units,), `first_bias` and
    `second` (units,), `second_bias` (1,).
    """

    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    first: NDArray[np.int8]
    first_scale: NDArray[np.float32]
    first_bias: NDArray[np.float32]
    second: NDArray[np.float32]
    second_bias: NDArray[np.float32]

    def score(self, features: NDArray[np.float32]) -> float:
        """Return the probability, 0..1, for features of shape (features,)."""
        standard = (features - self.mean) * self.scale
        units = np.maximum(standard @ self.first.astype(np.float32) * self.first_scale + self.first_bias, 0)
        return float(1 / (1 + np.exp(-(units @ self.second + self.second_bias[0]))))
