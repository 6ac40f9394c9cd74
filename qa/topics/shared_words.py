"""Weigh the words that two sentences share: rare words weigh more, dates and numbers nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from index.generation.snapshot import Snapshot
from index.language.arabic import normalise, split_words, word_grams
from index.language.function_words import FUNCTION_WORDS
from index.language.quantities import may_start_quantity
from qa.answer.sameness import Said, has_word


@dataclass(frozen=True, slots=True)
class WordWeights:
    """The weight of each content word of an index: 1 plus its mean inverse document frequency; kept for one request."""

    snapshot: Snapshot
    _known: dict[str, float] = field(default_factory=dict)

    def of(self, text: str, left_out: Iterable[tuple[int, int]] = ()) -> dict[str, float]:
        """Weigh the content words of a text, outside the spans `left_out`; numbers are none."""
        for start, end in left_out:
            text = text[:start] + " " * (end - start) + text[end:]
        return {word: self._weight(word) for word in split_words(normalise(text))
                if word not in FUNCTION_WORDS and not may_start_quantity(word)}

    def _weight(self, word: str) -> float:
        if word not in self._known:
            self._known[word] = 1 + float(self.snapshot.lexical.inverse_document_frequency(
                np.array(word_grams(word), np.uint64)).mean())
        return self._known[word]


def share_in_common(one: Mapping[str, float], said_by_one: Said, other: Mapping[str, float], said_by_other: Said
                    ) -> float:
    """Return the share, 0..1, of the word weight of the lighter text that the other has too, in any form."""
    mine, theirs = sum(one.values()), sum(other.values())
    lighter, heavier = (one, said_by_other) if mine <= theirs else (other, said_by_one)
    total = min(mine, theirs)
    return sum(weight for word, weight in lighter.items() if has_word(word, heavier)) / total if total else 0.0
