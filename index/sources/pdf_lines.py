"""Glyphs at places on a page to lines in the order of reading, from right to left too.

This undoes the bidirectional algorithm (Unicode Standard Annex 9): a line comes as it is drawn, from left to right, and
what runs against its direction is turned round. Where a number meets a Latin name two texts are drawn alike, and the
one that reads on is taken.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

# Letters as they are drawn, one code point a shape: NFKC makes them letters again. Nothing else is normalised.
DRAWN = re.compile("[\ufb50-\ufdff\ufe70-\ufefc\ufb00-\ufb06]+")
MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
BRACKETS = frozenset("()[]{}")
IN_NUMBER = frozenset(".,:/-+%٪٫٬")
PERCENT = frozenset("%٪")
SPACE_GAP = 0.18     # of the size of the type: a wider gap between two glyphs is a space
SAME_LINE = 0.5      # of the height: lines that overlap by so much are one


@dataclass(frozen=True, slots=True)
class Glyphs:
    """What is drawn at one place, marks included: points from the left and the bottom of the page."""

    text: str
    left: float
    right: float
    bottom: float
    top: float

    @property
    def height(self) -> float:
        """In points."""
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is read, and where it stands. `is_rtl` is its direction."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    is_rtl: bool

    @property
    def height(self) -> float:
        """In points."""
        return self.top - self.bottom


def lines_of(glyphs: list[Glyphs]) -> list[Line]:
    """Glyphs of one height and no wide gap between them, put in the order of reading."""
    rows: list[list[Glyphs]] = []
    for glyph in sorted(_with_marks(glyphs), key=lambda one: (-one.top, one.left)):
        for row in reversed(rows[-6:]):
            overlap = min(row[0].top, glyph.top) - max(row[0].bottom, glyph.bottom)
            if overlap > SAME_LINE * min(row[0].height, glyph.height):
                row.append(glyph)
                break
        else:
            rows.append([glyph])
    # A line in both scripts, or in none, runs as the page does.
    letters = Counter(_direction(glyph.text) for glyph in glyphs if not _is_digit(glyph.text))
    return [_line(part, page_is_rtl=letters["R"] > letters["L"])
            for row in rows for part in _parts(row) if any(glyph.text.strip() for glyph in part)]


def _with_marks(glyphs: list[Glyphs]) -> list[Glyphs]:
    """The glyphs that are no marks, each with its marks behind it.

    Where a mark is drawn says little: its ink may be anywhere beside its place. So the order of drawing decides, which
    is that of reading, or from left to right, and then a mark comes before its letter.
    """
    letters = [glyph for glyph in glyphs if _direction(glyph.text) == "R"]
    steps = [after.left - before.left for before, after in pairwise(letters)
             if abs(after.bottom - before.bottom) < before.height / 2]
    comes_before = 2 * sum(step > 0 for step in steps) > len(steps)
    whole: list[Glyphs] = []
    for glyph in reversed(glyphs) if comes_before else glyphs:
        if not _is_mark(glyph.text):
            whole.append(glyph)
        elif whole and whole[-1].text.strip():
            letter = whole.pop()
            whole.append(replace(letter, text=letter.text + glyph.text))
    return whole


def _parts(row: list[Glyphs]) -> Iterator[list[Glyphs]]:
    """A row from left to right, parted where a gap is as wide as between columns."""
    part: list[Glyphs] = []
    for glyph in sorted(row, key=lambda one: one.left):
        if part and glyph.left - part[-1].right > 1.5 * glyph.height:
            yield part
            part = []
        part.append(glyph)
    yield part


def _line(glyphs: list[Glyphs], *, page_is_rtl: bool) -> Line:
    pieces: list[str] = []
    for before, glyph in zip([None, *glyphs], glyphs, strict=False):
        if before is not None and glyph.left - before.right > SPACE_GAP * glyph.height:
            pieces.append(" ")
        pieces.append(glyph.text if glyph.text.strip() else " ")
    scripts = {_direction(piece) for piece in pieces if not _is_digit(piece)} - {""}
    is_rtl = page_is_rtl if len(scripts) != 1 else scripts == {"R"}
    text = DRAWN.sub(lambda drawn: unicodedata.normalize("NFKC", drawn[0]),
                     "".join(_in_reading_order(pieces, is_rtl=is_rtl)))
    return Line(" ".join(text.split()), glyphs[0].left, max(glyph.right for glyph in glyphs),
                median(glyph.bottom for glyph in glyphs), median(glyph.top for glyph in glyphs), is_rtl)


def _in_reading_order(pieces: list[str], *, is_rtl: bool) -> list[str]:
    """From left to right as drawn, to the order of reading: what runs against the line's direction is turned round."""
    if not is_rtl:
        return _turned(pieces, "R")
    return _turned([piece.translate(MIRRORED) for piece in reversed(pieces)], "L")


def _turned(pieces: list[str], against: str) -> list[str]:
    turned: list[str] = []
    run: list[str] = []
    waiting: list[str] = []
    for place, piece in enumerate(pieces):
        direction = _direction(piece)
        if against == "L" and piece in IN_NUMBER and run and _is_digit(run[-1]) and not waiting:
            following = pieces[place + 1] if place + 1 < len(pieces) else ""
            direction = "L" if _is_digit(following) else direction
        elif against == "L" and piece in PERCENT and _is_digit(pieces[place + 1] if place + 1 < len(pieces) else ""):
            direction = "L"
        if direction == against and run and BRACKETS & set(waiting) and _is_digit(run[-1]) != _is_digit(piece):
            turned += [*_mirrored(run), *waiting]  # a year and a name in brackets are two things
            run, waiting = [], []
        if direction == against:
            run += [*waiting, piece]
            waiting = []
        elif direction == "" and run:
            waiting.append(piece)
        else:
            turned += [*_mirrored(run), *waiting, piece]
            run, waiting = [], []
    return [*turned, *_mirrored(run), *waiting]


def _mirrored(run: list[str]) -> list[str]:
    return [piece.translate(MIRRORED) for piece in reversed(run)]


def _direction(piece: str) -> str:
    """R, L (numbers too), or nothing."""
    of_letter = unicodedata.bidirectional(piece[0]) if piece else ""
    if of_letter in ("R", "AL"):
        return "R"
    return "L" if of_letter in ("L", "EN", "AN") else ""


def _is_digit(piece: str) -> bool:
    return piece[:1].isdigit()


def _is_mark(text: str) -> bool:
    return bool(text) and all(unicodedata.category(character) == "Mn" for character in text)
