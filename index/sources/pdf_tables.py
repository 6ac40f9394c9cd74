"""Recognise the rows of tables among the lines of a printed page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

from index.sources.pdf_lines import Line

MIN_ROWS = 2
SAME_ROW = 0.6  # of the lower line's height: cells that overlap vertically by more are of one row
MOST_CELL_WORDS = 3  # in the median: lines of columns of prose have more
BETWEEN_CELLS = " | "


def is_table(lines: Sequence[Line]) -> bool:
    """Tell whether the lines of a part of a page are the cells of a table: short, and as many in each row."""
    rows = list(rows_of(sorted(lines, key=lambda line: (-line.top, line.left))))
    return (len(rows) >= MIN_ROWS and len(rows[0]) > 1 and len({len(row) for row in rows}) == 1
            and median(len(line.text.split()) for line in lines) <= MOST_CELL_WORDS)


def rows_of(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Group successive lines that stand beside each other."""
    row: list[Line] = []
    for line in lines:
        if row and min(row[0].top, line.top) - max(row[0].bottom, line.bottom) <= SAME_ROW * min(
                row[0].height, line.height):
            yield row
            row = []
        row.append(line)
    if row:
        yield row


def with_joined_rows(page: Sequence[Line]) -> tuple[list[Line], frozenset[int]]:
    """Join the cells of each row of a table into one line; return the lines, and the places of those rows among them.

    Successive rows of several cells are a table. Cells of a single row are left as they are.
    """
    rows = list(rows_of(page))
    lines: list[Line] = []
    places: set[int] = set()
    for number, row in enumerate(rows):
        beside = [each for each in (*rows[max(0, number - 1):number], *rows[number + 1:number + 2]) if len(each) > 1]
        if len(row) == 1 or not beside:
            lines += row
            continue
        places.add(len(lines))
        lines.append(replace(row[0], text=BETWEEN_CELLS.join(cell.text for cell in row),
                             left=min(cell.left for cell in row), right=max(cell.right for cell in row)))
    return lines, frozenset(places)
