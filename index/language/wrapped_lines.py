"""Join the lines of a text that was wrapped by hand or by a program into paragraphs, as spans of the unchanged text.

Most texts have a paragraph a line. A wrapped text has lines of about one width that end in the middle of a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from index.language.sentence_ends import STOP_AT_END

Span = tuple[int, int]

# Widths that people and programs wrap at, in characters.
NARROWEST, WIDEST = 30, 120
# A line is full if it and the first word below it reach this share of the width.
FULL = 0.85
# Fewer lines that run on may be headings, captions or verses.
LEAST_RUNNING_ON = 2
_ONE_LINE_END = re.compile(r"[ \t\u00a0]*(?:\r\n|\n|\r)[ \t\u00a0]*")
_WORD = re.compile(r"\S+")


def paragraphs(text: str, lines: Sequence[Span], begins_item: Callable[[Span], bool]) -> list[Span]:
    """Join the lines that run on into the next; return all other lines as they are.

    `lines` are the spans of the lines that are not blank. `begins_item` tells whether a line begins an item of a list,
    which no line above it runs on into.
    """
    if not any(NARROWEST <= end - start <= WIDEST for start, end in lines[:-1]):
        return list(lines)
    running_on = {number for first, last in _blocks(text, lines)
                  for number in _running_on(text, lines, first, last, begins_item)}
    if len(running_on) < LEAST_RUNNING_ON:
        return list(lines)
    joined: list[Span] = []
    for number, (start, end) in enumerate(lines):
        if number - 1 in running_on:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def _blocks(text: str, lines: Sequence[Span]) -> Iterator[Span]:
    """Yield `(first, last)` of each run of lines without a blank line between them."""
    first = 0
    for number in range(1, len(lines) + 1):
        if number == len(lines) or not _ONE_LINE_END.fullmatch(text, lines[number - 1][1], lines[number][0]):
            yield first, number - 1
            first = number


def _running_on(text: str, lines: Sequence[Span], first: int, last: int,
                begins_item: Callable[[Span], bool]) -> Iterator[int]:
    """Yield the lines of a block that run on into the next: full lines that end without a stop.

    A block whose last line ends without a stop is a list, a table or a poem.
    """
    width = max(end - start for start, end in lines[first:last + 1])
    if first == last or not NARROWEST <= width <= WIDEST or not STOP_AT_END.search(text, *lines[last]):
        return
    if last - first == 1 and lines[first][1] - lines[first][0] < width:
        return  # a heading and a longer line
    for number in range(first, last):
        start, end = lines[number]
        word = _WORD.match(text, lines[number + 1][0])
        reach = end - start + 1 + (word.end() - word.start() if word else 0)
        if reach >= FULL * width and not STOP_AT_END.search(text, start, end) and not begins_item(lines[number + 1]):
            yield number
