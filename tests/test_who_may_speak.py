"""Every cell of the table in docs/trust.md, over real HTTP: files and the API, an article's own site, other sites."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.intake.inbox import Inbox
from index.sources import canonical
from index.types import Article
from qa.answerer import Answerer
from qa.types.question import Question
from tests.loopback import answer
from tests.newsroom import BEGIN, EMBEDDER, Newsroom, Publisher, api, entry, feed, lines, page, publishers, sitemap

pytestmark = pytest.mark.process

FALSE = "The harbour was never opened."
TRUE = "The harbour was opened in May."
PAGE_TEXT = "The harbour opened in May, says its page."


@pytest.fixture
def sites() -> Iterator[list[Publisher]]:
    with publishers(2) as made:
        yield made


@pytest.fixture
def own(sites: list[Publisher]) -> Publisher:
    return sites[0]


@pytest.fixture
def other(sites: list[Publisher]) -> Publisher:
    return sites[1]


def story(publisher: Publisher, text: str = TRUE) -> str:
    return entry(text, link=publisher.url("/news/1"))


# ---- its id ----

def test_a_file_and_the_api_name_an_article_as_they_like(tmp_path: Path, own: Publisher) -> None:
    newsroom = Newsroom(tmp_path)
    newsroom.file("a.jsonl", {"id": own.id("/news/1"), "text": "From a file."})
    newsroom.build()
    with api(newsroom) as server:
        assert server.post({"id": f"x@{own.site}", "text": "From the API."}) == 202
    newsroom.build()
    assert newsroom.texts == {own.id("/news/1"): "From a file.", f"x@{own.site}": "From the API."}


def test_an_article_of_its_own_site_has_the_id_of_its_address_or_one_within_the_site(
        tmp_path: Path, own: Publisher) -> None:
    own.say("/feed", feed(story(own), entry("Without a link.", guid="tag:1")))
    own.say("/all.jsonl", lines({"id": "a1", "text": "In a list of articles."}))
    newsroom = Newsroom(tmp_path, own.url("/feed"), own.url("/all.jsonl"))
    newsroom.run()
    guid = hashlib.sha256(b"tag:1").hexdigest()[:16]
    assert newsroom.texts == {own.id("/news/1"): TRUE, f"{guid}@{own.site}": "Without a link.",
                              f"a1@{own.site}": "In a list of articles."}


@pytest.mark.parametrize("suffix", [".jsonl", ".md"])
@pytest.mark.parametrize("is_first", [True, False])
def test_an_id_that_another_site_gives_names_an_article_of_that_site_alone(
        tmp_path: Path, other: Publisher, suffix: str, is_first: bool) -> None:
    said = {".jsonl": lines({"id": "one", "text": FALSE}), ".md": f"---\nid: one\n---\n{FALSE}\n"}[suffix]
    other.say(f"/all{suffix}", said, "text/plain")
    newsroom = Newsroom(tmp_path, other.url(f"/all{suffix}"))
    if is_first:
        newsroom.run()
    newsroom.file("a.jsonl", {"id": "one", "text": TRUE})
    newsroom.build()
    newsroom.run()
    assert newsroom.texts == {"one": TRUE, f"one@{other.site}": FALSE}


def test_a_guid_that_is_another_article_s_address_does_not_give_its_id(
        tmp_path: Path, own: Publisher, other: Publisher) -> None:
    own.say("/feed", feed(story(own)))
    canonical_address = canonical.canonical_address(own.url("/news/1"))
    assert hashlib.sha256(canonical_address.encode()).hexdigest()[:16] == own.id("/news/1")
    other.say("/feed", feed(entry(FALSE, guid=canonical_address)))
    newsroom = Newsroom(tmp_path, other.url("/feed"), own.url("/feed"))
    newsroom.run()
    newsroom.file("saved.xml")
    (newsroom.news / "saved.xml").write_text(feed(entry("From a file.", guid=canonical_address)))
    newsroom.build()
    assert newsroom.texts[own.id("/news/1")] == TRUE
    assert sorted(newsroom.texts.values()) == ["From a file.", FALSE, TRUE]


def test_an_address_whose_hash_is_that_of_another_address_gives_another_id(
        tmp_path: Path, own: Publisher, other: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids have 64 bits, and who has many addresses to try finds one whose hash some article has."""
    both = {canonical.canonical_address(one.url("/news/1")).encode() for one in (own, other)}

    class Colliding:
        @staticmethod
        def sha256(content: bytes) -> object:
            return hashlib.sha256(b"both" if content in both else content)

    monkeypatch.setattr(canonical, "hashlib", Colliding)
    assert own.id("/news/1") == other.id("/news/1")
    newsroom = Newsroom(tmp_path)
    for publisher, text in ((own, TRUE), (other, FALSE)):  # without the feeds: they are read in another process
        article = Article(publisher.id("/news/1"), text, url=publisher.url("/news/1"))
        Inbox(newsroom.index_dir).add(article, f"feed:{publisher.url('/feed')}")
    newsroom.build()
    assert newsroom.texts == {own.id("/news/1"): TRUE, f"{own.id('/news/1')}@{other.site}": FALSE}


