"""Cuts an article into passages of whole sentences, sized in the embedding model's tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from math import ceil
from typing import Any

from index.language.arabic import without_marks
from index.language.sentences import split_sentences
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
    """What stands in front of every passage and sentence of the article when it is indexed: its title and day."""
    return " · ".join(part for part in (article.title.strip(), article.published[:10]) if part)


def passage_text(article: Article, passage: Passage) -> str:
    """The passage as it is searched for words: its context, then its text."""
    return _below(context_of(article), article.text[passage.start:passage.end])


def sentence_text(article: Article, sentence: Sentence) -> str:
    """The sentence as it is embedded: the article's context, its heading and the line its list hangs on, itself, all
    `without_marks`."""
    spans = (sentence.heading, sentence.lead_in)
    hangs_on = " ".join(article.text[start:end] for start, end in spans if end > start)
    return without_marks(_below(context_of(article), _below(hangs_on, article.text[sentence.start:sentence.end])))


def embedded_places(passage: Passage) -> list[int]:
    """Which sentences get vectors, whose mean is the passage's: all but headings, which stand in the texts of those
    below them. A passage of headings alone has nothing else."""
    places = range(len(passage.sentences))
    return [place for place in places if not passage.sentences[place].is_heading] or list(places)


def cut_passages(article: Article, count_tokens: CountTokens, chunking: Chunking) -> list[Passage]:
    """Passages that hold every sentence of the article once, in order, each of about the same number of tokens.

    A heading stays with the sentence after it. Such a pair, or a sentence, longer than `max_tokens` is a passage of its
    own.
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
    """Indices at which a passage begins, and the number of sentences at the end. None comes right after a heading."""
    may_begin = [number for number in range(len(sentences)) if not number or not sentences[number - 1].is_heading]
    groups = [(first, sum(sizes[first:end])) for first, end in pairwise([*may_begin, len(sentences)])]
    count = max(1, ceil(sum(sizes) / max_tokens))
    # Whole sentences may need more passages than their sum does; sized for too few, the last would be a crumb.
    while len(boundaries := _cut(groups, sum(sizes) / count, max_tokens)) > count:
        count = len(boundaries)
    return [*boundaries, len(sentences)]


def _cut(groups: Sequence[tuple[int, int]], target: float, max_tokens: int) -> list[int]:
    """Where passages of about `target` tokens begin; a group is its first sentence and its tokens."""
    boundaries, size, done = [0], 0, 0
    for first, tokens in groups:
        if size and (size + tokens > max_tokens or done + tokens / 2 > target * len(boundaries)):
            boundaries.append(first)
            size = 0
        size += tokens
        done += tokens
    return boundaries
