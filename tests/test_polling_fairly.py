"""Feeds take turns: none takes the others' share, a slow one delays itself alone, and a failed one says so."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from index.intake.inbox import Inbox
from index.intake.poll_memory import Memory, Page, recall, remember
from index.intake.poll_quotas import FEEDS_WORTH, Quotas
from index.intake.poll_schedule import DAY_S, INTERVAL_S
from index.intake.polling import Poller
from index.intake.quarantine import Quarantine
from index.intake.state import State
from index.sources.fetch.fetching import Fetcher
from index.sources.fetch.targets import parse_allowed_hosts
from tests.loopback import Server, answer, serving
from tests.newsroom import entry, feed, lines, page

pytestmark = pytest.mark.process

NOON = 1_767_355_200.0
LONG_S = 120.0  # longer than any answer here takes on a busy machine
Answer = bytes | Callable[[Callable[[bytes], None]], None]


class Site:
    """A server on loopback: whole answers by path, or functions that send them bit by bit."""

    def __init__(self, stack: ExitStack) -> None:
        self.pages: dict[str, Answer] = {}
        self.server: Server = stack.enter_context(serving(self._say))

    def url(self, path: str) -> str:
        return self.server.base + path

    def lists(self, path: str, count: int) -> None:
        """Serve a list of so many pages, and the pages."""
        self.pages[path] = answer(200, "".join(self.url(f"/{n}\n") for n in range(count)).encode())
        for number in range(count):
            text = f"The boat {number} of {self.server.port} came in."
            self.pages[f"/{number}"] = answer(200, page(text, title=f"Boat {number}").encode())

    def _say(self, path: str, headers: dict[str, str], send: Callable[[bytes], None]) -> None:
        said = self.pages.get(path, answer(404))
        if isinstance(said, bytes):
            send(said)
        else:
            said(send)


class Wire:
    """Several sites, and a poller of an index folder whose clock the test sets."""

    def __init__(self, index_dir: Path, stack: ExitStack) -> None:
        self.index_dir, self._stack = index_dir, stack
        self.now = NOON

    def site(self) -> Site:
        return Site(self._stack)

    def poller(self, *addresses: str, timeout_s: float = 30.0, grace_s: float = LONG_S, **quotas: int) -> Poller:
        fetcher = Fetcher(allowed=parse_allowed_hosts(["127.0.0.1:*"]), sleep=lambda _seconds: None,
                          now=lambda: self.now, timeout_s=timeout_s)
        return Poller(self.index_dir, addresses, fetcher, Inbox(self.index_dir), jitter=lambda: 0.5, grace_s=grace_s,
                      quotas=Quotas(**quotas))

    @property
    def arrivals(self) -> list[str]:
        return [entry.arrival for entry in Inbox(self.index_dir).entries() if entry.article]

    @property
    def texts(self) -> list[str]:
        return [entry.article.text.partition(" It was said")[0] for entry in Inbox(self.index_dir).entries()
                if entry.article]


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    with ExitStack() as stack:
        yield Wire(tmp_path, stack)


# ---- turns and quotas ----

def test_feeds_take_turns_page_by_page(wire: Wire) -> None:
    greedy, modest = wire.site(), wire.site()
    greedy.lists("/list", 9)
    modest.lists("/list", 3)
    report = wire.poller(greedy.url("/list"), modest.url("/list"), pages=6).poll(wire.now)
    whose = ["greedy" if arrival.endswith(greedy.url("/list")) else "modest" for arrival in wire.arrivals]
    assert whose == ["greedy", "modest"] * 3 + ["greedy"] * 3
    assert (report.new, report.waiting) == (9, 3)


def test_what_one_feed_leaves_waits_for_the_next_poll_and_all_of_it_comes(wire: Wire) -> None:
    site = wire.site()
    site.lists("/list", 5)
    poller = wire.poller(site.url("/list"), pages=2)
    reports = [poller.poll(wire.now) for _ in range(3)]
    assert [(report.new, report.waiting) for report in reports] == [(2, 3), (2, 1), (1, 0)]


def test_a_poll_takes_so_many_articles_of_a_feed_and_the_rest_later(wire: Wire) -> None:
    site, other = wire.site(), wire.site()
    site.pages["/feed"] = answer(200, feed(*(entry(f"Boat {n}.", guid=str(n)) for n in range(7))).encode())
    other.pages["/feed"] = answer(200, feed(entry("Another boat.", guid="1")).encode())
    new = []
    for _ in range(3):
        new.append(wire.poller(site.url("/feed"), other.url("/feed"), articles=3).poll(wire.now).new)
        wire.now += 60
    assert new == [4, 3, 1]
    assert sorted(wire.texts) == sorted([*(f"Boat {n}." for n in range(7)), "Another boat."])


def test_a_document_of_many_articles_comes_in_part_by_part(wire: Wire) -> None:
    site = wire.site()
    site.pages["/all.jsonl"] = answer(200, lines(*({"id": f"b{n}", "text": f"Boat {n}."} for n in range(5))).encode(),
                                      Content_Type="application/jsonl")
    new = []
    for _ in range(3):
        new.append(wire.poller(site.url("/all.jsonl"), articles=2).poll(wire.now).new)
        wire.now += 60
    assert new == [2, 2, 1]
    assert sorted(wire.texts) == [f"Boat {n}." for n in range(5)]
    assert not [entry for entry in Inbox(wire.index_dir).entries() if entry.withdrawn_id]


def test_a_poll_fetches_so_many_bytes_of_a_feed_and_the_rest_later(wire: Wire) -> None:
    site, other = wire.site(), wire.site()
    site.lists("/list", 6)
    other.lists("/list", 6)
    for number in range(6):
        site.pages[f"/{number}"] = answer(200, page(f"Boat {number}.").encode() + b"<!--" + b"x" * 10_000 + b"-->")
    report = wire.poller(site.url("/list"), other.url("/list"), fetched_bytes=25_000).poll(wire.now)
    whose = [arrival.endswith(site.url("/list")) for arrival in wire.arrivals]
    assert (whose.count(True), whose.count(False)) == (3, 6)
    assert report.waiting == 3


def test_all_feeds_together_have_a_quota_and_each_poll_begins_with_another(wire: Wire) -> None:
    sites = [wire.site() for _ in range(FEEDS_WORTH + 4)]
    for site in sites:
        site.lists("/list", 2)
    poller = wire.poller(*(site.url("/list") for site in sites), pages=1)
    reports = [poller.poll(wire.now) for _ in range(4)]
    assert [report.new for report in reports] == [20, 20, 8, 0]
    assert len(set(wire.texts)) == 48


# ---- slow servers ----

def trickle(send: Callable[[bytes], None]) -> None:
    """Send a byte now and then, and never all."""
    send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        send(b"x")
        time.sleep(0.05)


def test_a_tarpit_delays_only_itself(wire: Wire) -> None:
    tarpit, honest = wire.site(), wire.site()
    tarpit.lists("/list", 20)
    for number in range(20):
        tarpit.pages[f"/{number}"] = trickle
    honest.lists("/list", 4)
    poller = wire.poller(tarpit.url("/list"), honest.url("/list"), timeout_s=LONG_S, grace_s=0.2)
    report = poller.poll(wire.now, patience_s=2.0, is_last=False)  # the first poll imports the readers of documents
    assert (report.new, report.under_way) == (4, (tarpit.url("/0"),))
    honest.lists("/list", 7)  # and in the next polls, while the same request is still under way
    wire.now += INTERVAL_S
    started = time.monotonic()
    report = poller.poll(wire.now, patience_s=0.2)
    assert time.monotonic() - started < LONG_S / 2
    assert (report.new, report.under_way) == (3, (tarpit.url("/0"),))
    assert tarpit.server.paths == ["/list", "/robots.txt", "/0"]


def test_what_a_slow_server_sends_is_taken_by_a_later_poll(wire: Wire) -> None:
    slow, fast = wire.site(), wire.site()
    may_send = threading.Event()

    def send_late(send: Callable[[bytes], None]) -> None:
        may_send.wait(LONG_S)
        send(answer(200, feed(entry("A slow boat.", guid="1")).encode()))

    slow.pages["/feed"] = send_late
    fast.pages["/feed"] = answer(200, feed(entry("A fast boat.", guid="1")).encode())
    poller = wire.poller(slow.url("/feed"), fast.url("/feed"), timeout_s=LONG_S, grace_s=0.2)
    # The first poll imports the readers of documents.
    assert poller.poll(wire.now, patience_s=2.0).under_way == (slow.url("/feed"),)
    while not wire.texts:  # a busy machine may have been slower than the patience
        poller.poll(wire.now, patience_s=0.2)
    assert wire.texts == ["A fast boat."]
    may_send.set()
    report = poller.poll(wire.now, patience_s=LONG_S)
    assert (report.new, report.under_way) == (1, ())
    assert wire.texts == ["A fast boat.", "A slow boat."]


def test_a_host_that_does_not_answer_is_left_alone_with_all_its_pages(wire: Wire) -> None:
    tarpit = wire.site()
    tarpit.lists("/list", 20)
    poller = wire.poller(tarpit.url("/list"), timeout_s=0.3)
    poller.poll(wire.now)  # robots.txt and the list
    for number in range(20):
        tarpit.pages[f"/{number}"] = trickle
    listed = tarpit.pages["/list"]
    assert isinstance(listed, bytes)
    tarpit.lists("/more", 0)
    tarpit.pages["/list"] = answer(200, "".join(tarpit.url(f"/new{n}\n") for n in range(20)).encode())
    for number in range(20):
        tarpit.pages[f"/new{number}"] = trickle
    wire.now += INTERVAL_S
    report = poller.poll(wire.now)
    failed = [rejected for rejected in report.rejected if "was not answered whole within 0.3 s" in rejected.reason]
    assert len(failed) == 3
    (postponed,) = [rejected for rejected in report.rejected if "of its pages wait" in rejected.reason]
    assert "17 of its pages wait" in postponed.reason
    assert "its server did not answer 3 times in a row, and is left alone for 300 s more" in postponed.reason
    assert report.waiting == 0


# ---- a feed that failed says so ----

def test_a_feed_that_could_not_be_fetched_says_so_at_each_run_with_when_it_is_tried_next(wire: Wire) -> None:
    site = wire.site()
    site.pages["/feed"] = answer(500)
    report = wire.poller(site.url("/feed")).poll(wire.now)
    (rejected,) = report.rejected
    said = "was answered with 500; check the address, or wait; it is tried again from 2026-01-02 12:03 UTC on"
    assert str(rejected) == f"{site.url('/feed')}: {said}"
    assert report.failing == ()
    wire.now += 60
    poller = wire.poller(site.url("/feed"))  # the next run, before it is due
    report = poller.poll(wire.now)
    assert (report.read, report.rejected) == (0, ())
    assert [str(failing) for failing in report.failing] == [f"{site.url('/feed')}: {said}"]
    assert poller.poll(wire.now).failing == ()  # once a run
    (kept,) = Quarantine(wire.index_dir).listed()
    assert (kept.document, kept.reason) == (site.url("/feed"), "was answered with 500; check the address, or wait")
    site.pages["/feed"] = answer(200, feed(entry("A boat.", guid="1")).encode())
    wire.now += DAY_S
    assert wire.poller(site.url("/feed")).poll(wire.now).failing == ()
    assert Quarantine(wire.index_dir).listed() == []


def test_a_pause_that_the_host_asked_for_is_reported_too(wire: Wire) -> None:
    site = wire.site()
    site.pages["/feed"] = answer(503, Retry_After="7200")
    poller = wire.poller(site.url("/feed"))
    poller.poll(wire.now)
    wire.now += 1000  # by the clock of the schedule, not by that of the host's pause
    report = wire.poller(site.url("/feed")).poll(wire.now)
    assert [failing.next_try for failing in report.failing] == [NOON + 7200]


def test_the_fault_of_an_entry_is_in_the_quarantine_until_the_entry_is_mended(wire: Wire) -> None:
    site = wire.site()
    faulty = feed(entry("A boat.", guid="1", title="T" * 3000), entry("B.", guid="2"))
    site.pages["/feed"] = answer(200, faulty.encode())
    report = wire.poller(site.url("/feed")).poll(wire.now)
    assert report.new == 1
    assert [rejected.reason for rejected in report.rejected] == [
        "'title' is 3,000 characters long; give at most 2,000"]
    for _ in range(2):
        (kept,) = Quarantine(wire.index_dir).listed()
        assert kept.document == site.url("/feed")
        assert "'title' is 3,000 characters long; give at most 2,000" in kept.reason
        wire.now += INTERVAL_S
        assert wire.poller(site.url("/feed")).poll(wire.now).rejected == ()
    site.pages["/feed"] = answer(200, feed(entry("A boat.", guid="1"), entry("B.", guid="2")).encode())
    wire.now += INTERVAL_S
    wire.poller(site.url("/feed")).poll(wire.now)
    assert Quarantine(wire.index_dir).listed() == []


# ---- what is remembered ----

def test_changing_guids_do_not_add_the_same_articles_at_each_poll(wire: Wire) -> None:
    site = wire.site()
    new = []
    for number in range(5):
        site.pages["/feed"] = answer(200, feed(*(entry(f"Boat {n}.", guid=f"{number} {n}") for n in range(4))).encode())
        new.append(wire.poller(site.url("/feed")).poll(wire.now).new)
        wire.now += INTERVAL_S
    assert new == [4, 0, 0, 0, 0]
    (source,) = recall(wire.index_dir).sources.values()
    assert len(source.entries) == 4


def test_pages_that_gave_nothing_are_forgotten_when_they_are_no_longer_listed(wire: Wire) -> None:
    site = wire.site()
    for number in range(4):
        site.pages["/list"] = answer(200, f"{site.url(f'/gone{number}')}\n{site.url('/1')}\n".encode())
        site.pages["/1"] = answer(200, page("A boat.").encode())
        wire.poller(site.url("/list")).poll(wire.now)
        wire.now += INTERVAL_S
    assert recall(wire.index_dir).pages.keys() == {site.url("/gone3"), site.url("/1")}


def test_saving_the_memory_writes_what_was_touched_and_no_more(tmp_path: Path) -> None:
    pages = {f"https://example.org/{number}": Page("https://example.org/list") for number in range(2000)}
    remember(Memory({}, pages), tmp_path)
    memory = recall(tmp_path)
    assert memory.changes() == ({}, [])
    before = {record.key: record.number for record in State(tmp_path).records("polled")}
    memory.pages["https://example.org/7"].missing = 1
    memory.touch_page("https://example.org/7")
    memory.forget_page("https://example.org/8")
    remember(memory, tmp_path)
    after = {record.key: record.number for record in State(tmp_path).records("polled")}
    assert before.keys() - after.keys() == {"page https://example.org/8"}
    assert [key for key in after if after[key] != before[key]] == ["page https://example.org/7"]
    assert recall(tmp_path).pages == memory.pages