# ---- its address ----

def test_a_file_and_the_api_give_an_article_any_address(tmp_path: Path, own: Publisher) -> None:
    newsroom = Newsroom(tmp_path)
    newsroom.file("a.jsonl", {"id": "one", "text": "From a file.", "url": own.url("/1")})
    newsroom.build()
    with api(newsroom) as server:
        server.post({"id": "two", "text": "From the API.", "url": own.url("/2")})
    newsroom.build()
    assert [newsroom.article(article_id).url for article_id in ("one", "two")] == [own.url("/1"), own.url("/2")]


def test_a_site_gives_its_articles_addresses_of_its_own(tmp_path: Path, own: Publisher) -> None:
    own.say("/feed", feed(story(own)))
    own.say("/a.html", page(TRUE, head=f'<link rel="canonical" href="{own.url("/news/2")}">'), "text/html")
    newsroom = Newsroom(tmp_path, own.url("/feed"), own.url("/a.html"))
    newsroom.run()
    assert {article.url for article, _ in newsroom.records.values()} == {own.url("/news/1"), own.url("/news/2")}


@pytest.mark.parametrize("kind", ["feed", "page", "jsonl", "md"])
def test_an_address_on_another_site_is_kept_as_a_claim_only(
        tmp_path: Path, own: Publisher, other: Publisher, kind: str) -> None:
    taken = own.url("/news/1")
    own.say("/feed", feed(story(own)))
    other.say("/said", {
        "feed": feed(story(own, FALSE)), "page": page(FALSE, head=f'<link rel="canonical" href="{taken}">'),
        "jsonl": lines({"text": FALSE, "url": taken, "id": own.id("/news/1")}),
        "md": f"---\nurl: {taken}\n---\n{FALSE}\n"}[kind],
        {"feed": "text/xml", "page": "text/html", "jsonl": "application/jsonl", "md": "text/markdown"}[kind])
    newsroom = Newsroom(tmp_path, other.url("/said"), own.url("/feed"))
    for _ in range(2):
        newsroom.run()
    (false_id,) = (article_id for article_id, text in newsroom.texts.items() if text == FALSE)
    assert newsroom.texts == {own.id("/news/1"): TRUE, false_id: FALSE}
    if kind == "page":
        assert newsroom.article(false_id).url == other.url("/said")
    else:
        assert false_id == f"{own.id('/news/1')}@{other.site}"
        assert (newsroom.article(false_id).url, newsroom.article(false_id).metadata["url_as_read"]) == ("", taken)


@pytest.mark.parametrize("between", ["\\@", ":x@", "@", "%2f@"])
def test_an_address_that_looks_like_another_site_s_is_no_address(
        tmp_path: Path, own: Publisher, other: Publisher, between: str) -> None:
    """A browser opens http://own\\@other/ at the first site, a reader takes the others for addresses of it."""
    looks_like = f"http://{own.site}{between}{other.site}/news/1"
    other.say("/feed", feed(entry(FALSE, link=looks_like)))
    other.say("/all.jsonl", lines({"id": "one", "text": FALSE + " ", "url": looks_like}))
    newsroom = Newsroom(tmp_path, other.url("/feed"), other.url("/all.jsonl"))
    newsroom.run()
    assert len(newsroom.records) == 2
    assert {article.url for article, _ in newsroom.records.values()} == {""}
    assert {article_id.rpartition("@")[2] for article_id in newsroom.records} == {other.site}


