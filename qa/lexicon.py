"""English words of news and their Arabic: so that a question in English can look for words, not only for meaning."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
# Verbs of two words, as the one word that the lexicon has.
_PHRASES = (
    (re.compile(r"\b(?:take|takes|took|taking|taken) part\b", re.IGNORECASE), "participate"),
    (re.compile(r"\b(?:take|takes|took|taking|taken) place\b", re.IGNORECASE), "held"),
)


def alternatives(word: str) -> tuple[str, ...]:
    """The Arabic words that news uses for an English word, any case, possessive allowed; none when it is unknown."""
    return _entries().get(word.casefold().removesuffix("'s"), ())


def plain(question: str) -> str:
    """The question with its English phrases as single words; anything else as it is."""
    for phrase, word in _PHRASES:
        question = phrase.sub(word, question)
    return question


def arabic_words(question: str) -> str:
    """Every Arabic alternative for the words of an English question, in order, as a text to search with."""
    return " ".join(arabic for word in _WORD.findall(plain(question).casefold()) for arabic in alternatives(word))


@cache
def _entries() -> dict[str, tuple[str, ...]]:
    """Tab-separated lines: English forms, Arabic alternatives, each separated by commas."""
    entries = {}
    for line in (files("qa") / "data" / "english_arabic.tsv").read_text(encoding="utf-8").splitlines():
        english, arabic = line.split("\t")
        for form in english.split(","):
            entries[form] = tuple(arabic.split(","))
    return entries
