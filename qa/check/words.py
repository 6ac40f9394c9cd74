"""Tell whether two words are forms of one word, spellings of one name, or exchanged for one another in news."""

from __future__ import annotations

import re
from functools import lru_cache

from index.language.arabic import skeleton
from index.language.clitics import stems_for_spelling
from index.language.english_verbs import base_of
from index.language.paraphrase import paraphrase_groups

MIN_STEM = 3
# A participle that tells how, or what else, somebody does: متهما, متوعدا.
_CIRCUMSTANCE = re.compile(r"م[^\W\d_]{3,}ا")
_BEHIND_TA_MARBUTA = ("ته", "تها", "تهم", "تهن", "تهما", "تنا")
# What tells groups of paraphrases and consonants from stems.
_GROUP, _ROOT = "=", "√"


@lru_cache(maxsize=1 << 15)
def _stems(word: str) -> frozenset[str]:
    stems = {stem for form in (word, *_with_ta_marbuta(word)) for stem in stems_for_spelling(form)}
    return frozenset(stem for stem in stems if len(stem) >= MIN_STEM) | {word}


@lru_cache(maxsize=1 << 15)
def _roots(word: str) -> frozenset[str]:
    """Return the consonants of a word and of its stems, where they are three or more: انسحبت, انسحاب → نسحب."""
    stems = _stems(word) | ({word[1:]} if _CIRCUMSTANCE.fullmatch(word) else set())
    return frozenset(map(skeleton, stems)) - {""}


def _with_ta_marbuta(word: str) -> list[str]:
    """Return a word with its ta marbuta in place of a pronoun behind it: صلته → صله."""
    return [f"{word[:-len(ending)]}ه" for ending in _BEHIND_TA_MARBUTA if word.endswith(ending)
            and len(word) >= len(ending) + 2]


def same_word(one: str, other: str) -> bool:
    """Tell whether two normalised words are forms of one word, spellings of one name, or exchanged for one another."""
    return not keys(one).isdisjoint(keys(other))


def same_form(one: str, other: str) -> bool:
    """Tell whether two normalised words are forms of one word, or spellings of one name."""
    return not _form_keys(one).isdisjoint(_form_keys(other))


@lru_cache(maxsize=1 << 16)
def keys(word: str) -> frozenset[str]:
    """Return what two words that may replace each other have in common, at least one of it."""
    return _form_keys(word) | {f"{_GROUP}{group}" for group in paraphrase_groups(word)}


@lru_cache(maxsize=1 << 16)
def _form_keys(word: str) -> frozenset[str]:
    """Return what two forms of one word have in common, at least one of it: stems, and consonants."""
    if word.isascii():
        return frozenset((word, _english_stem(word), _english_stem(base_of(word))))
    return _stems(word) | {f"{_ROOT}{root}" for root in _roots(word)}


def _english_stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) >= len(ending) + 4:
            return word[:-len(ending)].rstrip("e")
    return word.rstrip("e")