def test_a_site_that_leads_to_another_speaks_for_the_other_only_if_the_operator_named_it(
        tmp_path: Path, own: Publisher, other: Publisher) -> None:
    """A named feed may move; a listed address that leads elsewhere may be anybody's redirection."""
    own.pages["/feed"] = answer(302, Location=other.url("/hosted"))
    other.say("/hosted", feed(story(own)))
    own.pages["/away"] = answer(302, Location=other.url("/away.jsonl"))
    other.say("/away.jsonl", lines({"text": FALSE, "url": own.url("/news/2")}), "application/jsonl")
    own.say("/list", own.url("/away") + "\n", "text/plain")
    newsroom = Newsroom(tmp_path, own.url("/feed"), own.url("/list"))
    newsroom.run()
    assert newsroom.texts == {own.id("/news/1"): TRUE, f"{own.id('/news/2')}@{other.site}": FALSE}


# ---- its date ----

def test_a_file_and_the_api_date_an_article_as_they_like(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path)
    newsroom.file("a.jsonl", {"id": "one", "text": "From a file.", "published": "2199-12-31"})
    newsroom.build()
    with api(newsroom) as server:
        server.post({"id": "two", "text": "From the API.", "published": "2199-12-30"})
    newsroom.build()
    assert [newsroom.article(one).published for one in ("one", "two")] == ["2199-12-31", "2199-12-30"]


def test_a_site_dates_its_articles_up_to_a_day_ahead(tmp_path: Path, own: Publisher) -> None:
    at = BEGIN + timedelta(hours=6)  # the time of the first poll
    own.say("/feed", feed(entry("Now.", link=own.url("/1"), on=at + timedelta(hours=23)),
                          entry("Then.", link=own.url("/2"), on=at + timedelta(hours=25))))
    own.say("/all.jsonl", lines({"id": "a", "text": "Late.", "published": "9999-12-31"}))
    newsroom = Newsroom(tmp_path, own.url("/feed"), own.url("/all.jsonl"))
    newsroom.run()
    assert newsroom.article(own.id("/1")).published == (at + timedelta(hours=23)).isoformat()
    dropped = [newsroom.article(own.id("/2")), newsroom.article(f"a@{own.site}")]
    assert [article.published for article in dropped] == ["", ""]
    assert [article.metadata["published_as_read"] for article in dropped] == [
        (at + timedelta(hours=25)).isoformat(), "9999-12-31"]
    days = newsroom.snapshot.articles.published_days
    assert max(days) == (at + timedelta(hours=23)).toordinal()


def test_a_sitemap_dates_the_pages_of_its_own_site_and_no_others(
        tmp_path: Path, own: Publisher, other: Publisher) -> None:
    own.say("/a", page("The red boat left."), "text/html")
    own.say("/b", page("The blue boat left."), "text/html")
    own.say("/s.xml", sitemap((own.url("/a"), "", "2026-01-01")))
    other.say("/s.xml", sitemap((own.url("/a"), "", "1990-01-01"), (own.url("/b"), "", "1990-01-01")))
    newsroom = Newsroom(tmp_path, other.url("/s.xml"), own.url("/s.xml"))
    newsroom.run()
    assert [newsroom.article(own.id(path)).published for path in ("/a", "/b")] == ["2026-01-01", ""]


# ---- its text ----

@pytest.mark.parametrize("is_file_first", [True, False])
def test_what_a_file_says_stands_over_what_the_site_says(
        tmp_path: Path, own: Publisher, is_file_first: bool) -> None:
    own.say("/feed", feed(story(own, "The feed says so.")))
    newsroom = Newsroom(tmp_path, own.url("/feed"))
    if not is_file_first:
        newsroom.run()
    newsroom.file("a.jsonl", {"id": "one", "url": own.url("/news/1"), "text": "The file says so."})
    newsroom.build()
    newsroom.run()
    own.say("/feed", feed(story(own, "The feed says otherwise.")))
    newsroom.run()
    assert newsroom.texts == {"one": "The file says so."}
    assert newsroom.snapshot.histories.rows[own.id("/news/1")] == 0


def test_of_a_file_and_the_api_the_later_stands_and_a_site_does_not_change_it(tmp_path: Path, own: Publisher) -> None:
    article_id = own.id("/news/1")
    newsroom = Newsroom(tmp_path, own.url("/feed"))
    newsroom.file("a.jsonl", {"id": article_id, "url": own.url("/news/1"), "text": "The file says so."})
    newsroom.build()
    with api(newsroom) as server:
        server.post({"id": article_id, "url": own.url("/news/1"), "text": "The API says so."})
    newsroom.build()
    own.say("/feed", feed(story(own, "The feed says so.")))
    newsroom.run()
    assert newsroom.texts == {article_id: "The API says so."}
    newsroom.file("a.jsonl", {"id": article_id, "url": own.url("/news/1"), "text": "The file says otherwise."})
    newsroom.build()
    assert newsroom.texts == {article_id: "The file says otherwise."}


