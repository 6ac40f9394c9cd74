"""The head of the check of texts in torch: a perceptron over what `index.model.entailment.pair_features` makes.

It begins on the states of the reader's encoder as it is, and goes on with that (`training/entailment.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from index.model.entailment import HEAD, LEAST_ALIKE

UNITS, RATE, DECAY, BATCH, EPOCHS, DROPPED = 64, 5e-4, 0.05, 128, 8, 0.3


class Head(torch.nn.Module):
    """Gives logits, (batch,), for features, (batch, features)."""

    def __init__(self, mean: torch.Tensor, deviation: torch.Tensor) -> None:
        super().__init__()
        self.mean: torch.Tensor
        self.scale: torch.Tensor
        self.register_buffer("mean", mean)
        self.register_buffer("scale", 1 / deviation.clamp(min=1e-4))
        self.dropped = torch.nn.Dropout(DROPPED)
        self.first = torch.nn.Linear(len(mean), UNITS)
        self.second = torch.nn.Linear(UNITS, 1)

    @classmethod
    def empty(cls, features: int) -> Head:
        """Return a head whose weights are to be loaded."""
        return cls(torch.zeros(features), torch.ones(features))

    @classmethod
    def of(cls, trained: Mapping[str, NDArray[Any]]) -> Head:
        """Return a head with the weights that `tensors` made, under the names that the program gives them."""
        own = {name: torch.from_numpy(trained[f"{HEAD}{name}"].astype(np.float32)) for name in (
            "mean", "scale", "first", "first_scale", "first_bias", "second", "second_bias")}
        head = cls(own["mean"], 1 / own["scale"])
        head.first.weight.data.copy_((own["first"] * own["first_scale"]).T)
        head.first.bias.data.copy_(own["first_bias"])
        head.second.weight.data.copy_(own["second"][None])
        head.second.bias.data.copy_(own["second_bias"])
        return head

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        units = functional.relu(self.first(self.dropped((features - self.mean) * self.scale)))
        return self.second(self.dropped(units))[:, 0]  # type: ignore[no-any-return]

    def tensors(self) -> dict[str, NDArray[Any]]:
        """Return the weights as the program reads them (`index.model.entailment.Head`)."""
        weight = self.first.weight.detach().numpy().T
        scale = np.maximum(np.abs(weight).max(axis=0), 1e-12) / 127
        found = {"mean": self.mean.numpy(), "scale": self.scale.numpy(),
                 "first": np.round(weight / scale).astype(np.int8), "first_scale": scale,
                 "first_bias": self.first.bias.detach().numpy(),
                 "second": self.second.weight.detach().numpy()[0], "second_bias": self.second.bias.detach().numpy()}
        return {name: np.ascontiguousarray(tensor) for name, tensor in sorted(found.items())}


def features_of(states: torch.Tensor, claim: slice, text: slice) -> torch.Tensor:
    """Return what `pair_features` does, of the states, (tokens, hidden), of one pair, with gradients."""
    mine, theirs = states[claim], states[text]
    likeness = functional.normalize(mine, dim=1) @ functional.normalize(theirs, dim=1).T
    most, nearest = likeness.max(dim=1)
    most = most.sort().values
    apart = (mine - theirs[nearest]).abs()
    least = most[:max(1, len(most) // LEAST_ALIKE)]
    return torch.cat([states[0], mine.mean(dim=0), theirs.mean(dim=0), apart.mean(dim=0), apart.max(dim=0).values,
                      torch.stack([most.mean(), most[0], least.mean()])])


def fitted(features: torch.Tensor, entailed: torch.Tensor, weights: torch.Tensor) -> Head:
    """Return a head trained on features with AdamW."""
    head = Head(features.mean(dim=0), features.std(dim=0))
    optimizer = torch.optim.AdamW(head.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=EPOCHS * -(-len(features) // BATCH))
    for _ in range(EPOCHS):
        for batch in torch.split(torch.randperm(len(features)), BATCH):
            optimizer.zero_grad()
            functional.binary_cross_entropy_with_logits(head(features[batch]), entailed[batch], weight=weights[batch]
                                                        ).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
    return head.eval()
