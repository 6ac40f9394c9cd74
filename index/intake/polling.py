"""Poll feeds, sitemaps, lists and pages at intervals, and put new and changed articles into the inbox.

An article is written to the inbox and synced before the polling memory records it as seen. A process killed in between
reads the article again at the next poll, which changes nothing; no article is lost.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from index.errors import FetchError
from index.intake.confinement import confined, is_own
from index.intake.inbox import Inbox
from index.intake.poll_memory import Page, Source, recall, remember
from index.intake.poll_report import Counts, PollReport, RejectedAddress
from index.intake.poll_schedule import DAY_S, INTERVAL_S, MIN_INTERVAL_S, Schedule
from index.intake.polled_feeds import PolledEntry, read_polled_feed
from index.intake.polled_pages import PolledPages
from index.intake.quarantine import Quarantine
from index.sources.addresses import Sitemap, parse_sitemap, parse_url_list
from index.sources.content_kinds import kind_of_content
from index.sources.encoding import decode
from index.sources.fetch.fetching import Fetched, Fetcher
from index.sources.rejections import RejectedError, Rejection

MAX_PAGES = 50
MAX_ENTRIES = 1000
SAVE_EVERY_PAGES = 10


class Poller:
    """Poll the given addresses, and the sitemaps and pages that they list. Use one Poller per index folder.

    `interval_s` is the pause between two readings of a source: at least a minute, longer if the server asks. One poll
    reads at most `max_pages` listed addresses. From each feed it adds at most `max_entries` entries that carry their
    own text. Later polls read the rest. `jitter` returns a number from 0 to 1, see `back_off_s`.
    """

    def __init__(self, index_dir: Path, addresses: Sequence[str], fetcher: Fetcher, inbox: Inbox, *,
                 interval_s: float = INTERVAL_S, max_pages: int = MAX_PAGES, max_entries: int = MAX_ENTRIES,
                 jitter: Callable[[], float] = random.random) -> None:
        self._index_dir, self._fetcher, self._inbox = index_dir, fetcher, inbox
        self._quarantine = Quarantine(index_dir)
        self._schedule = Schedule(max(MIN_INTERVAL_S, interval_s), jitter)
        self._max_pages, self._max_entries = max_pages, max_entries
        self._memory = recall(index_dir)
        self._pages = PolledPages(self._memory, fetcher, inbox, self._quarantine, self._schedule)
        self._named = list(dict.fromkeys(addresses))
        for address in self._named:
            self._memory.sources.setdefault(address, Source()).found_on = ""

    def poll(self, now: float) -> PollReport:
        """Read every address that is due at `now` (seconds since 1970).

        Raises OSError when the disk fails. No article is lost in that case: the next poll reads it again.
        """
        counts = Counts()
        memory, fetches_left = self._memory, self._max_pages
        for address in self._polled():
            source = memory.sources.get(address)
            if source is None or source.due > now or (source.found_on and not fetches_left):
                continue
            fetches_left -= bool(source.found_on)
            self._poll_source(address, source, now, counts)
            self._save()
        for number, address in enumerate(self._pages.due(now)[:fetches_left], start=1):
            self._pages.poll(address, memory.pages[address], now, counts)
            if number % SAVE_EVERY_PAGES == 0:
                self._save()
        self._save()
        dues = [memory.sources[address].due for address in self._polled()] + [
            page.due for address, page in memory.pages.items() if address not in memory.sources]
        return PollReport(counts.read, counts.new, counts.changed, counts.unchanged, counts.withdrawn,
                          tuple(counts.rejected), len(self._pages.due(now)),
                          max(0.0, min(dues, default=now + self._schedule.interval_s) - now))

    def _polled(self) -> Iterator[str]:
        """Yield the given addresses, then the sitemaps that they list, including sitemaps found while polling."""
        polled = list(self._named)
        for address in polled:  # the list grows inside this loop
            yield address
            polled += [child for child, source in self._memory.sources.items()
                       if source.found_on == address and child not in polled]

    def _save(self) -> None:
        remember(self._memory, self._index_dir)

    def _poll_source(self, address: str, source: Source, now: float, counts: Counts) -> None:
        try:
            counts.read += 1
            fetched = self._fetcher.get(address, etag=source.etag, last_modified=source.last_modified,
                                        found_on=source.found_on)
        except FetchError as error:
            self._schedule.fail(error.address, source, now, error, counts)
            return
        if source.kind == "document" and fetched.status != 200:
            self._take_named_page(address, source, fetched, now, counts)
            return
        if fetched.status not in (200, 304):
            self._schedule.refuse(address, source, now, fetched, counts)
            return
        interval_s = self._schedule.next_interval_s(fetched)
        if fetched.status == 200:
            try:
                is_whole, ttl_s = self._take_source(address, source, fetched, now, counts)
            except RejectedError as error:
                self._set_aside(address, fetched.content, error.reason)
                self._schedule.fail(address, source, now, error, counts)
                return
            interval_s = min(DAY_S, max(interval_s, ttl_s)) if is_whole else MIN_INTERVAL_S
            if source.kind == "document":
                return
            # Entries left for the next poll must be sent again then, so no validators are kept that could bring a 304.
            source.etag, source.last_modified = (fetched.etag, fetched.last_modified) if is_whole else ("", "")
        source.due, source.failures = now + interval_s, 0

    def _take_source(self, address: str, source: Source, fetched: Fetched, now: float,
                     counts: Counts) -> tuple[bool, float]:
        """Process the answer of a source, according to the kind of its content.

        Return `(is_whole, ttl_s)`: whether all of it was processed, and for how many seconds the source asks not to be
        fetched again. Raises RejectedError when the content cannot be read.
        """
        content, at = fetched.content, fetched.address
        source.kind = kind_of_content(content)
        if source.kind == "feed":
            entries, ttl_s = read_polled_feed(content, address=at, content_type=fetched.content_type)
            return self._take_feed(address, source, entries, [address, at], now, counts), float(ttl_s)
        if source.kind == "sitemap":
            self._take_sitemap(address, source, parse_sitemap(content, address=at), now, counts)
        elif source.kind == "list":
            for listed in parse_url_list(decode(content)):
                if listed.address:
                    self._pages.note(listed.address, address, "", "", now)
                else:
                    counts.rejected.append(RejectedAddress(address, f"line {listed.line} {listed.reason}"))
        else:
            self._take_named_page(address, source, fetched, now, counts)
        return True, 0.0

    def _take_named_page(self, address: str, source: Source, fetched: Fetched, now: float, counts: Counts) -> None:
        """Process the answer for a page that the user named: like any other page, but polled as often as a feed."""
        page = self._memory.pages.setdefault(address, Page())
        page.found_on = ""  # whoever listed it before, the operator names it
        self._pages.take(address, page, fetched, now, counts)
        source.due, source.failures, source.etag, source.last_modified = (
            page.due, page.failures, page.etag, page.last_modified)
        if not page.failures:
            source.due = now + self._schedule.next_interval_s(fetched)

    def _take_feed(self, address: str, source: Source, entries: Sequence[PolledEntry], sent_by: Sequence[str],
                   now: float, counts: Counts) -> bool:
        seen, taken = {}, 0
        known = set(source.entries.values())
        is_whole = True
        for entry in entries:
            key = entry.key
            if key in seen:  # some publishers give all entries the same id
                key += f" {entry.digest}"
            if source.entries.get(key) == entry.digest or (key not in source.entries and entry.digest in known):
                counts.unchanged += 1
            elif entry.fault:
                counts.rejected.append(RejectedAddress(entry.link or f"{address}#{entry.key.strip()}", entry.fault))
            elif entry.article is None:
                self._pages.note(entry.link, address, entry.digest, entry.published, now)
            elif taken == self._max_entries:
                is_whole = False
                if key in source.entries:
                    seen[key] = source.entries[key]
                continue
            else:
                taken += 1
                article = confined(entry.article, sent_by, now)
                if key in source.entries and article.id != entry.article.id:
                    self._inbox.withdraw(entry.article.id, f"feed:{address}")  # an earlier version took it so
                self._inbox.add(article, f"feed:{address}", is_feed_entry=True)
                counts.new += key not in source.entries
                counts.changed += key in source.entries
            seen[key] = entry.digest
        source.entries = seen
        return is_whole

    def _take_sitemap(self, address: str, source: Source, sitemap: Sitemap, now: float, counts: Counts) -> None:
        for page in sitemap.pages:
            self._pages.note(page.address, address, page.last_modified, page.published, now)
        sources = self._memory.sources
        if sitemap.sitemaps and source.found_on:  # sitemaps.org: an index lists sitemaps, not indexes
            counts.rejected.append(RejectedAddress(address, "is a sitemap index listed in another one, so it is not "
                                                            "followed; pass its address directly"))
            return
        for child in sitemap.sitemaps:
            known = sources.setdefault(child, Source(found_on=address))
            if known.found_on and is_own(address, child) and not is_own(known.found_on, child):
                known.found_on = address
        for child in [child for child, known in sources.items() if known.found_on == address]:
            if child not in sitemap.sitemaps:
                del sources[child]

    def _set_aside(self, address: str, content: bytes, reason: str) -> None:
        self._quarantine.put(Rejection(Path(address), None, reason), address=address, content=content)
