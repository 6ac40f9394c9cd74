"""Names in Latin and Cyrillic script to the consonants that Arabic may write them with: Красиков to the ك ر س ك ف of
كراسيكوف.

Vowels are left out, as `index.language.arabic.skeleton` leaves them out of what articles write; where several
letters may stand for one, all are tried, and those that no passage has fall away.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice, product

import numpy as np

from index.language.arabic import normalise, skeleton, skeleton_grams
from index.search.lexical import LexicalIndex
from qa.question.languages import Language
from qa.question.lexicon import alternatives

# Shorter words have too few consonants to be told apart; of longer ones, so many spellings are tried, and of a question
# so many names, which bounds what an endless one costs.
LEAST_LETTERS = 4
LEAST_CONSONANTS = 3
MOST_SPELLINGS = 128
MOST_NAMES = 12
_WORD = re.compile(r"[^\W\d_]+")
# Endings of Russian cases that have consonants.
_CASE_ENDING = re.compile("(?:[оыеи]м|ами|ями|[аяыи]х|[ое]го|[ое]му)$")
# What `index.language.arabic.skeleton` takes for an ending: ان, ات, ه and the like.
_LIKE_ENDINGS = ("ن", "ت", "ه")
# What Arabic writes for a consonant, most usual first, parted by spaces; - is nothing. Longer ones are read first.
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
    """The first `MOST_NAMES` names in a question that the lexicon of its language lacks, as they are written; none in
    an Arabic one.

    A name is a word with a capital, unless it comes first, or all in capitals: START is read as one word and is not the
    verb.
    """
    words = [] if language is Language.ARABIC or text.isupper() else _WORD.findall(text)
    names = (word for place, word in enumerate(words) if len(word) >= LEAST_LETTERS and (
        word.isupper() or (place and word[0].isupper() and not alternatives(word, language))))
    return tuple(islice(names, MOST_NAMES))


def spellings_of_names(names: Iterable[str], lexical: LexicalIndex) -> dict[str, tuple[str, ...]]:
    """The names, normalised, each with the spellings of its consonants that the index has; those without any are left
    out."""
    found = {normalise(name): _held(spellings(name), lexical) for name in names}
    return {name: spelled for name, spelled in found.items() if spelled}


def _held(spelled: tuple[str, ...], lexical: LexicalIndex) -> tuple[str, ...]:
    """Those whose skeleton some passage has; without its last letter only where the whole has none."""
    held = {skeleton(each): each for each in spelled
            if lexical.holds(np.array(skeleton_grams(each), np.uint64))}
    shortened = {consonants[:-1] for consonants in held}
    return tuple(each for consonants, each in held.items() if consonants not in shortened)


@lru_cache(maxsize=1 << 10)
def spellings(name: str) -> tuple[str, ...]:
    """Words that no text has but whose skeletons are those that Arabic spellings of the name may have."""
    decomposed = unicodedata.normalize("NFD", name.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    consonants = {each for form in (bare, _CASE_ENDING.sub("", bare)) for each in _consonants(form)}
    words = (next((word for word in (each, f"{each[0]}ا{each[1:]}") if skeleton(word) == each), None)
             for each in sorted(consonants))
    return tuple(word for word in words if word)


def _consonants(bare: str) -> Iterator[str]:
    """The consonants of Arabic spellings of a word, in every way; also as they are without what looks like an
    ending."""
    written = [_LETTERS[match.group()].split() for match in _CONSONANT.finditer(_DOUBLED.sub(r"\1", bare))]
    for letters in islice(product(*written), MOST_SPELLINGS):
        whole = "".join(letters).replace("-", "")
        for consonants in (whole, whole[:-1] if whole.endswith(_LIKE_ENDINGS) else whole):
            if len(consonants) >= LEAST_CONSONANTS:
                yield consonants
