"""BM25 over grams, against arithmetic on paper. A Latin word of up to four letters is one gram and has no skeleton."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from math import log
from pathlib import Path

import numpy as np
import pytest

from index.language.arabic import grams
from index.search import lexical, postings
from index.search.lexical import LexicalIndex
from index.search.postings import Postings, PostingsWriter, file_of
from index.search.terms import question_terms
from tests.fakes import EveryScore, every_score, terms_of

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
    return LexicalIndex.build(map(terms_of, TEXTS))


def assert_scores(scores: EveryScore, bm25: list[float], coverage: list[float]) -> None:
    assert (scores.bm25.dtype, scores.coverage.dtype) == (np.float32, np.float32)
    assert scores.bm25.tolist() == pytest.approx(bm25, rel=1e-6)
    assert scores.coverage.tolist() == pytest.approx(coverage, abs=1e-7)


def test_the_constants_on_paper() -> None:
    assert (round(IN_TWO, 4), round(IN_ONE, 4), round(IN_NONE, 4)) == (0.47, 0.9808, 2.0794)
    assert [round(factor, 4) for factor in (
        ONCE_IN_TWO_GRAMS, ONCE_IN_THREE_GRAMS, ONCE_IN_FOUR_GRAMS, TWICE_IN_FOUR_GRAMS)] == [1.1579, 1.0, 0.88, 1.2571]


def test_scores_of_two_words(index: LexicalIndex) -> None:
    # red is in the first and second text, dog in the second alone: 0.4700 * 1.1579 and 0.4700 * 1.2571 + 0.9808 * 0.88.
    scores = every_score(index, "red dog")
    assert_scores(scores, [IN_TWO * ONCE_IN_TWO_GRAMS, IN_TWO * TWICE_IN_FOUR_GRAMS + IN_ONE * ONCE_IN_FOUR_GRAMS, 0],
                  [IN_TWO / (IN_TWO + IN_ONE), 1, 0])
    assert scores.bm25.round(4).tolist() == pytest.approx([0.5442, 1.4540, 0])


def test_a_word_asked_twice_counts_twice(index: LexicalIndex) -> None:
    assert_scores(every_score(index, "cat cat sun"),
                  [2 * IN_TWO * ONCE_IN_TWO_GRAMS, 0, 2 * IN_TWO * ONCE_IN_THREE_GRAMS + IN_ONE * ONCE_IN_THREE_GRAMS],
                  [2 * IN_TWO / (2 * IN_TWO + IN_ONE), 0, 1])


def test_an_unknown_gram_lowers_coverage_as_the_rarest_and_no_score(index: LexicalIndex) -> None:
    known, with_unknown = every_score(index, "red"), every_score(index, "red zzz")
    assert with_unknown.bm25.tolist() == known.bm25.tolist()
    assert with_unknown.coverage.tolist() == pytest.approx([IN_TWO / (IN_TWO + IN_NONE)] * 2 + [0], abs=1e-7)
    # Before the first and behind the last gram of the vocabulary, too.
    assert_scores(every_score(index, "aaaa ﹏ zzzz"), [0, 0, 0], [0, 0, 0])


@pytest.mark.parametrize("question", ["", " ", "؟", "..."])
def test_a_question_without_words_scores_nothing(index: LexicalIndex, question: str) -> None:
    assert_scores(every_score(index, question), [0, 0, 0], [0, 0, 0])


def test_inverse_document_frequency_of_each_gram(index: LexicalIndex) -> None:
    wanted = np.array([*grams("red"), *grams("dog"), *grams("zzz"), *grams("aaaa")])
    assert index.inverse_document_frequency(wanted).tolist() == pytest.approx([IN_TWO, IN_ONE, IN_NONE, IN_NONE])


def test_the_columns_are_postings_by_gram(index: LexicalIndex) -> None:
    by_gram = {"cat": ([0, 2], [1, 1]), "dog": ([1], [1]), "fox": ([1], [1]), "red": ([0, 1], [1, 2]),
               "sky": ([2], [1]), "sun": ([2], [1])}
    assert index.postings.vocabulary.tolist() == [int(grams(word)[0]) for word in by_gram]
    assert index.postings.starts.tolist() == [0, 2, 3, 4, 6, 7, 8]
    assert index.postings.rows.tolist() == [row for rows, _ in by_gram.values() for row in rows]
    assert index.postings.frequencies.tolist() == [
        times for _, frequencies in by_gram.values() for times in frequencies]
    assert index.postings.lengths.tolist() == [2, 4, 3]
    assert [column.dtype for column in index.postings] == [
        np.uint64, np.int64, np.int32, np.uint8, np.uint32, np.float32]


def test_a_peak_is_the_most_that_a_gram_adds_to_any_passage(index: LexicalIndex) -> None:
    assert index.postings.peaks.dtype == np.float32
    assert index.postings.peaks.tolist() == pytest.approx([
        ONCE_IN_TWO_GRAMS, ONCE_IN_FOUR_GRAMS, ONCE_IN_FOUR_GRAMS, TWICE_IN_FOUR_GRAMS, ONCE_IN_THREE_GRAMS,
        ONCE_IN_THREE_GRAMS])


@pytest.mark.parametrize("texts", [(), ("",), ("", "؟ …")])
def test_an_index_of_no_words_answers_with_zeros(texts: tuple[str, ...]) -> None:
    index = LexicalIndex.build(map(terms_of, texts))
    assert_scores(every_score(index, "red"), [0] * len(texts), [0] * len(texts))
    postings = index.postings
    assert (len(postings.vocabulary), postings.starts.tolist(), postings.lengths.tolist()) == (0, [0], [0] * len(texts))


def test_a_text_without_words_keeps_its_row() -> None:
    index = LexicalIndex.build(map(terms_of, ["red", "", "dog"]))
    assert [every_score(index, word).bm25.nonzero()[0].tolist() for word in ("red", "dog")] == [[0], [2]]


def test_a_count_beyond_eight_bits_is_held_at_the_largest_while_the_length_is_whole() -> None:
    index = LexicalIndex.build(map(terms_of, ["red " * 70_000]))
    assert (index.postings.frequencies.tolist(), index.postings.lengths.tolist()) == ([255], [70_000])
    assert_scores(every_score(index, "red"), [log(1 + 0.5 / 1.5) * 255 * 2.2 / (255 + 1.2)], [1])


def test_spelling_clitics_and_month_names_do_not_hide_a_passage() -> None:
    texts = ["وبالمفاوضات مع ترمب في شباط", "كيف يكون الطقس في أيار", "سقط المطر"]
    index = LexicalIndex.build(map(terms_of, texts))
    for question in ("مفاوضات", "ترامب", "فبراير"):
        scores = every_score(index, question)
        assert scores.bm25.nonzero()[0].tolist() == [0]
        assert scores.coverage[0] > 0
    assert not every_score(index, "كييف").bm25.any()


# ---- the best of many ----

WORDS = [f"w{number}" for number in range(40)]
# Word n is twice as frequent as word 2n, about as in a language.
FREQUENCY = [1 / (1 + number) for number in range(40)]
# Asks for frequent and rare words, for one of them three times, and for two that no text has.
QUESTIONS = ("w0", "w39", "w0 w1 w2", "w0 w38 w39", "w5 w5 w5 w0 w20", "w1 none w30 nil", " ".join(WORDS))


def random_texts(count: int, seed: int) -> list[str]:
    numbers = random.Random(seed)
    return [" ".join(numbers.choices(WORDS, FREQUENCY, k=numbers.randint(0, 30))) for _ in range(count)]


def plain_bm25(texts: Sequence[str], question: str) -> list[float]:
    """The formula as it is printed, a text at a time."""
    words = [text.split() for text in texts]
    average = sum(map(len, words)) / len(words)
    scores = [0.0] * len(texts)
    for word, times in Counter(question.split()).items():
        holders = sum(word in text for text in words)
        idf = log(1 + (len(words) - holders + 0.5) / (holders + 0.5))
        for row, text in enumerate(words):
            frequency = text.count(word)
            damping = 1.2 * (0.25 + 0.75 * len(text) / average)
            scores[row] += times * idf * frequency * 2.2 / (frequency + damping)
    return scores


def assert_best(found: tuple[np.ndarray, np.ndarray, np.ndarray], expected: Sequence[float], count: int) -> None:
    """The `count` highest of the scores above 0, best first, equals by row."""
    rows, bm25, _ = found
    best = sorted((score for score in expected if score > 0), reverse=True)[:count]
    assert bm25.tolist() == pytest.approx(best, rel=1e-5)
    assert [expected[row] for row in rows] == pytest.approx(best, rel=1e-5)
    ranked = list(zip((-bm25).tolist(), rows.tolist(), strict=True))
    assert ranked == sorted(set(ranked))


@pytest.fixture(params=["few passages", "all postings", "MaxScore", "MaxScore, sorting"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small indexes are searched as large ones are."""
    if request.param != "few passages":
        monkeypatch.setattr(lexical, "FEW_ALLOWED", -1)
    if request.param.startswith("MaxScore"):
        monkeypatch.setattr(lexical, "FEW_POSTINGS", 0)
    if request.param == "MaxScore, sorting":
        monkeypatch.setattr(lexical, "SPARSE", 0)


