"""Tell whether one sentence repeats another: compare their words, their figures and whether they deny."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from index.language.arabic import MONTHS, normalise, skeleton, split_words, word_grams
from index.language.clitics import strip_and_for_sameness
from index.language.function_words import DENIALS, FUNCTION_WORDS
from index.language.numbers import number_stem
from index.language.quantities import in_digits
from index.language.saying import INTERCHANGEABLE_VERBS

# Two sentences that share this much of their 4-grams are the same one, spelled or introduced differently.
NEAR_IDENTICAL = 0.8
# A sentence adds nothing if an earlier one has this share of its content words, and all of its figures.
SAME_CONTENT = 0.85
# A sentence has a word if it has this share of the word's grams, or the word's skeleton.
_SAME_WORD = 0.5
# The dateline before the first sentence of a wire story: "CAIRO (Reuters) - ", "القاهرة 5 مارس (رويترز) - ",
# "القاهرة - وكالات: ", "(رويترز) -- ".
_DATELINE = re.compile(r"[^.!?؟:()]{0,60}\([^()]{2,30}\)\s*[-–—:]+\s*|[A-Z][A-Z ,.]{2,30} [-–—]\s*"
                       r"|[^.!?؟:()–—-]{2,40}\s[-–—]\s*[^.!?؟:()\d]{2,25}:\s+")
_MONTHS = frozenset(normalise(names[0]) for names in MONTHS) | frozenset(
    "january february march april june july august september october november december".split())


@dataclass(frozen=True, slots=True)
class Said:
    """The parts of a sentence that are compared, normalised; a month goes by the first of its names.

    `words` are all words without an attached "and"; `content` are those that are not function words, in order.
    `denies` tells whether there is a word that denies (not, لم).
    """

    content: tuple[str, ...]
    words: frozenset[str]
    grams: frozenset[int]
    skeletons: frozenset[str]
    figures: frozenset[str]
    denies: bool

    @staticmethod
    def by(text: str) -> Said:
        """Analyse a sentence as written; leave out a dateline in front of it. The latest sentences are remembered."""
        return _analysed(text)

    @classmethod
    def of(cls, text: str) -> Said:
        """Do what `by` does, without remembering."""
        return cls.of_normalised(normalise(in_digits(text[dateline_end(text):])))

    @classmethod
    def of_normalised(cls, text: str) -> Said:
        """Analyse a text that is normalised."""
        found = split_words(text)
        content = tuple(word for word in map(strip_and_for_sameness, found) if word not in FUNCTION_WORDS)
        return cls(content, frozenset(map(strip_and_for_sameness, found)),
                   frozenset().union(*map(word_grams, found)), frozenset(map(skeleton, found)) - {""},
                   frozenset(figure for word in found if (figure := _figure(word))),
                   not DENIALS.isdisjoint(found))


def dateline_end(text: str) -> int:
    """Return where the dateline in front of a sentence ends; 0 if it has none."""
    dateline = _DATELINE.match(text)
    return dateline.end() if dateline else 0


# One request compares the same few hundred sentences in pairs; each takes about 12 kB.
@lru_cache(maxsize=1024)
def _analysed(text: str) -> Said:
    return Said.of(text)


def near_identical(one: Said, other: Said) -> bool:
    """Tell whether two sentences share `NEAR_IDENTICAL` of their grams (Jaccard), and no fact in them differs.

    Facts differ if the figures do, if only one denies, or if a single word is exchanged for another.
    """
    if min(len(one.grams), len(other.grams)) < NEAR_IDENTICAL * max(len(one.grams), len(other.grams)):
        return False  # sizes alone settle most pairs
    shared = len(one.grams & other.grams)
    return shared >= NEAR_IDENTICAL * (len(one.grams) + len(other.grams) - shared) \
        and one.figures == other.figures and one.denies == other.denies and not _one_word_differs(one, other)


def adds_nothing(sentence: Said, earlier: Iterable[Said]) -> bool:
    """Tell whether a single one of the earlier sentences says all that this sentence says."""
    return any(sentence.denies == before.denies and sentence.figures <= before.figures
               and share_of_words_found(sentence, before) >= SAME_CONTENT
               and not _one_word_differs(sentence, before) for before in earlier)


def share_of_words_found(sentence: Said, before: Said) -> float:
    """Return the share, 0..1, of the content words of `sentence` that `before` has in any form.

    Return 1 if `sentence` has no content words.
    """
    if not sentence.content:
        return 1.0
    return sum(has_word(word, before) for word in sentence.content) / len(sentence.content)


def has_word(word: str, before: Said) -> bool:
    """Tell whether the sentence `before` has the normalised word, in any form."""
    if word in before.words:
        return True
    own = word_grams(word)
    return sum(gram in before.grams for gram in own) >= _SAME_WORD * len(own) or skeleton(word) in before.skeletons


def _one_word_differs(one: Said, other: Said) -> bool:
    """Tell whether the sentences differ in a single word with another meaning: then they state different facts."""
    changes = SequenceMatcher(None, one.content, other.content, autojunk=False).get_opcodes()
    for change, start, end, other_start, other_end in changes:
        if change == "replace" and end - start == other_end - other_start == 1:
            ours, theirs = one.content[start], other.content[other_start]
            if not {ours, theirs} <= INTERCHANGEABLE_VERBS and not has_word(ours, other) and not has_word(theirs, one):
                return True
    return False


def _figure(word: str) -> str:
    """Return a normalised word if it is digits or a month, the stem of a number word, or "" for any other word."""
    if word.isdigit() or word in _MONTHS:
        return word
    return number_stem(word)
