"""A quote to a verdict: what its words say, then who said them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from index.generation.snapshot import Snapshot
from qa.answer.linked import cite_linked
from qa.contract import Attribution
from qa.retrieve.retriever import allowed_rows
from qa.types import IndexState
from qa.verify.comparison import Findings, compare
from qa.verify.quote import Quote, Speaker, Verification
from qa.verify.speakers import judge, speaker_of


def verify(snapshot: Snapshot, state: IndexState, quote: Quote) -> Verification:
    """Check a quote against the articles that its filters admit. `state` is that of the snapshot.

    A quote that is found is `misattributed` when every article that has it gives it to someone else, or does not know
    the speaker.
    """
    started = time.perf_counter()
    findings = compare(snapshot, quote, allowed_rows(snapshot, quote.filters))
    compared = time.perf_counter()
    speakers, attribution = _attributed(findings, quote.speaker)
    misattributed = findings.verdict == "found" and attribution == "contradicted"
    ended = time.perf_counter()
    timings = {"compare": compared - started, "attribute": ended - compared, "total": ended - started}
    cited = cite_linked(snapshot, [part.citation for part in findings.parts], quote.filters)
    parts = tuple(replace(part, citation=citation) for part, citation in zip(findings.parts, cited, strict=True))
    return Verification(quote, "misattributed" if misattributed else findings.verdict, parts,
                        findings.differences, speakers, attribution, state,
                        {stage: seconds * 1000 for stage, seconds in timings.items()})


def _attributed(findings: Findings, speaker: str) -> tuple[tuple[Speaker, ...], Attribution | None]:
    """Whom the articles name for each citation, and what that makes of the speaker; None when none was given."""
    speakers, judgements = [], []
    for part in findings.parts:
        citation = part.citation
        said_by = speaker_of(citation.article, citation.start, citation.end)
        if said_by is not None and said_by[1]:
            speakers.append(Speaker(citation.number, citation.article, *said_by[0]))
        if speaker:
            judgements.append(judge(citation.article, said_by, speaker))
    return tuple(speakers), _together(judgements)


def _together(judgements: Sequence[Attribution]) -> Attribution | None:
    """One article that confirms is enough; to contradict takes them all."""
    if not judgements:
        return None
    if "confirmed" in judgements:
        return "confirmed"
    return "undetermined" if "undetermined" in judgements else "contradicted"
