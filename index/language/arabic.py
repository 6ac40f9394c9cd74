"""Normalise Arabic text for matching: letters, digits, month names, character n-grams.

Normalised text is only compared and never shown. `docs/arabic.md` lists the rules with their reasons. Raise
`ANALYZER_VERSION` with any change that alters what `grams` returns, or the dates and numbers of
`index/search/terms.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from index.language.clitics import strip_for_skeleton
from index.language.scripts import is_arabic_word

ANALYZER_VERSION = 9
GRAM_LENGTH = 4

# Hamza carriers, alef maqsura, ta marbuta; Persian and Urdu letters that keyboards mix in, and those of foreign names.
_SPELLED_AS = {"ا": "أإآٱٲٳ", "ي": "ىئیېےۓ", "و": "ؤ", "ه": "ةہھۀۂۃە", "ك": "کڪگ", "ب": "پ", "ف": "ڤ"}
_LETTERS = {variant: letter for letter, variants in _SPELLED_AS.items() for variant in variants}
_DIGITS = {chr(zero + digit): str(digit) for zero in (0x0660, 0x06F0) for digit in range(10)}
# Vowel signs, Koranic marks, the high hamza and tatweel.
_MARKS = ("\u0610-\u061a\u0640\u064b-\u065f\u0670\u0674\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0898-\u089f"
          "\u08ca-\u08e1\u08e3-\u08ff\U00010efc-\U00010eff")
# Unicode's Default_Ignorable_Code_Point (UAX #44) and the interlinear annotation marks: zero-width and bidirectional
# controls, the byte order mark, variation selectors, tags, the fillers of Hangul.
_IGNORABLE = ("\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
              "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff")
# Characters that are not visible, as the inside of a character class.
INVISIBLE = _MARKS + _IGNORABLE
_FOLDING = _LETTERS | _DIGITS
# Replacing with a pattern takes half the time of str.translate.
_FOLDED = re.compile(f"[{INVISIBLE}{''.join(_FOLDING)}]")
_MARKED = re.compile(f"[{INVISIBLE}{''.join(_DIGITS)}]")
_BARE_ALEF = str.maketrans("أإآٱ", "اااا")
# Signs and emoji that NFKC would turn into letters: ™ would become a part of the name before it.
_SIGNS = re.compile("[\u2120\u2122\u2139\u24c2\u3297\u3299\U0001f200-\U0001f251]")
# A long run of what may be combining characters: of those, \w matches only the two named here.
LONG_RUN = re.compile("[\\W\uff9e\uff9f]{64,}")

# January to December as the Levant and Iraq, Egypt and the Gulf, and the Maghreb write them.
MONTHS = (
    ("يناير", "كانون الثاني", "جانفي"), ("فبراير", "شباط", "فيفري"), ("مارس", "آذار"),
    ("أبريل", "إبريل", "نيسان", "أفريل"), ("مايو", "أيار", "مايس"), ("يونيو", "يونية", "حزيران", "جوان"),
    ("يوليو", "يولية", "تموز", "جويلية"), ("أغسطس", "آب", "أوت"), ("سبتمبر", "شتنبر", "أيلول"),
    ("أكتوبر", "تشرين الأول"), ("نوفمبر", "نونبر", "تشرين الثاني"), ("ديسمبر", "دجنبر", "كانون الأول"),
)
# These are months only beside a number, since they look like another word once hamza and madda are folded (آب "August"
# and أب "father"; أوت and اوت).
AMBIGUOUS_MONTHS = {"آب", "أوت", "جوان", "مارس", "مايس"}
_NOT_A_WORD = re.compile(r"[\W_]+")

_WEAK_LETTERS = dict.fromkeys(map(ord, "اويء"), None)
# Skeletons are spelled in a private-use alphabet, so that none of their grams is a gram of a written word.
_PRIVATE = 0xE000 - 0x0600


def normalise(text: str) -> str:
    """Normalise `text` for matching: fold compatibility forms, letters, digits and case, and drop marks.

    Linear in the length of the text. `index.language.offsets` maps the result back to `text`.
    """
    # NFKC again at the end, since a dropped character may have stood between a letter and its accent.
    return compatible(_FOLDED.sub(_folded, compatible(text).casefold()))


def without_marks(text: str) -> str:
    """Prepare `text` for a model: drop marks, fold compatibility forms and digits, keep letters and case.

    Articles have few vowel signs and the models' training texts fewer; with them, a word becomes other tokens.
    """
    return compatible(_MARKED.sub(_unmarked, compatible(text)))


def bare_alef(text: str) -> str:
    """Prepare a question for a model: as `without_marks`, with every alef bare, since readers often omit hamzas."""
    return without_marks(text).translate(_BARE_ALEF)


def words(text: str) -> list[str]:
    """List the normalised words of `text`; a month becomes the first of its names in `MONTHS`."""
    return split_words(normalise(text))


def split_words(normalised: str) -> list[str]:
    """List the words of a normalised text; a month becomes the first of its names in `MONTHS`."""
    spaced = _NOT_A_WORD.sub(" ", normalised).strip()
    return _MONTH.sub(_first_name, spaced).split()


def skeleton(word: str) -> str:
    """Return the consonants of a normalised Arabic word without its article and ending; empty if fewer than three.

    The skeleton is the same for a foreign name written with or without long vowels (ترامب and ترمب), and for words of
    one root (التواصل and الاتصالات).
    """
    return _skeleton(word) if len(word) > 3 and is_arabic_word(word) else ""


# News repeats its words: the cache answers nine lookups of ten. Numbers, which are endless, are not cached.
@lru_cache(maxsize=1 << 16)
def _skeleton(word: str) -> str:
    consonants = strip_for_skeleton(word).translate(_WEAK_LETTERS)
    return consonants if len(consonants) >= 3 else ""


def grams(text: str) -> NDArray[np.uint64]:
    """Return the character 4-grams of each word of `text` and of its skeleton; a shorter word is one gram.

    A gram is its four UTF-16 units packed into 64 bits, first unit highest, zero-filled at the end.
    """
    return grams_of_words(words(text))


def grams_of_words(normalised_words: Iterable[str]) -> NDArray[np.uint64]:
    """Return the grams of normalised words, as `grams` does."""
    return np.fromiter(chain.from_iterable(map(word_grams, normalised_words)), np.uint64)


def word_grams(word: str) -> tuple[int, ...]:
    """Return the grams of a normalised word, then those of its skeleton, packed as in `grams`."""
    return _packed(word) if word.isdecimal() else _word_grams(word)


@lru_cache(maxsize=1 << 15)
def _word_grams(word: str) -> tuple[int, ...]:
    return _packed(word) + skeleton_grams(word)


def skeleton_grams(word: str) -> tuple[int, ...]:
    """Return only the grams of the skeleton of a normalised word."""
    return _packed("".join(chr(ord(letter) + _PRIVATE) for letter in skeleton(word)))


def _packed(word: str) -> tuple[int, ...]:
    if not word:
        return ()
    units = word.encode("utf-16-be").ljust(2 * GRAM_LENGTH, b"\0")
    return tuple(int.from_bytes(units[start:start + 2 * GRAM_LENGTH], "big")
                 for start in range(0, len(units) - 2 * GRAM_LENGTH + 1, 2))


def compatible(text: str) -> str:
    """Return the compatibility form of a text (NFKC), with the signs that are no part of words as spaces."""
    if unicodedata.is_normalized("NFKC", text):
        return text
    return unicodedata.normalize("NFKC", LONG_RUN.sub(_in_canonical_order, _SIGNS.sub(" ", text)))


def _folded(match: re.Match[str]) -> str:
    return _FOLDING.get(match[0], "")


def _unmarked(match: re.Match[str]) -> str:
    return _DIGITS.get(match[0], "")


def _in_canonical_order(match: re.Match[str]) -> str:
    """Put the marks of a run into canonical order (UAX #15, D108).

    The time of unicodedata's own sort grows with the square of the length of the run; this sort avoids that.
    """
    run = match[0]
    decompositions = {character: unicodedata.normalize("NFKD", character) for character in set(run)}
    decomposed = "".join(map(decompositions.__getitem__, run))
    codes = np.frombuffer(decomposed.encode("utf-32-le", "surrogatepass"), np.uint32)
    combining_class = {character: unicodedata.combining(character) for character in set(decomposed)}
    classes = np.fromiter(map(combining_class.__getitem__, decomposed), np.uint8, len(decomposed))
    order = np.lexsort((classes, np.cumsum(classes == 0)))  # after each character that does not combine, those that do
    return codes[order].tobytes().decode("utf-32-le", "surrogatepass")


def _month_pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    first_names: dict[str, str] = {}
    certain: list[str] = []
    beside_number: list[str] = []
    for names in MONTHS:
        for name in names:
            folded = normalise(name)
            first_names[folded] = normalise(names[0])
            (beside_number if name in AMBIGUOUS_MONTHS else certain).append(folded)
    number = r"\d{1,4}"
    either = "|".join(beside_number)
    pattern = rf"\b(?:{'|'.join(certain)})\b|(?<=\d )(?:{either})\b|\b(?:{either})(?= {number}\b)"
    return re.compile(pattern), first_names


_MONTH, _FIRST_NAMES = _month_pattern()


def _first_name(match: re.Match[str]) -> str:
    return _FIRST_NAMES[match.group()]
