"""Browse the articles of an index: the newest, or those that contain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from index.generation.snapshot import Snapshot
from index.types import Article
from qa.notice import Notice
from qa.question.parsed import parse_question
from qa.retrieve.narrowing import notices_of
from qa.retrieve.retriever import allowed_articles, allowed_rows
from qa.topics.about import articles_with
from qa.types.filters import Filters


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """One page of articles, and the total number of articles."""

    total: int
    articles: tuple[Article, ...]
    notices: tuple[Notice, ...] = ()


def browse(snapshot: Snapshot, filters: Filters, *, offset: int, limit: int, words: str = "") -> ArticlePage:
    """Return a page of the articles that the filters admit.

    With `words`, only articles that contain them, best first; without, newest first and undated ones last.
    """
    if words:
        rows = np.array(articles_with(snapshot, parse_question(words), allowed_rows(snapshot, filters)), np.int64)
    else:
        allowed = allowed_articles(snapshot, filters)
        newest = snapshot.articles.newest_first
        rows = newest if allowed is None else newest[allowed[newest]]
    shown = rows[offset:offset + limit].tolist()
    return ArticlePage(len(rows), tuple(snapshot.articles[row] for row in shown), notices_of(snapshot, filters))


def days_of(snapshot: Snapshot) -> tuple[date, date] | None:
    """Return the first and the last day on which an article was published; None if no article is dated."""
    dated = snapshot.articles.published_days
    dated = dated[dated > 0]
    if not len(dated):
        return None
    return date.fromordinal(int(dated.min())), date.fromordinal(int(dated.max()))
