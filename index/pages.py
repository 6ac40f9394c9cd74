"""Find the page of a PDF on which a character of an article stands."""

from __future__ import annotations

from bisect import bisect_right

from index.types import Article

PAGES = "pages"
"""Key of `Article.metadata`: the offsets, in code points, at which the pages begin."""


def page_of(article: Article, offset: int) -> int | None:
    """Return the page number, from 1, of the character at `offset`, or None when the article has no pages."""
    starts = article.metadata.get(PAGES)
    if not isinstance(starts, list) or not starts or not all(type(start) is int for start in starts):
        return None
    return max(1, bisect_right(starts, offset))
