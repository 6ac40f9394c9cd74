"""Confine an article that came over the network to the site that sent it: its id, its address and its date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from index.generation.trust import CLAIMED_URL
from index.sources.canonical import address_id, site_of
from index.sources.records import DATE_AS_READ, MAX_ID_CHARS, short_hash
from index.types import Article

# A date of publication further ahead is not believed. Clocks differ, and a day begins 14 hours earlier in Kiribati.
MAX_AHEAD = timedelta(days=1)


def confined(article: Article, sent_by: Sequence[str], now: float) -> Article:
    """Return the article with what its sender may say of it. `now` is in seconds since 1970.

    `sent_by` are the addresses that vouch for the answer: the one that was named, if the operator named it, and the one
    that answered. An address on another site than these goes to the metadata, as `url_as_read`. An id is kept if it is
    that of the article's address; any other becomes `ID@SITE`, with the site of the first of `sent_by`. A date that
    lies ahead goes to the metadata, as `published_as_read`.
    """
    url, published, metadata = article.url, article.published, dict(article.metadata)
    if url and site_of(url) not in {site_of(address) for address in sent_by}:
        metadata[CLAIMED_URL], url = url, ""
    at = article.published_at
    if at is not None and at - MAX_AHEAD > datetime.fromtimestamp(now, UTC):
        metadata[DATE_AS_READ], published = published, ""
    article_id = article.id if url and article.id == address_id(url) else _within(site_of(sent_by[0]), article.id)
    return replace(article, id=article_id, url=url, published=published, metadata=metadata)


def is_own(listing: str, address: str) -> bool:
    """Tell whether a feed, sitemap or list is on the same site as an address that it lists."""
    return site_of(listing) == site_of(address)


def _within(site: str, article_id: str) -> str:
    within = f"{article_id}@{site}"
    return within if len(within) <= MAX_ID_CHARS else f"{short_hash(article_id)}@{site}"