@pytest.mark.slow
@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("count", [1, 5, 60, 1000])
def test_search_finds_what_the_formula_does(question: str, count: int) -> None:
    texts = random_texts(600, seed=count)
    found = LexicalIndex.build(map(terms_of, texts)).search(question_terms(question), count, None)
    assert_best(found, plain_bm25(texts, question), count)
    assert [column.dtype for column in found] == [np.int64, np.float32, np.float32]


@pytest.mark.slow
@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("one_in", [1, 2, 10, 200])
def test_a_filter_is_applied_before_ranking(one_in: int) -> None:
    texts = random_texts(600, seed=1)
    index, allowed = LexicalIndex.build(map(terms_of, texts)), np.arange(600) % one_in == 0
    for question in QUESTIONS:
        expected = [score * admitted for score, admitted in zip(plain_bm25(texts, question), allowed, strict=True)]
        assert_best(index.search(question_terms(question), 7, allowed), expected, 7)


@pytest.mark.usefixtures("way")
def test_scores_are_the_same_for_all_for_some_and_for_the_best() -> None:
    index = LexicalIndex.build(map(terms_of, random_texts(600, seed=2)))
    for question in QUESTIONS:
        everything = every_score(index, question)
        rows, bm25, coverage = index.search(question_terms(question), 50, None)
        assert bm25.tolist() == everything.bm25[rows].tolist()
        assert coverage.tolist() == everything.coverage[rows].tolist()
        some = np.array([599, 3, 4, 0])
        bm25, coverage = index.scores_of(question_terms(question), some)
        assert bm25.tolist() == everything.bm25[some].tolist()
        assert coverage.tolist() == everything.coverage[some].tolist()


