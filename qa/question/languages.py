"""Which language a question is in, of those that have words here: by its script, and in Latin by its small words."""

from __future__ import annotations

import re
from enum import Enum

from index.language.arabic import normalise


class Language(Enum):
    """`ENGLISH` is every question in Latin script that does not read as French."""

    ARABIC = "ar"
    ENGLISH = "en"
    FRENCH = "fr"
    RUSSIAN = "ru"


# Words that ask, point or join, and say nothing about what is asked for. Normalised.
ENGLISH_FUNCTION_WORDS = frozenset("""
    year date day month city place country number
    what who whom whose when where which why how did do does was were is are the a an of in on at to for with by and or
    that this it its has have had be been will would from much many
""".split())
FRENCH_FUNCTION_WORDS = frozenset(normalise(word) for word in """
    le la les l un une du des d de et ou où à a au aux ont sur dans par pour avec sans sous entre vers chez contre selon
    après avant pendant depuis lors qui que qu quoi quel quelle quels quelles lequel laquelle quand combien comment
    pourquoi est étaient était sont fut furent été être il elle ils elles on se s ce c cet cette ces son sa ses leur
    leurs y en ne n pas plus dont t j avoir avait avaient fait sera propos sujet lieu fois an ans année date jour mois
    ville pays nombre endroit
""".split())
RUSSIAN_FUNCTION_WORDS = frozenset(normalise(word) for word in """
    кто кого кому кем ком что чего чему чем чём какой какая какое какие какого какую каком каким каких какими каков
    какова каково каковы где куда откуда когда почему зачем сколько скольких как чей чья ли и а но или в во на с со к ко
    о об обо по из за от до у при для под над между после перед через не ни это этот эта эти того тот та те так же бы
    был была было были быть будет есть он она оно они его её ее их им ими свой своего своей свои все всего год года году
    годы лет день дня месяц месяце дата город города городе городах место месте страна страны стране число количество
    время
""".split())
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[a-z\u00df-\u024f]")
_ARABIC = re.compile("[\u0621-\u064a]")
_WORD = re.compile(r"[^\W\d_]+")


def language_of(normalised: str) -> Language:
    """The language of a normalised question: that of most of its letters' script; in Latin, French where more of its
    small words are French."""
    cyrillic, latin, arabic = (len(script.findall(normalised)) for script in (_CYRILLIC, _LATIN, _ARABIC))
    if arabic >= max(cyrillic, latin):
        return Language.ARABIC
    if cyrillic > latin:
        return Language.RUSSIAN
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
