"""Cut an article into passages of whole sentences, sized in the embedding model's tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from math import ceil
from typing import Any

from index.language.arabic import without_marks
from index.language.sentences import split_sentences
from index.types import Article, Passage, Sentence

# Of a longer title, the context has only the beginning: it is repeated before each passage and sentence.
MAX_CONTEXT_TITLE_CHARS = 300

CountTokens = Callable[[Sequence[str]], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Chunking:
    """Settings for cutting passages.

    `max_tokens` counts the passage's text alone, without the title, the prompt and special tokens.
    """

    max_tokens: int = 192
    version: int = 2

    def as_json(self) -> dict[str, Any]:
        """Return the settings as they are stored in a snapshot's manifest."""
        return asdict(self)


def context_of(article: Article) -> str:
    """Return the article's title and day, the line put before each of its passages and sentences when indexing.

    A title longer than `MAX_CONTEXT_TITLE_CHARS` is cut there.
    """
    return " · ".join(part for part in (indexed_title(article), article.published[:10]) if part)


def indexed_title(article: Article) -> str:
    """Return the part of the article's title that is indexed with each of its passages and sentences."""
    return article.title.strip()[:MAX_CONTEXT_TITLE_CHARS].rstrip()


def passage_text(article: Article, passage: Passage) -> str:
    """Return the passage's text for lexical search: the article's context line, then the passage."""
    return _below(context_of(article), article.text[passage.start:passage.end])


def sentence_text(article: Article, sentence: Sentence) -> str:
    """Return the sentence's text for the embedding model, `without_marks`.

    It has up to three lines: the article's context; the sentence's heading and the line that introduces its list; the
    sentence itself.
    """
    spans = (sentence.heading, sentence.lead_in)
    introduction = " ".join(article.text[start:end] for start, end in spans if end > start)
    return without_marks(_below(context_of(article), _below(introduction, article.text[sentence.start:sentence.end])))


def embedded_places(passage: Passage) -> list[int]:
    """Return the places of the passage's sentences that are embedded; the passage's vector is the mean of theirs.

    Headings are left out, because they are part of the texts of the sentences below them. In a passage of headings
    alone, all are embedded.
    """
    places = range(len(passage.sentences))
    return [place for place in places if not passage.sentences[place].is_heading] or list(places)


def cut_passages(article: Article, count_tokens: CountTokens, chunking: Chunking) -> list[Passage]:
    """Cut the article into passages of about equal numbers of tokens; each sentence is in exactly one, in order.

    A heading stays with the sentence after it. A sentence longer than `max_tokens`, or a heading and sentence that are
    longer together, make a passage of their own.
    """
    text = article.text
    sentences = split_sentences(text)
    if not sentences:
        return []
    sizes = count_tokens([text[sentence.start:sentence.end] for sentence in sentences])
    return [Passage(article.id, sentences[first].start, sentences[last - 1].end, tuple(sentences[first:last]))
            for first, last in pairwise(_boundaries(sentences, sizes, chunking.max_tokens))]


def _below(line: str, text: str) -> str:
    return f"{line}\n{text}" if line else text


def _boundaries(sentences: Sequence[Sentence], sizes: Sequence[int], max_tokens: int) -> list[int]:
    """Return the index of each passage's first sentence, then the number of sentences.

    No passage begins right after a heading.
    """
    may_begin = [number for number in range(len(sentences)) if not number or not sentences[number - 1].is_heading]
    groups = [(first, sum(sizes[first:end])) for first, end in pairwise([*may_begin, len(sentences)])]
    count = max(1, ceil(sum(sizes) / max_tokens))
    # Because sentences stay whole, more passages may be needed than the total of tokens suggests. Cut again for the
    # larger number then: with the first target size, the last passage would be tiny.
    while len(boundaries := _cut(groups, sum(sizes) / count, max_tokens)) > count:
        count = len(boundaries)
    return [*boundaries, len(sentences)]


def _cut(groups: Sequence[tuple[int, int]], target: float, max_tokens: int) -> list[int]:
    """Return the first sentence of each passage of about `target` tokens.

    A group is sentences that stay together: the index of the first, and the tokens of all.
    """
    boundaries, size, done = [0], 0, 0
    for first, tokens in groups:
        if size and (size + tokens > max_tokens or done + tokens / 2 > target * len(boundaries)):
            boundaries.append(first)
            size = 0
        size += tokens
        done += tokens
    return boundaries
