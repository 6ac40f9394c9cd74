"""What is stored: articles, and the passages and sentences that point into their text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it was read. `text` is never changed afterwards: every offset points into it.

    `published` is an ISO 8601 date or date and time, or empty when unknown.
    `metadata` holds the keys of the input that are not fields here, as JSON values.
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
        """The day of publication as the article's own time zone counts it, or None when unknown."""
        return datetime.fromisoformat(self.published).date() if self.published else None

    @property
    def published_at(self) -> datetime | None:
        """The moment of publication, for ordering: a day begins at midnight, UTC where no zone is named."""
        if not self.published:
            return None
        moment = datetime.fromisoformat(self.published)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an article: `article.text[start:end]`, offsets in code points.

    `heading` and `lead_in` are spans of the same text that the sentence hangs on: the heading it stands under and,
    for an item of a list, the line that introduces the list. Both are empty spans when there is none.
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
