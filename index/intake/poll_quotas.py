"""Quotas: what one poll may take from one feed, and from all of them together."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024
MAX_PAGES = 50
MAX_ARTICLES = 1000
MAX_MIB = 64
# All feeds of one poll together may take as much as so many feeds.
FEEDS_WORTH = 20
# Addresses remembered of one feed, with those of the sitemaps below it.
MAX_REMEMBERED = 200_000
MAX_SITEMAPS = 1000


@dataclass(frozen=True, slots=True)
class Quotas:
    """What one poll takes at most from each feed, sitemap or list that the user named. Later polls take the rest.

    `pages` limits the listed addresses that are fetched, `articles` the new and changed articles, and `fetched_bytes`
    what is fetched; the answer that passes that limit is still taken.
    """

    pages: int = MAX_PAGES
    articles: int = MAX_ARTICLES
    fetched_bytes: int = MAX_MIB * MIB


@dataclass(slots=True)
class Left:
    """What is left of a quota."""

    pages: int
    articles: int
    fetched_bytes: int

    @classmethod
    def of(cls, quotas: Quotas, feeds: int = 1) -> Left:
        """Return the quota of so many feeds, none of it taken."""
        return cls(feeds * quotas.pages, feeds * quotas.articles, feeds * quotas.fetched_bytes)

    @property
    def allows_more(self) -> bool:
        """Whether another address may be fetched."""
        return self.articles > 0 and self.fetched_bytes > 0

    def take(self, *, pages: int = 0, articles: int = 0, fetched_bytes: int = 0) -> None:
        """Subtract what was taken."""
        self.pages -= pages
        self.articles -= articles
        self.fetched_bytes -= fetched_bytes
