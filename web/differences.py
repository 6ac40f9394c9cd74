"""A checked quote and its sources as runs of text, so that a page can mark what differs on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from qa.quote import QuotedPart, Verification

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
