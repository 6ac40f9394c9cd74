"""Read what a model writes: one sentence a line, the numbers of the sentences that prove it behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MAX_LINE_CHARS = 600
_NUMBERS = re.compile(r"\s*(?:[\[(【]\s*\d{1,3}(?:\s*[,،;]\s*\d{1,3})*\s*[\])】]\s*)+(?=[.؟!؛،]*\s*$)")
_MARK = re.compile(r"^\s*(?:[-*•–]\s+|\d{1,2}[.)]\s+)")
_NO_ANSWER = re.compile(r"\W*(?:لا جواب|no answer)\W*", re.IGNORECASE)
# Links, markup and addresses: an article's own text is shown by its citation, and needs none of them here.
_MARKUP = re.compile(r"https?:|www\.|://|</?\w|\]\(|`|\{|\}|[\w.]+@\w|[\u202a-\u202e\u2066-\u2069\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as it was written, and the numbers behind it."""

    text: str
    numbers: tuple[int, ...]

    @property
    def has_markup(self) -> bool:
        """Whether it holds more than plain words: a link, an address, markup, or marks of direction."""
        return bool(_MARKUP.search(self.text))


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
