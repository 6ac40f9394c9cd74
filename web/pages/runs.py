"""Texts cut into runs for a page: an article's paragraphs with the cited place, a sentence with what surrounds it, and
a checked quote beside its source with what differs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from index.types import Article
from qa.verify.quote import QuotedPart, Verification

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


# Characters on either side, less what is left of a word that would be cut.
AROUND_CHARS = 220
_FIRST_WORD, _LAST_WORD = re.compile(r"^\S*\s+"), re.compile(r"\s+\S*$")
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands before the cited words, these, and what stands after, each as the article has it; where more is left
    out than white space, an ellipsis says so."""

    before: str
    cited: str
    after: str


def surroundings(article: Article, start: int, end: int) -> Surroundings:
    """Of `article.text[start:end]`."""
    text = article.text
    before, after = text[max(0, start - AROUND_CHARS):start], text[end:end + AROUND_CHARS]
    if start > AROUND_CHARS:
        before = f"{ELLIPSIS}{_FIRST_WORD.sub('', before)}"
    if end + AROUND_CHARS < len(text):
        after = f"{_LAST_WORD.sub('', after)}{ELLIPSIS}"
    return Surroundings(before.lstrip(), text[start:end], after.rstrip())


# As both have it; the quote's words alone; the article's words alone.
RunKind = Literal["same", "quoted", "written"]


@dataclass(frozen=True, slots=True)
class DiffRun:
    """Consecutive characters of one kind."""

    text: str
    kind: RunKind = "same"


def quote_runs(verification: Verification) -> list[DiffRun]:
    """The quote whole, and after each of its words that differ, or where some are missing, those of the article."""
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
    """The cited words of an article, those marked that the quote has not."""
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
