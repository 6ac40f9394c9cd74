"""Define what is stored: articles, and the passages and sentences that point into their texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it was read. `text` never changes, because every offset points into it.

    `published` is an ISO 8601 date or date and time, empty when unknown.
    `metadata` holds the keys of the input that are not fields of this class, as JSON values.
    """

    id: str
    text: str
    title: str = ""
    source: str = ""
    url: str = ""
    published: str = ""
    author: str = ""
    language: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def published_on(self) -> date | None:
        """Return the day of publication in the article's own time zone, or None when unknown."""
        return datetime.fromisoformat(self.published).date() if self.published else None

    @property
    def published_at(self) -> datetime | None:
        """Return the moment of publication for sorting, or None when unknown.

        A date without a time counts as midnight, and a time without a zone as UTC.
        """
        if not self.published:
            return None
        moment = datetime.fromisoformat(self.published)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an article: `article.text[start:end]`, offsets in code points.

    `heading` is the span of the heading above the sentence, and `lead_in`, for a list item, the span of the line that
    introduces the list; each is an empty span where the text has none.
    """

    start: int
    end: int
    is_heading: bool = False
    heading: tuple[int, int] = (0, 0)
    lead_in: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive whole sentences of one article: `article.text[start:end]`, offsets in code points."""

    article_id: str
    start: int
    end: int
    sentences: tuple[Sentence, ...]
