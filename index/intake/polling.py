"""Feeds, sitemaps, lists and pages by address: what is new or changed there goes to the inbox, in time and politely.

An article is in the inbox, durably, before the memory of polling says that it was seen: being killed in between reads
it again, which changes nothing, and loses nothing.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.errors import FetchError, HostBusyError, RobotsRefusedError, printable
from index.intake.inbox import Inbox
from index.intake.poll_memory import Page, Source, recall, remember
from index.intake.polled_feeds import PolledEntry, read_polled_feed
from index.intake.quarantine import Quarantine
from index.sources.addresses import Sitemap, parse_sitemap, parse_url_list
from index.sources.content_kinds import kind_of_content
from index.sources.encoding import decode
from index.sources.fetch.fetching import Fetched, Fetcher, back_off_s
from index.sources.files import read_document
from index.sources.types import PlacedArticle, RejectedError, Rejection

INTERVAL_S = 300.0
MIN_INTERVAL_S = 60.0
DAY_S = 24 * 3600.0
MAX_RECHECK_S = 30 * DAY_S
MAX_PAGES = 50
MAX_ENTRIES = 1000
SAVE_EVERY_PAGES = 10
TIMES_MISSING = 2  # a 404 may be a slip of a server; a second one at a later poll is not


@dataclass(frozen=True, slots=True)
class RejectedAddress:
    """An address, or an entry found there, that gave no article: what is wrong and what to do about it."""

    address: str
    reason: str

    def __str__(self) -> str:
        return f"{printable(self.address)}: {self.reason}"


@dataclass(frozen=True, slots=True)
class PollReport:
    """What one poll did: addresses read; articles new, changed, unchanged and withdrawn; what was rejected.

    `waiting` pages were due and left for the next poll, which is due in `next_due_s` seconds.
    """

    read: int
    new: int
    changed: int
    unchanged: int
    withdrawn: int
    rejected: tuple[RejectedAddress, ...]
    waiting: int
    next_due_s: float


@dataclass(slots=True)
class _Counts:
    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    rejected: list[RejectedAddress] = field(default_factory=list)


class Poller:
    """Polls the addresses that a person named, and what these name. One poll at a time; one Poller an index folder.

    `interval_s` is the pause between two readings of a source, a minute at least; a server may ask for a longer one.
    In one poll at most `max_pages` addresses beside those named and `max_entries` entries of a feed that carry their
    own text are read; the rest follows at the next. `jitter` gives 0 to 1, see `back_off_s`.
    """

    def __init__(self, index_dir: Path, addresses: Sequence[str], fetcher: Fetcher, inbox: Inbox, *,
                 interval_s: float = INTERVAL_S, max_pages: int = MAX_PAGES, max_entries: int = MAX_ENTRIES,
                 jitter: Callable[[], float] = random.random) -> None:
        self._index_dir, self._fetcher, self._inbox = index_dir, fetcher, inbox
        self._quarantine = Quarantine(index_dir)
        self._interval_s, self._jitter = max(MIN_INTERVAL_S, interval_s), jitter
        self._max_pages, self._max_entries = max_pages, max_entries
        self._memory = recall(index_dir)
        self._named = list(dict.fromkeys(addresses))
        for address in self._named:
            self._memory.sources.setdefault(address, Source()).found_on = ""

    def poll(self, now: float) -> PollReport:
        """Read what is due at `now` (seconds since 1970). Raises OSError when the disk fails; nothing is lost then."""
        counts = _Counts()
        memory, fetches_left = self._memory, self._max_pages
        for address in self._polled():
            source = memory.sources.get(address)
            if source is None or source.due > now or (source.found_on and not fetches_left):
                continue
            fetches_left -= bool(source.found_on)
            self._poll_source(address, source, now, counts)
            self._save()
        for number, address in enumerate(self._due_pages(now)[:fetches_left], start=1):
            self._poll_page(address, memory.pages[address], now, counts)
            if number % SAVE_EVERY_PAGES == 0:
                self._save()
        self._save()
        dues = [memory.sources[address].due for address in self._polled()] + [
            page.due for address, page in memory.pages.items() if address not in memory.sources]
        return PollReport(counts.read, counts.new, counts.changed, counts.unchanged, counts.withdrawn,
                          tuple(counts.rejected), len(self._due_pages(now)),
                          max(0.0, min(dues, default=now + self._interval_s) - now))

    def _polled(self) -> Iterator[str]:
        """The sources named, and the sitemaps below them, as they are known once the one above was polled."""
        polled = list(self._named)
        for address in polled:  # grows while it is walked
            yield address
            polled += [child for child, source in self._memory.sources.items()
                       if source.found_on == address and child not in polled]

    def _due_pages(self, now: float) -> list[str]:
        pages = self._memory.pages
        return sorted((address for address, page in pages.items()
                       if page.due <= now and address not in self._memory.sources), key=lambda a: pages[a].due)

    def _save(self) -> None:
        remember(self._memory, self._index_dir)

    def _poll_source(self, address: str, source: Source, now: float, counts: _Counts) -> None:
        try:
            counts.read += 1
            fetched = self._fetcher.get(address, etag=source.etag, last_modified=source.last_modified,
                                        found_on=source.found_on)
        except FetchError as error:
            self._failed(error.address, source, now, error, counts)
            return
        if source.kind == "document" and fetched.status != 200:
            self._take_named_page(address, source, fetched, now, counts)
            return
        if fetched.status not in (200, 304):
            self._failed(address, source, now, _answered(fetched), counts, fetched.retry_after_s or 0.0)
            return
        interval_s = self._next_interval_s(fetched)
        if fetched.status == 200:
            try:
                is_whole, ttl_s = self._take_source(address, source, fetched, now, counts)
            except RejectedError as error:
                self._set_aside(address, fetched.content, error.reason)
                self._failed(address, source, now, error, counts)
                return
            interval_s = min(DAY_S, max(interval_s, ttl_s)) if is_whole else MIN_INTERVAL_S
            if source.kind == "document":
                return
            # What was left must be seen at the next poll, which a 304 would hide.
            source.etag, source.last_modified = (fetched.etag, fetched.last_modified) if is_whole else ("", "")
        source.due, source.failures = now + interval_s, 0

    def _take_source(self, address: str, source: Source, fetched: Fetched, now: float,
                     counts: _Counts) -> tuple[bool, float]:
        """Whether all of it was taken, and how long it calls itself fresh. Raises RejectedError."""
        content, at = fetched.content, fetched.address
        source.kind = kind_of_content(content)
        if source.kind == "feed":
            entries, ttl_s = read_polled_feed(content, address=at, content_type=fetched.content_type)
            return self._take_feed(address, source, entries, now, counts), float(ttl_s)
        if source.kind == "sitemap":
            self._take_sitemap(address, source, parse_sitemap(content, address=at), now, counts)
        elif source.kind == "list":
            for listed in parse_url_list(decode(content)):
                if listed.address:
                    self._note_page(listed.address, address, "", "", now)
                else:
                    counts.rejected.append(RejectedAddress(address, f"line {listed.line} {listed.reason}"))
        else:
            self._take_named_page(address, source, fetched, now, counts)
        return True, 0.0

    def _take_named_page(self, address: str, source: Source, fetched: Fetched, now: float, counts: _Counts) -> None:
        """A page that a person named is as much a page as any, but looked at as often as a feed."""
        page = self._memory.pages.setdefault(address, Page())
        self._take_page(address, page, fetched, now, counts)
        source.due, source.failures, source.etag, source.last_modified = (
            page.due, page.failures, page.etag, page.last_modified)
        if not page.failures:
            source.due = now + self._next_interval_s(fetched)

    def _take_feed(self, address: str, source: Source, entries: Sequence[PolledEntry], now: float,
                   counts: _Counts) -> bool:
        seen, taken = {}, 0
        is_whole = True
        for entry in entries:
            key = entry.key
            if key in seen:  # a publisher who gives all entries one id
                key += f" {entry.digest}"
            if source.entries.get(key) == entry.digest:
                counts.unchanged += 1
            elif entry.fault:
                counts.rejected.append(RejectedAddress(entry.link or f"{address}#{entry.key.strip()}", entry.fault))
            elif entry.article is None:
                self._note_page(entry.link, address, entry.digest, entry.published, now)
            elif taken == self._max_entries:
                is_whole = False
                if key in source.entries:
                    seen[key] = source.entries[key]
                continue
            else:
                taken += 1
                self._inbox.add(entry.article, f"feed:{address}")
                counts.new += key not in source.entries
                counts.changed += key in source.entries
            seen[key] = entry.digest
        source.entries = seen
        return is_whole

    def _take_sitemap(self, address: str, source: Source, sitemap: Sitemap, now: float, counts: _Counts) -> None:
        for page in sitemap.pages:
            self._note_page(page.address, address, page.last_modified, page.published, now)
        sources = self._memory.sources
        if sitemap.sitemaps and source.found_on:  # sitemaps.org: an index lists sitemaps, not indexes
            counts.rejected.append(RejectedAddress(address, "is an index of sitemaps inside another; name it itself"))
            return
        for child in sitemap.sitemaps:
            sources.setdefault(child, Source(found_on=address))
        for child in [child for child, known in sources.items() if known.found_on == address]:
            if child not in sitemap.sitemaps:
                del sources[child]

    def _note_page(self, address: str, found_on: str, marker: str, published: str, now: float) -> None:
        """A page is due when it is new, or its feed or sitemap says something else of it than before."""
        page = self._memory.pages.get(address)
        if page is None:
            self._memory.pages[address] = Page(found_on, marker, published, due=now)
        elif page.found_on == found_on and marker != page.marker:
            page.marker, page.published, page.due, page.failures = marker, published, now, 0
            page.etag = page.last_modified = ""

    def _poll_page(self, address: str, page: Page, now: float, counts: _Counts) -> None:
        try:
            counts.read += 1
            fetched = self._fetcher.get(address, etag=page.etag, last_modified=page.last_modified,
                                        found_on=page.found_on)
        except FetchError as error:
            self._failed(error.address, page, now, error, counts)
            return
        self._take_page(address, page, fetched, now, counts)

    def _take_page(self, address: str, page: Page, fetched: Fetched, now: float, counts: _Counts) -> None:
        if fetched.status in (404, 410):
            page.missing += 1
            if fetched.status == 410 or page.missing >= TIMES_MISSING:
                self._withdraw(page, set(page.articles), counts)
                page.articles, page.due, page.etag, page.last_modified = {}, now + MAX_RECHECK_S, "", ""
            else:
                page.due = now + self._interval_s
            counts.rejected.append(RejectedAddress(address, f"was answered with {fetched.status}; check the address, "
                                                            f"or take it out of what names it"))
            return
        page.missing = 0
        if fetched.status == 304:
            self._settle(page, now, is_unchanged=True)
            counts.unchanged += len(page.articles)
        elif fetched.status == 200:
            self._read_page(address, page, fetched, now, counts)
        else:
            self._failed(address, page, now, _answered(fetched), counts, fetched.retry_after_s or 0.0)

    def _read_page(self, address: str, page: Page, fetched: Fetched, now: float, counts: _Counts) -> None:
        name = fetched.address.split("?")[0].rstrip("/").rpartition("/")[2] or "page"
        try:
            outcomes = read_document(fetched.content, name=name, address=fetched.address,
                                     content_type=fetched.content_type)
        except RejectedError as error:
            self._set_aside(address, fetched.content, error.reason)
            self._failed(address, page, now, error, counts)
            return
        articles, faults = {}, []
        before = dict(page.articles)
        for outcome in outcomes:
            if not isinstance(outcome, PlacedArticle):
                faults.append(outcome.reason)
                continue
            article = outcome.article
            if page.published and not article.published:
                article = replace(article, published=page.published)
            digest = _digest(article.title, article.text, article.published, article.author)
            if page.articles.get(article.id) == digest:
                counts.unchanged += 1
            else:
                try:
                    self._inbox.add(article, f"feed:{page.found_on}" if page.found_on else f"url:{address}")
                except RejectedError as error:
                    faults.append(error.reason)
                    continue
                counts.new += article.id not in page.articles
                counts.changed += article.id in page.articles
            articles[article.id] = digest
        if faults or not articles:
            # Nothing may be concluded from what is missing in a page that was not read whole.
            page.articles |= articles
            for reason in faults or ["holds no article; check the address"]:
                self._set_aside(address, fetched.content, reason)
                counts.rejected.append(RejectedAddress(address, reason))
            page.failures += 1
            page.due = now + back_off_s(self._interval_s, page.failures, DAY_S, self._jitter)
            return
        self._withdraw(page, before.keys() - articles.keys(), counts)
        page.articles, page.etag, page.last_modified = articles, fetched.etag, fetched.last_modified
        self._settle(page, now, is_unchanged=articles == before)

    def _settle(self, page: Page, now: float, *, is_unchanged: bool) -> None:
        """A page is looked at again after a day, and each time that it did not change after twice as long."""
        page.failures = 0
        page.unchanged = page.unchanged + 1 if is_unchanged else 0
        page.due = now + min(MAX_RECHECK_S, DAY_S * 2.0 ** min(page.unchanged, 10))

    def _withdraw(self, page: Page, article_ids: set[str], counts: _Counts) -> None:
        """Withdraw what no other page gives."""
        others = [other for other in self._memory.pages.values() if other is not page]
        for article_id in sorted(article_ids):
            if not any(article_id in other.articles for other in others):
                self._inbox.withdraw(article_id, "url:")
                counts.withdrawn += 1

    def _failed(self, address: str, remembered: Source | Page, now: float, error: FetchError | RejectedError | str,
                counts: _Counts, retry_after_s: float = 0.0) -> None:
        """Later, and each time later still. A host that asked for a pause is no failure; it is tried after it."""
        if isinstance(error, HostBusyError):
            remembered.due = now + error.retry_after_s
            return
        remembered.failures += 1
        wait_s = DAY_S if isinstance(error, RobotsRefusedError) else back_off_s(
            self._interval_s, remembered.failures, DAY_S, self._jitter)
        remembered.due = now + max(wait_s, min(retry_after_s, DAY_S))
        counts.rejected.append(RejectedAddress(address, error if isinstance(error, str) else error.reason))

    def _next_interval_s(self, fetched: Fetched) -> float:
        return min(DAY_S, max(self._interval_s, fetched.max_age_s or 0.0))

    def _set_aside(self, address: str, content: bytes, reason: str) -> None:
        self._quarantine.put(Rejection(Path(address), None, reason), address=address, content=content)


def split_addresses(arguments: Sequence[str]) -> tuple[list[Path], list[str]]:
    """What a command line names: paths, and addresses (whatever begins like http:// or https://)."""
    addresses = [argument for argument in arguments if argument.lower().startswith(("http://", "https://"))]
    return [Path(argument) for argument in arguments if argument not in addresses], addresses


def addresses_in(path: Path) -> tuple[list[str], list[Rejection]]:
    """The addresses of a file that lists them, one a line, and its lines that are none. Raises OSError."""
    try:
        listed = parse_url_list(decode(path.read_bytes()))
    except RejectedError as error:
        return [], [Rejection(path, None, error.reason)]
    return ([one.address for one in listed if one.address],
            [Rejection(path, one.line, one.reason) for one in listed if not one.address])


def _answered(fetched: Fetched) -> str:
    return f"was answered with {fetched.status}; check the address, or wait"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
