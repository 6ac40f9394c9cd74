"""Find the dates that sentences name, reading each part of an article only once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from index.language.dates import Mention, find_dates_near
from index.types import Article, Sentence

# Articles are read in blocks of this many characters, about two passages.
BLOCK_CHARS = 2048


@dataclass(slots=True)
class DatesRead:
    """A cache of the dates in articles, for one request."""

    _of_block: dict[tuple[str, int], list[Mention]] = field(default_factory=dict)

    def within(self, article: Article, sentence: Sentence) -> list[Mention]:
        """List the dates in a sentence whose days are known, in order, with offsets into the article's text."""
        return [mention for block in range(sentence.start // BLOCK_CHARS, -(-sentence.end // BLOCK_CHARS))
                for mention in self._in_block(article, block)
                if mention.days and sentence.start <= mention.start < sentence.end]

    def in_text_of(self, article: Article, sentence: Sentence) -> list[Mention]:
        """List the dates as `within` does, with offsets into the sentence's text."""
        return [replace(mention, start=mention.start - sentence.start, end=mention.end - sentence.start)
                for mention in self.within(article, sentence)]

    def _in_block(self, article: Article, block: int) -> list[Mention]:
        """List the dates that begin in a block."""
        place = article.id, block
        if place not in self._of_block:
            start, end = block * BLOCK_CHARS, (block + 1) * BLOCK_CHARS
            self._of_block[place] = [mention for mention in find_dates_near(
                article.text, start, end, article.published_on) if mention.start >= start]
        return self._of_block[place]
