"""Boosted decision trees, read from plain numbers: Friedman, "Greedy Function Approximation: A Gradient Boosting
Machine" (2001). They are grown elsewhere; nothing here learns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.abc import Traversable
from math import exp


@dataclass(frozen=True, slots=True)
class Tree:
    """A binary tree by node, the root first: at a node, `features[node]` is compared with `thresholds[node]`; not above
    it leads to `lower[node]`, above it to `higher[node]`. At a leaf `features[node]` is -1, and `values[node]` counts.
    """

    features: tuple[int, ...]
    thresholds: tuple[float, ...]
    lower: tuple[int, ...]
    higher: tuple[int, ...]
    values: tuple[float, ...]

    def value(self, inputs: Sequence[float]) -> float:
        """That of the leaf that the inputs lead to."""
        node = 0
        while (feature := self.features[node]) >= 0:
            node = self.lower[node] if inputs[feature] <= self.thresholds[node] else self.higher[node]
        return self.values[node]


@dataclass(frozen=True, slots=True)
class BoostedTrees:
    """A classifier: the logit is `base` and what each tree adds. `features` names the inputs in their order."""

    features: tuple[str, ...]
    base: float
    trees: tuple[Tree, ...]

    @classmethod
    def read(cls, path: Traversable) -> BoostedTrees:
        """The classifier of a JSON file with the keys of this class and, for each tree, those of `Tree`."""
        stored = json.loads(path.read_text(encoding="utf-8"))
        trees = tuple(Tree(**{name: tuple(numbers) for name, numbers in tree.items()}) for tree in stored["trees"])
        return cls(tuple(stored["features"]), stored["base"], trees)

    def probability(self, inputs: Sequence[float]) -> float:
        """Of the positive class, 0..1, for one value a feature."""
        return 1 / (1 + exp(-self.base - sum(tree.value(inputs) for tree in self.trees)))
