"""Process what polled pages sent: add new and changed articles to the inbox, withdraw those that are gone."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from index.errors import FetchError
from index.intake.confinement import confined, is_own
from index.intake.inbox import Inbox
from index.intake.poll_lanes import Outcomes, Read
from index.intake.poll_memory import Memory, Page
from index.intake.poll_report import Counts, RejectedAddress
from index.intake.poll_schedule import MAX_RECHECK_S, MIN_INTERVAL_S, Schedule
from index.intake.quarantine import Quarantine
from index.sources.fetch.fetching import Fetched
from index.sources.rejections import RejectedError, Rejection
from index.sources.types import PlacedArticle

# Polls in a row that must get a 404 before a page's articles are withdrawn: one alone may be a fault of the server.
POLLS_UNTIL_MISSING = 2


class PolledPages:
    """The pages in `memory`. A document that cannot be read goes to the quarantine."""

    def __init__(self, memory: Memory, inbox: Inbox, quarantine: Quarantine, schedule: Schedule) -> None:
        self._memory, self._inbox = memory, inbox
        self._quarantine, self._schedule = quarantine, schedule

    def due(self, listings: Iterable[str], now: float) -> list[str]:
        """Return the addresses of the pages of these feeds, sitemaps and lists that are due, the longest overdue first.

        Pages that the user named are left out, because they are polled as sources.
        """
        pages, sources = self._memory.pages, self._memory.sources
        return sorted((address for listing in listings for address in self._memory.pages_on(listing)
                       if pages[address].due <= now and address not in sources),
                      key=lambda address: pages[address].due)

    def note(self, address: str, found_on: str, marker: str, published: str, now: float) -> None:
        """Make a page due now if it is new, or if `marker` differs from the one that `found_on` gave for it before.

        A listing on the page's own site takes a page over that another site had listed first.
        """
        page = self._memory.pages.get(address)
        if page is None:
            self._memory.add_page(address, Page(found_on, marker, published, due=now))
        elif (page.found_on == found_on and marker != page.marker) or (
                page.found_on != found_on and _takes_over(found_on, page.found_on, address)):
            page.marker, page.published, page.due, page.failures = marker, published, now, 0
            page.etag = page.last_modified = ""
            self._memory.move_page(address, found_on)

    def forget_unlisted(self, listing: str, listed: Collection[str]) -> None:
        """Forget the pages that a feed, sitemap or list no longer lists, if they were tried and gave no article."""
        pages = self._memory.pages
        for address in [address for address in self._memory.pages_on(listing) if address not in listed]:
            page = pages[address]
            if not page.articles and (page.failures or page.missing or page.origin):
                self._memory.forget_page(address)

    def take(self, address: str, page: Page, read: Read, now: float, counts: Counts, *, max_articles: int) -> None:
        """Process what one page sent: add its changed articles, or withdraw its articles if the page is gone.

        At most `max_articles` articles are added; a later poll adds the rest.
        """
        self._memory.touch_page(address)
        fetched = read.fetched
        if fetched is None:
            if read.error is not None:
                self._schedule.fail(read.error.address if isinstance(read.error, FetchError) else address, page, now,
                                    read.error, counts)
            return
        if fetched.status in (404, 410):
            page.missing += 1
            if fetched.status == 410 or page.missing >= POLLS_UNTIL_MISSING:
                self._withdraw(address, page, set(page.articles), counts)
                page.articles, page.due, page.etag, page.last_modified = {}, now + MAX_RECHECK_S, "", ""
            else:
                page.due = now + self._schedule.interval_s
            counts.rejected.append(RejectedAddress(address, f"was answered with {fetched.status}; check the address, "
                                                            f"or remove it where it is listed"))
            return
        page.missing = 0
        if fetched.status == 304:
            self._schedule.settle(page, now, is_unchanged=True)
            counts.unchanged += len(page.articles)
        elif isinstance(read.error, RejectedError):
            self._set_aside(address, fetched.content, read.error.reason)
            self._schedule.fail(address, page, now, read.error, counts)
        elif fetched.status == 200 and isinstance(read.content, list):
            outcomes = [outcome for outcome in read.content if isinstance(outcome, PlacedArticle | Rejection)]
            self._take_articles(address, page, fetched, outcomes, now, counts, max_articles)
        else:
            self._schedule.refuse(address, page, now, fetched, counts)

    def _take_articles(self, address: str, page: Page, fetched: Fetched, outcomes: Outcomes, now: float,
                       counts: Counts, max_articles: int) -> None:
        self._quarantine.read_again(address)
        articles, faults = {}, []
        origin, before = _origin(address, page), dict(page.articles)
        known = before if origin == (page.origin or origin) else {}
        added, is_whole = 0, True
        for outcome in outcomes:
            if not isinstance(outcome, PlacedArticle):
                faults.append(outcome.reason)
                continue
            article = confined(outcome.article, [fetched.address], now)
            if page.published and not article.published and is_own(page.found_on, fetched.address):
                article = confined(replace(article, published=page.published), [fetched.address], now)
            digest = _digest("2", article.title, article.text, article.published, article.author)
            if known.get(article.id) == digest:
                counts.unchanged += 1
            elif added == max_articles:
                is_whole = False
                continue
            else:
                added += 1
                try:
                    self._inbox.add(article, origin)
                except RejectedError as error:
                    faults.append(error.reason)
                    continue
                counts.note_date(article, address)
                counts.new += article.id not in before
                counts.changed += article.id in before
            articles[article.id] = digest
        if not is_whole:  # nothing is withdrawn, and no validators are kept that could bring a 304
            self._move(page, origin, set(articles))
            page.articles |= articles
            page.due = now + MIN_INTERVAL_S
            return
        if faults or not articles:
            # The page was not read completely, so articles missing from it must not be withdrawn.
            self._move(page, origin, set(articles))
            page.articles |= articles
            for reason in faults or ["holds no article; check the address"]:
                self._set_aside(address, fetched.content, reason)
                counts.rejected.append(RejectedAddress(address, reason))
            self._schedule.retry(page, now)
            return
        self._withdraw(address, page, before.keys() - articles.keys(), counts)
        self._move(page, origin, set(articles))
        page.articles, page.etag, page.last_modified = articles, fetched.etag, fetched.last_modified
        self._schedule.settle(page, now, is_unchanged=articles == before)
        self._quarantine.clear([address])

    def _withdraw(self, address: str, page: Page, article_ids: set[str], counts: Counts) -> None:
        """Withdraw these articles from the page's origin, except those that it has on another page too."""
        if not article_ids:
            return
        origin = page.origin or _origin(address, page)
        others = [other for at, other in self._memory.pages.items()
                  if other is not page and (other.origin or _origin(at, other)) == origin]
        for article_id in sorted(article_ids):
            if not any(article_id in other.articles for other in others):
                self._inbox.withdraw(article_id, origin)
                counts.withdrawn += 1

    def _move(self, page: Page, origin: str, article_ids: set[str]) -> None:
        """Withdraw articles of the page from its former origin, after they were added under this one."""
        if page.origin not in ("", origin):
            for article_id in sorted(article_ids & page.articles.keys()):
                self._inbox.withdraw(article_id, page.origin)
        page.origin = origin

    def _set_aside(self, address: str, content: bytes, reason: str) -> None:
        self._quarantine.put(Rejection(Path(address), None, reason), address=address, content=content)


def _origin(address: str, page: Page) -> str:
    return f"feed:{page.found_on}" if page.found_on else f"url:{address}"


def _takes_over(found_on: str, before: str, address: str) -> bool:
    return bool(before) and is_own(found_on, address) and not is_own(before, address)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
