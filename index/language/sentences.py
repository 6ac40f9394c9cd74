"""Split a news article into sentences, as spans of the unchanged text.

A line is a paragraph, a heading or an item of a list. In a paragraph, sentences end at `.`, `!`, `?`, `؟` and `…` with
the closing quotes behind them, but not at the full stop of a decimal, an initial or an abbreviation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.language.scripts import ARABIC_LETTERS, ARABIC_LIST_LETTERS
from index.types import Sentence

MAX_HEADING_CHARS = 120
# A sentence longer than this is cut at a semicolon, a comma or a space, in that order of preference.
MAX_SENTENCE_CHARS = 600

# Quotes and brackets, and the marks that end a change of direction.
_CLOSING = "\"'”“’»›)\\]}\u200e\u200f\u202c\u2069"
_LINE = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")
_LIST_MARK = re.compile(rf"\s*(?:[-–—•·▪●*]|[(]?[0-9٠-٩]{{1,2}}[-.)–]|[{ARABIC_LIST_LETTERS}][-)])\s+(?=\S)")
# An end mark and closing quotes or brackets, then white space or the end of the line; or a full stop between letters,
# without a space. Runs of marks are matched possessively, so that the time is linear in their length.
_END = re.compile(
    rf"(?:(?<![!?؟])[!?؟]++|(?<!\.)\.(?!\.)|(?<!\.)\.{{3,}}+|(?<!…)…)[!?؟.…]*+[{_CLOSING}]*+(?=\s|$)"
    rf"|(?<=[^\W\d_]{{3}})\.(?=[{ARABIC_LETTERS}]{{2}})")
_SENTENCE_MARK_AT_END = re.compile(rf"[.!?؟…:؛،,][{_CLOSING}]*$")
_LAST_WORD = re.compile(r"[^\s(«\"“]+$")
_ABBREVIATIONS = frozenset("""
    mr mrs ms dr prof st sr jr gen col lt capt sen rep gov pres vs etc e.g i.e no vol fig al inc ltd co corp
    jan feb mar apr jun jul aug sep sept oct nov dec u.s u.k u.n e.u p.m a.m ph.d
    ق.م ب.م ص.ب أ.د إلخ
""".split())
_MAX_ABBREVIATION_CHARS = 20
_SOFT_BREAKS = (re.compile(r"؛\s+"), re.compile(r"[،,;]\s+"), re.compile(r"\s+"))


def split_sentences(text: str) -> list[Sentence]:
    """Split `text` into sentences in order, without the white space around them; headings are sentences too.

    Sentences do not overlap, and they hold every character that is not white space or a list mark. Each has the span of
    the heading above it and, for an item of a list, that of the line that introduces the list.
    """
    sentences: list[Sentence] = []
    heading = lead_in = (0, 0)
    lines = list(_lines(text))
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
    for match in _LINE.finditer(text):
        stripped = match.group().strip()
        if stripped:
            start = match.start() + match.group().index(stripped)
            yield start, start + len(stripped)


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
    return not _SENTENCE_MARK_AT_END.search(text, *line) and next_length > length


def _split_line(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for match in _END.finditer(text, start, end):
        if match.group()[0] == "." and _is_abbreviation(text, begin, match.start()):
            continue
        yield from _cut_long(text, begin, match.end())
        begin = match.end()
        while begin < end and text[begin].isspace():
            begin += 1
    if begin < end:
        yield from _cut_long(text, begin, end)


def _is_abbreviation(text: str, begin: int, stop: int) -> bool:
    """Tell whether the full stop at `stop` belongs to an initial or an abbreviation."""
    match = _LAST_WORD.search(text, max(begin, stop - _MAX_ABBREVIATION_CHARS), stop)
    if match is None:
        return False
    word = match.group()
    if word.casefold() in _ABBREVIATIONS:
        return True
    last_part = word.rsplit(".", 1)[-1]
    return len(last_part) == 1 and last_part.isalpha()


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
