"""Trees read from numbers give the sums of their leaves."""

from __future__ import annotations

import json
from math import exp, log
from pathlib import Path

import pytest

from qa.answer.confidence import BoostedTrees, Stacked

STUMP = {"features": [0, -1, -1], "thresholds": [2.5, 0, 0], "lower": [1, 0, 0], "higher": [2, 0, 0],
         "values": [0, -1.0, 1.0]}
DEEP = {"features": [1, -1, 0, -1, -1], "thresholds": [0.0, 0, 9.0, 0, 0], "lower": [1, 0, 3, 0, 0],
        "higher": [2, 0, 4, 0, 0], "values": [0, 0.5, 0, 0.25, -0.25]}


TREES = {"features": ["length", "height"], "base": 0.125, "trees": [STUMP, DEEP]}


@pytest.fixture
def trees() -> BoostedTrees:
    return BoostedTrees.of(TREES)


@pytest.mark.parametrize(("length", "height", "logit"), [
    (2.5, 0.0, 0.125 - 1 + 0.5),   # a value that is the threshold goes to the lower side
    (2.6, 0.0, 0.125 + 1 + 0.5),
    (9.0, 1.0, 0.125 + 1 + 0.25),
    (10.0, 1.0, 0.125 + 1 - 0.25),
])
def test_the_logit_is_the_sum_of_base_and_leaves(trees: BoostedTrees, length: float, height: float, logit: float
                                                 ) -> None:
    assert trees.logit([length, height]) == pytest.approx(logit, abs=1e-12)


def test_the_names_say_in_which_order_values_come(trees: BoostedTrees) -> None:
    assert trees.features == ("length", "height")


def test_a_stage_is_a_feature_of_the_trees_and_of_the_total(tmp_path: Path) -> None:
    path = tmp_path / "stacked.json"
    path.write_text(json.dumps({
        "stages": {"long": {"intercept": -1.0, "weights": {"length": 0.5}}},
        "total": {"intercept": 0.25, "weights": {"trees": 2.0, "long": 3.0}},
        "features": ["length", "long"], "base": 0.125,
        "trees": [{"features": [1, -1, -1], "thresholds": [log(0.6), 0, 0], "lower": [1, 0, 0], "higher": [2, 0, 0],
                   "values": [0, -1.0, 1.0]}]}))
    stacked = Stacked.read(path)
    for length, leaf in ((2.0, -1.0), (4.0, 1.0)):
        chance = 1 / (1 + exp(1 - 0.5 * length))
        logit = 0.25 + 2 * (0.125 + leaf) + 3 * log(chance)
        assert stacked.probability({"length": length}) == pytest.approx(1 / (1 + exp(-logit)), abs=1e-12)
