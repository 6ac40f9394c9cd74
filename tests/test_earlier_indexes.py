"""An index that an earlier version wrote, in which the latest arrival won: it goes on, heals and loses nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from index.generation.history import History
from index.generation.trust import Rank
from index.intake.inbox import Inbox
from index.intake.records import put
from index.intake.state import State
from index.types import Article
from tests.newsroom import BEGIN, Newsroom, Publisher, entry, feed, lines, page, publishers, sitemap

pytestmark = pytest.mark.process


@pytest.fixture
def sites() -> Iterator[list[Publisher]]:
    with publishers(2) as made:
        yield made


def run_as_earlier_version(newsroom: Newsroom) -> None:
    """Poll and build so that the folder is as the version before the ranks of origins left it."""
    real = History.as_json

    def as_json(history: History) -> dict[str, Any]:
        fields = {name: value for name, value in real(history).items() if name not in ("seen", "said")}
        return {**fields, "arrivals": dict(sorted(fields.get("arrivals", {}).items()))}

    def unconfined(article: Article, _sent_by: object, _now: float) -> Article:
        return article

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(History, "as_json", as_json)
        patch.setattr("index.intake.corpus.is_operators", lambda _origin: False)
        patch.setattr("index.intake.corpus.rank_of", lambda _origin, _article: Rank.OPERATOR)
        patch.setattr("index.intake.polled_sources.confined", unconfined)
        patch.setattr("index.intake.polled_pages.confined", unconfined)
        newsroom.run()
    state = State(newsroom.index_dir)
    for record in state.records("polled"):
        fields = json.loads(record.content)
        fields.pop("origin", None)
        for name in ("entries", "articles"):
            fields[name] = dict.fromkeys(fields.get(name, {}), "of another kind")
        kind = record.key.partition(" ")[0]
        fields.pop("articles" if kind == "source" else "entries")
        content = json.dumps(fields).encode()
        state.write(lambda connection, key=record.key, content=content: put(connection, "polled", key, content))


def test_an_index_of_an_earlier_version_is_not_built_again_if_nothing_changed(
        tmp_path: Path, sites: list[Publisher]) -> None:
    own, _ = sites
    own.say("/feed", feed(entry("The red boat.", link=own.url("/1"))))
    newsroom = Newsroom(tmp_path, own.url("/feed"))
    newsroom.file("a.jsonl", {"id": "one", "text": "The blue boat."})
    run_as_earlier_version(newsroom)
    assert b"seen" not in (newsroom.index_dir / "generations" / newsroom.snapshot.generation
                           / "history.jsonl").read_bytes()
    assert not newsroom.build().is_new


def test_what_a_hostile_site_had_replaced_is_right_again_after_a_build_and_a_poll(
        tmp_path: Path, sites: list[Publisher]) -> None:
    own, other = sites
    own.say("/feed", feed(entry("True one.", link=own.url("/1")), entry("True two.", link=own.url("/2"), title="Two")))
    own.say("/all.jsonl", lines({"id": "a1", "text": "True list."}), "application/jsonl")
    newsroom = Newsroom(tmp_path, own.url("/feed"), own.url("/all.jsonl"), other.url("/feed"), other.url("/all.jsonl"))
    newsroom.file("a.jsonl", {"id": "one", "text": "True file."},
                  {"id": "two", "url": own.url("/1"), "text": "True file of one."})
    run_as_earlier_version(newsroom)
    other.say("/feed", feed(entry("False one.", link=own.url("/1")), entry("False two.", link=own.url("/2"))))
    other.say("/all.jsonl", lines({"id": "one", "text": "False file."}, {"id": "a1", "text": "False list."}))
    newsroom.now += timedelta(days=3).total_seconds()
    run_as_earlier_version(newsroom)
    texts = {text for text in newsroom.texts.values() if text.startswith("True")}
    assert texts == set()
    newsroom.build()
    assert (newsroom.texts["one"], newsroom.texts["two"]) == ("True file.", "True file of one.")
    newsroom.now += timedelta(days=3).total_seconds()
    newsroom.run()
    assert newsroom.texts == {
        "one": "True file.", "two": "True file of one.", own.id("/2"): "True two.", f"a1@{own.site}": "True list.",
        f"one@{other.site}": "False file.", f"a1@{other.site}": "False list.",
        f"{own.id('/1')}@{other.site}": "False one.", f"{own.id('/2')}@{other.site}": "False two."}


def test_no_article_is_lost_or_doubled_when_its_id_becomes_one_within_its_site(
        tmp_path: Path, sites: list[Publisher]) -> None:
    own, _ = sites
    own.say("/feed", feed(entry("Without a link.", guid="g1"), entry("With a link.", link=own.url("/1"))))
    own.say("/all.jsonl", lines({"id": "a1", "text": "Listed."}), "application/jsonl")
    own.say("/p.html", page("A page."), "text/html")
    own.say("/s.xml", sitemap((own.url("/2"), "", "")))
    own.say("/2", page("A page in a sitemap."), "text/html")
    newsroom = Newsroom(tmp_path, *map(own.url, ("/feed", "/all.jsonl", "/p.html", "/s.xml")))
    run_as_earlier_version(newsroom)
    before = newsroom.texts
    newsroom.now += timedelta(days=3).total_seconds()
    newsroom.run()
    assert len(before) == len(newsroom.texts) == 5
    assert sorted(newsroom.texts.values()) == sorted(before.values())
    assert newsroom.texts.keys() - before.keys() == {f"{article_id}@{own.site}" for article_id in (
        "a1", next(article_id for article_id, text in before.items() if text == "Without a link."))}
    # They go when they are gone, as what this version took in.
    own.say("/all.jsonl", lines({"id": "a2", "text": "Another."}), "application/jsonl")
    own.gone("/p.html")
    own.gone("/2")
    newsroom.now += timedelta(days=3).total_seconds()
    newsroom.run()
    assert sorted(newsroom.texts.values()) == ["Another.", "With a link.", "Without a link."]


def test_entries_that_wait_from_an_earlier_version_replace_nothing_stronger(
        tmp_path: Path, sites: list[Publisher]) -> None:
    own, other = sites
    newsroom = Newsroom(tmp_path, own.url("/feed"))
    own.say("/feed", feed(entry("True one.", link=own.url("/1"), on=BEGIN)))
    newsroom.file("a.jsonl", {"id": "one", "text": "True file."})
    newsroom.run()
    inbox = Inbox(newsroom.index_dir)
    for article_id, url in (("one", ""), (own.id("/1"), own.url("/1"))):
        inbox.add(Article(article_id, "False.", url=url), f"feed:{other.url('/feed')}")
    newsroom.build()
    inbox.withdraw(own.id("/1"), "url:")  # an earlier version did not say whose page is gone
    newsroom.build()
    assert newsroom.texts == {"one": "True file.", own.id("/1"): "True one."}
