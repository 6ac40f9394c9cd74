"""Cuts an article into passages of whole sentences, sized in the embedding model's tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from math import ceil
from typing import Any

from index.sentences import split_sentences
from index.types import Article, Passage, Sentence

CountTokens = Callable[[Sequence[str]], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Chunking:
    """How passages are cut. `max_tokens` counts the text alone, without the title, the prompt and special tokens."""

    max_tokens: int = 192
    version: int = 1

    def as_json(self) -> dict[str, Any]:
        """What a snapshot's manifest holds."""
        return asdict(self)


def context_of(article: Article) -> str:
    """What stands in front of every passage of the article for embedding and lexical search: its title and day."""
    return " · ".join(part for part in (article.title.strip(), article.published[:10]) if part)


def passage_text(article: Article, passage: Passage) -> str:
    """The passage as it is embedded and searched: its context, then its text."""
    return _below(context_of(article), article.text[passage.start:passage.end])


def sentence_text(article: Article, sentence: Sentence) -> str:
    """The sentence as it is embedded: the article's context, its heading and the line its list hangs on, itself."""
    spans = (sentence.heading, sentence.lead_in)
    hangs_on = " ".join(article.text[start:end] for start, end in spans if end > start)
    return _below(context_of(article), _below(hangs_on, article.text[sentence.start:sentence.end]))


def cut_passages(article: Article, count_tokens: CountTokens, chunking: Chunking) -> list[Passage]:
    """Passages that hold every sentence of the article once, in order, each of about the same number of tokens.

    A heading stays with the sentence after it. A sentence longer than `max_tokens` is a passage of its own.
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
    """Indices at which a passage begins, and the number of sentences at the end."""
    total = sum(sizes)
    target = total / ceil(total / max_tokens) if total else max_tokens
    boundaries, size, done = [0], 0, 0
    for number, tokens in enumerate(sizes):
        begins_here = size + tokens > max_tokens or (size and done + tokens / 2 > target * len(boundaries))
        if size and begins_here:
            boundaries.append(number)
            size = 0
        size += tokens
        done += tokens
    return [*_before_headings(boundaries, sentences), len(sentences)]


def _before_headings(boundaries: Sequence[int], sentences: Sequence[Sentence]) -> list[int]:
    """The boundaries moved back so that no passage ends in a heading; a passage of headings alone is merged."""
    moved = [0]
    for boundary in boundaries[1:]:
        while boundary > moved[-1] and sentences[boundary - 1].is_heading:
            boundary -= 1
        if boundary > moved[-1]:
            moved.append(boundary)
    return moved
