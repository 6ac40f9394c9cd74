"""Detect the language of a question: by its script, and in Latin script by its function words."""

from __future__ import annotations

import re
from enum import Enum

from index.language.arabic import normalise
from index.language.function_words import ENGLISH_FUNCTION_WORDS, FRENCH_FUNCTION_WORDS, RUSSIAN_FUNCTION_WORDS
from index.language.scripts import Script, script_of


class Language(Enum):
    """A language of questions; `ENGLISH` is any question in Latin script that does not read as French."""

    ARABIC = "ar"
    ENGLISH = "en"
    FRENCH = "fr"
    RUSSIAN = "ru"


_WORD = re.compile(r"[^\W\d_]+")


def language_of(normalised: str) -> Language:
    """Detect the language of a normalised question.

    The script of most letters decides. In Latin script it is French if more function words are French than English.
    """
    script = script_of(normalised)
    if script is not Script.LATIN:
        return Language.ARABIC if script is Script.ARABIC else Language.RUSSIAN
    words = _WORD.findall(normalised)
    french, english = (sum(word in of_language for word in words)
                       for of_language in (FRENCH_FUNCTION_WORDS, ENGLISH_FUNCTION_WORDS))
    return Language.FRENCH if french > english else Language.ENGLISH


def is_function_word(word: str, language: Language) -> bool:
    """Tell whether a word, in any letter case, is a function word of the language; always False for Arabic."""
    return normalise(word) in _FUNCTION_WORDS.get(language, frozenset())


_FUNCTION_WORDS = {Language.ENGLISH: ENGLISH_FUNCTION_WORDS, Language.FRENCH: FRENCH_FUNCTION_WORDS,
                   Language.RUSSIAN: RUSSIAN_FUNCTION_WORDS}
