"""Words with opposite meanings that news exchanges: rise and fall, support and oppose, win and lose."""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.language.clitics import BEFORE_OPPOSITE
from index.language.function_words import DENIALS

# Stems of normalised words, one pair of sides a line. Each may have a conjunction, a future or a person in front.
_PAIRS = (
    ("رتفع|رتفاع|صعد|صعود|زاد|زيد|زياد[هة]|زداد", "نخفض|نخفاض|تراجع|هبط|هبوط|نقص|تقلص|انكمش"),
    ("رفع", "خفض|تخفيض"),
    ("ايد|ويد|تاييد|مويد|وافق|موافق|رحب", "عارض|معارض|رفض|رافض|ندد"),
    ("فاز|فوز|فايز|ربح", "خسر|خساره|خاسر|هزم|هزيمه"),
    ("نجح|نجاح", "فشل|خفق|خفاق"),
    ("فتح|فتتح|فتتاح", "غلق|غلاق"),
    ("بدا|بدء|بداي", "نتهي|نتهت|نتهاء|ختتم|ختتام"),
    ("شتري|شترت|شراء", "باع|بيع"),
    ("نضم|نضمام", "نسحب|نسحاب"),
    ("حضر|حضور|شارك|مشاركه", "غاب|غياب|تغيب|قاطع|مقاطعه"),
    ("ستورد|ستيراد", "صدر|تصدير"),
    ("rise|rises|rose|risen|increased?|grew|grow", "fall|falls|fell|fallen|decreased?|dropped|drop|declined?"),
    ("supports?|supported|backed|approved?", "opposes?|opposed|rejected?|rejects?"),
    ("won|wins?|winner", "lost|loses?|loser"),
)
_BEHIND = r"\w{0,3}"
_TURNS = re.compile(rf"{BEFORE_OPPOSITE}(?:متنع|نفي|نفت|عدم|دون|بدون|غير|توقف|اوقف|الغ|استبعد|حال|منع){_BEHIND}")
_SIDES = tuple(tuple(re.compile(rf"{BEFORE_OPPOSITE}(?:{side}){_BEHIND}") for side in pair) for pair in _PAIRS)


def says_opposite(asked: Iterable[str], words: Iterable[str]) -> bool:
    """Tell whether a text has the opposite of a word that is asked for, and nothing of its own side. Both normalised.

    Nothing is opposite to a text that denies, or to a question that does: "abstained from attending" is absence.
    """
    asked, words = list(asked), list(words)
    if any(word in DENIALS or _TURNS.fullmatch(word) for word in (*asked, *words)):
        return False
    for pair in _SIDES:
        in_asked = [any(side.fullmatch(word) for word in asked) for side in pair]
        in_words = [any(side.fullmatch(word) for word in words) for side in pair]
        if in_asked != in_words and sum(in_asked) == sum(in_words) == 1:
            return True
    return False
