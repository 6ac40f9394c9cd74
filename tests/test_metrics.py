"""Measures by hand."""

from __future__ import annotations

from math import isnan, log2

import pytest

from qa.evaluation.metrics import (
    Ranking,
    auroc,
    expected_calibration_error,
    ndcg_at,
    recall_at,
    reciprocal_rank_at,
    span_scores,
)

RANKINGS = [Ranking.of_rank(rank) for rank in (0, 2, None, 9)]


def test_ranked_measures_of_four_questions() -> None:
    assert [recall_at(RANKINGS, k) for k in (1, 3, 10)] == [0.25, 0.5, 0.75]
    assert reciprocal_rank_at(RANKINGS, 10) == pytest.approx((1 + 1 / 3 + 1 / 10) / 4)
    assert reciprocal_rank_at(RANKINGS, 3) == pytest.approx((1 + 1 / 3) / 4)
    assert ndcg_at(RANKINGS, 10) == pytest.approx((1 + 1 / 2 + 1 / log2(11)) / 4)


def test_graded_measures_count_all_that_is_relevant_found_or_not() -> None:
    """Found: grades 1, 0, 3. Relevant besides: one of grade 2. Best first the grades are 3, 2, 1."""
    ranking = Ranking((1, 0, 3), (3, 1, 2))
    best = 3 / 1 + 2 / log2(3) + 1 / 2
    assert ndcg_at([ranking], 10) == pytest.approx((1 + 3 / 2) / best)
    assert ndcg_at([ranking], 2) == pytest.approx(1 / (3 + 2 / log2(3)))
    assert [recall_at([ranking], k) for k in (1, 2, 3)] == pytest.approx([1 / 3, 1 / 3, 2 / 3])
    assert reciprocal_rank_at([Ranking((0, 2, 1), (2, 1))], 10) == 1 / 2


def test_what_has_no_answer_counts_as_zero() -> None:
    """As trec_eval counts a query of which nothing relevant is known."""
    rankings = [Ranking.of_rank(0), Ranking((0, 0), ())]
    assert [measure(rankings, 10) for measure in (recall_at, reciprocal_rank_at, ndcg_at)] == [0.5, 0.5, 0.5]


def test_no_question_measures_zero() -> None:
    assert (recall_at([], 1), reciprocal_rank_at([], 1), ndcg_at([], 1)) == (0, 0, 0)


def test_auroc_counts_the_pairs_in_order_and_ties_half() -> None:
    """Of the six pairs: 0.9 beats both, 0.5 beats one and ties one, 0.2 beats none and ties one."""
    assert auroc([0.9, 0.5, 0.2], [0.2, 0.5]) == pytest.approx((2 + 1.5 + 0.5) / 6)
    assert auroc([1, 2], [0]) == 1
    assert isnan(auroc([], [1]))


def test_calibration_error_is_the_gap_of_each_bin_weighed_by_its_size() -> None:
    """Three in (0.8, 0.9]: mean 0.86, two true. One in (0.1, 0.2]: 0.15, not true. One in [0, 0.1]: 0, true."""
    error = expected_calibration_error([0.85, 0.85, 0.88, 0.15, 0.0], [True, True, False, False, True])
    assert error == pytest.approx((3 * (0.86 - 2 / 3) + 0.15 + 1) / 5)


def test_the_upper_end_of_a_bin_belongs_to_it() -> None:
    """0.3 and 0.7 lie with 0.25 and 0.65, where one of each pair being true nearly makes up for the other."""
    error = expected_calibration_error([0.3, 0.25, 0.7, 0.65], [True, False, True, False])
    assert error == pytest.approx((abs(0.55 - 1) + abs(1.35 - 1)) / 4)


def test_perfect_and_worst_probabilities() -> None:
    assert expected_calibration_error([1.0, 0.0], [True, False]) == 0
    assert expected_calibration_error([1.0, 0.0], [False, True]) == 1
    assert isnan(expected_calibration_error([], []))


@pytest.mark.parametrize(("said", "answers", "scores"), [
    ("17 سبتمبر 1978", ["17 سبتمبر 1978"], (1.0, 1.0)), ("يوم 17 سبتمبر", ["17 سبتمبر"], (0.0, 0.8)),
    ("في القاهرة", ["دمشق"], (0.0, 0.0)), ("", ["دمشق"], (0.0, 0.0)), ("دمشق", [], (0.0, 0.0)),
    ("عام 1978", ["1979", "1978"], (0.0, 2 / 3)), ("لا لا", ["لا"], (0.0, 2 / 3))])
def test_a_span_is_scored_against_the_answer_that_it_fits_best(said: str, answers: list[str],
                                                               scores: tuple[float, float]) -> None:
    assert span_scores(said, answers) == pytest.approx(scores)
