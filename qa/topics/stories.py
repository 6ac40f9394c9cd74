"""Group the newest articles by the story that they tell, for a first look at what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from index.generation.snapshot import Snapshot
from index.types import Article
from qa.answer.sameness import Said
from qa.topics.shared_words import WordWeights, share_in_common

# So many of the newest articles are looked at, whatever the size of the index.
ARTICLES_GROUPED = 120
# The first sentences of an article tell what it is about.
LEAD_SENTENCES = 4
LEAD_CHARS = 600
# Two articles tell one story if they were published so close together, if the cosine of their leads and the share of
# word weight that their titles and leads have in common reach these, and both together this. Of the 75 most alike pairs
# among 400 news articles, those about one event reach it, and those about the same kind of thing do not.
PUBLISHED_WITHIN = timedelta(days=3)
MIN_COSINE, MIN_SHARE, SAME_STORY = 0.84, 0.34, 1.25
# An article is compared with at most so many of a story.
MAX_COMPARED = 8


@dataclass(frozen=True, slots=True)
class Story:
    """Articles that tell one story, newest first; `head` stands for them."""

    articles: tuple[Article, ...]

    @property
    def head(self) -> Article:
        """The newest article."""
        return self.articles[0]

    @property
    def others(self) -> tuple[Article, ...]:
        """The other articles, newest first."""
        return self.articles[1:]

    @property
    def other_sources(self) -> int:
        """How many sources besides that of the head tell the story."""
        return len({article.source for article in self.others if article.source} - {self.head.source})


@dataclass(frozen=True, slots=True)
class _Lead:
    """An article's title and first sentences: their weighed words and, in `said`, their forms."""

    article: Article
    weights: Mapping[str, float]
    said: Said


def newest_stories(snapshot: Snapshot, count: int) -> list[Story]:
    """Return up to `count` stories of the newest `ARTICLES_GROUPED` articles, by their newest article.

    All articles of a story were published within `PUBLISHED_WITHIN` of the newest one.
    """
    rows = snapshot.articles.newest_first[:ARTICLES_GROUPED].tolist()
    weights = WordWeights(snapshot)
    leads = [_lead(snapshot.articles[row], weights) for row in rows]
    vectors = _vectors(snapshot, rows)
    cosines = vectors @ vectors.T
    groups: list[list[int]] = []
    for place in range(len(rows)):
        group = next((group for group in groups if _are_close_in_time(leads[group[0]], leads[place]) and any(
            _is_same_story(leads[member], leads[place], float(cosines[member, place]))
            for member in group[:MAX_COMPARED])), None)
        if group is None:
            groups.append([place])
        else:
            group.append(place)
    return [Story(tuple(leads[place].article for place in group)) for group in groups[:count]]


def _lead(article: Article, weights: WordWeights) -> _Lead:
    text = f"{article.title}. {article.text[:LEAD_CHARS]}"
    return _Lead(article, weights.of(text), Said.of(text))


def _vectors(snapshot: Snapshot, rows: Sequence[int]) -> NDArray[np.float32]:
    """Return the mean vector, of unit length, of the first sentences of each article; (rows, dimension)."""
    found = np.zeros((len(rows), snapshot.model.dimension), np.float32)
    for place, row in enumerate(rows):
        first, sentences = snapshot.tables.all_sentences(row)
        own = snapshot.tables.sentence_vectors[first:first + min(len(sentences), LEAD_SENTENCES)].astype(np.float32)
        if len(own):
            found[place] = own.mean(axis=0)
    lengths: NDArray[np.float32] = np.linalg.norm(found, axis=1, keepdims=True)
    lengths[lengths == 0] = 1
    found /= lengths
    return found


def _are_close_in_time(one: _Lead, other: _Lead) -> bool:
    """Tell whether two articles were published close together; of one without a date it is not known."""
    days = (one.article.published_on, other.article.published_on)
    return None not in days and abs(days[0] - days[1]) <= PUBLISHED_WITHIN  # type: ignore[operator]


def _is_same_story(one: _Lead, other: _Lead, cosine: float) -> bool:
    if cosine < MIN_COSINE:
        return False
    share = share_in_common(one.weights, one.said, other.weights, other.said)
    return share >= MIN_SHARE and cosine + share >= SAME_STORY
