"""Words of news and their Arabic: so that a question in another language can look for words, not only for meaning."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

from index.language.clitics import with_article
from qa.question.languages import Language

_FILES = {Language.ENGLISH: "english_arabic.tsv", Language.FRENCH: "french_arabic.tsv",
          Language.RUSSIAN: "russian_arabic.tsv"}
# A name that French spells as English does stands in the English file alone.
_LOOKED_UP_IN = {Language.ENGLISH: (Language.ENGLISH,), Language.FRENCH: (Language.FRENCH, Language.ENGLISH),
                 Language.RUSSIAN: (Language.RUSSIAN,), Language.ARABIC: ()}
_POSSESSIVE = re.compile("['’]s$")
_ONE_GRAM = 3
# Stands for any ending, in a form.
_ANY_ENDING = "*"
# Verbs of two words, as the one word that the lexicon has.
_PHRASES = (
    (re.compile(r"\b(?:take|takes|took|taking|taken) part\b", re.IGNORECASE), "participate"),
    (re.compile(r"\b(?:take|takes|took|taking|taken) place\b", re.IGNORECASE), "held"),
)


def alternatives(word: str, language: Language = Language.ENGLISH) -> tuple[str, ...]:
    """The Arabic words that news uses for a word of that language, in any case, with accents or without, possessive
    allowed; none when it is unknown."""
    folded = _POSSESSIVE.sub("", _folded(word))
    return next((found for each in _LOOKED_UP_IN[language] if (found := _found(folded, each))), ())


def plain(text: str) -> str:
    """The text with its English phrases as single words; anything else as it is."""
    for phrase, word in _PHRASES:
        text = phrase.sub(word, text)
    return text


def _found(folded: str, language: Language) -> tuple[str, ...]:
    """The entry of the word itself, else that of its longest beginning that may have any ending."""
    entries = _entries(language)
    if folded in entries:
        return entries[folded]
    return next((found for end in range(len(folded), 1, -1)
                 if (found := entries.get(folded[:end] + _ANY_ENDING))), ())


def _folded(word: str) -> str:
    """Lower case without accents: as readers type, Gorbatchev and Горбачев, and as the entries are compared."""
    decomposed = unicodedata.normalize("NFD", word.casefold().replace("œ", "oe"))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


@cache
def _entries(language: Language) -> dict[str, tuple[str, ...]]:
    """Tab-separated lines: forms, Arabic alternatives, each separated by commas."""
    entries = {}
    for line in (files("qa") / "data" / _FILES[language]).read_text(encoding="utf-8").splitlines():
        forms, arabic = line.split("\t")
        for form in forms.split(","):
            entries[_folded(form)] = tuple(found for each in arabic.split(",") for found in _also_definite(each))
    return entries


def _also_definite(arabic: str) -> tuple[str, ...]:
    """A word of three letters has one gram, which is not in its definite form: that is another alternative."""
    return (arabic, with_article(arabic)) if len(arabic) == _ONE_GRAM else (arabic,)
