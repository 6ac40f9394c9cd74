"""Transliterate names in Latin and Cyrillic script into Arabic consonants: Красиков → ك ر س ك ف, as in كراسيكوف.

Vowels are left out, as in `index.language.arabic.skeleton`. If several Arabic letters may stand for a consonant, all
are tried; spellings that no passage has are dropped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice, product

import numpy as np

from index.language.arabic import normalise, skeleton, skeleton_grams
from index.search.protocols import LexicalSearch
from qa.question.languages import Language
from qa.question.lexicon import alternatives

# Shorter words have too few consonants to tell names apart. The number of spellings tried for a name and the number of
# names in a question are limited, to bound the cost of a very long one.
MIN_LETTERS = 4
MIN_CONSONANTS = 3
MAX_SPELLINGS = 128
MAX_NAMES = 12
_WORD = re.compile(r"[^\W\d_]+")
# Russian case endings that contain consonants.
_CASE_ENDING = re.compile("(?:[оыеи]м|ами|ями|[аяыи]х|[ое]го|[ое]му)$")
# Last consonants of what `index.language.arabic.skeleton` takes for an ending: ان, ات, ه and the like.
_LOOK_LIKE_ENDINGS = ("ن", "ت", "ه")
# The Arabic letters for each consonant, most usual first, separated by spaces; "-" is no letter. Longer keys match
# first.
_LETTERS = {
    "sch": "ش", "tch": "تش ش", "ch": "تش ش ك خ", "sh": "ش", "kh": "خ", "gh": "غ", "th": "ث ت", "ph": "ف", "ck": "ك",
    "qu": "ك", "dj": "ج", "zh": "ج", "dh": "د ذ", "ts": "تس س",
    "b": "ب", "c": "ك س تش", "d": "د ض", "f": "ف", "g": "غ ج", "h": "ه ح -", "j": "ج -", "k": "ك ق", "l": "ل", "m": "م",
    "n": "ن", "p": "ب", "q": "ق", "r": "ر", "s": "س ص ز", "t": "ت ط", "v": "ف", "w": "- ف", "x": "كس", "z": "ز",
    "дж": "ج", "б": "ب", "в": "ف", "г": "غ ج ه", "д": "د ض", "ж": "ج", "з": "ز س", "к": "ك ق", "л": "ل", "м": "م",
    "н": "ن", "п": "ب", "р": "ر", "с": "س ص ز", "т": "ت ط", "ф": "ف", "х": "خ ه ح", "ц": "تس س", "ч": "تش", "ш": "ش",
    "щ": "ش",
}
_CONSONANT = re.compile("|".join(sorted(_LETTERS, key=len, reverse=True)))
_DOUBLED = re.compile(r"(\w)\1+")


def names_in(text: str, language: Language) -> tuple[str, ...]:
    """Return the first `MAX_NAMES` names in a question, as written; none if it is in Arabic or all in capitals.

    A name is a word of `MIN_LETTERS` letters or more. It is all in capitals (START is not the verb), or it has a
    capital, is not the first word and is not in the lexicon of the language.
    """
    words = [] if language is Language.ARABIC or text.isupper() else _WORD.findall(text)
    names = (word for place, word in enumerate(words) if len(word) >= MIN_LETTERS and (
        word.isupper() or (place and word[0].isupper() and not alternatives(word, language))))
    return tuple(islice(names, MAX_NAMES))


def spellings_of_names(names: Iterable[str], lexical: LexicalSearch) -> dict[str, tuple[str, ...]]:
    """Map each normalised name to those of its `spellings` that are in the index; leave out names that have none."""
    found = {normalise(name): _in_index(spellings(name), lexical) for name in names}
    return {name: spelled for name, spelled in found.items() if spelled}


def _in_index(spelled: tuple[str, ...], lexical: LexicalSearch) -> tuple[str, ...]:
    """Keep the spellings whose skeleton is in the index, but not one that is another without its last consonant."""
    held = {skeleton(each): each for each in spelled
            if lexical.holds(np.array(skeleton_grams(each), np.uint64))}
    shortened = {consonants[:-1] for consonants in held}
    return tuple(each for consonants, each in held.items() if consonants not in shortened)


@lru_cache(maxsize=1 << 10)
def spellings(name: str) -> tuple[str, ...]:
    """Return words whose skeletons are those of the possible Arabic spellings of a name.

    Only their skeletons are meant to match; no text needs to have the words themselves.
    """
    decomposed = unicodedata.normalize("NFD", name.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    consonants = {each for form in (bare, _CASE_ENDING.sub("", bare)) for each in _consonants(form)}
    words = (next((word for word in (each, f"{each[0]}ا{each[1:]}") if skeleton(word) == each), None)
             for each in sorted(consonants))
    return tuple(word for word in words if word)


def _consonants(bare: str) -> Iterator[str]:
    """Yield each way to write a word in Arabic consonants, also without a last letter that looks like an ending.

    At most `MAX_SPELLINGS` ways are tried; those of fewer than `MIN_CONSONANTS` consonants are skipped.
    """
    written = [_LETTERS[match.group()].split() for match in _CONSONANT.finditer(_DOUBLED.sub(r"\1", bare))]
    for letters in islice(product(*written), MAX_SPELLINGS):
        whole = "".join(letters).replace("-", "")
        for consonants in (whole, whole[:-1] if whole.endswith(_LOOK_LIKE_ENDINGS) else whole):
            if len(consonants) >= MIN_CONSONANTS:
                yield consonants
