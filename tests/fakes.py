"""Fake embedder whose vectors can be worked out on paper, and fake lexical scores of every passage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.language.arabic import words
from index.model.types import ModelSettings, Vectors
from index.search.lexical import LexicalIndex
from index.search.terms import Terms, passage_terms, question_terms
from index.types import Article, Passage
from qa.retrieve.vocabulary import Vocabulary


class EveryScore(NamedTuple):
    """Fake lexical scores, one value for each passage."""

    bm25: NDArray[np.float32]
    coverage: NDArray[np.float32]


def every_score(index: LexicalIndex, question: str) -> EveryScore:
    return EveryScore(*index.scores_of(question_terms(question), np.arange(len(index.postings.lengths))))


def terms_of(text: str) -> Terms:
    """Return the terms of a passage that is a whole article without title and day."""
    return passage_terms(Article("", text), Passage("", 0, len(text), ()))


class WordEmbedder:
    """A fake embedder: each known word is an axis, and a text is the unit vector of the counts of its known words.

    A text without known words is the last axis.
    """

    def __init__(self, *known_words: str, name: str = "word-embedder") -> None:
        self._axes = {word: axis for axis, known in enumerate(known_words) for word in words(known)}
        self._settings = ModelSettings(name, "fingerprint-of-" + name, len(known_words) + 1, 512, "", "")

    @property
    def settings(self) -> ModelSettings:
        return self._settings

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def embed_query(self, text: str) -> Vectors:
        vector = np.zeros(self._settings.dimension, np.float32)
        for word in words(text):
            if word in self._axes:
                vector[self._axes[word]] += 1
        if not vector.any():
            vector[-1] = 1
        return vector / np.linalg.norm(vector)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return np.array([self.embed_query(text) for text in texts], np.float32).reshape(-1, self._settings.dimension)


class Counted(Vocabulary):
    """A vocabulary of given words, normalised, each with how often it is written."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts

    @property
    def size(self) -> int:
        """The number of words."""
        return len(self._counts)

    def has(self, word: str) -> bool:
        """Tell whether a word is one of them."""
        return word in self._counts

    def count(self, word: str) -> int:
        """Return how often a word is written."""
        return self._counts.get(word, 0)
