"""Translate words of news into Arabic, so that a question in another language can be matched by words."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

from index.language.clitics import with_article
from qa.question.languages import Language

_FILES = {Language.ENGLISH: "english_arabic.tsv", Language.FRENCH: "french_arabic.tsv",
          Language.RUSSIAN: "russian_arabic.tsv"}
# A name that French and English spell alike is only in the English file.
_LOOKED_UP_IN = {Language.ENGLISH: (Language.ENGLISH,), Language.FRENCH: (Language.FRENCH, Language.ENGLISH),
                 Language.RUSSIAN: (Language.RUSSIAN,), Language.ARABIC: ()}
_POSSESSIVE = re.compile("['’]s$")
_ONE_GRAM = 3
# In a form, matches any ending.
_ANY_ENDING = "*"
# Verbs of two words, and the single word that the lexicon has for them.
_PHRASES = (
    (re.compile(r"\b(?:take|takes|took|taking|taken) part\b", re.IGNORECASE), "participate"),
    (re.compile(r"\b(?:take|takes|took|taking|taken) place\b", re.IGNORECASE), "held"),
)


def alternatives(word: str, language: Language = Language.ENGLISH) -> tuple[str, ...]:
    """Return the Arabic words that news uses for a word of the language; empty if the word is unknown.

    The word may have any letter case, may lack its accents and may end in a possessive 's.
    """
    folded = _POSSESSIVE.sub("", _folded(word))
    return next((found for each in _LOOKED_UP_IN[language] if (found := _found(folded, each))), ())


def plain(text: str) -> str:
    """Replace English phrases ("take part") by the single word that the lexicon has for them."""
    for phrase, word in _PHRASES:
        text = phrase.sub(word, text)
    return text


def _found(folded: str, language: Language) -> tuple[str, ...]:
    """Look up a word in the entries, else its longest prefix that has an entry with `*`; empty if neither exists."""
    entries = _entries(language)
    if folded in entries:
        return entries[folded]
    return next((found for end in range(len(folded), 1, -1)
                 if (found := entries.get(folded[:end] + _ANY_ENDING))), ())


def _folded(word: str) -> str:
    """Fold a word to lower case without accents, as readers often type: Горбачёв → горбачев."""
    decomposed = unicodedata.normalize("NFD", word.casefold().replace("œ", "oe"))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


@cache
def _entries(language: Language) -> dict[str, tuple[str, ...]]:
    """Read a lexicon file: on each line forms, a tab, and Arabic alternatives, both separated by commas."""
    entries = {}
    for line in (files("qa") / "data" / _FILES[language]).read_text(encoding="utf-8").splitlines():
        forms, arabic = line.split("\t")
        for form in forms.split(","):
            entries[_folded(form)] = tuple(found for each in arabic.split(",") for found in _also_definite(each))
    return entries


def _also_definite(arabic: str) -> tuple[str, ...]:
    """Add the definite form of a three-letter word, because the word's only gram does not match that form."""
    return (arabic, with_article(arabic)) if len(arabic) == _ONE_GRAM else (arabic,)
