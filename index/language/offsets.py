"""Normalised text with the way back: which characters of the original each of its characters stands for.

The rules are those of `index.language.arabic.normalise` and are nowhere repeated. A text is cut where nothing on the
left can change what becomes of the right; such a segment, normalised alone, is what the whole has at that
place, so its length says where it lies. Most segments are one character, and how long it becomes is looked up in a
table that fills itself.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.language.arabic import normalise

# For each code point, once met: the length of its normal form, and whether a segment may begin with it.
_KNOWN, _BEGINS, _LENGTH = 0x80, 0x40, 0x3F
_CHARACTERS = np.zeros(0x110000, np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Normalised:
    """`text` is `normalise(original)`; its n-th character comes from `original[starts[n]:ends[n]]`.

    `starts` and `ends`, (characters,) int32, never descend, and what they say of two characters is the same span or
    spans that do not overlap. Marks, tatweel and what else is dropped belong to the character before them; dropped
    characters that nothing precedes belong to none.
    """

    text: str
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]

    @classmethod
    def of(cls, original: str) -> Normalised:
        """Normalise, linear in the length of the text."""
        text = normalise(original)
        codes = np.frombuffer(original.encode("utf-32-le", "surrogatepass"), np.uint32)
        characters = _characters(codes)
        is_boundary = np.append(characters & _BEGINS, 1)
        is_boundary[0] = 1
        boundaries = np.flatnonzero(is_boundary).astype(np.int32)
        begins, ends = boundaries[:-1], boundaries[1:]
        lengths = (characters[begins] & _LENGTH).astype(np.int64)
        seen: dict[str, int] = {}
        for segment in np.flatnonzero(ends - begins > 1).tolist():
            written = original[begins[segment]:ends[segment]]
            if written not in seen:
                seen[written] = len(normalise(written))
            lengths[segment] = seen[written]
        return cls(text, np.repeat(begins, lengths), np.repeat(ends, lengths))

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that `text[start:end]` comes from, the smallest of whole characters.

        Its own normal form is `text[start:end]`, or more where the span ends inside what one character became. An empty
        span is one before its place. Raises IndexError for a span that is not in the text.
        """
        if not 0 <= start <= end <= len(self.text):
            raise IndexError(f"{start}-{end} is no span of a text of {len(self.text)} characters")
        if start < end:
            return int(self.starts[start]), int(self.ends[end - 1])
        place = int(self.starts[start]) if start < len(self.starts) else int(self.ends[-1]) if len(self.ends) else 0
        return place, place


def _characters(codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """What is known of each code point, learned where it is met for the first time."""
    known = _CHARACTERS[codes]
    if not known.all():
        for code in np.unique(codes[known == 0]).tolist():
            _CHARACTERS[code] = _learn(chr(code))
        known = _CHARACTERS[codes]
    return known


def _learn(character: str) -> int:
    normalised = normalise(character)
    begins = normalised and _stands_alone(unicodedata.normalize("NFKD", character)[0]) and _stands_alone(normalised[0])
    return _KNOWN | (_BEGINS if begins else 0) | len(normalised)


def _stands_alone(character: str) -> bool:
    """Whether the character neither moves before nor melts into the one on its left: it is no mark and none of the
    letters that compose (UAX #15, NFC_Quick_Check), which are the vowels and finals of Hangul and two of Kirat Rai."""
    return (not unicodedata.combining(character) and unicodedata.category(character)[0] != "M"
            and not "\u1160" <= character <= "\u11ff" and character not in "\U00016d67\U00016d68")
