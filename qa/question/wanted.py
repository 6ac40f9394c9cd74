"""What a question's words ask for, and how far a sentence has them: in part, by their root, beside a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

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
from index.search.lexical import LexicalIndex
from qa.question.kinds import is_number
from qa.question.languages import Language
from qa.question.lexicon import alternatives
from qa.question.names import spellings_of_names

# A word found by its root alone counts for less than one found as written.
SKELETON_CREDIT = 0.8
# How much more the word behind one of `WHICH` weighs.
FOCUS_WEIGHT = 4.0
# What is counted stands within so many words behind a number, or right before it.
COUNTED_WITHIN = 3
# A word is what is counted when this share of its grams is the same.
_SAME_WORD = 0.5
_LEAST_STEM = 3
# What is said of a question that asks about no word, or only about words of the title.
NOTHING_TO_FIND = 0.5

_Alternatives = tuple[tuple[frozenset[int], str], ...]


@dataclass(frozen=True, slots=True)
class Analysed:
    """What of a text is compared: its normalised words, the set of their grams and that of their skeletons."""

    words: tuple[str, ...]
    grams: frozenset[int]
    skeletons: frozenset[str]

    @classmethod
    def of(cls, normalised: str) -> Analysed:
        """Analyse a text that is normalised already."""
        found = split_words(normalised)
        return cls(tuple(found), frozenset().union(*map(word_grams, found)), frozenset(map(skeleton, found)))

    def __or__(self, other: Analysed) -> Analysed:
        return Analysed(self.words + other.words, self.grams | other.grams, self.skeletons | other.skeletons)


@dataclass(frozen=True, slots=True)
class WantedWords:
    """What a question's words ask for, as far as it takes no index to say so.

    `content` are the words that say something, normalised and in order, and `forms` has each with its alternatives: an
    Arabic word has only itself, one of another language its Arabic words besides. `focus` are the words behind "which".
    `asked_about` is the word that the question word asks about, most often its verb; `counted` are the forms of what
    "how many" counts; None and none where the question has no such word. `names` are those that the lexicon lacks, as
    they are written.
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
        """What the normalised words of a question ask for."""
        function_words = FUNCTION_WORDS | FRENCH_FUNCTION_WORDS if language is Language.FRENCH else FUNCTION_WORDS
        content = [word for word in words if word not in function_words] or words
        counted = _counted(words)
        return cls(language, tuple(content), tuple(_forms(word, language) for word in content),
                   frozenset(after for asking, after in pairwise(words) if asking in WHICH),
                   _asked_about(words, function_words), _forms(counted, language) if counted else (), names)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The content words of a question, each with its alternatives, and what each weighs (shares of 1).

    An Arabic word has one alternative, itself; one of another language has its Arabic ones besides, and a name the
    spellings of its consonants. An alternative is its grams and its skeleton. `asked_about` is the place of the word
    that the question word asks about, most often its verb; `counted` are the forms of what "how many" counts. None and
    none where the question has no such word.
    """

    alternatives: tuple[_Alternatives, ...]
    weights: tuple[float, ...]
    asked_about: int | None
    counted: tuple[str, ...]

    @classmethod
    def of(cls, words: WantedWords, lexical: LexicalIndex) -> Wanted:
        """What a question's words want of an index."""
        names = spellings_of_names(words.names, lexical)
        forms = {word: (word, *names[word]) if word in names else known
                 for word, known in zip(words.content, words.forms, strict=True)}
        content = words.content if words.language is Language.ARABIC \
            else _that_may_be_found(words.content, forms, lexical)
        analysed = [_analysed(forms[word]) for word in content]
        weights = [_weight(of_word, lexical) for of_word in analysed]
        weights = [weight * (FOCUS_WEIGHT if word in words.focus else 1)
                   for word, weight in zip(content, weights, strict=True)]
        total = sum(weights) or 1.0
        return cls(tuple(analysed), tuple(weight / total for weight in weights),
                   content.index(words.asked_about) if words.asked_about in content else None, words.counted)

    def found_each(self, text: Analysed) -> list[float]:
        """How far the text holds each word, 0..1."""
        return [max(_found(form, root, text) for form, root in of_word) for of_word in self.alternatives]

    def share(self, found: Sequence[float]) -> float:
        """The weighted share, 0..1, of the words that are found so far."""
        return sum(weight * each for weight, each in zip(self.weights, found, strict=True))

    def share_of_new(self, found: Sequence[float], in_title: Sequence[float]) -> float:
        """The share, 0..1, of what the title does not hold already; `NOTHING_TO_FIND` when it holds all."""
        left = [weight * (1 - each) for weight, each in zip(self.weights, in_title, strict=True)]
        total = sum(left)
        if total <= 1e-3:
            return NOTHING_TO_FIND
        return sum(weight * each for weight, each in zip(left, found, strict=True)) / total

    def asked_word_found(self, found: Sequence[float]) -> float:
        """How far the word that is asked about is found; `NOTHING_TO_FIND` when there is none."""
        return NOTHING_TO_FIND if self.asked_about is None else found[self.asked_about]

    def counts(self, text: Analysed) -> bool:
        """Whether the text has a number beside what the question counts."""
        if not self.counted:
            return False
        places = [place for place, word in enumerate(text.words) if is_number(word)]
        return any(_is_form_of(text.words[place], form) for form in self.counted
                   for number in places for place in range(number - 1, number + COUNTED_WITHIN + 1)
                   if place != number and 0 <= place < len(text.words))


