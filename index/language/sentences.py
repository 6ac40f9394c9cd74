"""Split a news article into sentences, as spans of the unchanged text.

A line is a paragraph, a heading or an item of a list; the lines of a wrapped text are joined first
(`wrapped_lines.py`). In a paragraph, sentences end at `.`, `!`, `?`, `؟`, `۔` and `…` with the closing quotes behind
them, but not at the full stop of a decimal, an initial or an abbreviation (`sentence_ends.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.language.scripts import ARABIC_LIST_LETTERS
from index.language.sentence_ends import NBSP, SENTENCE_MARK_AT_END, sentence_ends
from index.language.wrapped_lines import paragraphs
from index.types import Sentence

MAX_HEADING_CHARS = 120
# A sentence longer than this is cut at a semicolon, a comma or a space, in that order of preference.
MAX_SENTENCE_CHARS = 600

_LINE = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")
# What ends a line in texts that were taken out of pages or escaped twice: tags of blocks, and a backslash with an n.
_BREAKS = re.compile(r"(?i:</?(?:br|p|div|li|ul|ol|h[1-6]|blockquote|table|tr|td|section)\b[^<>]{0,200}>)"
                     r"|(?:\\r)?\\n(?![a-z])")
_NUMBERED = rf"[(]?[0-9٠-٩]{{1,2}}[-.)–ـ]|[{ARABIC_LIST_LETTERS}][-)]"
_SYMBOLS = "•▪●■□▢◆◇◈❖►▶▸▹➤➢➔➜→⇐⇦◀◄✔✓✅☑✗✘★☆✦✱※‣⁃◦○◉🔴🔵🟢🔸🔹🔶🔷📌👉⬅➡♦"
_LIST_MARK = re.compile(rf"\s*(?:(?:[-–—·*]|{_NUMBERED})\s+|[{_SYMBOLS}]\ufe0f?\s*)(?=\S)")
_SOFT_BREAKS = (re.compile(r"؛\s+"), re.compile(r"[،,;]\s+"), re.compile(r"\s+"))
_SPACE_AT_EDGES = re.compile(rf"(?:\s|{NBSP})+")
_TRAILING_ENTITY = re.compile(rf"\s*{NBSP}\s*$")


def split_sentences(text: str) -> list[Sentence]:
    """Split `text` into sentences in order, without the white space around them; headings are sentences too.

    Sentences do not overlap, and they hold every character that is not white space or a list mark. Each has the span of
    the heading above it and, for an item of a list, that of the line that introduces the list.
    """
    sentences: list[Sentence] = []
    heading = lead_in = (0, 0)
    lines = paragraphs(text, list(_lines(text)), lambda line: _LIST_MARK.match(text, *line) is not None)
    for number, (start, end) in enumerate(lines):
        mark = _LIST_MARK.match(text, start, end)
        in_list = mark is not None
        if not in_list:
            lead_in = (0, 0)
            following = lines[number + 1] if number + 1 < len(lines) else None
            if _is_heading(text, (start, end), following):
                heading = (start, end)
                sentences.append(Sentence(start, end, is_heading=True))
                continue
        spans = list(_split_line(text, mark.end() if mark else start, end))
        sentences += [Sentence(*span, heading=heading, lead_in=lead_in) for span in spans]
        if not in_list and spans and text[end - 1] == ":":
            lead_in = spans[-1]
    return sentences


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of non-blank lines, without white space at both ends."""
    has_breaks = "<" in text or "\\n" in text
    has_entities = "&" in text
    for match in _LINE.finditer(text):
        for start, end in _between_breaks(text, *match.span()) if has_breaks else [match.span()]:
            piece = text[start:end]
            stripped = piece.strip()
            if not stripped:
                continue
            first = start + piece.index(stripped)
            last = first + len(stripped)
            if has_entities:
                first, last = _without_spaces(text, first, last)
            if first < last:
                yield first, last


def _between_breaks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _BREAKS.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end


def _without_spaces(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without white space at both ends, also where it is written as an entity."""
    if leading := _SPACE_AT_EDGES.match(text, start, end):
        start = leading.end()
    while trailing := _TRAILING_ENTITY.search(text, start, end):
        end = trailing.start()
    return start, end


def _is_heading(text: str, line: tuple[int, int], following: tuple[int, int] | None) -> bool:
    """Tell whether a line is a heading: a short line without an end mark, followed by a longer line.

    A single question is one too if the line that follows is at least three times as long. The line before a list item
    is never a heading.
    """
    if following is None:
        return False
    length, next_length = line[1] - line[0], following[1] - following[0]
    if length > MAX_HEADING_CHARS or _LIST_MARK.match(text, *following):
        return False
    if text[line[1] - 1] in "؟?":
        return len(list(_split_line(text, *line))) == 1 and next_length >= 3 * length
    return not SENTENCE_MARK_AT_END.search(text, *line) and next_length > length


def _split_line(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for stop, following in sentence_ends(text, start, end):
        yield from _cut_long(text, begin, stop)
        begin = following
    if begin < end:
        yield from _cut_long(text, begin, end)


def _cut_long(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the span, cut into pieces of at most `MAX_SENTENCE_CHARS` where a reader would pause."""
    while end - start > MAX_SENTENCE_CHARS:
        cut = start + MAX_SENTENCE_CHARS
        for pattern in _SOFT_BREAKS:
            breaks = [match.end() for match in pattern.finditer(text, start + MAX_SENTENCE_CHARS // 3, cut)]
            if breaks:
                cut = breaks[-1]
                break
        stop = cut
        while stop > start and text[stop - 1].isspace():
            stop -= 1
        yield start, stop
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield start, end
