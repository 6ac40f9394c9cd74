"""Respell Arabic text in ways found in practice: vowel signs, hamzas, final letters, digits and names."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from index.language.clitics import BEFORE_RESPELLED_NAME
from index.language.scripts import ARABIC_LETTERS_WITHOUT_TATWEEL

NAMES = Path(__file__).with_name("name_variants.txt")

_FATHA, _DAMMA, _KASRA, _SHADDA, _SUKUN, _TANWIN = "َ", "ُ", "ِ", "ّ", "ْ", "ٌ"
_TATWEEL = "ـ"
_WORD = re.compile(f"[{ARABIC_LETTERS_WITHOUT_TATWEEL}]+")
# Letters that get no vowel sign: long vowels in most words, and letters that carry none.
_BARE = "اىوي"
_VOWEL_OF = {"أ": _FATHA, "إ": _KASRA, "آ": ""}
# Letters that join the next one, so that a tatweel can lengthen the line between them.
_JOINING = "بتثجحخسشصضطظعغفقكلمنهيئ"
_TO_ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_TO_BARE_ALEF = str.maketrans("أإآ", "ااا")


def diacritised(text: str, chance: random.Random) -> str:
    """Add a vowel sign to most consonants and a shadda to some; they may be wrong, since matching ignores them."""
    return _WORD.sub(lambda match: "".join(_signed(match[0], chance)), text)


def hamza_less(text: str, _chance: random.Random) -> str:
    """Write أ, إ and آ as a bare alef."""
    return text.translate(_TO_BARE_ALEF)


def loose_endings(text: str, _chance: random.Random) -> str:
    """Write a final ة as ه and a final ى as ي."""
    return re.sub(r"ى\b", "ي", re.sub(r"ة\b", "ه", text))


def dotless_endings(text: str, _chance: random.Random) -> str:
    """Write a final ي as ى, as Egyptian newspapers do."""
    return re.sub(r"ي\b", "ى", text)


def arabic_indic(text: str, _chance: random.Random) -> str:
    """Write digits as ٠١٢٣٤٥٦٧٨٩."""
    return text.translate(_TO_ARABIC_INDIC)


def drawn_out(text: str, chance: random.Random) -> str:
    """Insert one or more tatweels into each word that has joining letters."""
    return _WORD.sub(lambda match: _drawn(match[0], chance), text)


def all_at_once(text: str, chance: random.Random) -> str:
    """Apply all of the above except `dotless_endings`."""
    for respelled in (hamza_less, loose_endings, arabic_indic, drawn_out, diacritised):
        text = respelled(text, chance)
    return text


RESPELLINGS = {"diacritised": diacritised, "hamza_less": hamza_less, "loose_endings": loose_endings,
               "dotless_endings": dotless_endings, "arabic_indic": arabic_indic, "tatweel": drawn_out,
               "all_at_once": all_at_once}


def name_variants(path: Path = NAMES) -> Mapping[str, tuple[str, ...]]:
    """Read the spellings of names; return for each spelling the other spellings of the same name.

    A line of the file lists a name's spellings, with _ for a space within one; # begins a comment.
    """
    variants: dict[str, tuple[str, ...]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        spellings = [spelling.replace("_", " ") for spelling in line.partition("#")[0].split()]
        for spelling in spellings:
            if spelling in variants:
                raise ValueError(f"{path}: {spelling} is listed twice")
            variants[spelling] = tuple(other for other in spellings if other != spelling)
    return variants


def renamed(text: str, variants: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str, str]]:
    """Yield each name in the text with each other spelling of it, and the text with that spelling in its place.

    Particles attached to the name stay."""
    names = "|".join(sorted(map(re.escape, variants), key=len, reverse=True))
    for match in re.finditer(rf"(?<!\w){BEFORE_RESPELLED_NAME}({names})(?!\w)", text):
        for other in variants[match[1]]:
            yield match[1], other, text[:match.start(1)] + other + text[match.end(1):]


def _signed(word: str, chance: random.Random) -> Iterator[str]:
    for place, letter in enumerate(word):
        yield letter
        is_last = place == len(word) - 1
        if letter in _BARE or is_last and chance.random() < 0.5:
            continue
        if is_last:
            yield chance.choice((_DAMMA, _TANWIN, _KASRA, _FATHA))
        elif letter in _VOWEL_OF:
            yield _VOWEL_OF[letter]
        elif word[place + 1] in _BARE:
            yield {"ا": _FATHA, "ى": _FATHA, "و": _DAMMA, "ي": _KASRA}[word[place + 1]]
        else:
            yield (_SHADDA if place and chance.random() < 0.1 else "") + chance.choice((_FATHA, _DAMMA, _KASRA, _SUKUN))


def _drawn(word: str, chance: random.Random) -> str:
    places = [place for place in range(1, len(word)) if word[place - 1] in _JOINING]
    if not places:
        return word
    place = chance.choice(places)
    return word[:place] + _TATWEEL * chance.randint(1, 3) + word[place:]
