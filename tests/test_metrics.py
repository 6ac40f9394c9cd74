"""Measures by hand."""

from __future__ import annotations

from math import isnan, log2

import pytest

from qa.metrics import auroc, ndcg_at, recall_at, reciprocal_rank_at

RANKS = [0, 2, None, 9]


def test_ranked_measures_of_four_questions() -> None:
    assert [recall_at(RANKS, k) for k in (1, 3, 10)] == [0.25, 0.5, 0.75]
    assert reciprocal_rank_at(RANKS, 10) == pytest.approx((1 + 1 / 3 + 1 / 10) / 4)
    assert reciprocal_rank_at(RANKS, 3) == pytest.approx((1 + 1 / 3) / 4)
    assert ndcg_at(RANKS, 10) == pytest.approx((1 + 1 / 2 + 1 / log2(11)) / 4)


def test_no_question_measures_zero() -> None:
    assert (recall_at([], 1), reciprocal_rank_at([], 1), ndcg_at([], 1)) == (0, 0, 0)


def test_auroc_counts_the_pairs_in_order_and_ties_half() -> None:
    """Of the six pairs: 0.9 beats both, 0.5 beats one and ties one, 0.2 beats none and ties one."""
    assert auroc([0.9, 0.5, 0.2], [0.2, 0.5]) == pytest.approx((2 + 1.5 + 0.5) / 6)
    assert auroc([1, 2], [0]) == 1
    assert isnan(auroc([], [1]))
