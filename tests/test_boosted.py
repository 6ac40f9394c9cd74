"""Trees read from numbers give the sums of their leaves."""

from __future__ import annotations

import json
from math import exp
from pathlib import Path

import pytest

from qa.answer.confidence import BoostedTrees

STUMP = {"features": [0, -1, -1], "thresholds": [2.5, 0, 0], "lower": [1, 0, 0], "higher": [2, 0, 0],
         "values": [0, -1.0, 1.0]}
DEEP = {"features": [1, -1, 0, -1, -1], "thresholds": [0.0, 0, 9.0, 0, 0], "lower": [1, 0, 3, 0, 0],
        "higher": [2, 0, 4, 0, 0], "values": [0, 0.5, 0, 0.25, -0.25]}


@pytest.fixture
def trees(tmp_path: Path) -> BoostedTrees:
    path = tmp_path / "trees.json"
    path.write_text(json.dumps({"features": ["length", "height"], "base": 0.125, "trees": [STUMP, DEEP]}))
    return BoostedTrees.read(path)


@pytest.mark.parametrize(("length", "height", "logit"), [
    (2.5, 0.0, 0.125 - 1 + 0.5),   # a value that is the threshold goes to the lower side
    (2.6, 0.0, 0.125 + 1 + 0.5),
    (9.0, 1.0, 0.125 + 1 + 0.25),
    (10.0, 1.0, 0.125 + 1 - 0.25),
])
def test_the_probability_is_the_logistic_of_base_and_leaves(trees: BoostedTrees, length: float, height: float,
                                                            logit: float) -> None:
    assert trees.probability([length, height]) == pytest.approx(1 / (1 + exp(-logit)), abs=1e-12)


def test_the_names_say_in_which_order_values_come(trees: BoostedTrees) -> None:
    assert trees.features == ("length", "height")
