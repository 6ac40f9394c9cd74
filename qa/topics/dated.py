"""Find the dates that sentences name, reading each article only once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from index.language.dates import Mention, find_dates
from index.types import Article, Sentence


@dataclass(slots=True)
class DatesRead:
    """A cache of the dates in articles, for one request."""

    _of_article: dict[str, list[Mention]] = field(default_factory=dict)

    def within(self, article: Article, sentence: Sentence) -> list[Mention]:
        """List the dates in a sentence whose days are known, in order, with offsets into the article's text."""
        if article.id not in self._of_article:
            self._of_article[article.id] = find_dates(article.text, article.published_on)
        return [mention for mention in self._of_article[article.id]
                if mention.days and sentence.start <= mention.start < sentence.end]

    def in_text_of(self, article: Article, sentence: Sentence) -> list[Mention]:
        """List the dates as `within` does, with offsets into the sentence's text."""
        return [replace(mention, start=mention.start - sentence.start, end=mention.end - sentence.start)
                for mention in self.within(article, sentence)]
