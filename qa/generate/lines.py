"""Read what a model writes: one sentence a line, the numbers of the sentences that prove it behind it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MAX_LINE_CHARS = 600
_NUMBERS = re.compile(r"\s*(?:[\[(【]\s*\d{1,3}(?:\s*[,،;]\s*\d{1,3})*\s*[\])】]\s*)+(?=[.؟!؛،]*\s*$)")
_MARK = re.compile(r"^\s*(?:[-*•–]\s+|\d{1,2}[.)]\s+)")
_NO_ANSWER = re.compile(r"\W*(?:لا جواب|no answer)\W*", re.IGNORECASE)
# Plain words need no other marks than these. What is left draws markup, hides a letter or turns the direction.
_PUNCTUATION = frozenset(" \u00a0.,،؛;:!?؟()«»\"'“”‘’-–—/%٪٫٬…°$€£¥&")
_DIGITS = frozenset("0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")
# Vowels and other marks of Arabic, and accents of Latin letters; not what strikes a letter through.
_MARKS = re.compile(r"[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0300-\u0328]")
# An article's own text is shown by its citation: a sentence needs no link or address.
_ADDRESS = re.compile(r"https?:|www\.|//|&#?\w+;|[a-z0-9-]{2,}\.[a-z]{2,}", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as it was written, and the numbers behind it."""

    text: str
    numbers: tuple[int, ...]

    @property
    def has_markup(self) -> bool:
        """Whether it holds more than plain words: a link, an address, markup, or characters that look like others."""
        return bool(_ADDRESS.search(self.text)) or not all(map(_is_plain, self.text))


def _is_plain(character: str) -> bool:
    if character in _PUNCTUATION or character in _DIGITS or _MARKS.match(character):
        return True
    return unicodedata.category(character).startswith("L") and unicodedata.is_normalized("NFKC", character)


def read_lines(chunks: Iterable[str]) -> Iterator[Line]:
    """Yield each line as soon as it is complete; stop at one that says that there is no answer, or has no end."""
    buffer = ""
    for chunk in chunks:
        buffer += chunk
        *complete, buffer = buffer.split("\n")
        for text in complete:
            if _NO_ANSWER.fullmatch(text):
                return
            yield from _line(text)
        if len(buffer) > MAX_LINE_CHARS:
            return
    if not _NO_ANSWER.fullmatch(buffer):
        yield from _line(buffer)


def _line(text: str) -> Iterator[Line]:
    stripped = _MARK.sub("", text).strip()
    found = _NUMBERS.search(stripped)
    numbers = tuple(dict.fromkeys(int(number) for number in re.findall(r"\d+", found[0]))) if found else ()
    said = stripped if found is None else (stripped[:found.start()] + stripped[found.end():]).strip()
    if said and len(said) <= MAX_LINE_CHARS:
        yield Line(said, numbers)
