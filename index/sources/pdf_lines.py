"""Group positioned glyphs into lines of text in reading order, left-to-right and right-to-left.

This reverses the Unicode bidirectional algorithm (UAX #9): it takes a line's glyphs from left to right, and reverses
each run whose direction is not the line's direction. Where a number is next to a Latin name, two different texts can
look the same on the page; the number and the name are then read as one run.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

# Presentation forms, one code point for each shape of a letter: NFKC turns them into letters. Nothing else is changed.
DRAWN = re.compile("[\ufb50-\ufdff\ufe70-\ufefc\ufb00-\ufb06]+")
MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
BRACKETS = frozenset("()[]{}")
IN_NUMBER = frozenset(".,:/-+%٪٫٬")
PERCENT = frozenset("%٪")
SPACE_GAP = 0.18     # of the height: a wider gap between two glyphs is a space
CELL_GAP = 0.45      # of the height: gaps that are wider, one below the other, part the cells of a table
SAME_LINE = 0.5      # of the height: glyphs that overlap vertically by more are on one line


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One glyph, or several that are drawn as one, with their marks.

    Edges are in points, measured from the page's left and bottom edge.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float

    @property
    def height(self) -> float:
        """The height in points."""
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text in reading order, and its box on the page. `is_rtl` is true if the line runs from right to left.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    is_rtl: bool

    @property
    def height(self) -> float:
        """The line's height in points."""
        return self.top - self.bottom


def lines_of(glyphs: list[Glyphs]) -> list[Line]:
    """Group a page's glyphs into lines. A gap as wide as the one between columns ends a line."""
    rows: list[list[Glyphs]] = []
    for glyph in sorted(_with_marks(glyphs), key=lambda one: (-one.top, one.left)):
        for row in reversed(rows[-6:]):
            overlap = min(row[0].top, glyph.top) - max(row[0].bottom, glyph.bottom)
            if overlap > SAME_LINE * min(row[0].height, glyph.height):
                row.append(glyph)
                break
        else:
            rows.append([glyph])
    # A line with letters of both directions, or of neither, gets the direction of the page.
    letters = Counter(_direction(glyph.text) for glyph in glyphs if not _is_digit(glyph.text))
    return [_line(part, page_is_rtl=letters["R"] > letters["L"])
            for row, cells in zip(rows, cells_of_rows(rows), strict=True)
            for part in _parts(row, cells) if any(glyph.text.strip() for glyph in part)]


def _with_marks(glyphs: list[Glyphs]) -> list[Glyphs]:
    """Append each combining mark to the text of its letter.

    A mark's position is unreliable, because its ink can be far from its origin, so the order of drawing decides. If the
    glyphs are drawn in reading order, a mark follows its letter. If they are drawn from left to right, an Arabic mark
    precedes its letter.
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


def _parts(row: list[Glyphs], cells: frozenset[float]) -> Iterator[list[Glyphs]]:
    """Sort the glyphs of a row from left to right; split it at gaps as wide as between columns, and before `cells`.

    `cells` are the left edges of the glyphs that begin a cell of a table.
    """
    part: list[Glyphs] = []
    for glyph in sorted(row, key=lambda one: one.left):
        if part and (glyph.left - part[-1].right > 1.5 * glyph.height or glyph.left in cells):
            yield part
            part = []
        part.append(glyph)
    yield part


def cells_of_rows(rows: list[list[Glyphs]]) -> list[frozenset[float]]:
    """Return, for each row of glyphs, the left edges of the glyphs that begin a cell of a table, none for other rows.

    Two rows, one below the other, are of a table if they have as many wide gaps, each below the other's.
    """
    gaps = [_gaps(row) for row in rows]
    cells: list[frozenset[float]] = [frozenset()] * len(rows)
    for (above, upper), (below, lower) in pairwise(enumerate(gaps)):
        if upper and len(upper) == len(lower) and all(
                min(one[1], other[1]) > max(one[0], other[0]) for one, other in zip(upper, lower, strict=True)):
            cells[above] = frozenset(right for _, right in upper)
            cells[below] = frozenset(right for _, right in lower)
    return cells


def _gaps(row: list[Glyphs]) -> list[tuple[float, float]]:
    """Return the left and right edges of the gaps of a row that are wider than `CELL_GAP`."""
    drawn = sorted((glyph for glyph in row if glyph.text.strip()), key=lambda one: one.left)
    return [(before.right, glyph.left) for before, glyph in pairwise(drawn)
            if glyph.left - before.right > CELL_GAP * glyph.height]


def _line(glyphs: list[Glyphs], *, page_is_rtl: bool) -> Line:
    """Build a line from its glyphs, which are sorted from left to right.

    `page_is_rtl` tells whether the page's letters are mostly right-to-left. It decides for a line that has letters of
    both directions or none.
    """
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
    """Return the pieces of a line, which are sorted from left to right, in reading order."""
    if not is_rtl:
        return _turned(pieces, "R")
    return _turned([piece.translate(MIRRORED) for piece in reversed(pieces)], "L")


def _turned(pieces: list[str], against: str) -> list[str]:
    """Reverse each run of pieces with the direction `against`, including the neutral pieces inside the run."""
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
        are_two_runs = BRACKETS & set(waiting) and run and _is_digit(run[-1]) != _is_digit(piece) or (
            against == "L" and " " in waiting and _are_numbers(run) and _are_numbers(_word_from(pieces, place)))
        if direction == against and run and are_two_runs:
            turned += [*_mirrored(run), *waiting]  # a year and a name in brackets, or two numbers beside each other
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


def _are_numbers(pieces: list[str]) -> bool:
    return all(_is_digit(piece) or piece in IN_NUMBER for piece in pieces)


def _word_from(pieces: list[str], place: int) -> list[str]:
    """Return the pieces from `place` to the next letter that runs from right to left, without spaces.

    They are digits only, unless a Latin name stands beside the number; then number and name are one run.
    """
    word: list[str] = []
    for piece in pieces[place:]:
        if _direction(piece) == "R":
            break
        if piece.strip():
            word.append(piece)
    return word


def _mirrored(run: list[str]) -> list[str]:
    return [piece.translate(MIRRORED) for piece in reversed(run)]


def _direction(piece: str) -> str:
    """Return the direction of the first character: "R", "L" (also for digits), or "" for a neutral character."""
    of_letter = unicodedata.bidirectional(piece[0]) if piece else ""
    if of_letter in ("R", "AL"):
        return "R"
    return "L" if of_letter in ("L", "EN", "AN") else ""


def _is_digit(piece: str) -> bool:
    return piece[:1].isdigit()


def _is_mark(text: str) -> bool:
    return bool(text) and all(unicodedata.category(character) == "Mn" for character in text)
