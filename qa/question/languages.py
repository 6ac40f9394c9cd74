"""Which language a question is in, of those that have words here: by its script, and in Latin by its small words."""

from __future__ import annotations

import re
from enum import Enum

from index.language.arabic import normalise
from index.language.function_words import ENGLISH_FUNCTION_WORDS, FRENCH_FUNCTION_WORDS, RUSSIAN_FUNCTION_WORDS
from index.language.scripts import Script, script_of


class Language(Enum):
    """`ENGLISH` is every question in Latin script that does not read as French."""

    ARABIC = "ar"
    ENGLISH = "en"
    FRENCH = "fr"
    RUSSIAN = "ru"


_WORD = re.compile(r"[^\W\d_]+")


def language_of(normalised: str) -> Language:
    """The language of a normalised question: that of most of its letters' script; in Latin, French where more of its
    small words are French."""
    script = script_of(normalised)
    if script is not Script.LATIN:
        return Language.ARABIC if script is Script.ARABIC else Language.RUSSIAN
    words = _WORD.findall(normalised)
    french, english = (sum(word in of_language for word in words)
                       for of_language in (FRENCH_FUNCTION_WORDS, ENGLISH_FUNCTION_WORDS))
    return Language.FRENCH if french > english else Language.ENGLISH


def is_function_word(word: str, language: Language) -> bool:
    """Whether a word, in any case, says nothing about what is asked for in that language; Arabic ones are not known
    here."""
    return normalise(word) in _FUNCTION_WORDS.get(language, frozenset())


_FUNCTION_WORDS = {Language.ENGLISH: ENGLISH_FUNCTION_WORDS, Language.FRENCH: FRENCH_FUNCTION_WORDS,
                   Language.RUSSIAN: RUSSIAN_FUNCTION_WORDS}
