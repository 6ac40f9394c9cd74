"""The dates that sentences name, each article's read once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from index.language.dates import Mention, find_dates
from index.types import Article, Sentence


@dataclass(slots=True)
class DatesRead:
    """Reads the dates of articles as they are asked for; for the time of one request."""

    _of_article: dict[str, list[Mention]] = field(default_factory=dict)

    def within(self, article: Article, sentence: Sentence) -> list[Mention]:
        """The dates in that sentence whose days are known, in order; their places are those in the article's text."""
        if article.id not in self._of_article:
            self._of_article[article.id] = find_dates(article.text, article.published_on)
        return [mention for mention in self._of_article[article.id]
                if mention.days and sentence.start <= mention.start < sentence.end]

    def in_text_of(self, article: Article, sentence: Sentence) -> list[Mention]:
        """As `within`, their places those in the sentence's own text."""
        return [replace(mention, start=mention.start - sentence.start, end=mention.end - sentence.start)
                for mention in self.within(article, sentence)]
