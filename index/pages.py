"""Pages of articles that were read from PDF."""

from __future__ import annotations

from bisect import bisect_right

from index.types import Article

PAGES = "pages"
"""The key of `Article.metadata` with the offsets, in code points, at which the pages begin."""


def page_of(article: Article, offset: int) -> int | None:
    """The page, counted from 1, on which the character at `offset` stands; None where the article has no pages."""
    starts = article.metadata.get(PAGES)
    if not isinstance(starts, list) or not starts or not all(type(start) is int for start in starts):
        return None
    return max(1, bisect_right(starts, offset))