def test_of_a_site_s_feed_and_its_page_the_later_stands(tmp_path: Path, own: Publisher) -> None:
    own.say("/feed", feed(story(own, "The feed says so.")))
    newsroom = Newsroom(tmp_path, own.url("/feed"), own.url("/news/1"))
    newsroom.run()
    own.say("/news/1", page("The page says so."), "text/html")
    newsroom.poll(after=2 * 24 * 3600)
    newsroom.build()
    assert newsroom.texts == {own.id("/news/1"): "The page says so."}
    own.say("/feed", feed(story(own, "The feed says otherwise.")))
    newsroom.run()
    assert newsroom.texts == {own.id("/news/1"): "The feed says otherwise."}


@pytest.mark.parametrize("is_other_first", [True, False])
def test_a_page_that_another_site_lists_never_stands_over_what_its_own_site_brought(
        tmp_path: Path, own: Publisher, other: Publisher, is_other_first: bool) -> None:
    own.say("/news/1", page(PAGE_TEXT), "text/html")
    other.say("/list", own.url("/news/1") + "\n", "text/plain")
    newsroom = Newsroom(tmp_path, other.url("/list"), own.url("/feed"))
    if is_other_first:
        newsroom.run()
        assert newsroom.texts == {own.id("/news/1"): PAGE_TEXT}
    own.say("/feed", feed(story(own)))
    newsroom.run()
    own.say("/news/1", page(PAGE_TEXT + " Again."), "text/html")
    newsroom.poll(after=40 * 24 * 3600)
    newsroom.build()
    assert own.server.paths.count("/news/1") == 2
    assert newsroom.texts == {own.id("/news/1"): TRUE}


def test_a_page_is_its_own_site_s_again_once_that_lists_it(tmp_path: Path, own: Publisher, other: Publisher) -> None:
    own.say("/news/1", page(PAGE_TEXT), "text/html")
    other.say("/s.xml", sitemap((own.url("/news/1"), "2026-01-01", "")))
    newsroom = Newsroom(tmp_path, other.url("/s.xml"), own.url("/s.xml"))
    newsroom.run()
    assert list(newsroom.records[own.id("/news/1")][1].arrivals) == [f"feed:{other.url('/s.xml')}"]
    own.say("/s.xml", sitemap((own.url("/news/1"), "2026-01-01", "")))
    newsroom.poll(after=24 * 3600)
    newsroom.build()
    assert list(newsroom.records[own.id("/news/1")][1].arrivals) == [f"feed:{own.url('/s.xml')}"]
    own.say("/news/1", page("The page was mended."), "text/html")
    own.say("/s.xml", sitemap((own.url("/news/1"), "2026-01-02", "")))
    newsroom.run()
    assert newsroom.texts == {own.id("/news/1"): "The page was mended."}


@pytest.mark.parametrize("how", ["update", "exact", "rebuild"])
def test_every_way_to_build_shows_what_the_file_says(tmp_path: Path, own: Publisher, how: str) -> None:
    own.say("/feed", feed(story(own, FALSE)))
    newsroom = Newsroom(tmp_path, own.url("/feed"))
    newsroom.file("a.jsonl", {"id": "one", "url": own.url("/news/1"), "text": TRUE})
    newsroom.build()
    newsroom.run()
    newsroom.build(is_exact=how != "update", reuse=how != "rebuild")
    assert newsroom.texts == {"one": TRUE}


def test_new_guids_at_each_reading_add_the_same_articles_once(tmp_path: Path, other: Publisher) -> None:
    newsroom = Newsroom(tmp_path, other.url("/feed"))
    for number in range(4):
        on = BEGIN + timedelta(hours=number)
        other.say("/feed", feed(entry("Without a link.", guid=f"a{number}", on=on),
                                entry("With a link.", link=other.url("/news/1"), guid=f"b{number}"),
                                entry("With a link for a guid.", link=other.url(f"/c/{number}"), on=on)))
        report = newsroom.poll()
        newsroom.build()
        assert report.unchanged == (1 if number else 0)
    assert sorted(newsroom.texts.values()) == ["With a link for a guid.", "With a link.", "Without a link."]


# ---- who is cited first ----

def cited_first(newsroom: Newsroom, text: str = TRUE) -> list[str]:
    """The ids of the records that have this text, the one first that is cited."""
    (row,) = (row for row in newsroom.rows if row[0][0].text.startswith(text))
    return [article.id for article, _ in row]


