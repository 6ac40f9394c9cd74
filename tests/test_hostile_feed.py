"""Four honest publishers and a hostile one: after 20 polls and builds the four are as they are without it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.intake.poll_memory import recall
from index.intake.quarantine import Quarantine
from index.revisions import record_line
from index.sources.canonical import canonical_address, site_of
from index.types import Article
from tests.loopback import answer
from tests.newsroom import BEGIN, Newsroom, Publisher, entry, feed, lines, page, publishers, sitemap

pytestmark = [pytest.mark.process, pytest.mark.slow]

ROUNDS = 20
STEP = timedelta(hours=6)
EDITED, GONE = 9, 14  # the rounds in which stories are edited and one goes


class Town:
    """Four honest sites, each of another kind, and a hostile one; `round` says how far their news have gone."""

    def __init__(self, sites: list[Publisher]) -> None:
        *self.honest, self.hostile = sites
        self.wire, self.teasers, self.map, self.list = self.honest
        self.hostile_records: list[dict[str, str]] = []

    @property
    def named(self) -> list[str]:
        return [self.wire.url("/feed"), self.teasers.url("/feed"), self.map.url("/s.xml"), self.list.url("/all.jsonl")]

    @property
    def named_by_the_hostile(self) -> list[str]:
        """Named first, so that it is read first."""
        return [self.hostile.url(path) for path in ("/feed", "/guids", "/links", "/huge", "/huge.jsonl", "/all.jsonl",
                                                    "/list", "/s.xml", "/slow.html", "/slow")]

    def go_to(self, number: int) -> None:
        """Let the sites say what they say in this round. A story is edited once, and one page goes."""
        known = range(1, number + 2)
        on = {story: BEGIN + story * STEP for story in known}

        def text(name: str, story: int) -> str:
            edited = " It was mended." if story == 3 and number >= EDITED else ""
            return f"The {name} brings the boat number {story} to the harbour.{edited}"

        recent = [story for story in known if story > number - 8]  # a feed forgets
        self.wire.say("/feed", feed(*(entry(text("wire", story), link=self.wire.url(f"/{story}"), on=on[story],
                                            title=f"Wire {story}") for story in recent), title="The Wire"))
        self.teasers.say("/feed", feed(*(entry(text("teaser", story), link=self.teasers.url(f"/{story}"), on=on[story],
                                               title=f"Teaser {story}", teaser=True) for story in recent)))
        for story in known:
            self.teasers.say(f"/{story}", page(text("teaser", story), title=f"Teaser {story}"), "text/html")
            self.map.say(f"/{story}", page(text("map", story), title=f"Map {story}"), "text/html")
        if number >= GONE:
            self.map.gone("/5")
        self.map.say("/s.xml", sitemap(*((self.map.url(f"/{story}"), str(
            (number >= EDITED and story == 3) + (number >= GONE and story == 5) + 2020), on[story].isoformat())
            for story in known)))
        self.list.say("/all.jsonl", lines(*(
            {"id": f"a{story}", "title": f"List {story}", "text": text("list", story),
             "published": on[story].isoformat(), "url": self.list.url(f"/{story}") if story % 2 else ""}
            for story in known if not (number >= GONE and story == 5))), "application/jsonl")
        self._lie(number, on)

    def _lie(self, number: int, on: dict[int, datetime]) -> None:
        """Claim ids, addresses, guids and dates of what the others said in earlier rounds, and copy it."""
        earlier = range(1, number + 1)
        victims = [publisher.url(f"/{story}") for publisher in self.honest for story in earlier]
        false = [entry(f"A false boat at {link}.", link=link, on=BEGIN - timedelta(days=9000)) for link in victims]
        guids = [entry(f"A false guid {link}.", guid=canonical_address(link)) for link in victims]
        copies = [entry(f"The wire brings the boat number {story} to the harbour.", title=f"Wire {story}",
                        link=self.hostile.url(f"/copy/{story}"), on=datetime(1990, 1, 1, tzinfo=UTC))
                  for story in earlier]
        ahead = [entry(f"Of a time to come, number {story}.", link=self.hostile.url(f"/ahead/{story}"),
                       on=datetime(2199, 1, 1, tzinfo=UTC)) for story in earlier]
        pages = [entry("A teaser.", link=link, teaser=True, on=datetime(1990, 1, 1, tzinfo=UTC)) for link in victims]
        self.hostile.say("/feed", feed(*false, *guids, *copies, *ahead, *pages, title="The Wire"))
        self._say_huge(number)
        self.hostile.say("/links", feed(*(entry(f"The same link {story}.", link=self.hostile.url(f"/{number}/{story}"))
                                          for story in range(30))))
        self.hostile.say("/guids", feed(*(entry(f"The same story {story}.", guid=f"{number} {story}", on=on[number + 1])
                                          for story in range(30))))
        ids = [*(f"a{story}" for story in earlier), *(f"a{story}@{self.list.site}" for story in earlier),
               *(publisher.id(f"/{story}") for publisher in self.honest for story in earlier), "file"]
        self.hostile.say("/all.jsonl", lines(*(
            {"id": article_id, "text": f"A false list of {article_id}.", "published": "9999-12-31",
             "url": victims[place % len(victims)] if victims else ""} for place, article_id in enumerate(ids))))
        if number % 3 == 2:
            self.hostile.gone("/all.jsonl")
        self.hostile.say("/list", "\n".join(victims) + "\n", "text/plain")
        self.hostile.say("/s.xml", sitemap(*((link, str(1990 + number), "1990-01-01") for link in victims)))
        self.hostile.pages["/slow.html"] = self._slow
        slow = [self.hostile.url(f"/slow/{number}/{page}") for page in range(3)]
        self.hostile.say("/slow", "\n".join(slow) + "\n", "text/plain")
        self.hostile.pages |= {f"/slow/{number}/{page}": self._broken_off for page in range(3)}

    def _say_huge(self, number: int) -> None:
        """Say good stories between ones of huge fields; the hugest at the beginning and at the end."""
        is_hugest = number in (0, ROUNDS - 1)
        title, guid = ("Huge " * 500_000, "g" * 1_000_000) if is_hugest else ("Huge " * 1000, "g" * 2000)
        self.hostile.say("/huge", feed(
            entry("A good story before.", guid="before"), entry("A boat.", title=title, guid="title"),
            entry("A boat.", link=self.hostile.url(f"/{'x' * 100_000}")), entry("A boat.", guid=guid),
            entry("A good story behind.", guid="behind"),
            *([entry("Go. " * 60_000, guid="sentences")] if is_hugest else [])))
        self.hostile.say("/huge.jsonl", lines(
            {"text": "A boat.", "author": "x" * 100_000}, {"text": "A boat.", "source": "x" * 100_000},
            {"text": "A boat.", "id": "x" * 100_000}, {"text": "A boat.", "notes": "x" * 2_000_000},
            {"id": f"good{number}", "text": "A good record."}), "application/jsonl")

    @staticmethod
    def _slow() -> bytes:
        time.sleep(0.2)
        return answer(200, page("A slow boat.").encode())

    @staticmethod
    def _broken_off() -> bytes:
        time.sleep(0.2)
        return answer(200, b"x" * 1000)[:500]

    def honest_corpora(self, newsroom: Newsroom) -> dict[str, bytes]:
        """The record of each honest article, byte for byte, with when it was revised."""
        return {article_id: record_line(article) + history.earlier.encode()
                for article_id, (article, history) in newsroom.records.items() if self._is_honest(article)}

    def honest_rows(self, newsroom: Newsroom) -> list[list[str]]:
        """The rows with an honest record: their ids without the hostile ones, the first in any case."""
        rows = [[row[0], *(one for one in row[1:] if self._is_honest(one[0]))] for row in newsroom.rows]
        return [[article.id for article, _ in row] for row in rows if any(self._is_honest(one[0]) for one in row)]

    def _is_honest(self, article: Article) -> bool:
        return self.hostile.site not in article.id + article.url


@pytest.fixture
def town() -> Iterator[Town]:
    with publishers(5) as sites:
        yield Town(sites)


def run(town: Town, newsroom: Newsroom) -> None:
    newsroom.file("a.jsonl", {"id": "file", "text": "The operator's own boat.", "published": "2026-01-01"})
    for number in range(ROUNDS):
        town.go_to(number)
        newsroom.poll(after=STEP.total_seconds())
        newsroom.build()


def test_a_hostile_feed_changes_no_byte_of_what_four_honest_ones_said(town: Town, tmp_path: Path) -> None:
    alone, beside = Newsroom(tmp_path / "alone", *town.named), Newsroom(
        tmp_path / "beside", *town.named_by_the_hostile, *town.named)
    run(town, alone)
    run(town, beside)
    honest = town.honest_corpora(alone)
    assert len(honest) == 4 * ROUNDS + 1 - 2  # two went
    assert sum(b"It was mended" in line for line in honest.values()) == 4
    assert town.honest_corpora(beside) == honest
    assert town.honest_rows(beside) == town.honest_rows(alone)
    assert sum(len(row) > 1 for row in beside.rows) >= 10  # what was copied is linked
    hostile = [article for article, _ in beside.records.values() if town.hostile.site in article.id + article.url]
    assert sum("The same story" in article.text for article in hostile) == 30
    assert sum("The same link" in article.text for article in hostile) == 30
    assert {article.text.partition(" It was said")[0] for article in hostile if "A good" in article.text} == {
        "A good story before.", "A good story behind.", "A good record."}
    faults = " ".join(kept.reason for kept in Quarantine(beside.index_dir).listed())
    for what in ("'title' is 2,499,999 characters long", "its link is", "'text' has 60,", "'author' is", "'source' is",
                 "its id is", "its metadata is"):
        assert what in faults
    memory = recall(beside.index_dir)
    assert len(memory.sources[town.hostile.url("/guids")].entries) == 30
    assert max(map(len, memory.sources[town.hostile.url("/huge")].entries)) < 600
    assert sum("false" in article.text for article in hostile) > 100
    assert {site_of(article.url) for article in hostile if article.url} == {town.hostile.site}
    newest = max(beside.snapshot.articles.published_days)
    assert newest == max(alone.snapshot.articles.published_days)
    assert beside.build(is_exact=True, reuse=False).is_new
    assert town.honest_corpora(beside) == honest


def test_a_sitemap_is_its_own_site_s_again_once_the_index_there_lists_it(town: Town, tmp_path: Path) -> None:
    own, other = town.map, town.hostile
    index = f"<sitemapindex><sitemap><loc>{own.url('/s.xml')}</loc></sitemap></sitemapindex>"
    other.say("/index.xml", index)
    own.say("/index.xml", index)
    own.say("/s.xml", sitemap((own.url("/1"), "", "")))
    own.say("/1", page("The red boat."), "text/html")
    newsroom = Newsroom(tmp_path, other.url("/index.xml"), own.url("/index.xml"))
    newsroom.run()
    newsroom.addresses = [own.url("/index.xml")]  # the operator names the other one no longer
    own.say("/s.xml", sitemap((own.url("/1"), "", ""), (own.url("/2"), "", "")))
    own.say("/2", page("The blue boat."), "text/html")
    newsroom.run()
    assert sorted(newsroom.texts.values()) == ["The blue boat.", "The red boat."]
