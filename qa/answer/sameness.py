"""Whether one sentence says what another has said: by its words, its figures and what it denies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from index.language.arabic import MONTHS, normalise, skeleton, split_words, word_grams
from index.language.clitics import strip_and_for_sameness
from index.language.function_words import DENIALS, FUNCTION_WORDS
from index.language.numbers import number_stem
from index.language.saying import INTERCHANGEABLE_VERBS

# Sentences that share this much of their 4-grams are one sentence, spelled or introduced differently.
NEAR_IDENTICAL = 0.8
# A sentence whose content words are told to this share adds nothing, if its figures are told too.
TOLD = 0.85
# A word is told when this share of its grams is, or when its skeleton is.
_WORD_TOLD = 0.5
# "CAIRO (Reuters) - ", "القاهرة 5 مارس (رويترز) - ": where and by whom, before the first sentence of a wire story.
_DATELINE = re.compile(r"[^.!?؟:()]{2,40}\([^()]{2,30}\)\s*[-–—:]\s*|[A-Z][A-Z ,.]{2,30} [-–—]\s*")
_MONTHS = frozenset(normalise(names[0]) for names in MONTHS) | frozenset(
    "january february march april june july august september october november december".split())


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence says, as far as it is compared. Normalised; a month is under the first of its names.

    `content` are the words that are no function words, without a joined "and", `words` all of them.
    """

    content: tuple[str, ...]
    words: frozenset[str]
    grams: frozenset[int]
    skeletons: frozenset[str]
    figures: frozenset[str]
    denies: bool

    @classmethod
    def by(cls, text: str) -> Said:
        """By this text, verbatim; a dateline in front says nothing."""
        dateline = _DATELINE.match(text)
        found = split_words(normalise(text[dateline.end():] if dateline else text))
        content = tuple(word for word in map(strip_and_for_sameness, found) if word not in FUNCTION_WORDS)
        return cls(content, frozenset(map(strip_and_for_sameness, found)),
                   frozenset().union(*map(word_grams, found)), frozenset(map(skeleton, found)) - {""},
                   frozenset(figure for word in found if (figure := _figure(word))),
                   not DENIALS.isdisjoint(found))


def near_identical(one: Said, other: Said) -> bool:
    """Whether the two share `NEAR_IDENTICAL` of all their grams (Jaccard) and nothing tells them apart."""
    if min(len(one.grams), len(other.grams)) < NEAR_IDENTICAL * max(len(one.grams), len(other.grams)):
        return False  # sizes alone settle most pairs
    shared = len(one.grams & other.grams)
    return shared >= NEAR_IDENTICAL * (len(one.grams) + len(other.grams) - shared) \
        and one.figures == other.figures and one.denies == other.denies and not _one_word_differs(one, other)


def adds_nothing(sentence: Said, told: Iterable[Said]) -> bool:
    """Whether one of the sentences told before says all that this one does."""
    return any(sentence.denies == before.denies and sentence.figures <= before.figures
               and share_told(sentence, before) >= TOLD and not _one_word_differs(sentence, before) for before in told)


def share_told(sentence: Said, before: Said) -> float:
    """The share, 0..1, of the sentence's content words that the other holds, in other forms too."""
    if not sentence.content:
        return 1.0
    return sum(is_told(word, before) for word in sentence.content) / len(sentence.content)


def is_told(word: str, before: Said) -> bool:
    """Whether the sentence has the normalised word, in whatever form."""
    if word in before.words:
        return True
    own = word_grams(word)
    return sum(gram in before.grams for gram in own) >= _WORD_TOLD * len(own) or skeleton(word) in before.skeletons


def _one_word_differs(one: Said, other: Said) -> bool:
    """Whether one word stands where the other sentence has another one, all around it the same: another fact."""
    changes = SequenceMatcher(None, one.content, other.content, autojunk=False).get_opcodes()
    for change, start, end, other_start, other_end in changes:
        if change == "replace" and end - start == other_end - other_start == 1:
            ours, theirs = one.content[start], other.content[other_start]
            if not {ours, theirs} <= INTERCHANGEABLE_VERBS and not is_told(ours, other) and not is_told(theirs, one):
                return True
    return False


def _figure(word: str) -> str:
    """The figure that a normalised word is: its digits, its number's stem, a month; else nothing."""
    if word.isdigit() or word in _MONTHS:
        return word
    return number_stem(word)
