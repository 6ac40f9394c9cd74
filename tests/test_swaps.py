"""Generations published while questions are asked: `benchmarks/swaps.py` in small."""

from __future__ import annotations

import pytest

from benchmarks.swaps import swap

pytestmark = [pytest.mark.model, pytest.mark.process, pytest.mark.slow]


def test_swaps_under_load_give_no_error_and_no_mixed_answer() -> None:
    found = swap(8, 2)
    assert (found["errors"], found["mixed"]) == (0, 0)
    assert found["answers"] > 50
