"""Exact nearest neighbours: rows are FAISS ids, and what a filter excludes is out before anything is ranked."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from index.dense import DenseIndex

VECTORS = np.array([[0.6, 0.8, 0], [1, 0, 0], [0, 1, 0], [-1, 0, 0], [0.8, 0.6, 0], [0, 0, 1]], np.float32)
EAST = np.array([1, 0, 0], np.float32)


@pytest.fixture
def index() -> DenseIndex:
    return DenseIndex.build(VECTORS)


def mask(*rows: int) -> NDArray[np.bool_]:
    return np.isin(np.arange(len(VECTORS)), rows)


def test_the_nearest_come_first_with_their_cosines(index: DenseIndex) -> None:
    rows, cosines = index.search(EAST, 3, None)
    assert (rows.tolist(), cosines.tolist()) == ([1, 4, 0], np.array([1, 0.8, 0.6], np.float32).tolist())
    assert (rows.dtype, cosines.dtype) == (np.int64, np.float32)


@pytest.mark.parametrize(("allowed", "count", "expected"), [
    ((0, 2, 3, 4), 3, [4, 0, 2]),      # the best is masked: the count is met from the rest
    ((2, 3), 2, [2, 3]),               # the worst of all are all there is
    ((2, 3), 6, [2, 3]),               # never more than are allowed
    ((1,), 1, [1]), ((), 3, []), ((0, 1, 2, 3, 4, 5), 0, []), ((0, 1, 2, 3, 4, 5), 1, [1])])
def test_masked_rows_never_appear_however_near(
        index: DenseIndex, allowed: tuple[int, ...], count: int, expected: list[int]) -> None:
    rows, cosines = index.search(EAST, count, mask(*allowed))
    assert rows.tolist() == expected
    assert cosines.tolist() == (VECTORS[expected] @ EAST).tolist()
    assert (rows.dtype, cosines.dtype) == (np.int64, np.float32)


def test_more_than_there_are_gives_all_and_no_row_of_minus_one(index: DenseIndex) -> None:
    rows, cosines = index.search(EAST, 100, None)
    assert sorted(rows.tolist()) == [0, 1, 2, 3, 4, 5]
    assert cosines.tolist() == sorted(cosines.tolist(), reverse=True)


def test_search_is_that_of_numpy_under_masks_of_every_density() -> None:
    random = np.random.default_rng(7)
    vectors = random.normal(size=(1_003, 24)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = DenseIndex.build(vectors)
    for query, density in zip(vectors[:6], (0.001, 0.01, 0.1, 0.5, 0.9, 1.0), strict=True):
        allowed = random.random(1_003) < density
        allowed[1_002] = True  # the last row lies in a byte of the mask that is not full
        best = np.where(allowed, vectors @ query, -np.inf).argsort()[::-1][:min(50, allowed.sum())]
        assert index.search(query, 50, allowed)[0].tolist() == best.tolist()


def test_rows_are_ids_and_survive_bytes(index: DenseIndex) -> None:
    again = DenseIndex.from_bytes(memoryview(index.to_bytes()))
    assert (len(again), again.dimension, again.to_bytes()) == (6, 3, index.to_bytes())
    for row in range(6):
        assert again.vector(row).tolist() == VECTORS[row].tolist()
        assert again.search(VECTORS[row], 1, None)[0].tolist() == [row]


def test_cosines_of_the_rows_asked_for_in_their_order(index: DenseIndex) -> None:
    assert index.cosines(EAST, np.array([3, 0, 1])).tolist() == np.array([-1, 0.6, 1], np.float32).tolist()
    assert index.cosines(EAST, np.zeros(0, np.int64)).tolist() == []


def test_an_empty_index_finds_nothing() -> None:
    index = DenseIndex.from_bytes(DenseIndex.build(np.zeros((0, 3), np.float32)).to_bytes())
    assert (len(index), index.dimension) == (0, 3)
    for allowed in (None, np.zeros(0, bool)):
        rows, cosines = index.search(EAST, 5, allowed)
        assert (rows.tolist(), cosines.tolist()) == ([], [])
