"""Feeds, sitemaps, lists and pages, served by real servers on loopback, to the inbox."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from index.intake.inbox import Inbox
from index.intake.poll_quotas import Quotas
from index.intake.poll_report import PollReport
from index.intake.poll_schedule import DAY_S, INTERVAL_S
from index.intake.polling import Poller
from index.intake.quarantine import Quarantine
from index.intake.records import put
from index.intake.state import State
from index.sources.addresses import addresses_in, split_addresses
from index.sources.canonical import address_id
from index.sources.fetch.fetching import Fetcher
from index.sources.fetch.targets import parse_allowed_hosts
from tests.loopback import Server, answer, serving

pytestmark = pytest.mark.process

NOON = 1_767_355_200.0
BODY = ("وُقّع ميثاق جامعة الدول العربية في القاهرة في الثاني والعشرين من مارس 1945. وكانت الدول المؤسسة سبعًا، هي مصر "
        "والعراق وشرق الأردن ولبنان والسعودية وسوريا واليمن. ومقر الجامعة في القاهرة.")
OTHER = ("وُقّع ميثاق الأمم المتحدة في سان فرانسيسكو في السادس والعشرين من يونيو 1945، وبدأ العمل به في الرابع والعشرين "
         "من أكتوبر من العام نفسه. ومقر الأمم المتحدة في نيويورك، ولها مكاتب في جنيف وفيينا ونيروبي. وللأمم المتحدة ست "
         "لغات رسمية، منها العربية التي أُضيفت في عام 1973.")


def rss(*items: str, ttl: str = "") -> bytes:
    return (f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
            f'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>أخبار</title>{ttl}'
            f"{''.join(items)}</channel></rss>").encode()


def item(number: int, text: str = BODY, *, link: bool = True, teaser: bool = False) -> str:
    where = f"<link>/news/{number}</link>" if link else ""
    body = "<description>موجز…</description>" if teaser else (
        f"<content:encoded><![CDATA[<p>{text}</p><p>الخبر رقم {number}.</p>]]></content:encoded>")
    return (f"<item><title>خبر {number}</title>{where}<guid>{number}</guid>"
            f"<pubDate>Thu, 01 Jan 2026 10:00:00 +0000</pubDate>{body}</item>")


def page(title: str, text: str = OTHER) -> bytes:
    return (f'<!doctype html><html lang="ar"><head><meta charset="utf-8"><title>{title}</title></head><body><nav><a '
            f'href="/">الرئيسية</a></nav><article><h1>{title}</h1><p>{text}</p></article></body></html>').encode()


@dataclass
class Site:
    """Pages by path, each bytes of a whole answer or a function that gives them; what is not there is a 404."""

    pages: dict[str, bytes | Callable[[dict[str, str]], bytes]] = field(default_factory=dict)

    def say(self, path: str, headers: dict[str, str], send: Callable[[bytes], None]) -> None:
        said = self.pages.get(path, answer(404))
        send(said if isinstance(said, bytes) else said(headers))


class Desk:
    """A site, its server, and a poller whose clock the test sets."""

    def __init__(self, site: Site, server: Server, index_dir: Path) -> None:
        self.site, self.server, self.index_dir = site, server, index_dir
        self.inbox = Inbox(index_dir)
        self.now = NOON

    def poller(self, *paths: str, inbox: Inbox | None = None, max_pages: int = 50) -> Poller:
        fetcher = Fetcher(allowed=parse_allowed_hosts(["127.0.0.1:*"]), sleep=lambda _seconds: None,
                          now=lambda: self.now)
        return Poller(self.index_dir, [self.server.base + path for path in paths], fetcher, inbox or self.inbox,
                      jitter=lambda: 0.5, quotas=Quotas(pages=max_pages), grace_s=60.0)

    def poll(self, *paths: str, after: float = 0.0) -> PollReport:
        self.now += after
        return self.poller(*paths).poll(self.now)

    @property
    def articles(self) -> list[str]:
        return [entry.article.title for entry in self.inbox.entries() if entry.article]

    @property
    def withdrawn(self) -> list[str]:
        return [entry.withdrawn_id for entry in self.inbox.entries() if entry.withdrawn_id]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    site = Site()
    with serving(site.say) as server:
        yield Desk(site, server, tmp_path)


# ---- feeds ----

def test_entries_that_carry_their_article_are_taken_from_the_feed(desk: Desk) -> None:
    desk.site.pages["/feed"] = answer(200, rss(item(1), item(2)))
    report = desk.poll("/feed")
    assert (report.read, report.new, report.rejected) == (1, 2, ())
    (first, second) = desk.inbox.entries()
    assert first.article is not None
    assert second.article is not None
    assert first.article.id == address_id(f"{desk.server.base}/news/1")
    assert first.article.text == f"{BODY}\n\nالخبر رقم 1."
    assert (first.article.source, first.article.published) == ("أخبار", "2026-01-01T10:00:00+00:00")
    assert first.arrival == f"feed:{desk.server.base}/feed"
    assert desk.server.paths == ["/feed"]


def test_entries_that_are_teasers_are_read_from_their_pages(desk: Desk) -> None:
    desk.site.pages |= {"/feed": answer(200, rss(item(1, teaser=True), item(2))),
                        "/news/1": answer(200, page("خبر من صفحته"), content_type="text/html")}
    report = desk.poll("/feed")
    assert sorted(desk.articles) == ["خبر 2", "خبر من صفحته"]
    assert report.new == 2
    assert desk.server.paths == ["/feed", "/robots.txt", "/news/1"]


def test_a_feed_that_answers_304_is_not_read_again(desk: Desk) -> None:
    asked: list[str] = []

    def feed(headers: dict[str, str]) -> bytes:
        asked.append(headers.get("if-none-match", "") + " " + headers.get("if-modified-since", ""))
        known = headers.get("if-none-match") == '"v1"'
        return answer(304) if known else answer(200, rss(item(1)), ETag='"v1"',
                                                Last_Modified="Thu, 01 Jan 2026 10:00:00 GMT")

    desk.site.pages["/feed"] = feed
    desk.poll("/feed")
    report = desk.poll("/feed", after=INTERVAL_S)
    assert asked == [" ", '"v1" Thu, 01 Jan 2026 10:00:00 GMT']
    assert (report.read, report.new) == (1, 0)
    assert len(desk.articles) == 1


def test_a_source_is_left_alone_until_it_is_due(desk: Desk) -> None:
    desk.site.pages["/feed"] = answer(200, rss(item(1), ttl="<ttl>60</ttl>"))
    assert desk.poll("/feed").next_due_s == 3600
    assert desk.poll("/feed", after=3599).read == 0
    assert desk.poll("/feed", after=1).read == 1


def test_only_what_is_new_or_changed_in_a_feed_comes_again(desk: Desk) -> None:
    desk.site.pages["/feed"] = answer(200, rss(item(1), item(2)))
    desk.poll("/feed")
    desk.site.pages["/feed"] = answer(200, rss(item(3), item(2, OTHER), item(1)))
    report = desk.poll("/feed", after=INTERVAL_S)
    assert (report.new, report.changed, report.unchanged) == (1, 1, 1)
    assert desk.articles == ["خبر 1", "خبر 2", "خبر 3", "خبر 2"]


def test_an_entry_that_left_the_feed_withdraws_nothing(desk: Desk) -> None:
    desk.site.pages["/feed"] = answer(200, rss(item(1), item(2)))
    desk.poll("/feed")
    desk.site.pages["/feed"] = answer(200, rss(item(2)))
    desk.poll("/feed", after=INTERVAL_S)
    assert desk.withdrawn == []


@pytest.mark.slow
def test_a_feed_of_many_entries_is_taken_part_by_part_and_whole(desk: Desk) -> None:
    desk.site.pages["/feed"] = answer(200, rss(*(item(number) for number in range(2_500))))
    counts = []
    for _ in range(3):
        counts.append(desk.poll("/feed").new)
        desk.now += 60
    assert counts == [1000, 1000, 500]
    assert len(set(desk.articles)) == 2_500


def test_an_entry_without_text_is_rejected_and_the_others_come(desk: Desk) -> None:
    desk.site.pages["/feed"] = answer(200, rss(
        "<item><title>بلا نص</title><guid>9</guid><description> </description></item>", item(1)))
    report = desk.poll("/feed")
    assert desk.articles == ["خبر 1"]
    assert [str(rejected) for rejected in report.rejected] == [
        f"{desk.server.base}/feed#9: 'text' is blank; give the article's text"]


# ---- faults ----

@pytest.mark.parametrize("said", [
    answer(500), answer(200, b"<rss"), answer(200, bytes(range(128, 256)) * 9), b"nonsense", b""])
def test_a_feed_that_fails_is_tried_later_and_later(desk: Desk, said: bytes) -> None:
    desk.site.pages["/feed"] = said
    pauses = []
    for _ in range(4):
        report = desk.poll("/feed")
        assert len(report.rejected) == 1
        pauses.append(report.next_due_s)
        desk.now += report.next_due_s
    assert pauses == sorted(pauses)
    assert INTERVAL_S / 2 <= pauses[0] < pauses[-1] <= DAY_S
    desk.site.pages["/feed"] = answer(200, rss(item(1)))
    assert desk.poll("/feed").new == 1


def test_a_host_that_asks_for_a_pause_gets_it(desk: Desk) -> None:
    desk.site.pages["/feed"] = answer(503, Retry_After="7200")
    assert desk.poll("/feed").next_due_s >= 7200


def test_a_feed_that_declares_entities_is_refused_and_quarantined(desk: Desk) -> None:
    content = b'<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel><title>&b;</title></channel></rss>'
    desk.site.pages["/feed"] = answer(200, content)
    report = desk.poll("/feed")
    assert "declares XML entities" in report.rejected[0].reason
    (kept,) = Quarantine(desk.index_dir).listed()
    assert kept.content is not None
    assert kept.content.read_bytes() == content


def test_being_killed_between_the_inbox_and_the_memory_loses_nothing(desk: Desk) -> None:
    class Killed(BaseException):
        pass

    class Dying(Inbox):
        def add(self, *arguments: object, **named: object) -> str:
            super().add(*arguments, **named)  # type: ignore[arg-type]
            raise Killed

    desk.site.pages["/feed"] = answer(200, rss(item(1), item(2)))
    with pytest.raises(Killed):
        desk.poller("/feed", inbox=Dying(desk.index_dir)).poll(desk.now)
    assert desk.articles == ["خبر 1"]
    desk.poll("/feed")
    assert desk.articles == ["خبر 1", "خبر 1", "خبر 2"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format": 9}', b'{"due": "y"}'])
def test_a_damaged_record_of_the_memory_is_set_aside_and_its_source_alone_read_again(desk: Desk,
                                                                                     content: bytes) -> None:
    desk.site.pages |= {"/feed": answer(200, rss(item(1))), "/other": answer(200, rss(item(2)))}
    desk.poll("/feed", "/other")
    State(desk.index_dir).write(lambda connection: put(connection, "polled", f"source {desk.server.base}/feed",
                                                       content))
    report = desk.poll("/feed", "/other")
    assert (report.read, report.new) == (1, 1)
    (kept,) = [path for path in (desk.index_dir / "damaged").iterdir() if not path.name.endswith(".reason.txt")]
    assert kept.read_bytes() == content


# ---- pages ----

def test_a_page_that_changed_comes_again_and_one_that_did_not_is_asked_less_often(desk: Desk) -> None:
    desk.site.pages["/a"] = answer(200, page("صفحة"), ETag='"1"')
    assert desk.poll("/a").new == 1
    desk.site.pages["/a"] = answer(200, page("صفحة", OTHER + " وقد عُدّل الخبر."))
    assert desk.poll("/a", after=INTERVAL_S).changed == 1
    assert len(desk.articles) == 2


@pytest.mark.parametrize(("status", "polls"), [(410, 1), (404, 2)])
def test_a_page_that_is_gone_is_withdrawn(desk: Desk, status: int, polls: int) -> None:
    desk.site.pages["/list"] = answer(200, f"{desk.server.base}/a\n# {desk.server.base}/b\n".encode(),
                                      content_type="text/plain")
    desk.site.pages["/a"] = answer(200, page("صفحة"))
    desk.poll("/list")
    (entry,) = desk.inbox.entries()
    assert entry.article is not None
    desk.site.pages["/a"] = answer(status)
    for number in range(polls):
        assert desk.withdrawn == []
        desk.poll("/list", after=2 * DAY_S if number == 0 else INTERVAL_S)
    assert desk.withdrawn == [entry.article.id]


def test_a_page_without_an_article_is_rejected_with_its_reason(desk: Desk) -> None:
    desk.site.pages["/a"] = answer(200, b"<html><body><p>x</p></body></html>", content_type="text/html")
    report = desk.poll("/a")
    assert len(report.rejected) == 1
    assert desk.articles == []
    assert [kept.document for kept in Quarantine(desk.index_dir).listed()] == [f"{desk.server.base}/a"]


# ---- sitemaps and lists ----

def test_the_pages_of_a_sitemap_and_of_those_below_it_are_read_once(desk: Desk) -> None:
    base = desk.server.base
    desk.site.pages |= {
        "/index.xml": answer(200, f"<sitemapindex><sitemap><loc>{base}/s.xml</loc></sitemap></sitemapindex>".encode()),
        "/s.xml": answer(200, f"<urlset><url><loc>{base}/a</loc><lastmod>2026-01-01</lastmod></url>"
                              f"<url><loc>{base}/b</loc></url></urlset>".encode()),
        "/a": answer(200, page("أ")), "/b": answer(200, page("ب", BODY + " " + OTHER))}
    report = desk.poll("/index.xml")
    assert sorted(desk.articles) == ["أ", "ب"]
    assert report.waiting == 0
    assert desk.poll("/index.xml", after=INTERVAL_S).new == 0
    desk.site.pages["/s.xml"] = answer(200, f"<urlset><url><loc>{base}/a</loc><lastmod>2026-01-02</lastmod></url>"
                                            f"</urlset>".encode())
    desk.site.pages["/a"] = answer(200, page("أ", OTHER + " تحديث."))
    assert desk.poll("/index.xml", after=INTERVAL_S).changed == 1


def test_pages_beyond_the_number_of_one_poll_wait_for_the_next(desk: Desk) -> None:
    desk.site.pages["/list"] = answer(200, "".join(f"{desk.server.base}/{n}\n" for n in range(5)).encode())
    desk.site.pages |= {f"/{n}": answer(200, page(f"صفحة {n}", f"{OTHER} {n}")) for n in range(5)}
    report = desk.poller("/list", max_pages=3).poll(desk.now)
    assert (report.new, report.waiting) == (3, 2)
    report = desk.poller("/list", max_pages=3).poll(desk.now)
    assert (report.new, report.waiting) == (2, 0)


def test_one_article_in_two_feeds_has_one_id(desk: Desk) -> None:
    desk.site.pages |= {"/one": answer(200, rss(item(1))), "/two": answer(200, rss(item(1)))}
    desk.poll("/one", "/two")
    ids = [entry.article.id for entry in desk.inbox.entries() if entry.article]
    assert ids == [address_id(f"{desk.server.base}/news/1")] * 2


def test_a_list_in_a_file_gives_its_addresses_and_its_faults(tmp_path: Path) -> None:
    path = tmp_path / "pages.urls"
    path.write_text("# pages\nhttps://example.org/a\nftp://example.org/b\nhttps://example.org/c # note\n")
    addresses, rejections = addresses_in(path)
    assert addresses == ["https://example.org/a", "https://example.org/c"]
    assert [rejection.line for rejection in rejections] == [3]


def test_paths_and_addresses_are_told_apart() -> None:
    assert split_addresses(["news", "HTTPS://example.org/feed", "http.txt"]) == (
        [Path("news"), Path("http.txt")], ["HTTPS://example.org/feed"])


def test_what_is_remembered_is_plain_json_a_record_for_each_address(desk: Desk) -> None:
    desk.site.pages |= {"/feed": answer(200, rss(item(1, teaser=True))), "/news/1": answer(200, page("صفحة"))}
    desk.poll("/feed")
    remembered = {record.key: json.loads(record.content) for record in State(desk.index_dir).records("polled")}
    assert sorted(remembered) == [f"page {desk.server.base}/news/1", f"source {desk.server.base}/feed"]
    assert remembered[f"source {desk.server.base}/feed"]["kind"] == "feed"


def test_a_poll_writes_only_what_changed_of_the_memory(desk: Desk) -> None:
    desk.site.pages |= {"/feed": answer(200, rss(item(1))), "/other": answer(200, rss(item(2), ttl="<ttl>60</ttl>"))}
    desk.poll("/feed", "/other")
    before = {record.key: record.number for record in State(desk.index_dir).records("polled")}
    desk.poll("/feed", "/other", after=INTERVAL_S)
    after = {record.key: record.number for record in State(desk.index_dir).records("polled")}
    assert [key for key in after if after[key] == before[key]] == [f"source {desk.server.base}/other"]


def test_a_date_that_is_not_read_is_named_with_its_address(desk: Desk) -> None:
    entry = item(1).replace("Thu, 01 Jan 2026 10:00:00 +0000", "ربيع 1447")
    desk.site.pages["/feed"] = answer(200, rss(entry, item(2)))
    report = desk.poll("/feed")
    assert (report.new, [(each.place, each.written) for each in report.unread_dates]) == (
        2, [(f"{desk.server.base}/feed", "ربيع 1447")])
    assert desk.poll("/feed", after=DAY_S).unread_dates == ()
