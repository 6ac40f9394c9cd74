"""Work out the words that an answer should have, and score how well a sentence matches them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import mul

import numpy as np

from index.language.arabic import grams, normalise, skeleton, split_words, word_grams
from index.language.function_words import (
    ASKING_WORDS,
    AUXILIARY_WORDS,
    COUNTED_AFTER,
    FRENCH_FUNCTION_WORDS,
    FUNCTION_WORDS,
    WHICH,
)
from index.language.quantities import may_start_quantity
from index.language.tokens import compared_words
from index.search.protocols import LexicalSearch
from qa.question.languages import Language
from qa.question.lexicon import alternatives
from qa.question.names import spellings_of_names

# A word found by its root alone counts for less than one found as written.
SKELETON_CREDIT = 0.8
# Factor on the weight of the word right behind one of `WHICH`.
FOCUS_WEIGHT = 4.0
# A counted noun is looked for within this many words behind a number, or right before it.
COUNTED_WITHIN = 3
# A word is a form of the counted noun if it has this share of the noun's grams.
_SAME_WORD = 0.5
_MIN_STEM_CHARS = 3
# "What is the age of" asks for a count, as "how old" does.
_WHAT, _AGE = compared_words("ما وما"), compared_words("عمر سن")
# Neutral score when there is nothing to match.
NEUTRAL_SCORE = 0.5

_Alternatives = tuple[tuple[frozenset[int], str], ...]


@dataclass(frozen=True, slots=True)
class Analysed:
    """The normalised words of a text, and the sets of their grams and skeletons, for matching."""

    words: tuple[str, ...]
    grams: frozenset[int]
    skeletons: frozenset[str]

    @classmethod
    def of(cls, normalised: str) -> Analysed:
        """Analyse a normalised text."""
        found = split_words(normalised)
        return cls(tuple(found), frozenset().union(*map(word_grams, found)), frozenset(map(skeleton, found)))

    def __or__(self, other: Analysed) -> Analysed:
        return Analysed(self.words + other.words, self.grams | other.grams, self.skeletons | other.skeletons)


@dataclass(frozen=True, slots=True)
class WantedWords:
    """The words of a question that an answer should have, as far as known without an index.

    `content` are the content words, normalised and in order. `forms` has, for each, the word and its alternatives: none
    for an Arabic word, Arabic translations for another. `focus` are the words right behind "which". `asked_about` is
    the first content word behind the question word, most often its verb, or None. `counted` are the forms of the noun
    that "how many" counts, empty if there is none. `names` are the names that the lexicon lacks, as written.
    """

    language: Language
    content: tuple[str, ...]
    forms: tuple[tuple[str, ...], ...]
    focus: frozenset[str]
    asked_about: str | None
    counted: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, words: Sequence[str], names: tuple[str, ...], language: Language) -> WantedWords:
        """Find the wanted words among the normalised words of a question."""
        function_words = FUNCTION_WORDS | FRENCH_FUNCTION_WORDS if language is Language.FRENCH else FUNCTION_WORDS
        content = [word for word in words if word not in function_words] or words
        counted = _counted(words)
        return cls(language, tuple(content), tuple(_forms(word, language) for word in content),
                   frozenset(after for asking, after in pairwise(words) if asking in WHICH),
                   _asked_about(words, function_words), _forms(counted, language) if counted else (), names)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The content words of a question with their alternatives and weights, to match texts of one index against.

    An Arabic word has one alternative, itself; a word of another language also has its Arabic translations, and a name
    its Arabic spellings. An alternative is a pair of grams and skeleton. `weights` sum to 1. `asked_about` is the index
    of the first content word behind the question word, most often its verb, or None. `counted` are the forms of the
    noun that "how many" counts, empty if there is none.
    """

    alternatives: tuple[_Alternatives, ...]
    weights: tuple[float, ...]
    asked_about: int | None
    counted: tuple[str, ...]

    @classmethod
    def of(cls, words: WantedWords, lexical: LexicalSearch) -> Wanted:
        """Add alternatives and weights from an index to the wanted words."""
        names = spellings_of_names(words.names, lexical)
        forms = {word: (word, *names[word]) if word in names else known
                 for word, known in zip(words.content, words.forms, strict=True)}
        content = words.content if words.language is Language.ARABIC \
            else _findable(words.content, forms, lexical)
        analysed = [_analysed(forms[word]) for word in content]
        weights = [_weight(of_word, lexical) for of_word in analysed]
        weights = [weight * (FOCUS_WEIGHT if word in words.focus else 1)
                   for word, weight in zip(content, weights, strict=True)]
        total = sum(weights) or 1.0
        return cls(tuple(analysed), tuple(weight / total for weight in weights),
                   content.index(words.asked_about) if words.asked_about in content else None, words.counted)

    def found_each(self, text: Analysed) -> list[float]:
        """Score how well the text matches each word, 0..1."""
        return [_found(*of_word[0], text) if len(of_word) == 1 else max(_found(*form, text) for form in of_word)
                for of_word in self.alternatives]

    def share(self, found: Sequence[float]) -> float:
        """Return the weighted sum, 0..1, of the scores of `found_each`."""
        share: float = sum(map(mul, self.weights, found))
        return share

    def share_of_new(self, found: Sequence[float], in_title: Sequence[float]) -> float:
        """Return the weighted share, 0..1, of the words missing from the title that the text has.

        Return `NEUTRAL_SCORE` if the title lacks no word. Both arguments are scores of `found_each`.
        """
        left = [weight * (1 - each) for weight, each in zip(self.weights, in_title, strict=True)]
        total = sum(left)
        if total <= 1e-3:
            return NEUTRAL_SCORE
        share: float = sum(map(mul, left, found)) / total
        return share

    def asked_word_found(self, found: Sequence[float]) -> float:
        """Return the score of the word `asked_about`; `NEUTRAL_SCORE` if the question has none."""
        return NEUTRAL_SCORE if self.asked_about is None else found[self.asked_about]

    def counts(self, text: Analysed) -> bool:
        """Tell whether the text has a number beside the noun that the question counts."""
        if not self.counted:
            return False
        numbers = _places_of_numbers(text.words)
        return any(is_form_of(text.words[place], form) for form in self.counted
                   for number in numbers for place in range(number - 1, number + COUNTED_WITHIN + 1)
                   if place != number and 0 <= place < len(text.words))