def _that_may_be_found(content: Sequence[str], forms: Mapping[str, Sequence[str]],
                       lexical: LexicalIndex) -> Sequence[str]:
    """The words that have alternatives or are in the index; all of them where it has half of them as they stand: it is
    in their language then, and what it lacks says something."""
    held = {word for word in content if lexical.holds(np.array(word_grams(word), np.uint64))}
    if 2 * len(held) >= len(content):
        return content
    return [word for word in content if len(forms[word]) > 1 or word in held] or content


def _forms(word: str, language: Language) -> tuple[str, ...]:
    return (word, *map(normalise, alternatives(word, language)))


def _analysed(forms: Sequence[str]) -> _Alternatives:
    return tuple((frozenset(grams(form).tolist()), skeleton(form)) for form in forms)


def _weight(of_word: _Alternatives, lexical: LexicalIndex) -> float:
    """The commonest alternative is the one that news writes, and says how rare the word is."""
    return min(float(lexical.inverse_document_frequency(np.array(sorted(form), np.uint64)).mean())
               for form, _ in of_word)


def _found(form: frozenset[int], root: str, text: Analysed) -> float:
    by_root = SKELETON_CREDIT if root and root in text.skeletons else 0.0
    return max(len(form & text.grams) / len(form), by_root)


def _is_form_of(word: str, counted: str) -> bool:
    """Whether the word is what is counted, in whatever number and case: دول of دولة, ضحايا of ضحية."""
    stem = counted.removesuffix("ه")
    if len(stem) >= _LEAST_STEM and word.startswith(stem):
        return True
    wanted, root = frozenset(word_grams(counted)), skeleton(counted)
    shared = len(wanted & frozenset(word_grams(word)))
    return shared >= _SAME_WORD * len(wanted) or (root != "" and root == skeleton(word))


def _after_asking(all_words: Sequence[str]) -> Sequence[str]:
    """The words behind the first question word; all of them when there is none."""
    place = next((place for place, word in enumerate(all_words) if word in ASKING_WORDS), -1)
    return all_words[place + 1:]


def _asked_about(all_words: Sequence[str], function_words: frozenset[str]) -> str | None:
    return next((word for word in _after_asking(all_words)
                 if word not in function_words and word not in AUXILIARY_WORDS), None)


def _counted(all_words: Sequence[str]) -> str | None:
    place = next((place for place, word in enumerate(all_words) if word in COUNTED_AFTER), None)
    if place is None:
        return None
    return next((word for word in all_words[place + 1:] if word not in AUXILIARY_WORDS), None)
