"""Tell how far what a reader found in one article is found in others too: two that say the same are likelier right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from index.language.arabic import normalise, split_words, word_grams
from index.language.function_words import FUNCTION_WORDS
from qa.question.parsed import ParsedQuestion

# Articles beyond so many agreements add nothing.
MOST_CORROBORATION = 2.0


@dataclass(frozen=True, slots=True)
class Found:
    """What a reader found in a sentence: its article's id, the grams of the span's words, and the span's lead."""

    article_id: str
    grams: frozenset[int]
    lead: float

    @classmethod
    def of(cls, article_id: str, span: str, lead: float, question: ParsedQuestion) -> Found:
        """Read a span; words of the question in it and function words say nothing of the answer."""
        asked = question.wanted.content
        words = (word for word in split_words(normalise(span)) if word not in FUNCTION_WORDS and word not in asked)
        return cls(article_id, frozenset().union(*map(word_grams, words)), lead)

    def agreement(self, other: Found) -> float:
        """Return how far the other says the same, 0..1: the share of common grams (Jaccard) times how sure it is."""
        common = len(self.grams & other.grams)
        if not common:
            return 0.0
        return common / (len(self.grams) + len(other.grams) - common) / (1 + exp(-other.lead))


def corroborations(found: Sequence[Found]) -> list[float]:
    """Return for each span how far spans of other articles agree with it, 0..`MOST_CORROBORATION`.

    Each other article counts once, with the span that agrees most.
    """
    corroborated = []
    for each in found:
        of_article: dict[str, float] = {}
        for other in found:
            if other.article_id != each.article_id:
                of_article[other.article_id] = max(of_article.get(other.article_id, 0.0), each.agreement(other))
        corroborated.append(min(MOST_CORROBORATION, sum(of_article.values())))
    return corroborated
