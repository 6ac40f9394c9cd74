"""Articles by row and by id, with the columns that filters need, through files and back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.columns import read_array
from index.errors import UnknownArticleError
from index.generation.articles import ArticleStore, ArticleWriter
from index.sources import read_paths
from index.types import Article

FULL = Article("a/1 ؟", "وَصَلَ.\r\n😀 \u2028 ثم\0غادر.", "عنوان «أول»", "الصحيفة", "https://example.org/?q=1",
               "2026-01-02", "سلمى", "ar", {"section": "سياسة", "tags": ["أ", 2, None], "metadata": {"text": "x"}})
EARLY = Article("b", "Text of the second.", "Second", "Agence", published="2025-12-31T23:30:00-05:00")
BARE = Article("c", "نص")
ARTICLES = (FULL, EARLY, BARE)


def write(folder: Path, articles: Iterable[Article]) -> dict[str, bytes]:
    """The files of a store of these articles, by name."""
    folder.mkdir(exist_ok=True)
    writer = ArticleWriter(folder)
    for article in articles:
        writer.add(article)
    writer.close()
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def opened(files: dict[str, bytes]) -> ArticleStore:
    return ArticleStore.from_files({name: memoryview(content) for name, content in files.items()})


@pytest.fixture
def files(tmp_path: Path) -> dict[str, bytes]:
    return write(tmp_path / "store", ARTICLES)


@pytest.fixture
def store(files: dict[str, bytes]) -> ArticleStore:
    return opened(files)


def test_every_field_comes_back_as_it_was(store: ArticleStore) -> None:
    assert tuple(store) == ARTICLES
    assert (len(store), store[0], store[2]) == (3, FULL, BARE)


def test_rows_are_in_the_order_given_and_found_by_id(store: ArticleStore) -> None:
    assert dict(store.rows) == {"a/1 ؟": 0, "b": 1, "c": 2}
    assert [store.get(article.id) for article in ARTICLES] == list(ARTICLES)


def test_an_id_that_is_not_there_is_named(store: ArticleStore) -> None:
    with pytest.raises(UnknownArticleError) as caught:
        store.get("d")
    assert caught.value.article_id == "d"
    assert str(caught.value) == "there is no article with the id 'd' in this index"


def test_columns_hold_the_day_in_the_articles_own_zone_and_the_place_of_its_source(store: ArticleStore) -> None:
    # 23:30 in New York is the next day in UTC; the article says the 31st.
    assert store.published_days.tolist() == [date(2026, 1, 2).toordinal(), date(2025, 12, 31).toordinal(), 0]
    assert store.sources == ("", "Agence", "الصحيفة")
    assert store.source_codes.tolist() == [2, 1, 0]
    assert (store.published_days.dtype, store.source_codes.dtype) == (np.int32, np.int32)


def test_bytes_are_the_same_after_a_round_trip(
        tmp_path: Path, files: dict[str, bytes], store: ArticleStore) -> None:
    assert write(tmp_path / "again", store) == files


def test_files_are_json_of_one_line_an_article_one_catalogue_and_a_column_of_each_number(
        files: dict[str, bytes]) -> None:
    assert sorted(files) == ["article_days.npy", "article_sources.npy", "article_starts.npy", "articles.jsonl",
                             "catalogue.json"]
    lines = files["articles.jsonl"].split(b"\n")
    assert [json.loads(line)["id"] for line in lines[:-1]] == ["a/1 ؟", "b", "c"]
    assert lines[-1] == b""
    assert "وَصَلَ".encode() in lines[0]  # as UTF-8, not as \u escapes
    assert json.loads(files["catalogue.json"]) == {"ids": ["a/1 ؟", "b", "c"], "sources": ["", "Agence", "الصحيفة"]}
    assert "الصحيفة".encode() in files["catalogue.json"]
    starts = read_array(memoryview(files["article_starts.npy"]))
    assert (starts.dtype, starts.tolist()) == (np.int64, [
        0, len(lines[0]) + 1, len(lines[0]) + len(lines[1]) + 2, len(files["articles.jsonl"])])


def test_sources_that_come_again_share_a_place_in_the_order_of_their_names(tmp_path: Path) -> None:
    names = ["m", "z", "a", "m", "a", "z", "b"]
    store = opened(write(tmp_path, [Article(str(row), "نص", source=name) for row, name in enumerate(names)]))
    assert store.sources == ("a", "b", "m", "z")
    assert store.source_codes.tolist() == [2, 3, 0, 2, 0, 3, 1]


@pytest.mark.process
def test_the_reader_reads_a_stored_file_back_with_its_metadata(tmp_path: Path) -> None:
    articles = [EARLY, BARE, Article("d", "نص.", metadata={"section": "سياسة", "metadata": {"text": "x"}})]
    write(tmp_path, articles)
    assert list(read_paths([tmp_path / "articles.jsonl"])) == articles


def test_a_writer_closed_twice_leaves_its_files_as_they_are(tmp_path: Path) -> None:
    writer = ArticleWriter(tmp_path)
    writer.add(FULL)
    writer.close()
    (tmp_path / "catalogue.json").unlink()
    writer.close()
    assert not (tmp_path / "catalogue.json").exists()


def test_a_store_of_nothing(tmp_path: Path) -> None:
    store = opened(write(tmp_path, []))
    assert (len(store), list(store), store.sources, store.published_days.tolist()) == (0, [], (), [])
