"""Read whole articles for what the sentences that were found may lack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.language.sentences import split_sentences
from index.types import Article
from qa.answer.ranking import RankedSentence

# Longer articles are not read for what they may lack, since a premise that they may bear out is not false.
MAX_CHARS_READ = 60_000


def articles(ranked: Sequence[RankedSentence]) -> list[Article]:
    """List the articles of the sentences, each once."""
    return list({each.article.id: each.article for each in ranked}.values())


def title_and_text(article: Article) -> str:
    """Return what is read of an article: its title and its text."""
    return f"{article.title}\n{article.text}"


def sentences_of(article: Article) -> Iterator[str]:
    """Yield the sentences of an article, verbatim, without its title."""
    yield from (article.text[sentence.start:sentence.end] for sentence in split_sentences(article.text))


def is_too_long(article: Article) -> bool:
    """Tell whether an article is too long to be read for what it may lack."""
    return len(article.text) > MAX_CHARS_READ
