"""Rank the origins of an article, and decide which copy of a text comes first. docs/trust.md describes the model."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from index.sources.canonical import site_of
from index.types import Article

API, FILE, FEED, PAGE = "api", "file:", "feed:", "url:"
# Key of an article's metadata: an address that it claimed, but that belongs to another site.
CLAIMED_URL = "url_as_read"


class Rank(IntEnum):
    """How far an origin is believed about an article. A lower rank never changes what a higher one said."""

    ANOTHER_SITE = 0
    OWN_SITE = 1
    OPERATOR = 2


def is_operators(origin: str) -> bool:
    """Tell whether the operator brought it: by a file, or through the API with the token."""
    return origin == API or origin.startswith(FILE)


def rank_of(origin: str, article: Article) -> Rank:
    """Return the rank of `file:PATH`, `api`, `feed:URL` or `url:URL` for what it said, the article."""
    if is_operators(origin):
        return Rank.OPERATOR
    home = _home_of(article)
    return Rank.OWN_SITE if home and home == site_of(origin.partition(":")[2]) else Rank.ANOTHER_SITE


Precedence = tuple[int, float, str]


def precedence(article: Article, origins: Iterable[str], seen: str) -> Precedence:
    """Return the sort key that puts the copy to be cited first. Copies with equal keys keep their order.

    `seen` is the time when this title and text was first read there (ISO 8601, UTC).
    What the operator brought comes first, by its date, undated copies last. Then comes what a site says of its own
    articles, then the rest, both by when this program first saw the text there: a date is what the claimant wrote.
    """
    rank = max((rank_of(origin, article) for origin in origins), default=Rank.OPERATOR)
    if rank == Rank.OPERATOR:
        published = article.published_at
        return 0, published.timestamp() if published else float("inf"), ""
    return Rank.OPERATOR - rank, 0.0, seen


def _home_of(article: Article) -> str:
    """Return the site of the article's address; without one, the site in which its id was given (`ID@SITE`)."""
    if article.url:
        return site_of(article.url)
    return article.id.rpartition("@")[2] if "@" in article.id and CLAIMED_URL not in article.metadata else ""
