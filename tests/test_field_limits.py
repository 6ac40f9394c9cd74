"""No field of one record makes a build costly: each has a limit, and the title is repeated in part only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.chunker import MAX_CONTEXT_TITLE_CHARS, Chunking, cut_passages, passage_text, sentence_text
from index.intake.polled_feeds import read_polled_feed
from index.search.terms import passage_terms
from index.sources import Rejection
from index.sources.feeds import MAX_FEED_ENTRIES, parse_feed
from index.sources.field_limits import MAX_CHARS, MAX_METADATA_CHARS, MAX_SENTENCES
from index.sources.files import read_paths
from index.sources.records import article_from_fields
from index.sources.rejections import RejectedError
from index.types import Article
from tests.newsroom import entry, feed, long

HUGE = 2_500_000


@pytest.mark.parametrize(("key", "most"), sorted(MAX_CHARS.items()))
def test_a_field_is_accepted_up_to_its_limit_and_rejected_beyond(key: str, most: int) -> None:
    assert getattr(article_from_fields({key: "x" * most}, "A boat."), key) == "x" * most
    with pytest.raises(RejectedError) as error:
        article_from_fields({key: "x" * (most + 1)}, "A boat.")
    assert error.value.reason == f"'{key}' is {most + 1:,} characters long; give at most {most:,}"


def test_all_metadata_together_has_a_limit() -> None:
    half = "x" * (MAX_METADATA_CHARS // 2)
    assert article_from_fields({"one": half}, "A boat.").metadata == {"one": half}
    with pytest.raises(RejectedError, match="its metadata is 1,048,592 characters long, most of it in 'two'"):
        article_from_fields({"one": half, "two": half + "xxxxxx"}, "A boat.")
    with pytest.raises(RejectedError, match="most of it in 'url_as_read'"):
        article_from_fields({"url": f"https://example.org/{'x' * HUGE}"}, "A boat.")


def test_an_address_too_long_to_be_fetched_is_no_address() -> None:
    address = f"https://example.org/{'x' * 5000}"
    article = article_from_fields({"url": address}, "A boat.")
    assert (article.url, article.metadata) == ("", {"url_as_read": address})


@pytest.mark.slow
def test_a_text_has_so_many_sentences_at_most() -> None:
    assert article_from_fields({}, "Go.\n" * MAX_SENTENCES).text.count("\n") == MAX_SENTENCES
    with pytest.raises(RejectedError) as error:
        article_from_fields({}, "Go.\n" * (MAX_SENTENCES + 1))
    assert error.value.reason == "'text' has 50,001 sentences; give at most 50,000, or split it"


def test_title_times_sentences_does_not_multiply() -> None:
    sentences = 500
    article = Article("a", "A boat came in.\n" * sentences, "In 1945 a title " + "goes on and on " * 100_000)
    passages = cut_passages(article, lambda texts: [len(text.split()) for text in texts], Chunking())
    texts = [sentence_text(article, sentence) for passage in passages for sentence in passage.sentences]
    assert len(texts) == sentences
    assert max(map(len, texts)) <= MAX_CONTEXT_TITLE_CHARS + 50
    assert max(len(passage_text(article, passage)) for passage in passages) < 5000
    assert max(len(passage_terms(article, passage).words) for passage in passages) < 10_000


def test_a_title_of_an_ordinary_length_is_indexed_whole() -> None:
    title = "خبر " * 75
    assert len(title) == MAX_CONTEXT_TITLE_CHARS
    article = Article("a", "A boat.", title)
    (passage,) = cut_passages(article, lambda texts: [1 for _ in texts], Chunking())
    assert passage_text(article, passage) == f"{title.strip()}\nA boat."


@pytest.mark.process
@pytest.mark.parametrize(("what", "reason"), [
    ({"title": "T" * HUGE}, "'title' is 2,500,000 characters long"),
    ({"link": f"https://example.org/{'x' * HUGE}"}, "its link is 2,500,020 characters long"),
])
def test_a_huge_field_of_a_feed_s_entry_is_the_fault_of_that_entry_alone(what: dict[str, str], reason: str) -> None:
    content = feed(entry("A red boat.", **what), entry("A blue boat.", guid="2")).encode()
    read = read_polled_feed(content, address="https://example.org/feed", content_type="text/xml")
    huge, other = read.entries
    assert huge.fault.startswith(reason)
    assert huge.article is None
    assert len(huge.key) < 600
    assert other.article is not None
    assert other.article.text == long("A blue boat.")


@pytest.mark.slow
def test_a_feed_of_too_many_entries_is_read_up_to_the_limit_and_says_so() -> None:
    read = parse_feed(feed("<item><guid>1</guid></item>" * (MAX_FEED_ENTRIES + 3)).encode())
    assert len(read.entries) == MAX_FEED_ENTRIES
    assert read.too_many == "has 10,003 entries, of which the first 10,000 are read; split it"


@pytest.mark.process
def test_a_feed_with_a_huge_title_is_rejected_once() -> None:
    with pytest.raises(RejectedError, match="has a title of 2,500,000 characters; give at most 500"):
        read_polled_feed(feed(entry("A boat."), title="T" * HUGE).encode(), address="https://example.org/feed",
                         content_type="text/xml")


@pytest.mark.process
@pytest.mark.parametrize("name", ["a.jsonl", "a.md", "a.html"])
def test_a_huge_title_in_a_file_is_named_and_the_others_are_read(tmp_path: Path, name: str) -> None:
    title = "T" * (50_000 if name.endswith(".md") else HUGE)  # what stands above Markdown is shorter anyway
    said = {"a.jsonl": json.dumps({"title": title, "text": "A red boat."}),
            "a.md": f"---\ntitle: {title}\n---\nA red boat.\n",
            "a.html": f"<html><head><meta property='og:title' content='{title}'></head><body><article><p>"
                      f"{long('A red boat.')}</p></article></body></html>"}
    (tmp_path / name).write_text(said[name])
    (tmp_path / "b.txt").write_text("A blue boat.")
    huge, other = read_paths([tmp_path])
    assert isinstance(huge, Rejection)
    assert f"'title' is {len(title):,} characters long" in huge.reason
    assert isinstance(other, Article)
    assert other.text == "A blue boat."