def test_a_budget_of_postings_costs_neither_the_scores_nor_the_best_of_the_rare_words(
        monkeypatch: pytest.MonkeyPatch) -> None:
    index = LexicalIndex.build(map(terms_of, random_texts(600, seed=5)))
    question = "w0 w1 w2 w38 w39"
    exact, _, _ = index.search(question_terms(question), 10, None)
    for name, value in (("FEW_POSTINGS", 0), ("POSTINGS_BUDGET", 60), ("LOOKED_UP", 40)):
        monkeypatch.setattr(lexical, name, value)
    rows, bm25, coverage = index.search(question_terms(question), 10, None)
    everything = every_score(index, question)
    assert rows.tolist() == exact.tolist()
    assert bm25.tolist() == everything.bm25[rows].tolist()
    assert coverage.tolist() == everything.coverage[rows].tolist()


@pytest.mark.usefixtures("way")
def test_equals_are_ranked_by_row_whatever_their_number() -> None:
    index = LexicalIndex.build(map(terms_of, ["red cat", "dog", *["red dog"] * 300, "red cat"]))
    assert index.search(question_terms("red dog"), 5, None)[0].tolist() == [2, 3, 4, 5, 6]
    assert index.search(question_terms("red"), 4, None)[0].tolist() == [0, 2, 3, 4]
    assert index.search(question_terms("cat red"), 3, None)[0].tolist() == [0, 302, 2]


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(("question", "count", "allowed"), [
    ("", 5, None), ("؟", 5, None), ("zzz", 5, None), ("red", 0, None), ("red", 5, np.zeros(3, bool)),
    ("sky", 5, np.array([True, True, False])),
])
def test_nothing_to_find_is_found(index: LexicalIndex, question: str, count: int,
                                  allowed: np.ndarray | None) -> None:
    assert [column.tolist() for column in index.search(question_terms(question), count, allowed)] == [[], [], []]


def test_nothing_is_found_among_no_texts() -> None:
    index = LexicalIndex.build(map(terms_of, []))
    assert [column.tolist() for column in index.search(question_terms("red"), 5, None)] == [[], [], []]
    assert [column.tolist() for column in index.scores_of(question_terms("red"), np.zeros(0, np.int64))] == [[], []]


@pytest.mark.slow
@pytest.mark.parametrize("block", [1, 7, 599, 600])
def test_the_index_is_the_same_however_many_texts_are_sorted_at_a_time(block: int) -> None:
    texts = random_texts(600, seed=3)
    whole, in_blocks = LexicalIndex.build(map(terms_of, texts)), LexicalIndex.build(map(terms_of, texts), block=block)
    for name in ("vocabulary", "starts", "rows", "frequencies", "lengths", "peaks"):
        expected, found = getattr(whole.postings, name), getattr(in_blocks.postings, name)
        assert (found.dtype, found.tolist()) == (expected.dtype, expected.tolist())


def written(folder: Path, texts: Sequence[str], block: int) -> dict[str, bytes]:
    """What a writer leaves in its folder, by name."""
    folder.mkdir()
    writer = PostingsWriter(folder, block=block)
    for text in texts:
        writer.add(terms_of(text))
    assert len(list(folder.iterdir())) == 4 * (len(texts) // block)  # what waits for the merge
    writer.close()
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.slow
@pytest.mark.parametrize("count", [0, 1, 300])
def test_files_are_the_same_however_many_texts_and_postings_are_taken_at_a_time_and_no_others_stay(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path, count: int) -> None:
    texts = random_texts(count, seed=4)
    expected = written(tmp_path / "whole", texts, 10_000)
    assert sorted(expected) == sorted(file_of(name) for name in Postings._fields)
    for stretch in (1, 7, 100, 1000):
        monkeypatch.setattr(postings, "STRETCH", stretch)
        for block in (1, 64, 100, 10_000):
            assert written(tmp_path / f"{stretch}-{block}", texts, block) == expected
