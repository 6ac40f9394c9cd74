"""Find the mark that opens the quotation around a place of a text."""

from __future__ import annotations

import re

# A quotation and its line are read this far before and behind a place.
MAX_QUOTATION_CHARS = 4000
OPENING, CLOSING = "«“", "»”"
STRAIGHT = '"'
_MARK = re.compile(f"[{OPENING}{CLOSING}{STRAIGHT}]")
# Characters that may stand between a quotation mark and the beginning of its sentence.
BEFORE_QUOTE = " \t([—–-"


def opened_at(text: str, start: int) -> int | None:
    """Return the offset of the mark that opens the quotation around the beginning of a sentence; None if none is open.

    The quotation is closed in the same line, or the line begins with a mark and the line before left one open, as is
    usual for the paragraphs of a long quotation in English.
    """
    line = _line_start(text, start)
    end = text.find("\n", start, start + MAX_QUOTATION_CHARS)
    behind = text[start:start + MAX_QUOTATION_CHARS] if end < 0 else text[start:end]
    opened = _left_open(text, line, start)
    if opened is not None and not _is_closed(text[opened], behind):
        return None
    is_begun = text[line:start + 1].lstrip(BEFORE_QUOTE)[:1] in (*OPENING, STRAIGHT)
    while line and is_begun and start - line < MAX_QUOTATION_CHARS:
        line, before = _line_start(text, line - 1), line - 1
        earlier = _left_open(text, line, before)
        if earlier is None:
            break
        opened, is_begun = earlier, not text[line:earlier].strip()
    return opened


def _line_start(text: str, end: int) -> int:
    """Return the offset at which the line that ends at `end` begins, or `MAX_QUOTATION_CHARS` before its end."""
    earliest = max(0, end - MAX_QUOTATION_CHARS)
    return max(earliest, text.rfind("\n", earliest, end) + 1)


def _left_open(text: str, start: int, end: int) -> int | None:
    """Return the offset of the mark in `text[start:end]` whose quotation is open at `end`; None if none is."""
    opened: int | None = None
    for match in _MARK.finditer(text, start, end):
        mark, offset = match.group(), match.start()
        if mark in CLOSING or (mark == STRAIGHT and opened is not None and text[opened] == STRAIGHT):
            opened = None
        elif opened is None and (mark in OPENING or mark == STRAIGHT):
            opened = offset
    return opened


def _is_closed(opening: str, behind: str) -> bool:
    """Tell whether a quotation with this opening mark is closed behind, before another one opens."""
    if opening == STRAIGHT:
        return behind.count(STRAIGHT) % 2 == 1
    closing = CLOSING[OPENING.index(opening)]
    return closing in behind and opening not in behind[:behind.index(closing)]
