"""Verify a quote: compare its words with the articles, then check its speaker."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar, get_args

from index.generation.snapshot import Snapshot
from index.language.saying import Stance
from index.work import paused_between
from qa.answer.linked import cite_linked
from qa.contract import Attribution, Verdict
from qa.retrieve.retriever import allowed_rows
from qa.types.index_state import IndexState
from qa.verify.comparison import Findings, compare
from qa.verify.names import WordsRead
from qa.verify.quote import Quote, Speaker, Verification
from qa.verify.speakers import judge, speaker_of

_Kind = TypeVar("_Kind", bound=str)
# One article suffices to confirm or to report another stance; all must contradict.
_ATTRIBUTIONS: tuple[Attribution, ...] = get_args(Attribution)
_AS_VERDICTS: dict[Attribution | None, Verdict] = {"denied": "denied", "asked": "asked", "doubted": "doubted"}
_STANCES: tuple[Stance, ...] = get_args(Stance)


def verify(snapshot: Snapshot, state: IndexState, quote: Quote) -> Verification:
    """Check a quote against the articles that its filters admit. `state` is that of the snapshot.

    A quote that is found is `denied`, `asked` or `doubted` if the claimed speaker, or every article that has it, does
    so with it. It is `misattributed` if every article that has it attributes it to someone else, gives it as what the
    claimed speaker quotes from another, or does not mention the claimed speaker. Of a quote that was cut from what
    turns its meaning no speaker is `confirmed`.
    """
    started = time.perf_counter()
    findings = compare(snapshot, quote, allowed_rows(snapshot, quote.filters))
    compared = time.perf_counter()
    speakers, attribution, stance = _attributed(snapshot, findings, quote.speaker)
    if findings.is_cut and attribution == "confirmed":
        attribution = "undetermined"
    verdict = _verdict(findings.verdict, attribution, stance)
    ended = time.perf_counter()
    timings = {"compare": compared - started, "attribute": ended - compared, "total": ended - started}
    cited = cite_linked(snapshot, [part.citation for part in findings.parts], quote.filters)
    parts = tuple(replace(part, citation=citation) for part, citation in zip(findings.parts, cited, strict=True))
    return Verification(quote, verdict, parts, findings.differences, speakers, attribution, state,
                        {stage: seconds * 1000 for stage, seconds in timings.items()})


def _verdict(words: Verdict, attribution: Attribution | None, stance: Stance) -> Verdict:
    """Return the verdict for a quote whose words got the verdict `words`, and that the articles do not all state."""
    if words != "found":
        return words
    if attribution in _AS_VERDICTS:
        return _AS_VERDICTS[attribution]
    if stance != "stated" and attribution != "confirmed":
        return stance
    return "misattributed" if attribution in ("contradicted", "quoted") else words


def _attributed(snapshot: Snapshot, findings: Findings, speaker: str
                ) -> tuple[tuple[Speaker, ...], Attribution | None, Stance]:
    """Return the speakers that the articles name, the judgement on the claimed one, and what all do with the words.

    The judgement is None if no speaker is claimed. What one article states is stated.
    """
    speakers, judgements, stances = [], [], []
    read = WordsRead()
    for part in paused_between(findings.parts):
        citation = part.citation
        _, sentences = snapshot.tables.all_sentences(snapshot.articles.rows[citation.article.id])
        said_by = speaker_of(citation.article, sentences, citation.start, citation.end, read)
        stances.append(said_by.stance if said_by else "stated")
        if said_by is not None and said_by.name and said_by.certain:
            speakers.append(Speaker(citation.number, citation.article, *said_by.name))
        if speaker:
            judgements.append(judge(citation.article, said_by, speaker, read))
    return tuple(speakers), _first(judgements, _ATTRIBUTIONS), _first(stances, _STANCES) or "stated"


def _first(found: Sequence[_Kind], order: Sequence[_Kind]) -> _Kind | None:
    """Return the first of an order that was found; None if nothing was."""
    return next((kind for kind in order if kind in found), None)
