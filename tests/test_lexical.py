"""BM25 over grams, against arithmetic on paper. A Latin word of up to four letters is one gram and has no skeleton."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from index.arabic import grams
from index.lexical import LexicalIndex, LexicalScores

# Lengths 2, 4 and 3 grams: 3 on average.
TEXTS = ("red cat", "red red dog fox", "sun sky cat")

# Inverse document frequency, N = 3: ln(1 + (N - n + 0.5) / (n + 0.5)).
IN_TWO = log(1 + 1.5 / 2.5)
IN_ONE = log(1 + 2.5 / 1.5)
IN_NONE = log(1 + 3.5 / 0.5)

# Saturation, k1 = 1.2 and b = 0.75: f * 2.2 / (f + 1.2 * (0.25 + 0.75 * length / 3)).
ONCE_IN_TWO_GRAMS = 2.2 / (1 + 1.2 * 0.75)      # length 2 of 3: 0.25 + 0.5
ONCE_IN_THREE_GRAMS = 2.2 / (1 + 1.2)
ONCE_IN_FOUR_GRAMS = 2.2 / (1 + 1.2 * 1.25)
TWICE_IN_FOUR_GRAMS = 4.4 / (2 + 1.2 * 1.25)


@pytest.fixture
def index() -> LexicalIndex:
    return LexicalIndex.build(TEXTS)


def assert_scores(scores: LexicalScores, bm25: list[float], coverage: list[float]) -> None:
    assert (scores.bm25.dtype, scores.coverage.dtype) == (np.float32, np.float32)
    assert scores.bm25.tolist() == np.array(bm25, np.float32).tolist()
    assert scores.coverage.tolist() == pytest.approx(coverage, abs=1e-7)


def test_the_constants_on_paper() -> None:
    assert (round(IN_TWO, 4), round(IN_ONE, 4), round(IN_NONE, 4)) == (0.47, 0.9808, 2.0794)
    assert [round(factor, 4) for factor in (
        ONCE_IN_TWO_GRAMS, ONCE_IN_THREE_GRAMS, ONCE_IN_FOUR_GRAMS, TWICE_IN_FOUR_GRAMS)] == [1.1579, 1.0, 0.88, 1.2571]


def test_scores_of_two_words(index: LexicalIndex) -> None:
    # red is in the first and second text, dog in the second alone: 0.4700 * 1.1579 and 0.4700 * 1.2571 + 0.9808 * 0.88.
    scores = index.score("red dog")
    assert_scores(scores, [IN_TWO * ONCE_IN_TWO_GRAMS, IN_TWO * TWICE_IN_FOUR_GRAMS + IN_ONE * ONCE_IN_FOUR_GRAMS, 0],
                  [IN_TWO / (IN_TWO + IN_ONE), 1, 0])
    assert scores.bm25.round(4).tolist() == pytest.approx([0.5442, 1.4540, 0])


def test_a_word_asked_twice_counts_twice(index: LexicalIndex) -> None:
    assert_scores(index.score("cat cat sun"),
                  [2 * IN_TWO * ONCE_IN_TWO_GRAMS, 0, 2 * IN_TWO * ONCE_IN_THREE_GRAMS + IN_ONE * ONCE_IN_THREE_GRAMS],
                  [2 * IN_TWO / (2 * IN_TWO + IN_ONE), 0, 1])


def test_an_unknown_gram_lowers_coverage_as_the_rarest_and_no_score(index: LexicalIndex) -> None:
    known, with_unknown = index.score("red"), index.score("red zzz")
    assert with_unknown.bm25.tolist() == known.bm25.tolist()
    assert with_unknown.coverage.tolist() == pytest.approx([IN_TWO / (IN_TWO + IN_NONE)] * 2 + [0], abs=1e-7)
    # Before the first and behind the last gram of the vocabulary, too.
    assert_scores(index.score("aaaa ﹏ zzzz"), [0, 0, 0], [0, 0, 0])


@pytest.mark.parametrize("question", ["", " ", "؟", "..."])
def test_a_question_without_words_scores_nothing(index: LexicalIndex, question: str) -> None:
    assert_scores(index.score(question), [0, 0, 0], [0, 0, 0])


def test_inverse_document_frequency_of_each_gram(index: LexicalIndex) -> None:
    wanted = np.array([*grams("red"), *grams("dog"), *grams("zzz"), *grams("aaaa")])
    assert index.inverse_document_frequency(wanted).tolist() == pytest.approx([IN_TWO, IN_ONE, IN_NONE, IN_NONE])


def test_the_columns_are_postings_by_gram(index: LexicalIndex) -> None:
    by_gram = {"cat": ([0, 2], [1, 1]), "dog": ([1], [1]), "fox": ([1], [1]), "red": ([0, 1], [1, 2]),
               "sky": ([2], [1]), "sun": ([2], [1])}
    assert index.vocabulary.tolist() == [int(grams(word)[0]) for word in by_gram]
    assert index.starts.tolist() == [0, 2, 3, 4, 6, 7, 8]
    assert index.rows.tolist() == [row for rows, _ in by_gram.values() for row in rows]
    assert index.frequencies.tolist() == [times for _, frequencies in by_gram.values() for times in frequencies]
    assert index.lengths.tolist() == [2, 4, 3]
    assert [column.dtype for column in (index.vocabulary, index.starts, index.rows, index.frequencies, index.lengths)] \
        == [np.uint64, np.int64, np.int32, np.uint16, np.uint32]


@pytest.mark.parametrize("texts", [(), ("",), ("", "؟ …")])
def test_an_index_of_no_words_answers_with_zeros(texts: tuple[str, ...]) -> None:
    index = LexicalIndex.build(texts)
    assert_scores(index.score("red"), [0] * len(texts), [0] * len(texts))
    assert (len(index.vocabulary), index.starts.tolist(), index.lengths.tolist()) == (0, [0], [0] * len(texts))


def test_a_text_without_words_keeps_its_row() -> None:
    index = LexicalIndex.build(["red", "", "dog"])
    assert [index.score(word).bm25.nonzero()[0].tolist() for word in ("red", "dog")] == [[0], [2]]


def test_a_count_beyond_sixteen_bits_is_held_at_the_largest_while_the_length_is_whole() -> None:
    index = LexicalIndex.build(["red " * 70_000])
    assert (index.frequencies.tolist(), index.lengths.tolist()) == ([65_535], [70_000])
    assert_scores(index.score("red"), [log(1 + 0.5 / 1.5) * 65_535 * 2.2 / (65_535 + 1.2)], [1])


def test_spelling_clitics_and_month_names_do_not_hide_a_passage() -> None:
    index = LexicalIndex.build(["وبالمفاوضات مع ترمب في شباط", "كيف يكون الطقس في أيار", "سقط المطر"])
    for question in ("مفاوضات", "ترامب", "فبراير"):
        scores = index.score(question)
        assert scores.bm25.nonzero()[0].tolist() == [0]
        assert scores.coverage[0] > 0
    assert not index.score("كييف").bm25.any()
