"""What is found, among what, and in which order."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from index.types import Article
from qa.evaluation.evaluate import throwaway_snapshot
from qa.question.parsed import parse_question
from qa.retrieve.retriever import Candidate, allowed_rows, lowest_cosine, retrieve
from qa.types.filters import NO_FILTERS, Filters
from tests.fakes import WordEmbedder


def found(articles: Sequence[Article], question: str, *known: str, filters: Filters = NO_FILTERS,
          count: int = 5) -> list[tuple[str, Candidate]]:
    """Article ids with their candidates, best first."""
    embedder = WordEmbedder(*known)
    snapshot = throwaway_snapshot(articles, embedder)
    candidates = retrieve(snapshot, parse_question(question), embedder.embed_query(question),
                          allowed_rows(snapshot, filters), count)
    rows = snapshot.tables.passages[:, 0]
    return [(snapshot.articles[int(rows[candidate.row])].id, candidate) for candidate in candidates]


def ids(*arguments: object, **options: object) -> list[str]:
    return [article_id for article_id, _ in found(*arguments, **options)]  # type: ignore[arg-type]


def test_a_title_only_match_is_found() -> None:
    articles = [Article("other", "اجتمع الوزراء في المساء."), Article("titled", "اجتمع الوزراء في الصباح.", "هدنة غزة")]
    assert ids(articles, "هدنة غزة")[0] == "titled"


@pytest.mark.parametrize(("asked", "written"), [
    ("ترمب", "ترامب"), ("شباط", "فبراير"), ("٢٠٢٢", "2022"), ("اتفاقيه", "اتفاقيّة"), ("مفاوضات", "وبالمفاوضات"),
])
def test_a_word_is_found_as_the_article_writes_it(asked: str, written: str) -> None:
    articles = [Article("other", "نص عن شيء آخر تمامًا."), Article("this", f"ورد {written} في النص.")]
    assert ids(articles, asked)[0] == "this"


def test_a_question_that_shares_no_word_follows_the_vectors() -> None:
    articles = [Article("war", "الحرب مستمرة 1."), Article("peace", "السلام قريب 2.")]
    embedder_words = ("السلام", "الحرب")
    assert ids(articles, "السلام", *embedder_words)[0] == "peace"
    foreign = WordEmbedder("السلام")
    snapshot = throwaway_snapshot(articles, foreign)
    candidates = retrieve(snapshot, parse_question("peace 1"), foreign.embed_query("السلام"), None, 2)
    assert int(snapshot.tables.passages[candidates[0].row, 0]) == 1


BETTER = [Article(f"better-{number}", "هدنة هدنة هدنة.", source="وكالة", published="2020-01-01")
          for number in range(300)]
INSIDE = Article("inside", "هدنة في الصباح ونص طويل عن أمور أخرى كثيرة.", source="صحيفة", published="2021-06-15")


@pytest.mark.parametrize("filters", [
    Filters(sources=("صحيفة",)), Filters(published_from=date(2021, 6, 15)),
    Filters(published_from=date(2021, 1, 1), published_to=date(2021, 6, 15)),
])
def test_filters_are_applied_before_ranking(filters: Filters) -> None:
    """Three hundred better passages outside the filter take no place from the one inside."""
    articles = [*BETTER, INSIDE]
    assert "inside" not in ids(articles, "هدنة", "هدنة")
    assert ids(articles, "هدنة", "هدنة", filters=filters) == ["inside"]


def test_an_undated_article_passes_no_date_filter() -> None:
    articles = [Article("undated", "هدنة."), Article("dated", "هدنة.", published="2021-06-15T23:00:00+03:00")]
    assert ids(articles, "هدنة", filters=Filters(published_to=date(2099, 1, 1))) == ["dated"]
    assert ids(articles, "هدنة", filters=Filters(published_from=date(1900, 1, 1))) == ["dated"]


def test_a_filter_that_nothing_passes_finds_nothing() -> None:
    assert ids([INSIDE], "هدنة", filters=Filters(sources=("أخرى",))) == []


def test_as_many_as_asked_are_returned_and_equals_are_ranked_by_row() -> None:
    articles = [Article(f"a{number}", "هدنة في الصباح.") for number in range(9)]
    assert ids(articles, "هدنة", "هدنة", count=4) == ["a0", "a1", "a2", "a3"]
    assert len(ids(articles, "هدنة", count=100)) == 9


def test_scores_lie_between_0_and_1_and_fall() -> None:
    articles = [Article("both", "هدنة في غزة."), Article("one", "هدنة في مكان."), Article("none", "مطر غزير اليوم.")]
    scores = [candidate.score for _, candidate in found(articles, "هدنة غزة", "هدنة", "غزة")]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= scores[-1] <= scores[0] <= 1


def test_a_filter_does_not_change_which_language_a_question_is_taken_for() -> None:
    """The words are in the index, though not inside the filter, so that no translation is looked for."""
    articles = [Article("latin", "war peace.", source="a"), Article("arabic", "الحرب والسلام.", source="b")]
    inside = Filters(sources=("b",))
    assert [candidate.lexical for _, candidate in found(articles, "war peace", filters=inside)] == [0]
    assert next(candidate.lexical for _, candidate in found(articles[1:], "war peace", filters=inside)) > 0


def test_the_lowest_cosine_is_that_of_a_sample_which_goes_with_its_snapshot() -> None:
    embedder = WordEmbedder("هدنة", "غزة")
    articles = [Article("one", "هدنة."), Article("both", "هدنة غزة."), Article("none", "مطر.")]
    snapshot = throwaway_snapshot(articles, embedder)
    for question in ("هدنة", "غزة"):
        query = embedder.embed_query(question)
        cosines = snapshot.dense.cosines(query, np.arange(snapshot.passage_count))
        assert lowest_cosine(snapshot, query) == cosines.min()
    kept = weakref.ref(snapshot.dense)
    del snapshot
    gc.collect()
    assert kept() is None