@lru_cache(maxsize=1024)
def _places_of_numbers(words: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(place for place, word in enumerate(words) if may_start_quantity(word))


def _findable(content: Sequence[str], forms: Mapping[str, Sequence[str]], lexical: LexicalSearch) -> Sequence[str]:
    """Drop words that cannot be found: those that have no alternatives and are not in the index.

    Keep all if the index has at least half of them as they are: then it is in their language, and a missing word is
    evidence.
    """
    held = {word for word in content if lexical.holds(np.array(word_grams(word), np.uint64))}
    if 2 * len(held) >= len(content):
        return content
    return [word for word in content if len(forms[word]) > 1 or word in held] or content


def _forms(word: str, language: Language) -> tuple[str, ...]:
    return (word, *map(normalise, alternatives(word, language)))


def _analysed(forms: Sequence[str]) -> _Alternatives:
    return tuple((frozenset(grams(form).tolist()), skeleton(form)) for form in forms)


def _weight(of_word: _Alternatives, lexical: LexicalSearch) -> float:
    """Weigh a word by its most common alternative, the one that news writes: return the mean IDF of its grams."""
    return min(float(lexical.inverse_document_frequency(np.array(sorted(form), np.uint64)).mean())
               for form, _ in of_word)


def _found(form: frozenset[int], root: str, text: Analysed) -> float:
    by_root = SKELETON_CREDIT if root and root in text.skeletons else 0.0
    if form.isdisjoint(text.grams):  # as most words are, and quicker than to intersect them
        return by_root
    return max(len(form & text.grams) / len(form), by_root)


@lru_cache(maxsize=1 << 14)  # the words of a sentence are held against the same noun more than once
def is_form_of(word: str, counted: str) -> bool:
    """Tell whether a word is a form of the counted noun, in any number and case: دول of دولة, ضحايا of ضحية."""
    stem = counted.removesuffix("ه")
    if len(stem) >= _MIN_STEM_CHARS and word.startswith(stem):
        return True
    wanted, root = frozenset(word_grams(counted)), skeleton(counted)
    shared = len(wanted & frozenset(word_grams(word)))
    return shared >= _SAME_WORD * len(wanted) or (root != "" and root == skeleton(word))


def _after_asking(all_words: Sequence[str]) -> Sequence[str]:
    """Return the words behind the first question word, or all words if there is none."""
    place = next((place for place, word in enumerate(all_words) if word in ASKING_WORDS), -1)
    return all_words[place + 1:]


def _asked_about(all_words: Sequence[str], function_words: frozenset[str]) -> str | None:
    return next((word for word in _after_asking(all_words)
                 if word not in function_words and word not in AUXILIARY_WORDS), None)


def _counted(all_words: Sequence[str]) -> str | None:
    if len(all_words) > 1 and all_words[0] in _WHAT and all_words[1] in _AGE:
        return all_words[1]
    place = next((place for place, word in enumerate(all_words) if word in COUNTED_AFTER), None)
    if place is None:
        return None
    return next((word for word in all_words[place + 1:] if word not in AUXILIARY_WORDS), None)
