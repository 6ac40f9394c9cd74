"""Poll pages: read each page when it is due, add its new and changed articles to the inbox, withdraw vanished articles.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from index.errors import FetchError
from index.intake.confinement import confined, is_own
from index.intake.inbox import Inbox
from index.intake.poll_memory import Memory, Page
from index.intake.poll_report import Counts, RejectedAddress
from index.intake.poll_schedule import MAX_RECHECK_S, Schedule
from index.intake.quarantine import Quarantine
from index.sources.fetch.fetching import Fetched, Fetcher
from index.sources.files import read_document
from index.sources.rejections import RejectedError, Rejection
from index.sources.types import PlacedArticle

# Polls in a row that must get a 404 before a page's articles are withdrawn: one alone may be a fault of the server.
POLLS_UNTIL_MISSING = 2


class PolledPages:
    """Poll the pages in `memory`. A document that cannot be read goes to the quarantine."""

    def __init__(self, memory: Memory, fetcher: Fetcher, inbox: Inbox, quarantine: Quarantine,
                 schedule: Schedule) -> None:
        self._memory, self._fetcher, self._inbox = memory, fetcher, inbox
        self._quarantine, self._schedule = quarantine, schedule

    def due(self, now: float) -> list[str]:
        """Return the addresses of the pages that are due, the longest overdue first.

        Pages that the user named are left out, because they are polled as sources.
        """
        pages = self._memory.pages
        return sorted((address for address, page in pages.items()
                       if page.due <= now and address not in self._memory.sources), key=lambda a: pages[a].due)

    def note(self, address: str, found_on: str, marker: str, published: str, now: float) -> None:
        """Make a page due now if it is new, or if `marker` differs from the one that `found_on` gave for it before.

        A listing on the page's own site takes a page over that another site had listed first.
        """
        page = self._memory.pages.get(address)
        if page is None:
            self._memory.pages[address] = Page(found_on, marker, published, due=now)
        elif (page.found_on == found_on and marker != page.marker) or _takes_over(found_on, page.found_on, address):
            page.found_on, page.marker, page.published, page.due, page.failures = found_on, marker, published, now, 0
            page.etag = page.last_modified = ""

    def poll(self, address: str, page: Page, now: float, counts: Counts) -> None:
        """Fetch one page and process the server's answer."""
        try:
            counts.read += 1
            fetched = self._fetcher.get(address, etag=page.etag, last_modified=page.last_modified,
                                        found_on=page.found_on)
        except FetchError as error:
            self._schedule.fail(error.address, page, now, error, counts)
            return
        self.take(address, page, fetched, now, counts)

    def take(self, address: str, page: Page, fetched: Fetched, now: float, counts: Counts) -> None:
        """Process the answer for one page: add its changed articles, or withdraw its articles if the page is gone."""
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
        elif fetched.status == 200:
            self._read(address, page, fetched, now, counts)
        else:
            self._schedule.refuse(address, page, now, fetched, counts)

    def _read(self, address: str, page: Page, fetched: Fetched, now: float, counts: Counts) -> None:
        name = fetched.address.split("?")[0].rstrip("/").rpartition("/")[2] or "page"
        try:
            outcomes = read_document(fetched.content, name=name, address=fetched.address,
                                     content_type=fetched.content_type)
        except RejectedError as error:
            self._set_aside(address, fetched.content, error.reason)
            self._schedule.fail(address, page, now, error, counts)
            return
        articles, faults = {}, []
        origin, before = _origin(address, page), dict(page.articles)
        known = before if origin == (page.origin or origin) else {}
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
            else:
                try:
                    self._inbox.add(article, origin)
                except RejectedError as error:
                    faults.append(error.reason)
                    continue
                counts.new += article.id not in before
                counts.changed += article.id in before
            articles[article.id] = digest
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

    def _withdraw(self, address: str, page: Page, article_ids: set[str], counts: Counts) -> None:
        """Withdraw these articles from the page's origin, except those that it has on another page too."""
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
