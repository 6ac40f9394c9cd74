"""Tell which script a letter, a word or a text is in: Arabic, Latin, Cyrillic.

Every such decision is here. They differ in two things, which their names say: whether the letters of Persian, Urdu and
other neighbours count as Arabic, and whether the first letter decides or most of them do. Texts are taken as they are
written, unless a function says that it wants them normalised.
"""

from __future__ import annotations

import re
from enum import Enum

# Letters, as the inside of a character class.
ARABIC_LETTERS = "ء-ي"
# The same without tatweel and the rare letters beside it.
ARABIC_LETTERS_WITHOUT_TATWEEL = "ء-غف-ي"
# Those of Arabic and what Persian, Urdu, Kurdish and other neighbours add to them.
ARABIC_AND_NEIGHBOURS = "\u0620-\u064a\u066e\u066f\u0671-\u06d3"
# Those that Windows-1256 has.
WINDOWS_1256_LETTERS = ("\u0621-\u063a\u0640-\u064a"
                        "\u0679\u067e\u0686\u0688\u0691\u0698\u06a9\u06af\u06ba\u06be\u06c1\u06d2")
# Those that number the items of a list: أ) ب) ج).
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
    """The scripts that questions are told by."""

    ARABIC = "Arab"
    LATIN = "Latn"
    CYRILLIC = "Cyrl"


def script_of(normalised: str) -> Script:
    """Return the script of most letters of a normalised text; Arabic on a draw and where there are none."""
    arabic, latin, cyrillic = (len(letters.findall(normalised)) for letters in (_ARABIC, _LOWER_LATIN, _CYRILLIC))
    if arabic >= max(cyrillic, latin):
        return Script.ARABIC
    return Script.CYRILLIC if cyrillic > latin else Script.LATIN


def is_arabic_word(word: str) -> bool:
    """Whether every character of a normalised word is an Arabic letter; no letter of a neighbour is."""
    return _ARABIC_WORD.fullmatch(word) is not None


def begins_in_arabic(word: str) -> bool:
    """Whether the first character of a word is an Arabic letter; no letter of a neighbour is."""
    return _ARABIC.match(word) is not None


def begins_in_ascii(word: str) -> bool:
    """Whether the first character of a word is ASCII, as an English number is; an empty word counts as ASCII."""
    return word[:1].isascii()


def has_arabic(text: str) -> bool:
    """Whether there is an Arabic letter anywhere in a text."""
    return _ARABIC.search(text) is not None


def is_at_least_half_arabic(text: str) -> bool:
    """Whether half of the letters or more are Arabic or a neighbour's; so also where there are none."""
    return 2 * len(_ARABIC_OR_NEIGHBOUR.findall(text)) >= sum(map(str.isalpha, text))


def is_mostly_arabic(text: str) -> bool | None:
    """Whether more than half of the letters are Arabic or a neighbour's; None where there are none."""
    letters = len(_LETTER.findall(text))
    return 2 * len(_ARABIC_OR_NEIGHBOUR.findall(text)) > letters if letters else None


def reads_as_arabic_language(text: str) -> bool:
    """Whether the first letter is Arabic and no letter of the text is a neighbour's alone: Arabic, rather than
    Persian or Urdu."""
    first_letter = _LETTER.search(text)
    return first_letter is not None and begins_in_arabic(first_letter[0]) and not _NEIGHBOUR_ONLY.search(text)
