"""What `benchmarks.pruning` makes of an index is what its figures say."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.pruning import above_share, as_bytes, bytes_by_part, kept, pruned, recall, weights_of
from index.search.lexical import LexicalIndex
from index.search.terms import question_terms

TEXTS = ("سفينة في الميناء", "سفينة وقارب في البحر", "قطار إلى المدينة")


def small_index() -> LexicalIndex:
    return LexicalIndex.build(question_terms(text) for text in TEXTS)


def test_keeping_all_postings_changes_no_score_and_dropping_a_passage_loses_it_alone() -> None:
    index, asked = small_index(), question_terms("سفينة")
    rows, bm25, _ = index.search(asked, 10, None)
    assert sorted(rows.tolist()) == [0, 1]
    whole = pruned(index, np.ones(len(index.postings.rows), bool)).search(asked, 10, None)
    assert (whole[0].tolist(), whole[1].tolist()) == (rows.tolist(), bm25.tolist())
    without = pruned(index, index.postings.rows != 0)
    left = without.search(asked, 10, None)
    assert left[0].tolist() == [1]
    assert left[1].tolist() == [bm25[rows.tolist().index(1)]]
    assert (np.diff(without.postings.starts) > 0).all()


def test_a_weight_is_what_the_posting_adds_to_a_score() -> None:
    index, asked = small_index(), question_terms("قطار")
    places = [int(np.searchsorted(index.postings.vocabulary, gram)) for gram in np.unique(asked.words)]
    starts = index.postings.starts
    weights = weights_of(index)
    added = [weights[starts[place]:starts[place + 1]][index.postings.rows[starts[place]:starts[place + 1]] == 2].sum()
             for place in places]
    assert len(added) >= 1
    assert sum(added) == pytest.approx(float(index.search(asked, 1, None)[1][0]), rel=1e-5)


def test_a_posting_is_compared_with_the_heaviest_of_its_own_passage() -> None:
    weights, rows = np.array([10, 1, 2, 0.4, 1], np.float32), np.array([0, 0, 1, 1, 1], np.int32)
    assert above_share(weights, rows, 0.2).tolist() == [True, False, True, True, True]
    index = small_index()
    mask = above_share(weights_of(index), index.postings.rows, 0.9)
    assert len(kept(index.postings, mask).rows) == np.count_nonzero(mask) < len(index.postings.rows)


def test_bytes_round_each_vector_by_its_own_scale_and_zero_stays() -> None:
    vectors = np.array([[1, -0.5, 0.001], [0, 0, 0]], np.float16)
    rounded = as_bytes(vectors)
    assert rounded[1].tolist() == [0, 0, 0]
    assert np.abs(rounded[0].astype(float) - vectors[0].astype(float)).max() <= 0.5 / 127 + 1e-3


def test_recall_is_the_share_of_the_whole_indexs_passages_and_bytes_are_by_part() -> None:
    assert recall([[1, 2], [3, 4], []], [[2, 9], [4, 3], [1]]) == 0.75
    assert bytes_by_part({"passages.faiss": 100, "lexical_rows.npy": 40, "lexical_frequencies.npy": 10, "x": 4}, 2) == {
        "postings": 25.0, "tables": 2.0, "vectors": 50.0}
