"""Arabic as news writes it, brought to one form for matching: letters, digits, month names, character n-grams.

Nothing here touches what is shown: normalised text is only ever compared. The rules are listed with their reasons in
`docs/arabic.md`. Raise `ANALYZER_VERSION` with any change that alters what `grams` returns, and with any that
alters the dates and numbers of `index/terms.py`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

ANALYZER_VERSION = 2
GRAM_LENGTH = 4

# Hamza carriers, alef maqsura, ta marbuta, and the Persian and Urdu letters that keyboards mix in.
_LETTERS = str.maketrans("أإآٱىئؤةکیېہھگ", "ااااييوهكييههك")
_DIGITS = {zero + digit: str(digit) for zero in (0x0660, 0x06F0) for digit in range(10)}
_TATWEEL = 0x0640
# Vowel signs and Koranic marks; zero-width and bidirectional controls, the byte order mark among them.
INVISIBLE = (*range(0x0610, 0x061B), 0x061C, _TATWEEL, *range(0x064B, 0x0660), 0x0670, *range(0x06D6, 0x06DD),
              *range(0x06DF, 0x06E9), *range(0x06EA, 0x06EE), 0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F),
              *range(0x2060, 0x206A), 0xFEFF)
_FOLDING = _LETTERS | _DIGITS | dict.fromkeys(INVISIBLE, None)

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

_ARABIC_WORD = re.compile(r"[ء-ي]{4,}")
_ARTICLES = ("وال", "فال", "بال", "كال", "ولل", "لل", "ال")
_ENDINGS = ("ات", "ون", "ين", "ان", "ها", "هم", "يه", "ه")
_WEAK_LETTERS = dict.fromkeys(map(ord, "اويء"), None)
# Skeletons are spelled in a private-use alphabet, so that none of their grams is a gram of a written word.
_PRIVATE = 0xE000 - 0x0600


def normalise(text: str) -> str:
    """The form of `text` that is compared: compatibility forms, marks, letters, digits and case folded.

    Offsets are not kept. Linear in the length of the text.
    """
    # A second time at the end, since what is dropped may have stood between a letter and its accent.
    return _compatible(_compatible(text).casefold().translate(_FOLDING))


def words(text: str) -> list[str]:
    """The normalised words of `text`, each month under the first of its names in `MONTHS`."""
    return split_words(normalise(text))


def split_words(normalised: str) -> list[str]:
    """The words of a text that is normalised already, each month under the first of its names in `MONTHS`."""
    spaced = _NOT_A_WORD.sub(" ", normalised).strip()
    return _MONTH.sub(_first_name, spaced).split()


# News repeats its words: nine lookups of ten are answered from here.
@lru_cache(maxsize=1 << 17)
def skeleton(word: str) -> str:
    """The consonants of a normalised Arabic word without its article and ending, or nothing when fewer than three.

    One spelling for foreign names written with or without long vowels (ترامب and ترمب), and for words of one root
    (التواصل and الاتصالات).
    """
    if not _ARABIC_WORD.fullmatch(word):
        return ""
    article = next((article for article in _ARTICLES if word.startswith(article) and len(word) >= len(article) + 3), "")
    if not article and word[0] == "و" and len(word) >= 5:
        article = "و"
    stem = word[len(article):]
    ending = next((ending for ending in _ENDINGS if stem.endswith(ending) and len(stem) >= len(ending) + 3), "")
    consonants = stem[:len(stem) - len(ending)].translate(_WEAK_LETTERS)
    return consonants if len(consonants) >= 3 else ""


def grams(text: str) -> NDArray[np.uint64]:
    """The character 4-grams within each word of `text` and within its skeleton; a shorter word is one gram.

    A gram is its four UTF-16 units packed into 64 bits, first unit highest, zero-filled at the end.
    """
    return np.fromiter(chain.from_iterable(map(word_grams, words(text))), np.uint64)


@lru_cache(maxsize=1 << 15)
def word_grams(word: str) -> tuple[int, ...]:
    """The grams of one normalised word, then those of its skeleton, packed as `grams` returns them."""
    spelled_apart = "".join(chr(ord(letter) + _PRIVATE) for letter in skeleton(word))
    return _packed(word) + _packed(spelled_apart)


def _packed(word: str) -> tuple[int, ...]:
    if not word:
        return ()
    units = word.encode("utf-16-be").ljust(2 * GRAM_LENGTH, b"\0")
    return tuple(int.from_bytes(units[start:start + 2 * GRAM_LENGTH], "big")
                 for start in range(0, len(units) - 2 * GRAM_LENGTH + 1, 2))


def _compatible(text: str) -> str:
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


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
