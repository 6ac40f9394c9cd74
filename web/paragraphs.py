"""An article's text as paragraphs of plain and cited runs, cut so that the cited runs are exactly the cited span."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Atomic: otherwise the two halves of one \r\n would pass for two line ends.
_LINE_END = r"(?>\r\n|[\n\r\x0b\x0c\x85\u2028\u2029])"
_BLANK_LINES = re.compile(rf"{_LINE_END}(?:[ \t]*{_LINE_END})+")
_LINE_ENDS = re.compile(r"[\n\r\x0b\x0c\x85\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive characters of one paragraph. `first` is true for the first cited run of the article."""

    text: str
    cited: bool = False
    first: bool = False


def paragraphs(text: str, cited: tuple[int, int] | None = None) -> list[list[Run]]:
    """Cut text where its paragraphs end; a span that crosses such ends becomes one cited run in each paragraph.

    A text with blank lines has its paragraphs between them, and a single line end stays inside its paragraph; in any
    other text each line is a paragraph. Paragraphs of white space alone are left out.
    """
    cited_start, cited_end = cited or (0, 0)
    found: list[list[Run]] = []
    seen_cited = False
    for start, end in _spans(text):
        low, high = max(start, cited_start), min(end, cited_end)
        if low >= high:
            found.append([Run(text[start:end])])
            continue
        runs = [Run(text[start:low]), Run(text[low:high], cited=True, first=not seen_cited), Run(text[high:end])]
        found.append([run for run in runs if run.text])
        seen_cited = True
    return found


def _spans(text: str) -> list[tuple[int, int]]:
    separator = _BLANK_LINES if _BLANK_LINES.search(text) else _LINE_ENDS
    breaks = [match.span() for match in separator.finditer(text)]
    starts = [0, *(end for _, end in breaks)]
    ends = [*(start for start, _ in breaks), len(text)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if text[start:end].strip()]
