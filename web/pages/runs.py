"""Cut texts into runs for a page.

Three kinds: an article's paragraphs with the cited place, a sentence with its surroundings, and a checked quote beside
its source with their differences.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from index.types import Article
from qa.types.citation import Citation
from qa.verify.quote import QuotedPart, Verification

# Atomic: otherwise the two halves of one \r\n would count as two line ends.
_LINE_END = r"(?>\r\n|[\n\r\x0b\x0c\x85\u2028\u2029])"
_BLANK_LINES = re.compile(rf"{_LINE_END}(?:[ \t]*{_LINE_END})+")
_LINE_ENDS = re.compile(r"[\n\r\x0b\x0c\x85\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive characters of a paragraph. `first` marks the first cited run of the article."""

    text: str
    cited: bool = False
    first: bool = False


def paragraphs(text: str, cited: tuple[int, int] | None = None) -> list[list[Run]]:
    """Cut text into paragraphs; a cited span becomes one cited run in each paragraph it touches.

    Blank lines separate paragraphs; in a text without any, each line is a paragraph. Blank paragraphs are left out.
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


def answer_runs(citation: Citation) -> list[Run]:
    """Cut a cited sentence into runs; the one that answers, if any, is cited."""
    if citation.answer is None:
        return [Run(citation.quote)]
    text, (start, end) = citation.article.text, citation.answer
    runs = [Run(text[citation.start:start]), Run(text[start:end], cited=True), Run(text[end:citation.end])]
    return [run for run in runs if run.text]


def _spans(text: str) -> list[tuple[int, int]]:
    separator = _BLANK_LINES if _BLANK_LINES.search(text) else _LINE_ENDS
    breaks = [match.span() for match in separator.finditer(text)]
    starts = [0, *(end for _, end in breaks)]
    ends = [*(start for start, _ in breaks), len(text)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if text[start:end].strip()]


# Characters to show on either side, less any word that would be cut.
AROUND_CHARS = 220
_FIRST_WORD, _LAST_WORD = re.compile(r"^\S*\s+"), re.compile(r"\s+\S*$")
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Cited words and the text before and after them, verbatim; an ellipsis marks omitted words."""

    before: str
    cited: str
    after: str


def surroundings(article: Article, start: int, end: int) -> Surroundings:
    """Return `article.text[start:end]` with its surroundings."""
    text = article.text
    before, after = text[max(0, start - AROUND_CHARS):start], text[end:end + AROUND_CHARS]
    if start > AROUND_CHARS:
        before = f"{ELLIPSIS}{_FIRST_WORD.sub('', before)}"
    if end + AROUND_CHARS < len(text):
        after = f"{_LAST_WORD.sub('', after)}{ELLIPSIS}"
    return Surroundings(before.lstrip(), text[start:end], after.rstrip())


# In both; only in the quote; only in the article.
RunKind = Literal["same", "quoted", "written"]


@dataclass(frozen=True, slots=True)
class DiffRun:
    """Consecutive characters of one kind."""

    text: str
    kind: RunKind = "same"


def quote_runs(verification: Verification) -> list[DiffRun]:
    """Return the quote, with the article's words after each difference."""
    text = verification.quote.text
    runs: list[DiffRun] = []
    done = 0
    for difference in sorted(verification.differences, key=lambda each: (each.quote_start, each.quote_end)):
        runs += [DiffRun(text[done:difference.quote_start]), DiffRun(difference.quote, "quoted")]
        if difference.source:
            runs += [DiffRun(" "), DiffRun(difference.source, "written")]
        done = difference.quote_end
    runs.append(DiffRun(text[done:]))
    return [run for run in runs if run.text]


def source_runs(verification: Verification, part: QuotedPart) -> list[DiffRun]:
    """Return the cited words of an article, marking those that the quote lacks."""
    citation = part.citation
    text = citation.article.text
    runs: list[DiffRun] = []
    done = citation.start
    for difference in sorted(verification.differences, key=lambda each: each.start):
        if difference.citation == citation.number and difference.start < difference.end \
                and done <= difference.start and difference.end <= citation.end:
            runs += [DiffRun(text[done:difference.start]), DiffRun(difference.source, "written")]
            done = difference.end
    runs.append(DiffRun(text[done:citation.end]))
    return [run for run in runs if run.text]
