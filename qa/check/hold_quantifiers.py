"""Hold against the evidence how much of something a claim means: all of it, most, half, a few, none, only that."""

from __future__ import annotations

from index.language.quantifiers import Quantifier, find_quantifiers
from qa.check.comparison import Comparison
from qa.check.findings import Findings
from qa.check.words import same_word

# What a claim may say less of than the evidence has.
_WEAKER_THAN = {"some": frozenset(("some", "few")), "only": frozenset(("only",))}
# These must be in the evidence.
_STATED = frozenset(("all", "most", "half", "few", "none", "only", "not only"))
# If the evidence has these of something, a claim about the whole of it says more.
_PART = frozenset(("half", "few"))


def hold_quantifiers(comparison: Comparison, findings: Findings) -> None:
    """Note each quantifier of the claim that the evidence lacks, or has another one in place of, and the reverse."""
    lead = comparison.lead
    claimed = find_quantifiers(comparison.statement.text)
    there = [(source, each) for source in comparison.evidence.sources
             for each in find_quantifiers(source.statement.text)]
    for mine in claimed:
        if any(each.extent in _WEAKER_THAN.get(mine.extent, (mine.extent,)) for _, each in there):
            continue
        other = next(((source, (each.start, each.end)) for source, each in there if _same_thing(mine, each)), None)
        if other is not None or mine.extent in _STATED:
            findings.note("figure", (mine.start, mine.end), other)
    if claimed or comparison.statement.figures:
        return
    for theirs in find_quantifiers(lead.statement.text):
        word = next((each for each in comparison.words if theirs.of and same_word(each.form, theirs.of)), None)
        if theirs.extent in _PART and word is not None:
            findings.note_missing("figure", word.start, lead, (theirs.start, theirs.end))


def _same_thing(mine: Quantifier, theirs: Quantifier) -> bool:
    return bool(mine.of and theirs.of and same_word(mine.of, theirs.of))
