"""Hold against the evidence what a claim says came before, and what after."""

from __future__ import annotations

from collections.abc import Iterator

from index.language.clitics import strip_and_for_sameness
from index.language.function_words import AFTER, BEFORE
from index.language.tokens import compared, tokens
from qa.check.comparison import Comparison
from qa.check.evidence import covering
from qa.check.findings import Findings
from qa.check.statement import Statement

# "Before the", "after he": the word that it is before or after may have one in front of it.
WITHIN_WORDS = 1


def hold_sequence(comparison: Comparison, findings: Findings) -> None:
    """Note "before" where the lead has "after" the same word, and the reverse."""
    lead = comparison.lead
    theirs = list(_sequenced(lead.statement))
    for mine, start, end, place in _sequenced(comparison.statement):
        same = set(covering(comparison.statement.words[place].form, lead.statement))
        found = [each for each in theirs if each[3] in same]
        if found and all(each[0] != mine for each in found):
            findings.note("words", (start, end), (lead, (found[0][1], found[0][2])))


def _sequenced(statement: Statement) -> Iterator[tuple[str, int, int, int]]:
    """Yield "before" or "after", its place in the text, and the place among the words of what stands behind it."""
    for match in tokens(statement.text):
        form = strip_and_for_sameness(compared(match[0]) or " ")
        side = "before" if form in BEFORE else "after" if form in AFTER else None
        place = next((number for number, word in enumerate(statement.words) if word.start >= match.end()), None)
        if side is None or place is None:
            continue
        if len(list(tokens(statement.text[match.end():statement.words[place].start]))) <= WITHIN_WORDS:
            yield side, match.start(), match.end(), place
