"""Decide what the articles say of a claim. Rules have the veto: what they do not find is not supported.

Every figure, unit, date and name of the claim must be in the cited sentences; what is so there must be so in the claim,
and said by the same speaker; most of its other words must be there too, in the same or another form.
"""

from __future__ import annotations

from collections.abc import Iterator

from qa.check.comparison import Comparison
from qa.check.draft import Claim
from qa.check.evidence import Evidence, SourceReader
from qa.check.findings import Findings
from qa.check.hold_modality import hold_modality
from qa.check.hold_names import hold_names, wrong_names
from qa.check.hold_namesakes import hold_namesakes
from qa.check.hold_quantifiers import hold_quantifiers
from qa.check.hold_roles import hold_roles
from qa.check.hold_sequence import hold_sequence
from qa.check.hold_speaker import hold_speaker
from qa.check.hold_subject_and_title import hold_subject, hold_titles
from qa.check.hold_values import hold_values
from qa.check.judgement import Judgement
from qa.check.names import NameSense
from qa.check.statement import Statement
from qa.contract import ClaimVerdict
from qa.types.citation import Citation

# A claim is supported if the cited sentences have this share of the weight of its words, or the second where the vector
# of the lead is as close as that.
COVERED, COVERED_IF_CLOSE, CLOSE = 0.78, 0.62, 0.85
# The lead by itself must have this share.
COVERED_BY_LEAD = 0.6
# The articles report the same event if they have one of these shares of the words besides those that differ, and the
# vector of the lead is as close.
SAME_EVENT = ((0.9, 0.742), (0.7, 0.818))
# What the claim denies, sentences state that are like it in nearly all else.
NEARLY_ALL = 0.95
# Below this share, the claim is not found.
PARTLY = 0.5
# The same, names and what is like them included.
LEAST_SHARE = 0.4
MOST_UNCOVERED_NOTED = 5


def judge_claim(claim: Claim, statement: Statement, evidence: Evidence, reader: SourceReader, names: NameSense
                ) -> Judgement:
    """Judge a claim by one piece of evidence; `statement` is the claim, read."""
    comparison = Comparison(claim, statement, evidence, reader, names)
    findings = Findings(comparison)
    named = wrong_names(comparison)
    share, share_of_rest, in_lead = comparison.share(), comparison.share(without=named), comparison.share_in_lead()
    hold_values(comparison, findings)
    hold_names(comparison, named, findings)
    hold_namesakes(comparison, findings)
    hold_modality(comparison, findings)
    hold_sequence(comparison, findings)
    if share_of_rest >= PARTLY:
        hold_quantifiers(comparison, findings)
        hold_roles(comparison, findings)
        hold_subject(comparison, findings)
        hold_titles(comparison, findings)
        hold_speaker(comparison, findings)
    cosine = evidence.lead.cosine
    is_reworded = bool(findings.concerns) and findings.may_be_reworded
    lacks_words = not findings.concerns
    if not _covered(share, in_lead, cosine):
        findings.note_uncovered([word for word in comparison.uncovered if word not in named][:MOST_UNCOVERED_NOTED])
    verdict = _verdict(findings, share_of_rest if share >= LEAST_SHARE else 0.0, cosine)
    if verdict == "not_found" and not lacks_words and not is_reworded:
        return Judgement(verdict, share, cosine)
    return Judgement(verdict, share, cosine, in_lead, tuple(findings.concerns), tuple(findings.differences),
                     tuple(_citations(evidence)), denies="polarity" in findings.concerns and findings.negated,
                     lacks_words=lacks_words and set(findings.concerns) == {"words"}, is_reworded=is_reworded,
                     word_for_word=comparison.share_word_for_word())


def _covered(share: float, in_lead: float, cosine: float) -> bool:
    enough = share >= COVERED or (share >= COVERED_IF_CLOSE and cosine >= CLOSE)
    return enough and in_lead >= COVERED_BY_LEAD


def _verdict(findings: Findings, share_of_rest: float, cosine: float) -> ClaimVerdict:
    if not findings.concerns:
        return "supported"
    same_event = any(share_of_rest >= share and cosine >= close for share, close in SAME_EVENT)
    grave = set(findings.concerns) - {"words", "attribution"}
    statement = findings.comparison.statement
    if same_event and len(grave) == 1 or same_event and grave <= {"figure", "unit"} and grave:
        if grave == {"speaker"} and findings.replaced:
            return "misattributed"
        if grave == {"polarity"} and findings.negated:
            return "denied"
        if grave == {"polarity"} and share_of_rest >= NEARLY_ALL and statement.figures + statement.dates:
            return "contradicted"
        if grave <= {"figure", "unit", "date", "name"} and findings.replaced and not _counts_something_else(findings):
            return "contradicted"
    return "partly" if share_of_rest >= PARTLY else "not_found"


def _counts_something_else(findings: Findings) -> bool:
    """Tell whether none of several figures agrees: then the evidence is about something like it, not the same."""
    differing = sum(each.concerns in ("figure", "unit") for each in findings.differences)
    return 1 < len(findings.comparison.statement.figures) <= differing


def _citations(evidence: Evidence) -> Iterator[Citation]:
    for number, source in enumerate(evidence.sources, start=1):
        yield Citation(number, source.article, source.sentence.start, source.sentence.end)
