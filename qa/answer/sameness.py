"""Whether one sentence says what another has said: by its words, its figures and what it denies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from index.language.arabic import MONTHS, normalise, skeleton, split_words, word_grams
from qa.question.kinds import FUNCTION_WORDS

# Sentences that share this much of their 4-grams are one sentence, spelled or introduced differently.
NEAR_IDENTICAL = 0.8
# A sentence whose content words are told to this share adds nothing, if its figures are told too.
TOLD = 0.85
# A word is told when this share of its grams is, or when its skeleton is.
_WORD_TOLD = 0.5
# A "و" before so many letters may be "and"; it is taken off everywhere alike.
_MIN_JOINED = 3
# "CAIRO (Reuters) - ", "القاهرة 5 مارس (رويترز) - ": where and by whom, before the first sentence of a wire story.
_DATELINE = re.compile(r"[^.!?؟:()]{2,40}\([^()]{2,30}\)\s*[-–—:]\s*|[A-Z][A-Z ,.]{2,30} [-–—]\s*")
# Verbs that only say that somebody said it.
_REPORTING = frozenset(normalise(verb + ending) for ending in ("", "ت", "وا")
                       for verb in "قال ذكر أعلن أكد أوضح أضاف أشار صرح أفاد بيّن".split()) \
    | frozenset("said says told announced added stated reported".split())
_PREFIX = r"(?:و|ف)?(?:ال|لل|ب|ل|بال)?"
_NUMBER_WORD = re.compile(
    rf"{_PREFIX}(?P<stem>واحد|احد|اثنا|اثني|اثنين|اثنان|ثلاث|اربع|خمس|سبع|ثماني|ثمان|تسع|عشر|مليون|مليار|نصف|ثلث|ربع"
    r"|ست(?=(?:ه|ين|ون)?$)|الف(?=(?:ي|ين|ان|ا)?$)|الاف|ماي|مي(?=[هت]))\w{0,3}"
    r"|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|hundreds?|thousands?|millions?|billions?")
_MONTHS = frozenset(normalise(names[0]) for names in MONTHS) | frozenset(
    "january february march april june july august september october november december".split())
_DENIALS = frozenset("لم لن لا ليس ليست ولم ولن ولا وليس وليست فلم فلن فلا not no never cannot".split())


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
        content = tuple(word for word in map(_unjoined, found) if word not in FUNCTION_WORDS)
        return cls(content, frozenset(map(_unjoined, found)),
                   frozenset().union(*map(word_grams, found)), frozenset(map(skeleton, found)) - {""},
                   frozenset(figure for word in found if (figure := _figure(word))),
                   not _DENIALS.isdisjoint(found))


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


def _unjoined(word: str) -> str:
    return word[1:] if word[0] == "و" and len(word) > _MIN_JOINED else word


def _one_word_differs(one: Said, other: Said) -> bool:
    """Whether one word stands where the other sentence has another one, all around it the same: another fact."""
    changes = SequenceMatcher(None, one.content, other.content, autojunk=False).get_opcodes()
    for change, start, end, other_start, other_end in changes:
        if change == "replace" and end - start == other_end - other_start == 1:
            ours, theirs = one.content[start], other.content[other_start]
            if not {ours, theirs} <= _REPORTING and not is_told(ours, other) and not is_told(theirs, one):
                return True
    return False


def _figure(word: str) -> str:
    """The figure that a normalised word is: its digits, its number's stem, a month; else nothing."""
    if word.isdigit() or word in _MONTHS:
        return word
    number = _NUMBER_WORD.fullmatch(word)
    return (number["stem"] or word) if number else ""
