"""Every store of generations keeps one contract: the same rows, scores, texts and answers, from files and Milvus."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest

from index.generation.snapshot import FolderSnapshot, Snapshot, open_snapshot
from index.intake.build import build
from index.language.arabic import words
from index.milvus.mirror import publish
from index.milvus.source import MilvusSource
from index.model.types import Vectors
from index.search.allowed import Allowed
from index.search.bm25 import K1, B
from index.search.terms import passage_terms, question_terms
from index.types import Article
from qa.answerer import Answerer
from qa.question.parsed import parse_question
from qa.retrieve.retriever import allowed_rows, retrieve
from qa.types.filters import Filters
from qa.types.question import Question
from tests.fakes import WordEmbedder
from tests.milvus import MilvusServer

pytestmark = [pytest.mark.process, pytest.mark.slow]

class ManyWordsEmbedder(WordEmbedder):
    """A fake embedder that knows every word: a text is the sum of its words' vectors, which are drawn from their
    bytes, of unit length."""

    def __init__(self, dimension: int) -> None:
        super().__init__(*map(str, range(dimension - 1)), name="many-words")

    def embed_query(self, text: str) -> Vectors:
        total = np.zeros(self.settings.dimension, np.float32)
        for word in [*words(text), "so that no text is without one"]:
            total += np.random.default_rng(list(word.encode())).normal(size=len(total)).astype(np.float32)
        return total / np.linalg.norm(total)


EMBEDDER = ManyWordsEmbedder(24)
BETTER = [Article(f"better-{number:03}", f"هدنة هدنة هدنة {number}.", source="وكالة", published="2020-01-01")
          for number in range(300)]
LONG = "\n".join(f"الفقرة {number} عن الجسر رقم {number * 7} في المدينة 😀." for number in range(3_000))
ARTICLES = [
    *BETTER,
    Article("inside", "هدنة في الصباح ونص طويل عن أمور أخرى كثيرة.", source="صحيفة", published="2021-06-15"),
    Article("undated", "أُعيد فتح الميناء القديم بعد هدنة.", "الميناء", "صحيفة"),
    Article("long", LONG, "الجسر", 'قناة "الأولى" \\ ليلا', published="2022-02-28"),
    Article("english", "Bridges\nThe harbour opened on 3 May 2023.\nThese came:\n- Two ships.\n- A ferry.", "Harbour",
            "The Paper", published="2023-05-04", metadata={"section": "ports"}),
    Article("bare", "123.")]
QUESTIONS = ("متى أُعيد فتح الميناء؟", "هدنة", "الفقرة 17 عن الجسر", "When did the harbour open?", "الجسر رقم 119",
             "ما الذي حدث في 3 مايو 2023؟", "xyzzy")


@pytest.fixture(scope="module")
def folder_snapshot(tmp_path_factory: pytest.TempPathFactory) -> FolderSnapshot:
    index_dir = tmp_path_factory.mktemp("index")
    build(ARTICLES, index_dir, EMBEDDER)
    return open_snapshot(index_dir)


@pytest.fixture(scope="module")
def milvus_snapshot(tmp_path_factory: pytest.TempPathFactory, folder_snapshot: FolderSnapshot) -> Iterator[Snapshot]:
    with MilvusServer(tmp_path_factory.mktemp("milvus") / "data") as server:
        source = MilvusSource.of(server.store())
        assert publish(source.connection, folder_snapshot)
        yield source.open()
        source.connection.close()


@pytest.fixture(params=["folder", "milvus"])
def snapshot(request: pytest.FixtureRequest) -> Snapshot:
    opened: Snapshot = request.getfixturevalue(f"{request.param}_snapshot")
    return opened


# ---- what a store holds ----

def test_it_holds_the_articles_byte_for_byte_with_their_days_and_sources(snapshot: Snapshot) -> None:
    assert list(snapshot.articles) == ARTICLES
    assert len(snapshot.articles) == len(ARTICLES)
    assert [snapshot.articles.sources[code] for code in snapshot.articles.source_codes] == [
        article.source for article in ARTICLES]
    assert [snapshot.articles.get(article.id) for article in ARTICLES] == ARTICLES
    assert [date.fromordinal(int(day)) for day in snapshot.articles.published_days if day] == [
        article.published_on for article in ARTICLES if article.published_on]


def test_articles_that_are_read_ahead_are_the_same(snapshot: Snapshot) -> None:
    rows = [301, 302, 302, 0]
    snapshot.articles.read_ahead(rows)
    assert [snapshot.articles[row] for row in rows] == [ARTICLES[row] for row in rows]


def test_it_counts_passages_and_sentences(snapshot: Snapshot, folder_snapshot: FolderSnapshot) -> None:
    assert (snapshot.passage_count, snapshot.sentence_count) == (
        len(folder_snapshot.tables.passages), len(folder_snapshot.tables.sentences))
    assert len(snapshot.dense) == snapshot.passage_count > 400
    assert snapshot.dense.dimension == EMBEDDER.settings.dimension


def test_sentences_and_vectors_are_found_by_any_key_of_numpy(snapshot: Snapshot, folder_snapshot: FolderSnapshot
                                                            ) -> None:
    tables, expected = snapshot.tables, folder_snapshot.tables
    last = snapshot.sentence_count - 1
    some = np.array([last, 5, 5, 400, 0])
    for key in (0, -1, last, slice(3, 9), slice(0, 0), slice(None), some, [7, 2], (some, 2), (slice(2, 6), 0),
                (slice(4, 8), slice(0, 2)), np.zeros(0, np.int64)):
        np.testing.assert_array_equal(tables.sentences[key], expected.sentences[key])
        if not isinstance(key, tuple):
            np.testing.assert_array_equal(tables.sentence_vectors[key], expected.sentence_vectors[key])
    assert tables.sentence_vectors[some].dtype == np.float16
    assert tables.sentences[some].dtype == np.int32


def test_every_passage_and_every_history_is_the_same(snapshot: Snapshot, folder_snapshot: FolderSnapshot) -> None:
    for row in range(295, snapshot.passage_count, 7):
        assert snapshot.tables.sentences_of(row) == folder_snapshot.tables.sentences_of(row)
        assert snapshot.tables.article_row(int(snapshot.tables.passages[row, 3])) == snapshot.tables.passages[row, 0]
    assert [snapshot.histories.get(row) for row in range(len(ARTICLES))] == [
        folder_snapshot.histories.get(row) for row in range(len(ARTICLES))]


def test_a_row_that_is_not_there_is_an_error(snapshot: Snapshot) -> None:
    with pytest.raises((IndexError, ValueError)):
        snapshot.articles.line(len(ARTICLES))


# ---- dense search ----

def test_the_nearest_of_all_are_what_comparing_each_gives(snapshot: Snapshot) -> None:
    query = EMBEDDER.embed_query("هدنة في الميناء القديم")
    everything = snapshot.dense.vectors(np.arange(snapshot.passage_count)) @ query
    rows, cosines = snapshot.dense.search(query, 40, None)
    assert cosines.tolist() == pytest.approx(np.sort(everything)[::-1][:40].tolist(), abs=1e-5)
    assert cosines.tolist() == pytest.approx(everything[rows].tolist(), abs=1e-5)
    assert snapshot.dense.cosines(query, rows[::-1]).tolist() == pytest.approx(cosines[::-1].tolist(), abs=1e-5)


def test_no_vectors_are_asked_for(snapshot: Snapshot) -> None:
    nothing = np.zeros(0, np.int64)
    assert snapshot.dense.vectors(nothing).shape == (0, 24)
    assert snapshot.dense.cosines(EMBEDDER.embed_query("هدنة"), nothing).shape == (0,)
    assert snapshot.dense.search(EMBEDDER.embed_query("هدنة"), 0, None)[0].shape == (0,)


# ---- lexical search ----

def bm25_by_hand(snapshot: Snapshot, question: str) -> np.ndarray:
    """BM25 of every passage from its terms, as the formula says."""
    passages = []
    for row in range(snapshot.passage_count):
        article_row, start, end = snapshot.tables.passages[row, :3].tolist()
        article = snapshot.articles[article_row]
        passage = next(each for each in _cut(article) if (each.start, each.end) == (start, end))
        passages.append(passage_terms(article, passage))
    lengths = np.array([len(terms.words) for terms in passages])
    asked, times = np.unique(np.concatenate(question_terms(question)), return_counts=True)
    scores = np.zeros(len(passages))
    counted = [dict(zip(*np.unique(np.concatenate(terms), return_counts=True), strict=True)) for terms in passages]
    for gram, count in zip(asked.tolist(), times.tolist(), strict=True):
        frequencies = np.array([each.get(gram, 0) for each in counted], float)
        has = int((frequencies > 0).sum())
        idf = np.log1p((len(passages) - has + 0.5) / (has + 0.5))
        saturated = frequencies * (K1 + 1) / (frequencies + K1 * (1 - B + B * lengths / lengths.mean()))
        scores += count * idf * saturated
    return scores


def _cut(article: Article) -> list[object]:
    from index.chunker import Chunking, cut_passages

    if article.id not in _CUT:
        _CUT[article.id] = cut_passages(article, EMBEDDER.count_tokens, Chunking())
    return _CUT[article.id]


_CUT: dict[str, list[object]] = {}


@pytest.mark.parametrize("question", QUESTIONS)
def test_scores_are_those_of_the_formula_and_the_best_come_first(snapshot: Snapshot, question: str) -> None:
    expected = bm25_by_hand(snapshot, question)
    rows, bm25, coverage = snapshot.lexical.search(question_terms(question), 10, None)
    assert bm25.tolist() == pytest.approx(np.sort(expected[expected > 0])[::-1][:10].tolist(), abs=1e-4)
    assert bm25.tolist() == pytest.approx(expected[rows].tolist(), abs=1e-4)
    order = list(zip((-bm25).tolist(), rows.tolist(), strict=True))
    assert order == sorted(order)
    assert [share for share in coverage.tolist() if not 0 < share <= 1 + 1e-6] == []
    again = snapshot.lexical.scores_of(question_terms(question), rows)
    assert (again[0].tolist(), again[1].tolist()) == (bm25.tolist(), coverage.tolist())


def test_words_that_no_passage_has_find_nothing(snapshot: Snapshot) -> None:
    rows, bm25, coverage = snapshot.lexical.search(question_terms("qqqq"), 10, None)
    assert (len(rows), len(bm25), len(coverage)) == (0, 0, 0)
    assert not snapshot.lexical.holds(question_terms("qqqq").words)
    assert snapshot.lexical.holds(question_terms("هدنة").words)
    assert not snapshot.lexical.holds(question_terms("").words)


def test_rare_grams_weigh_more_than_common_ones(snapshot: Snapshot) -> None:
    common = snapshot.lexical.inverse_document_frequency(question_terms("هدنة").words)
    rare = snapshot.lexical.inverse_document_frequency(question_terms("ferry").words)
    assert common.max() < rare.min()


def test_dates_do_not_count_as_words(snapshot: Snapshot) -> None:
    terms = question_terms("ما الذي حدث في 3 مايو 2023؟")
    rows, _, coverage = snapshot.lexical.search(terms, 1, None)
    assert snapshot.articles[int(snapshot.tables.passages[rows[0], 0])].id == "english"
    assert snapshot.lexical.coverage_of_words(terms, rows)[0] < coverage[0]


# ---- filters ----

FILTERS = (Filters(sources=("صحيفة",)), Filters(published_from=date(2021, 6, 15), published_to=date(2021, 6, 15)),
           Filters(published_to=date(2020, 1, 1)), Filters(sources=("The Paper", 'قناة "الأولى" \\ ليلا')),
           Filters(sources=("وكالة",), published_from=date(2020, 1, 2)), Filters(sources=("لا أحد",)),
           Filters(published_from=date(1900, 1, 1)), Filters(sources=("",)))


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_filters_are_applied_before_ranking(snapshot: Snapshot, filters: Filters) -> None:
    """Three hundred better passages outside a filter take no place from the one inside."""
    admitted = {number for number, article in enumerate(ARTICLES) if _admits(filters, article)}
    allowed = allowed_rows(snapshot, filters)
    terms, vector = question_terms("هدنة"), EMBEDDER.embed_query("هدنة")
    expected = bm25_by_hand(snapshot, "هدنة")
    expected[~np.isin(snapshot.tables.passages[:, 0], sorted(admitted))] = 0
    rows, bm25, _ = snapshot.lexical.search(terms, 50, allowed)
    assert {int(snapshot.tables.passages[row, 0]) for row in rows} <= admitted
    assert bm25.tolist() == pytest.approx(np.sort(expected[expected > 0])[::-1][:50].tolist(), abs=1e-4)
    near, _ = snapshot.dense.search(vector, 50, allowed)
    inside = np.isin(snapshot.tables.passages[:, 0], sorted(admitted))
    assert {int(snapshot.tables.passages[row, 0]) for row in near} <= admitted
    assert len(near) == min(50, int(inside.sum()))


def _admits(filters: Filters, article: Article) -> bool:
    day = article.published_on
    return (not filters.sources or article.source in filters.sources) \
        and (filters.published_from is None or (day is not None and day >= filters.published_from)) \
        and (filters.published_to is None or (day is not None and day <= filters.published_to))


@pytest.mark.parametrize("is_few", [True, False])
def test_a_mask_of_rows_is_a_filter_too(snapshot: Snapshot, is_few: bool) -> None:
    few = np.zeros(snapshot.passage_count, bool)
    few[[5, 301]] = True
    allowed: Allowed = few if is_few else ~few
    rows, _, _ = snapshot.lexical.search(question_terms("هدنة"), 1000, allowed)
    near, _ = snapshot.dense.search(EMBEDDER.embed_query("هدنة"), snapshot.passage_count, allowed)
    assert (sorted(rows.tolist()) == [5, 301]) if is_few else not {5, 301} & set(rows.tolist())
    assert len(near) == int(allowed.sum())


# ---- answers ----

@pytest.mark.parametrize("question", QUESTIONS)
def test_both_stores_retrieve_the_same_passages_with_the_same_scores(
        folder_snapshot: FolderSnapshot, milvus_snapshot: Snapshot, question: str) -> None:
    for filters in (Filters(), *FILTERS):
        found = [retrieve(snapshot, parse_question(question), EMBEDDER.embed_query(question),
                          allowed_rows(snapshot, filters), 10) for snapshot in (folder_snapshot, milvus_snapshot)]
        of_folder, of_milvus = found
        assert [each.row for each in of_milvus] == [each.row for each in of_folder]
        for name in ("score", "dense", "lexical", "coverage"):
            assert [getattr(each, name) for each in of_milvus] == pytest.approx(
                [getattr(each, name) for each in of_folder], abs=1e-4)


@pytest.mark.parametrize("question", QUESTIONS)
def test_both_stores_answer_alike(folder_snapshot: FolderSnapshot, milvus_snapshot: Snapshot, question: str) -> None:
    of_folder, of_milvus = (Answerer(snapshot, EMBEDDER).ask(Question(question)).as_json()
                            for snapshot in (folder_snapshot, milvus_snapshot))
    for answer in (of_folder, of_milvus):
        answer.pop("timings_ms")
        answer["confidence"] = round(answer["confidence"], 4)
        assert answer["passages"]
        for passage in answer["passages"]:
            passage["score"] = round(passage["score"], 4)
    assert of_milvus == of_folder
