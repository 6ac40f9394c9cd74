"""Process what feeds, sitemaps, lists and named pages sent: add entries to the inbox, note the pages that they list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from index.intake.confinement import confined, is_own
from index.intake.inbox import Inbox
from index.intake.poll_lanes import Read
from index.intake.poll_memory import Memory, Page, Source
from index.intake.poll_quotas import MAX_REMEMBERED, MAX_SITEMAPS
from index.intake.poll_report import Counts, RejectedAddress
from index.intake.poll_schedule import DAY_S, MIN_INTERVAL_S, Schedule
from index.intake.polled_feeds import PolledEntry, PolledFeed
from index.intake.polled_pages import PolledPages
from index.intake.quarantine import Quarantine
from index.sources.addresses import ListedAddress, Sitemap
from index.sources.fetch.fetching import Fetched
from index.sources.rejections import RejectedError, Rejection
from index.types import Article


class PolledSources:
    """The sources in `memory`. A document that cannot be read goes to the quarantine, and so does an entry's fault."""

    def __init__(self, memory: Memory, pages: PolledPages, inbox: Inbox, quarantine: Quarantine,
                 schedule: Schedule) -> None:
        self._memory, self._pages, self._inbox = memory, pages, inbox
        self._quarantine, self._schedule = quarantine, schedule

    def take(self, address: str, source: Source, read: Read, now: float, counts: Counts, *, max_articles: int) -> None:
        """Process what one source sent. At most `max_articles` articles are added; a later poll adds the rest."""
        self._memory.touch_source(address)
        before, source.fault = source.fault, ""
        fetched = read.fetched
        if fetched is None:
            if isinstance(read.error, RejectedError):
                self._schedule.fail(address, source, now, read.error, counts)
            elif read.error is not None:
                self._schedule.fail(read.error.address, source, now, read.error, counts)
        elif fetched.status == 200 and isinstance(read.error, RejectedError):
            source.kind = read.kind
            self._schedule.fail(address, source, now, read.error, counts)
        elif (source.kind == "document" and fetched.status != 200) or read.kind == "document":
            source.kind = "document"
            self._take_named_page(address, source, read, fetched, now, counts, max_articles)
        elif fetched.status not in (200, 304):
            self._schedule.refuse(address, source, now, fetched, counts)
        else:
            self._take_listing(address, source, read, fetched, now, counts, max_articles)
        if source.fault:
            self._quarantine.put(Rejection(Path(address), None, source.fault), address=address,
                                 content=fetched.content if fetched and fetched.content else None)
        elif before:
            self._quarantine.clear([address])

    def _take_listing(self, address: str, source: Source, read: Read, fetched: Fetched, now: float, counts: Counts,
                      max_articles: int) -> None:
        interval_s, is_whole = self._schedule.next_interval_s(fetched), True
        if fetched.status == 200:
            source.kind = read.kind
            self._quarantine.read_again(address)
            if isinstance(read.content, PolledFeed):
                is_whole = self._take_feed(address, source, read.content, [address, fetched.address], now, counts,
                                           max_articles)
                interval_s = min(DAY_S, max(interval_s, read.content.ttl_s))
            elif isinstance(read.content, Sitemap):
                self._take_sitemap(address, source, read.content, now, counts)
            elif isinstance(read.content, list):
                listed = [one for one in read.content if isinstance(one, ListedAddress)]
                for one in listed:
                    if not one.address:
                        self._reject(address, address, f"line {one.line} {one.reason}", counts)
                self._note_all(address, ((one.address, "", "") for one in listed if one.address), now, counts)
            self._quarantine.clear([address])
            # Entries left for the next poll must be sent again then, so no validators are kept that could bring a 304.
            source.etag, source.last_modified = (fetched.etag, fetched.last_modified) if is_whole else ("", "")
        source.due, source.failures = now + (interval_s if is_whole else MIN_INTERVAL_S), 0

    def _take_named_page(self, address: str, source: Source, read: Read, fetched: Fetched, now: float, counts: Counts,
                         max_articles: int) -> None:
        """Process what a page sent that the user named: like any other page, but polled as often as a feed."""
        if address not in self._memory.pages:
            self._memory.add_page(address, Page())
        page = self._memory.pages[address]
        if page.found_on:  # whoever listed it before, the operator names it
            self._memory.move_page(address, "")
        rejected = len(counts.rejected)
        self._pages.take(address, page, read, now, counts, max_articles=max_articles)
        source.due, source.failures, source.etag, source.last_modified = (
            page.due, page.failures, page.etag, page.last_modified)
        if not page.failures and page.due > now + MIN_INTERVAL_S:
            source.due = now + self._schedule.next_interval_s(fetched)
        if len(counts.rejected) > rejected:
            source.fault = counts.rejected[-1].reason

    def _take_feed(self, address: str, source: Source, feed: PolledFeed, sent_by: list[str], now: float,
                   counts: Counts, max_articles: int) -> bool:
        """Add the feed's new and changed entries; return whether none was left for the next poll."""
        seen, is_whole = dict(source.entries) if feed.fault else {}, True
        known, taken = set(source.entries.values()), 0
        to_note: list[tuple[str, str, str]] = []
        for key, entry in _keyed(feed.entries):
            if source.entries.get(key) == entry.digest or (key not in source.entries and entry.digest in known):
                counts.unchanged += 1
                if entry.fault:  # said once, but still so
                    self._set_aside(entry.link, address, entry.fault)
            elif entry.fault:
                self._reject(entry.link or f"{address}#{entry.key.strip()}", address, entry.fault, counts)
            elif entry.article is None:
                to_note.append((entry.link, entry.digest, entry.published))
            elif taken == max_articles:
                is_whole = False
                if key in source.entries:
                    seen[key] = source.entries[key]
                continue
            else:
                taken += 1
                self._add(address, entry.article, sent_by, now, counts, is_known=key in source.entries)
            seen[key] = entry.digest
        source.entries = seen
        if feed.fault:
            self._reject(address, address, feed.fault, counts)
        self._note_all(address, to_note, now, counts,
                       listed_too=[entry.link for entry in feed.entries])
        return is_whole

    def _add(self, address: str, said: Article, sent_by: list[str], now: float, counts: Counts, *,
             is_known: bool) -> None:
        article = confined(said, sent_by, now)
        if is_known and article.id != said.id:
            self._inbox.withdraw(said.id, f"feed:{address}")  # an earlier version took it so
        try:
            self._inbox.add(article, f"feed:{address}", is_feed_entry=True)
        except RejectedError as error:
            self._reject(said.url or address, address, error.reason, counts)
            return
        counts.note_date(article, address)
        counts.new += not is_known
        counts.changed += is_known

    def _take_sitemap(self, address: str, source: Source, sitemap: Sitemap, now: float, counts: Counts) -> None:
        self._note_all(address, ((page.address, page.last_modified, page.published) for page in sitemap.pages), now,
                       counts)
        if sitemap.refused:
            self._reject(address, address, f"lists {sitemap.refused:,} entries without an http or https address of at "
                                           f"most 4,096 characters; correct them", counts)
        sources = self._memory.sources
        if sitemap.sitemaps and source.found_on:  # sitemaps.org: an index lists sitemaps, not indexes
            self._reject(address, address, "is a sitemap index listed in another one, so it is not followed; pass its "
                                           "address directly", counts)
            return
        listed = dict.fromkeys(sitemap.sitemaps[:MAX_SITEMAPS])
        if len(sitemap.sitemaps) > len(listed):
            self._reject(address, address, f"lists {len(sitemap.sitemaps):,} sitemaps, of which the first "
                                           f"{len(listed):,} are read; name the others", counts)
        for child in listed:
            known = sources.get(child)
            if known is None:
                sources[child] = Source(found_on=address)
            elif known.found_on and is_own(address, child) and not is_own(known.found_on, child):
                known.found_on = address
            else:
                continue
            self._memory.touch_source(child)
        for child in [child for child, known in sources.items() if known.found_on == address and child not in listed]:
            del sources[child]
            self._memory.touch_source(child)

    def _note_all(self, listing: str, listed: Iterable[tuple[str, str, str]], now: float, counts: Counts, *,
                  listed_too: Iterable[str] = ()) -> None:
        """Note pages as (address, marker, date), up to `MAX_REMEMBERED` of the feed; forget those no longer listed."""
        room = MAX_REMEMBERED - self._remembered_of(listing)
        addresses, left_out = set(listed_too), 0
        for address, marker, published in listed:
            addresses.add(address)
            if address not in self._memory.pages:
                if room <= 0:
                    left_out += 1
                    continue
                room -= 1
            self._pages.note(address, listing, marker, published, now)
        if left_out:
            self._reject(listing, listing, f"lists {left_out:,} addresses more than the {MAX_REMEMBERED:,} that are "
                                           f"remembered of one feed; they are not read; name another feed or sitemap",
                         counts)
        self._pages.forget_unlisted(listing, addresses)

    def _remembered_of(self, listing: str) -> int:
        """Return how many pages are remembered of the feed that the user named, and of the sitemaps below it."""
        sources = self._memory.sources
        root = sources[listing].found_on or listing
        return sum(len(self._memory.pages_on(one)) for one in self._memory.listings()
                   if one == root or (one in sources and sources[one].found_on == root))

    def _reject(self, address: str, source: str, reason: str, counts: Counts) -> None:
        counts.rejected.append(RejectedAddress(address, reason))
        self._set_aside(address, source, reason)

    def _set_aside(self, address: str, source: str, reason: str) -> None:
        what = reason if address in ("", source) else f"{address} {reason}"
        self._quarantine.put(Rejection(Path(source), None, what), address=source)


def _keyed(entries: Iterable[PolledEntry]) -> Iterator[tuple[str, PolledEntry]]:
    """Yield the entries with their keys, each once: some publishers give all entries the same id."""
    seen: set[str] = set()
    for entry in entries:
        key = f"{entry.key} {entry.digest}" if entry.key in seen else entry.key
        seen.add(key)
        yield key, entry
