"""The JSON of an article without its text."""

from __future__ import annotations

from index.types import Article
from qa import contract


def summary(article: Article) -> contract.ArticleSummary:
    """Describe an article without its text. Unknown values are null, except title and source, which are empty."""
    return {"id": article.id, "title": article.title, "source": article.source, "url": article.url or None,
            "published": article.published or None, "author": article.author or None,
            "language": article.language or None, "characters": len(article.text)}


def origin(article: Article) -> contract.Origin:
    """Describe the article of a place."""
    return {"article_id": article.id, "title": article.title, "source": article.source, "url": article.url or None,
            "published": article.published or None}
