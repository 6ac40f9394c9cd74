"""Arabic as news writes it, brought to one form for matching: letters, digits, month names, character n-grams.

Nothing here touches what is shown: normalised text is only ever compared. The rules are listed with their reasons in
`docs/arabic.md`. Raise `ANALYZER_VERSION` with any change that alters what `grams` returns, and with any that
alters the dates and numbers of `index/search/terms.py`.
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

ANALYZER_VERSION = 3
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
# What is not seen, as the inside of a character class.
INVISIBLE = _MARKS + _IGNORABLE
_FOLDING = _LETTERS | _DIGITS
# Sought by a pattern, which takes half of the time of str.translate.
_FOLDED = re.compile(f"[{INVISIBLE}{''.join(_FOLDING)}]")
_MARKED = re.compile(f"[{INVISIBLE}{''.join(_DIGITS)}]")
_BARE_ALEF = str.maketrans("أإآٱ", "اااا")
# Signs and emoji that compatibility would make letters of: ™ would become a part of the name before it.
_SIGNS = re.compile("[\u2120\u2122\u2139\u24c2\u3297\u3299\U0001f200-\U0001f251]")
# What may be a long run of marks that combine; of the characters that do, these two alone count as parts of words.
LONG_RUN = re.compile("[\\W\uff9e\uff9f]{64,}")

# January to December as the Levant and Iraq, Egypt and the Gulf, and the Maghreb write them.
MONTHS = (
    ("يناير", "كانون الثاني", "جانفي"), ("فبراير", "شباط", "فيفري"), ("مارس", "آذار"),
    ("أبريل", "إبريل", "نيسان", "أفريل"), ("مايو", "أيار", "مايس"), ("يونيو", "يونية", "حزيران", "جوان"),
    ("يوليو", "يولية", "تموز", "جويلية"), ("أغسطس", "آب", "أوت"), ("سبتمبر", "شتنبر", "أيلول"),
    ("أكتوبر", "تشرين الأول"), ("نوفمبر", "نونبر", "تشرين الثاني"), ("ديسمبر", "دجنبر", "كانون الأول"),
)
# Written like another word once hamza and madda are folded (آب "August" and أب "father"; أوت and اوت), so these are
# months only beside a number.
AMBIGUOUS_MONTHS = {"آب", "أوت", "جوان", "مارس", "مايس"}
_NOT_A_WORD = re.compile(r"[\W_]+")

_WEAK_LETTERS = dict.fromkeys(map(ord, "اويء"), None)
# Skeletons are spelled in a private-use alphabet, so that none of their grams is a gram of a written word.
_PRIVATE = 0xE000 - 0x0600


def normalise(text: str) -> str:
    """The form of `text` that is compared: compatibility forms, marks, letters, digits and case folded.

    Linear in the length of the text. `index.language.offsets` keeps the way back.
    """
    # A second time at the end, since what is dropped may have stood between a letter and its accent.
    return compatible(_FOLDED.sub(_folded, compatible(text).casefold()))


def without_marks(text: str) -> str:
    """`text` as a model should read it: compatibility forms, marks and digits folded, letters and case as written.

    Articles write few vowel signs and the models' training texts fewer; the same word with them is other tokens.
    """
    return compatible(_MARKED.sub(_unmarked, compatible(text)))


def bare_alef(text: str) -> str:
    """`without_marks`, with every alef bare: a question's form, which readers type with or without the hamza."""
    return without_marks(text).translate(_BARE_ALEF)


def words(text: str) -> list[str]:
    """The normalised words of `text`, each month under the first of its names in `MONTHS`."""
    return split_words(normalise(text))


def split_words(normalised: str) -> list[str]:
    """The words of a text that is normalised already, each month under the first of its names in `MONTHS`."""
    spaced = _NOT_A_WORD.sub(" ", normalised).strip()
    return _MONTH.sub(_first_name, spaced).split()


def skeleton(word: str) -> str:
    """The consonants of a normalised Arabic word without its article and ending, or nothing when fewer than three.

    One spelling for foreign names written with or without long vowels (ترامب and ترمب), and for words of one root
    (التواصل and الاتصالات).
    """
    return _skeleton(word) if len(word) > 3 and is_arabic_word(word) else ""


# News repeats its words: nine lookups of ten are answered from here. Numbers, of which there is no end, are not kept.
@lru_cache(maxsize=1 << 16)
def _skeleton(word: str) -> str:
    consonants = strip_for_skeleton(word).translate(_WEAK_LETTERS)
    return consonants if len(consonants) >= 3 else ""


def grams(text: str) -> NDArray[np.uint64]:
    """The character 4-grams within each word of `text` and within its skeleton; a shorter word is one gram.

    A gram is its four UTF-16 units packed into 64 bits, first unit highest, zero-filled at the end.
    """
    return grams_of_words(words(text))


def grams_of_words(normalised_words: Iterable[str]) -> NDArray[np.uint64]:
    """The grams of words that are normalised already, as `grams` returns them."""
    return np.fromiter(chain.from_iterable(map(word_grams, normalised_words)), np.uint64)


def word_grams(word: str) -> tuple[int, ...]:
    """The grams of one normalised word, then those of its skeleton, packed as `grams` returns them."""
    return _packed(word) if word.isdecimal() else _word_grams(word)


@lru_cache(maxsize=1 << 15)
def _word_grams(word: str) -> tuple[int, ...]:
    return _packed(word) + skeleton_grams(word)


def skeleton_grams(word: str) -> tuple[int, ...]:
    """The grams of the skeleton of a normalised word alone."""
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
    """The run with its marks as Unicode orders them (UAX #15, D108); the library's own sort takes the square of its
    length."""
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
