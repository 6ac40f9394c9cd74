"""Tell which script a letter, a word or a text is in: Arabic, Latin, Cyrillic.

Every such rule is here. Rules differ in two things, shown by their names: whether letters that Persian, Urdu and other
neighbours add to the Arabic script count as Arabic, and whether the first letter decides or the majority. Functions
take texts as written, unless they say that they need them normalised.
"""

from __future__ import annotations

import re
from enum import Enum

# Letters, as the inside of a character class.
ARABIC_LETTERS = "ء-ي"
# The same without tatweel and the rare letters beside it.
ARABIC_LETTERS_WITHOUT_TATWEEL = "ء-غف-ي"
# Arabic letters and those that Persian, Urdu, Kurdish and other neighbours add.
ARABIC_AND_NEIGHBOURS = "\u0620-\u064a\u066e\u066f\u0671-\u06d3"
# The Arabic letters of the encoding Windows-1256.
WINDOWS_1256_LETTERS = ("\u0621-\u063a\u0640-\u064a"
                        "\u0679\u067e\u0686\u0688\u0691\u0698\u06a9\u06af\u06ba\u06be\u06c1\u06d2")
# Letters that number the items of a list: أ) ب) ج).
ARABIC_LIST_LETTERS = "أ-ي"

# Languages written in Arabic script, by their codes in BCP 47.
ARABIC_SCRIPT_LANGUAGES = frozenset(
    {"ar", "fa", "ur", "ps", "ckb", "ku", "ug", "sd", "arz", "ary", "apc", "azb", "ks", "lrc"})

_LETTER = re.compile(r"[^\W\d_]")
_ARABIC = re.compile(f"[{ARABIC_LETTERS}]")
_ARABIC_WORD = re.compile(f"[{ARABIC_LETTERS}]+")
_ARABIC_OR_NEIGHBOUR = re.compile(f"[{ARABIC_AND_NEIGHBOURS}]")
_NEIGHBOUR_ONLY = re.compile("[پچژگکیںےٹڈڑہۀە]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LOWER_LATIN = re.compile("[a-z\u00df-\u024f]")


class Script(Enum):
    """A script that tells the language of a question."""

    ARABIC = "Arab"
    LATIN = "Latn"
    CYRILLIC = "Cyrl"


def script_of(normalised: str) -> Script:
    """Return the script of most letters of a normalised text; Arabic on a tie and if there are no letters."""
    arabic, latin, cyrillic = (len(letters.findall(normalised)) for letters in (_ARABIC, _LOWER_LATIN, _CYRILLIC))
    if arabic >= max(cyrillic, latin):
        return Script.ARABIC
    return Script.CYRILLIC if cyrillic > latin else Script.LATIN


def is_arabic_word(word: str) -> bool:
    """Tell whether all characters of a normalised word are Arabic letters; letters of neighbours do not count."""
    return _ARABIC_WORD.fullmatch(word) is not None


def begins_in_arabic(word: str) -> bool:
    """Tell whether the first character of a word is an Arabic letter; letters of neighbours do not count."""
    return _ARABIC.match(word) is not None


def begins_in_ascii(word: str) -> bool:
    """Tell whether the first character of a word is ASCII, as in an English number; True for an empty word."""
    return word[:1].isascii()


def has_arabic(text: str) -> bool:
    """Tell whether a text has an Arabic letter."""
    return _ARABIC.search(text) is not None


def is_at_least_half_arabic(text: str) -> bool:
    """Tell whether at least half of the letters are Arabic or a neighbour's; True if there are no letters."""
    return 2 * len(_ARABIC_OR_NEIGHBOUR.findall(text)) >= sum(map(str.isalpha, text))


def is_mostly_arabic(text: str) -> bool | None:
    """Tell whether more than half of the letters are Arabic or a neighbour's; None if there are no letters."""
    letters = len(_LETTER.findall(text))
    return 2 * len(_ARABIC_OR_NEIGHBOUR.findall(text)) > letters if letters else None


def is_in_another_script(text: str, other: str) -> bool:
    """Tell whether most letters of one of two normalised texts are Arabic, and the other has only letters that are not.

    Latin names leave an Arabic sentence Arabic, however long they are, and so does an Arabic word an English one.
    """
    return any(is_mostly_arabic(arabic) and is_mostly_arabic(foreign) is False and not has_arabic(foreign)
               for arabic, foreign in ((text, other), (other, text)))


def reads_as_arabic_language(text: str) -> bool:
    """Tell whether a text is in Arabic rather than Persian or Urdu.

    Its first letter must be Arabic, and it must have no letter that only a neighbour uses.
    """
    first_letter = _LETTER.search(text)
    return first_letter is not None and begins_in_arabic(first_letter[0]) and not _NEIGHBOUR_ONLY.search(text)