def test_the_operator_s_copy_is_cited_before_those_of_sites_and_by_its_date_among_its_own(
        tmp_path: Path, own: Publisher) -> None:
    own.say("/feed", feed(story(own)))
    newsroom = Newsroom(tmp_path, own.url("/feed"))
    newsroom.run()
    text = newsroom.article(own.id("/news/1")).text
    newsroom.file("a.jsonl", {"id": "late", "title": "A story", "text": text, "published": "2026-03-01"})
    newsroom.build()
    with api(newsroom) as server:
        server.post({"id": "early", "title": "A story", "text": text, "published": "2026-02-01"})
    newsroom.build()
    assert cited_first(newsroom) == ["early", "late", own.id("/news/1")]


def test_a_copy_is_cited_after_what_was_seen_first_whatever_its_date_says(
        tmp_path: Path, own: Publisher, other: Publisher) -> None:
    own.say("/feed", feed(story(own)))
    newsroom = Newsroom(tmp_path, other.url("/feed"), own.url("/feed"))
    newsroom.run()
    other.say("/feed", feed(entry(TRUE, link=other.url("/copy"), on=datetime(1990, 1, 1, tzinfo=UTC))))
    newsroom.run()
    assert newsroom.article(other.id("/copy")).published == "1990-01-01T00:00:00+00:00"
    assert cited_first(newsroom) == [own.id("/news/1"), other.id("/copy")]


def test_an_address_that_was_seen_early_with_another_text_does_not_count_as_seen_first(
        tmp_path: Path, own: Publisher, other: Publisher) -> None:
    other.say("/feed", feed(story(other, "A text to hold the place.")))
    newsroom = Newsroom(tmp_path, other.url("/feed"), own.url("/feed"))
    newsroom.run()
    own.say("/feed", feed(story(own)))
    newsroom.run()
    other.say("/feed", feed(story(other)))
    newsroom.run()
    assert cited_first(newsroom) == [own.id("/news/1"), other.id("/news/1")]


def test_a_copy_under_a_claimed_address_is_cited_last_even_if_it_was_seen_first(
        tmp_path: Path, own: Publisher, other: Publisher) -> None:
    other.say("/feed", feed(story(own)))
    newsroom = Newsroom(tmp_path, other.url("/feed"), own.url("/feed"))
    newsroom.run()
    own.say("/feed", feed(story(own)))
    newsroom.run()
    assert cited_first(newsroom) == [own.id("/news/1"), f"{own.id('/news/1')}@{other.site}"]


def test_a_site_s_correction_of_a_date_costs_it_nothing(tmp_path: Path, own: Publisher, other: Publisher) -> None:
    own.say("/feed", feed(story(own)))
    newsroom = Newsroom(tmp_path, own.url("/feed"), other.url("/feed"))
    newsroom.run()
    other.say("/feed", feed(story(other)))
    newsroom.run()
    own.say("/feed", feed(entry(TRUE, link=own.url("/news/1"), on=BEGIN + timedelta(hours=1))))
    newsroom.run()
    assert cited_first(newsroom) == [own.id("/news/1"), other.id("/news/1")]


def asked(newsroom: Newsroom, question: str) -> list[list[str]]:
    """For each citation of the answer, the address that it names and those that have the same sentence."""
    answer = Answerer(newsroom.snapshot, EMBEDDER).ask(Question(question))
    return [[citation.article.url, *(place.article.url for place in citation.also_in)] for citation in answer.citations]


def test_a_sentence_that_another_site_copied_under_another_title_is_cited_from_where_it_was_seen_first(
        tmp_path: Path, own: Publisher, other: Publisher) -> None:
    own.say("/feed", feed(story(own)))
    newsroom = Newsroom(tmp_path, other.url("/feed"), own.url("/feed"))
    newsroom.run()
    other.say("/feed", feed(entry(TRUE, link=other.url("/copy"), title="When was the harbour opened?",
                                  on=datetime(1990, 1, 1, tzinfo=UTC))))
    newsroom.run()
    assert len(newsroom.rows) == 2
    assert asked(newsroom, "When was the harbour opened?")[0] == [own.url("/news/1"), other.url("/copy")]


