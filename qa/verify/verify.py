"""Verify a quote: compare its words with the articles, then check its speaker."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from index.generation.snapshot import Snapshot
from index.work import paused_between
from qa.answer.linked import cite_linked
from qa.contract import Attribution
from qa.retrieve.retriever import allowed_rows
from qa.types import IndexState
from qa.verify.comparison import Findings, compare
from qa.verify.quote import Quote, Speaker, Verification
from qa.verify.speakers import WordsRead, judge, speaker_of


def verify(snapshot: Snapshot, state: IndexState, quote: Quote) -> Verification:
    """Check a quote against the articles that its filters admit. `state` is that of the snapshot.

    A quote that is found is `misattributed` if every article that has it attributes it to someone else or does not
    mention the claimed speaker.
    """
    started = time.perf_counter()
    findings = compare(snapshot, quote, allowed_rows(snapshot, quote.filters))
    compared = time.perf_counter()
    speakers, attribution = _attributed(snapshot, findings, quote.speaker)
    misattributed = findings.verdict == "found" and attribution == "contradicted"
    ended = time.perf_counter()
    timings = {"compare": compared - started, "attribute": ended - compared, "total": ended - started}
    cited = cite_linked(snapshot, [part.citation for part in findings.parts], quote.filters)
    parts = tuple(replace(part, citation=citation) for part, citation in zip(findings.parts, cited, strict=True))
    return Verification(quote, "misattributed" if misattributed else findings.verdict, parts,
                        findings.differences, speakers, attribution, state,
                        {stage: seconds * 1000 for stage, seconds in timings.items()})


def _attributed(snapshot: Snapshot, findings: Findings, speaker: str
                ) -> tuple[tuple[Speaker, ...], Attribution | None]:
    """Return the speakers that the articles name, and the judgement on the claimed one; None if none is claimed."""
    speakers, judgements = [], []
    read = WordsRead()
    for part in paused_between(findings.parts):
        citation = part.citation
        _, sentences = snapshot.tables.all_sentences(snapshot.articles.rows[citation.article.id])
        said_by = speaker_of(citation.article, sentences, citation.start, citation.end)
        if said_by is not None and said_by[1]:
            speakers.append(Speaker(citation.number, citation.article, *said_by[0]))
        if speaker:
            judgements.append(judge(citation.article, said_by, speaker, read))
    return tuple(speakers), _combined(judgements)


def _combined(judgements: Sequence[Attribution]) -> Attribution | None:
    """Combine the judgements of all articles: one suffices to confirm, all must contradict; None if there are none."""
    if not judgements:
        return None
    if "confirmed" in judgements:
        return "confirmed"
    return "undetermined" if "undetermined" in judgements else "contradicted"
