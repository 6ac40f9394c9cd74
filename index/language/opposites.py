"""Words with opposite meanings that news exchanges: rise and fall, support and oppose, win and lose."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from index.language.clitics import BEFORE_OPPOSITE, without_and
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

# Words that say the same as the denial of another: to refuse is not to agree. A draw is no defeat, so فاز is not here.
_DENIED = tuple(tuple(re.compile(rf"{BEFORE_OPPOSITE}(?:{side}){_BEHIND}") for side in pair) for pair in (
    ("رفض|رافض", "وافق"), ("غاب|غياب|تغيب|قاطع", "حضر|شارك"), ("فشل|خفق", "نجح|تمكن")))


def said_by_denial(asked: Sequence[str], read: Callable[[], Sequence[str]]) -> tuple[slice, tuple[str, ...]] | None:
    """Find in a text how it says a word that is asked for by a denial, or a denial by a word: رفض as "لم يوافق".

    `read` returns the words of the text, and is called only where such a word is asked for. Return the place of what is
    asked among `asked` and the words that the text has for it; None if it has none, or has what is asked for as well.
    All are normalised.
    """
    behind_denial = [place > 0 and asked[place - 1] in DENIALS for place in range(len(asked))]
    for word, denied in _DENIED:
        places = [(place, is_denied) for place, is_denied in enumerate(behind_denial)
                  if (denied if is_denied else word).fullmatch(asked[place])]
        words = read() if places else ()
        ways = {(without_and(way),) for way in words if word.fullmatch(way)}, set(_denials(denied, words))
        for place, is_denied in places:
            if is_denied and ways[0] and not ways[1]:
                return slice(place - 1, place + 1), min(ways[0])
            if not is_denied and ways[1] and not ways[0]:
                return slice(place, place + 1), min(ways[1])
    return None


def _denials(denied: re.Pattern[str], words: Sequence[str]) -> Iterator[tuple[str, str]]:
    return ((without_and(before), word) for before, word in pairwise(words)
            if before in DENIALS and denied.fullmatch(word))


def says_opposite(asked: Iterable[str], words: Iterable[str]) -> bool:
    """Tell whether a text has the opposite of a word that is asked for, and nothing of its own side. Both normalised.

    Nothing is opposite to a text that denies, or to a question that does: "abstained from attending" is absence.
    """
    asked, words = list(asked), list(words)
    one_sided = _one_sided(asked)
    if not one_sided or any(map(_turns, asked)) or any(map(_turns, words)):
        return False
    said = _one_sided(words)
    return any((pair, 1 - side) in said for pair, side in one_sided)


def _one_sided(words: Iterable[str]) -> frozenset[tuple[int, int]]:
    """Return the pairs of which the words have one side only, each by its number, with the number of that side."""
    sides = frozenset().union(*map(_sides_of, words))
    return frozenset((pair, side) for pair, side in sides if (pair, 1 - side) not in sides)


# News repeats its words.
@lru_cache(maxsize=1 << 14)
def _sides_of(word: str) -> frozenset[tuple[int, int]]:
    return frozenset((number, side) for number, pair in enumerate(_SIDES) for side in (0, 1)
                     if pair[side].fullmatch(word))


@lru_cache(maxsize=1 << 14)
def _turns(word: str) -> bool:
    """Tell whether a word denies, or turns what it governs into its opposite."""
    return word in DENIALS or _TURNS.fullmatch(word) is not None