def test_a_list_to_which_another_site_added_is_cited_from_where_it_was_seen_first(
        tmp_path: Path, own: Publisher, other: Publisher) -> None:
    items = ["the red boat of the old harbour", "the blue boat of the old harbour", "the green boat of the old harbour"]

    def listed(publisher: Publisher, *more: str) -> str:
        of_list = "".join(f"<li>{one}</li>" for one in [*items, *more])
        body = f"<p>These boats are in the harbour:</p><ul>{of_list}</ul><p>{'Nobody had more to say. ' * 12}</p>"
        return feed(f"<item><title>The boats, {len(more)}</title><link>{publisher.url('/list')}</link>"
                    f"<content:encoded><![CDATA[{body}]]></content:encoded></item>")

    own.say("/feed", listed(own))
    newsroom = Newsroom(tmp_path, other.url("/feed"), own.url("/feed"))
    newsroom.run()
    other.say("/feed", listed(other, "the false boat of the old harbour"))
    newsroom.run()
    assert len(newsroom.rows) == 2
    cited = asked(newsroom, "Which boats are in the harbour?")
    assert len(cited) >= 3
    assert {addresses[0] for addresses in cited} == {own.url("/list")}


# ---- when it goes ----

def test_what_a_file_brought_goes_with_the_file_and_what_the_site_said_last_stands_again(
        tmp_path: Path, own: Publisher) -> None:
    own.say("/feed", feed(story(own, "The feed said so at first.")))
    newsroom = Newsroom(tmp_path, own.url("/feed"))
    newsroom.file("a.jsonl", {"id": "one", "url": own.url("/news/1"), "text": "The file says so."})
    newsroom.file("b.jsonl", {"id": "two", "text": "Another."})
    newsroom.build()
    newsroom.run()
    own.say("/feed", feed(story(own, "The feed says so at last.")))
    newsroom.run()
    (newsroom.news / "a.jsonl").unlink()
    newsroom.build()
    assert newsroom.texts == {"one": "The feed says so at last.", "two": "Another."}


def test_what_the_api_deletes_is_gone_whoever_brought_it_and_stays_gone(tmp_path: Path, own: Publisher) -> None:
    own.say("/feed", feed(story(own)))
    newsroom = Newsroom(tmp_path, own.url("/feed"))
    newsroom.file("a.jsonl", {"id": "one", "url": own.url("/news/1"), "text": "The file says so."})
    newsroom.run()
    with api(newsroom) as server:
        assert server.delete("one") == 202
    newsroom.build()
    own.say("/feed", feed(story(own, "The feed says otherwise.")))
    newsroom.run()
    assert newsroom.texts == {}


@pytest.mark.parametrize(("status", "polls"), [(410, 1), (404, 2)])
def test_a_page_of_the_site_that_is_gone_takes_what_it_said_and_nothing_else(
        tmp_path: Path, own: Publisher, status: int, polls: int) -> None:
    own.say("/feed", feed(story(own)))
    own.say("/news/1", page(PAGE_TEXT), "text/html")
    own.say("/news/2", page("A page alone."), "text/html")
    newsroom = Newsroom(tmp_path, own.url("/feed"), own.url("/news/1"), own.url("/news/2"))
    newsroom.run()
    assert newsroom.texts == {own.id("/news/1"): PAGE_TEXT, own.id("/news/2"): "A page alone."}
    own.pages["/news/1"] = own.pages["/news/2"] = answer(status)
    for _ in range(polls):
        assert own.id("/news/2") in newsroom.texts
        newsroom.run()
    assert newsroom.texts == {own.id("/news/1"): TRUE}


@pytest.mark.parametrize("claim", ["id", "address", "page"])
def test_another_site_that_answers_410_after_a_claim_takes_nothing_with_it(
        tmp_path: Path, own: Publisher, other: Publisher, claim: str) -> None:
    own.say("/feed", feed(story(own)))
    own.say("/news/1", page(PAGE_TEXT), "text/html")
    newsroom = Newsroom(tmp_path, own.url("/feed"), other.url("/claim"))
    newsroom.file("a.jsonl", {"id": "one", "text": "The file says so."})
    newsroom.run()
    if claim == "page":
        other.say("/claim", own.url("/news/1") + "\n", "text/plain")
    else:
        record = {"id": "one"} if claim == "id" else {"id": own.id("/news/1"), "url": own.url("/news/1")}
        other.say("/claim", lines({**record, "text": FALSE}), "application/jsonl")
    newsroom.poll(after=2 * 24 * 3600)
    newsroom.build()
    assert ("/news/1" in own.server.paths) == (claim == "page")
    other.gone("/claim")
    own.gone("/news/1")
    newsroom.poll(after=2 * 24 * 3600)
    newsroom.build()
    assert newsroom.texts == {own.id("/news/1"): TRUE, "one": "The file says so."}
