"""Map each character of a normalised text to the characters of the original that it comes from.

The rules of `index.language.arabic.normalise` are not repeated here. Instead, the text is cut wherever the left side
cannot change how the right side is normalised. Each segment is normalised alone, and its length gives its position in
the normalised text. Most segments are one character; their lengths are cached in a table as they are met.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.language.arabic import normalise

# For each code point met so far: the length of its normalised form, and whether a segment may begin with it.
_KNOWN, _BEGINS, _LENGTH = 0x80, 0x40, 0x3F
_CHARACTERS = np.zeros(0x110000, np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Normalised:
    """`text` is `normalise(original)`; its n-th character comes from `original[starts[n]:ends[n]]`.

    `starts` and `ends`, (characters,) int32, never descend; the spans of two characters are either the same or do not
    overlap. Marks, tatweel and other dropped characters belong to the character before them, or to none at the
    beginning of the text.
    """

    text: str
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]

    @classmethod
    def of(cls, original: str) -> Normalised:
        """Normalise a text, in time linear in its length."""
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
        """Return the smallest span of whole characters of the original that `text[start:end]` comes from.

        Its normalised form is `text[start:end]`, or more if the span cuts through what a single character became. An
        empty span maps to an empty span. Raises IndexError for a span outside the text.
        """
        if not 0 <= start <= end <= len(self.text):
            raise IndexError(f"{start}-{end} is outside a text of {len(self.text)} characters")
        if start < end:
            return int(self.starts[start]), int(self.ends[end - 1])
        place = int(self.starts[start]) if start < len(self.starts) else int(self.ends[-1]) if len(self.ends) else 0
        return place, place


def _characters(codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Look up the code points in the table, after adding those that are new."""
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
    """Tell whether a character neither changes places with the character before it nor composes with it.

    That excludes marks and the letters that compose (UAX #15, NFC_Quick_Check): the vowels and finals of Hangul and two
    letters of Kirat Rai.
    """
    return (not unicodedata.combining(character) and unicodedata.category(character)[0] != "M"
            and not "\u1160" <= character <= "\u11ff" and character not in "\U00016d67\U00016d68")
