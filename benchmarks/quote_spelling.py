"""Ways in which a quote may be written differently from its article and still be true."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from index.language.scripts import ARABIC_LETTERS

LETTER = re.compile(f"[{ARABIC_LETTERS}]")
_DIACRITICS = "\u064b\u064e\u064f\u0650\u0651\u0652"
Change = Callable[[str, random.Random], str]


def without_hamzas(text: str, _chance: random.Random) -> str:
    return text.translate(str.maketrans("أإآ", "ااا"))


def ya(text: str, _chance: random.Random) -> str:
    return re.sub(r"ي\b", "ى", text)


def alef_maqsura(text: str, _chance: random.Random) -> str:
    return re.sub(r"ى\b", "ي", text)


def ha(text: str, _chance: random.Random) -> str:
    return re.sub(r"ة\b", "ه", text)


def vowelled(text: str, chance: random.Random) -> str:
    return LETTER.sub(lambda letter: letter[0] + (chance.choice(_DIACRITICS) if chance.random() < 0.4 else ""), text)


def stretched(text: str, chance: random.Random) -> str:
    return re.sub(rf"(?<=[بتثجحخسشصضطظعغفقكلمنهي])(?=[{ARABIC_LETTERS}])",
                  lambda _: "ـ" * chance.choice((0, 0, 0, 2)), text)


def arabic_digits(text: str, _chance: random.Random) -> str:
    return text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))


def other_marks(text: str, chance: random.Random) -> str:
    text = text.translate(str.maketrans({'"': chance.choice("«“”'"), "،": chance.choice(",، "), "؛": ";", "؟": "?"}))
    return f"«{text}»" if chance.random() < 0.5 else text


def invisible(text: str, chance: random.Random) -> str:
    return "\u200f" + text.replace(" ", "\u00a0", chance.randint(0, 3)) + "\u200c"


def other_names(text: str, _chance: random.Random) -> str:
    for one, other in (("ترامب", "ترمب"), ("نتنياهو", "نتانياهو"), ("أمريك", "أميرك"), ("مسؤول", "مسئول"),
                       ("مئة", "مائة")):
        text = text.replace(one, other) if one in text else text.replace(other, one)
    return text


SPELLINGS: tuple[Change, ...] = (without_hamzas, ya, alef_maqsura, ha, vowelled, stretched, arabic_digits, other_marks,
                                 invisible, other_names)
