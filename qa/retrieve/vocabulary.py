"""The words of a snapshot's articles: how often they occur, how they are written, and which are close to another word.

The postings keep grams of words, not words, so the words are read from the articles once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, islice

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein

from index.generation.snapshot import Snapshot
from index.language.arabic import normalise, without_marks, word_grams
from index.language.clitics import stems_for_spelling, without_article
from index.language.scripts import is_arabic_word
from index.language.tokens import tokens

# Read at most about so many bytes of a snapshot's articles: articles spread evenly over it.
MOST_BYTES = 4_000_000
LINES_MEASURED = 100
SHORTEST = 3
# At most this many close words are compared letter by letter.
CLOSE_WORDS = 64
# Only so many words of the articles, the most common ones, are compared with a misspelled one; this bounds the time.
MOST_COMPARED = 100_000
# Letters that sound alike: خاشكجي for خاشقجي. Words are looked for with each letter replaced by the first of its group.
_SOUND_ALIKE = ("قكغج", "طت", "ضظد", "صسث", "ذز", "ءي")
_FOLDED = str.maketrans({letter: group[0] for group in _SOUND_ALIKE for letter in group})
# Letters that look alike, which differ in their dots.
_LOOK_ALIKE = ("جحخ", "دذ", "رز", "سش", "صض", "طظ", "عغ", "فق", "بتثن")
_CONFUSED = frozenset(frozenset(pair) for group in (*_SOUND_ALIKE, *_LOOK_ALIKE) for pair in combinations(group, 2))
_WEAK = frozenset("اويءه")


@dataclass(frozen=True, slots=True)
class CloseWord:
    """A word of the articles that is close to a misspelled one; `cost` grows with the difference, 1 for each letter."""

    word: str
    written: str
    cost: float
    articles: int


class Vocabulary:
    """The words of a snapshot's articles, read on first use. Threads may share it."""

    def __init__(self, snapshot: Snapshot, *, most_bytes: int = MOST_BYTES) -> None:
        """Use the words of `snapshot`; of more than about `most_bytes` of articles, read every n-th only."""
        self._snapshot, self._most_bytes = snapshot, most_bytes

    def knows(self, word: str) -> bool:
        """Tell whether an article has a form of this normalised word; True for words too short to tell.

        Where only a part of the articles is read, a word also counts as known if each of its grams is indexed.
        """
        if len(word) < SHORTEST:
            return True
        if self._step > 1 and self._snapshot.lexical.holds(np.array(word_grams(word), np.uint64)):
            return True
        if word in self._words:
            return True
        if not is_arabic_word(word):
            return False
        return not self._stems.isdisjoint(stems_for_spelling(word))

    def has(self, word: str) -> bool:
        """Tell whether an article has exactly this normalised word."""
        return word in self._words

    def written(self, word: str) -> str:
        """Return the usual spelling of a normalised word; the word itself if no article that is read has it."""
        return self._words.get(word, (0, word))[1]

    @property
    def size(self) -> int:
        """How many different words the articles that are read have."""
        return len(self._words)

    def words(self) -> Iterator[str]:
        """Yield the normalised words of the articles that are read."""
        yield from self._words

    def count(self, word: str) -> int:
        """Return how often the articles that are read have exactly this normalised word, with or without the article.
        """
        return self._words.get(word, (0, ""))[0]

    def close_to(self, word: str, most: float) -> list[CloseWord]:
        """Return the words whose cost of misspelling as the normalised `word` is at most `most`, cheapest first."""
        folded = word.translate(_FOLDED)
        found = process.extract(folded, self._folded, scorer=OSA.distance, score_cutoff=int(2 * most),
                                limit=CLOSE_WORDS)
        close = [CloseWord(each, self._words[each][1], cost, self._words[each][0])
                 for _, _, place in found if (cost := cost_of(word, each := self._listed[place])) <= most]
        return sorted(close, key=lambda found: (found.cost, -found.articles, found.word))

    @cached_property
    def _words(self) -> dict[str, tuple[int, str]]:
        """Map each normalised word, also without its article, to the number of articles and its usual spelling."""
        counts: Counter[str] = Counter()
        for text in self._texts():
            counts.update({match[0] for match in tokens(without_marks(text)) if not match[0].isdecimal()})
        found: dict[str, tuple[int, str]] = {}
        for written, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            for form in {written, without_article(written)}:
                word = normalise(form)
                before = found.get(word, (0, form))
                found[word] = (before[0] + count, before[1])
        return found

    @cached_property
    def _step(self) -> int:
        """Every how many articles one is read; 1 reads all."""
        articles = self._snapshot.articles
        measured = range(0, len(articles), max(1, len(articles) // LINES_MEASURED))
        mean = sum(len(articles.line(row)) for row in measured) / max(1, len(measured))
        return max(1, round(mean * len(articles) / self._most_bytes))

    def _texts(self) -> Iterator[str]:
        articles = self._snapshot.articles
        for row in range(0, len(articles), self._step):
            article = articles[row]
            yield f"{article.title} {article.text}"

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(stem for word in self._words if is_arabic_word(word) for stem in stems_for_spelling(word))

    @cached_property
    def _listed(self) -> list[str]:
        # The words are in order of their counts.
        return list(islice((word for word in self._words if len(word) >= SHORTEST), MOST_COMPARED))

    @cached_property
    def _folded(self) -> list[str]:
        return [word.translate(_FOLDED) for word in self._listed]


def cost_of(misspelled: str, word: str) -> float:
    """Return what it costs to misspell a word as `misspelled`: 1 for each letter, half for confused and weak letters.

    Two neighbouring letters in the wrong order cost 1, a letter written once instead of twice half.
    """
    if sorted(misspelled) == sorted(word) and OSA.distance(misspelled, word) == 1:
        return 1.0
    return sum(_cost(misspelled, word, operation.tag, operation.src_pos, operation.dest_pos)
               for operation in Levenshtein.editops(word, misspelled))


def _cost(misspelled: str, word: str, operation: str, place: int, written_place: int) -> float:
    if operation == "replace":
        one, other = word[place], misspelled[written_place]
        alike = frozenset((one, other)) in _CONFUSED or {one, other} <= _WEAK
        return 0.5 if alike else 1.0
    text, at = (word, place) if operation == "delete" else (misspelled, written_place)
    doubled = text[at] in (text[at - 1:at], text[at + 1:at + 2])
    return 0.5 if doubled or text[at] in _WEAK else 1.0
