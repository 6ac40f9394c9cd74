"""The arithmetic of fusion, worked out on paper."""

from __future__ import annotations

import numpy as np
import pytest

from qa.retrieve.fusion import FULL_COVERAGE_TRANSLATED, fuse, lexical_share, scale


def array(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def test_scaling_puts_the_lowest_at_0_and_the_highest_at_1() -> None:
    assert scale(array(0.7, 0.8, 0.9), 0.7).tolist() == pytest.approx([0, 0.5, 1])


def test_what_lies_below_the_lowest_counts_as_it() -> None:
    assert scale(array(0.6, 0.9), 0.7).tolist() == pytest.approx([0, 1])


@pytest.mark.parametrize("scores", [array(), array(0.7, 0.7), array(0.2)])
def test_nothing_above_the_lowest_scales_to_zeros(scores: np.ndarray) -> None:
    assert scale(scores, 0.7).tolist() == [0] * len(scores)


def test_the_sum_is_weighted_two_to_one_for_the_dense_side() -> None:
    assert fuse(array(1, 0, 0.5), array(0, 1, 0.5)).tolist() == pytest.approx([0.65, 0.35, 0.5])


def test_lexical_evidence_counts_in_full_from_two_thirds_of_the_question_on() -> None:
    assert lexical_share(array(4, 8), 1.0).tolist() == pytest.approx([0.5, 1])
    assert lexical_share(array(4, 8), 2 / 3).tolist() == pytest.approx([0.5, 1])
    assert lexical_share(array(4, 8), 1 / 3).tolist() == pytest.approx([0.25, 0.5])


def test_of_a_translation_a_quarter_is_enough() -> None:
    assert lexical_share(array(4, 8), 1 / 4, FULL_COVERAGE_TRANSLATED).tolist() == pytest.approx([0.5, 1])
    assert lexical_share(array(4, 8), 1 / 8, FULL_COVERAGE_TRANSLATED).tolist() == pytest.approx([0.25, 0.5])


def test_an_all_but_empty_lexical_list_cannot_outvote_the_vectors() -> None:
    """The best of the lexical list shares a twentieth of the question; plain scaling would give it 0.35."""
    dense, bm25 = array(1.0, 0.6), array(0.0, 0.3)
    fused = fuse(dense, lexical_share(bm25, 0.05))
    assert fused.tolist() == pytest.approx([0.65, 0.39 + 0.35 * 0.075])
    assert fused[0] > fused[1]
