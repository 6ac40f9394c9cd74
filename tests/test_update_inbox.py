"""What the inbox brings into an update, and what a deletion takes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.sources.canonical import address_id
from index.types import Article
from tests.generations import below
from tests.houses import URL, House, files_of

pytestmark = pytest.mark.process


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


# ---- the inbox ----

def test_what_waits_in_the_inbox_is_taken_in_and_stays_without_a_file(house: House) -> None:
    house.inbox.add(Article("api", "The green one."), "api")
    assert house.drain().arrived == 1
    house.lines("a.jsonl", {"id": "one", "text": "The red one."})
    house.update(is_exact=True)
    assert house.texts == {"api": "The green one.", "one": "The red one."}


def test_an_entry_waits_until_every_generation_holds_it(house: House) -> None:
    house.lines("a.jsonl", {"id": "one", "text": "The red one."})
    house.update()
    name = house.inbox.add(Article("api", "The green one."), "api")
    house.drain()
    assert house.inbox.names() == [name]  # the generation before it may be rolled back to
    house.lines("a.jsonl", {"id": "one", "text": "The blue one."})
    house.update()
    assert house.inbox.names() == []
    assert house.drain().arrived == 0


def test_what_was_posted_last_stands_until_the_file_says_something_new(house: House) -> None:
    house.lines("a.jsonl", {"id": "one", "text": "The red one."})
    house.update()
    house.inbox.add(Article("one", "The green one."), "api")
    house.update()
    house.update()
    assert house.texts == {"one": "The green one."}
    house.lines("a.jsonl", {"id": "one", "text": "The blue one."})
    house.update()
    assert house.texts == {"one": "The blue one."}


def test_the_same_article_posted_again_changes_nothing(house: House) -> None:
    article = Article("one", "The red one.")
    house.inbox.add(article, "api")
    generation = house.drain().generation
    house.inbox.add(article, "api")
    report = house.drain()
    assert (report.generation, report.is_new) == (generation, False)
    assert house.inbox.names() == []


def test_a_deleted_article_is_gone_from_every_file_and_no_file_brings_it_back(house: House) -> None:
    house.lines("a.jsonl", {"id": "one", "text": "The crimson one."}, {"id": "two", "text": "The blue one."})
    house.update()
    house.inbox.withdraw("one")
    report = house.update()
    assert (report.changes.removed, report.seen.withheld) == (1, 0)
    assert house.update().seen.withheld == 1
    house.lines("a.jsonl", {"id": "one", "text": "The crimson one, again."}, {"id": "two", "text": "The blue one."})
    house.update()
    assert house.texts.keys() == {"two"}
    def holding(word: bytes, files: dict[str, bytes]) -> list[str]:
        return [name for name, content in files.items() if word in content]

    files = files_of(house.index_dir)
    assert holding(b"blue", files)
    assert holding(b"crimson", files) == []
    house.update()
    everything = below(house.index_dir)
    assert holding(b"blue", everything)
    assert holding(b"crimson", everything) == []


def test_a_deleted_article_comes_back_only_by_the_api(house: House) -> None:
    house.lines("a.jsonl", {"id": "one", "text": "The red one."}, {"id": "two", "text": "The blue one."})
    house.update()
    house.inbox.withdraw("one")
    house.inbox.add(Article("one", "From a feed."), "feed:https://example.org/feed")
    house.update()
    assert house.texts.keys() == {"two"}
    house.inbox.add(Article("one", "The green one."), "api")
    house.update()
    house.update()
    assert house.texts["one"] == "The green one."


def test_deleting_by_another_id_deletes_the_article(house: House) -> None:
    house.lines("a.jsonl", {"text": "The red one.", "url": URL})
    house.lines("b.jsonl", {"id": "one", "text": "The red one.", "url": URL}, {"id": "two", "text": "Two."})
    house.update()
    house.inbox.withdraw(address_id(URL))
    house.update()
    assert house.texts.keys() == {"two"}
    assert house.update().seen.withheld == 2


def test_the_last_article_can_be_deleted(house: House) -> None:
    house.inbox.add(Article("one", "The red one."), "api")
    house.drain()
    house.inbox.withdraw("one")
    report = house.drain()
    assert (report.articles, report.passages, house.texts) == (0, 0, {})
    house.inbox.add(Article("two", "The blue one."), "api")
    house.drain()
    assert house.texts == {"two": "The blue one."}


def test_a_page_that_is_gone_leaves_what_a_file_brings(house: House) -> None:
    house.lines("a.jsonl", {"id": "one", "text": "The red one.", "url": URL})
    house.inbox.add(Article(address_id(URL), "The red one.", url=URL), f"url:{URL}")
    house.inbox.add(Article("two", "The blue one."), "feed:https://example.org/feed")
    house.update()
    house.inbox.withdraw(address_id(URL), f"url:{URL}")
    house.inbox.withdraw("two", "feed:https://example.org/feed")
    house.update()
    assert house.texts.keys() == {"one"}
    house.inbox.add(Article("two", "The blue one."), "feed:https://example.org/feed")
    house.update()
    assert house.texts.keys() == {"one", "two"}


def test_an_article_of_a_damaged_generation_is_taken_in_again(house: House) -> None:
    house.lines("a.jsonl", {"id": "one", "text": "The red one."})
    house.update()
    house.inbox.add(Article("api", "The green one."), "api")
    damaged = house.drain().generation
    (house.index_dir / "generations" / damaged / "articles.jsonl").write_bytes(b"no article")
    report = house.drain()
    assert house.texts.keys() == {"one", "api"}
    assert report.arrived == 1
    assert report.is_new
