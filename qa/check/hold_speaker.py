"""Hold against the evidence who says what a claim states."""

from __future__ import annotations

from index.language.saying import ANNOUNCING
from index.language.tokens import compared, tokens
from qa.check.attribution import is_named_as_speaker, is_reported, is_viewed, may_say, states_view
from qa.check.comparison import Comparison
from qa.check.evidence import covering
from qa.check.findings import Findings
from qa.verify.names import words_of_name
from qa.verify.speakers import SaidBy, judge, speaker_of


def hold_speaker(comparison: Comparison, findings: Findings) -> None:
    """Note another speaker than the claim's, or that the evidence has as somebody's words what the claim states."""
    lead, words = comparison.lead, comparison.words
    places = sorted(found[0] for word in words if (found := covering(word.form, lead.statement)))
    if not places:
        return
    article, start = lead.article, lead.sentence.start
    # What is said is around the middle of the words found: "Russian" may be in the speaker's title too.
    low = start + lead.statement.words[places[len(places) // 2]].start
    reader = comparison.reader
    _, sentences = reader.snapshot.tables.sentences_of_article(lead.row)
    said_by = speaker_of(article, sentences, low, low + 1, reader.words_read)
    cue = comparison.cue
    if cue is None or not cue.certain:
        is_told = is_viewed(lead.statement, low - start) or said_by is not None and is_reported(lead, low) \
            and not _announces_own(comparison, said_by)
        if is_told and not states_view(comparison.statement):
            findings.note("attribution", (words[0].start, words[-1].end))
        return
    if cue.name is None or any(cue.at <= deed.verb.start < cue.end for deed in comparison.turned):
        return
    speaker = comparison.claim.text[slice(*cue.name)]
    judged = judge(article, said_by, speaker, reader.words_read)
    if judged != "confirmed" and (other := _spokesman(speaker)) != speaker:
        speaker, judged = other, judge(article, said_by, other, reader.words_read)
    said = [word.form for word in words if not comparison.is_name(word)]
    if judged == "confirmed" or is_named_as_speaker(lead.statement, speaker) or (
            judged == "undetermined" and may_say(lead.statement, speaker, said, comparison.names)):
        return
    instead = (lead, (said_by.name[0] - start, said_by.name[1] - start)) if said_by and said_by.name \
        and lead.sentence.start <= said_by.name[0] < lead.sentence.end else None
    is_stranger = not any(word in reader.words_read.of(article).known for word in words_of_name(speaker))
    findings.note("speaker", cue.name, instead,
                  replaced=judged in ("contradicted", "quoted") and (instead is not None or is_stranger))


def _spokesman(speaker: str) -> str:
    """Return the speaker with the commoner one of two words for a spokesman."""
    return speaker.replace("ناطق", "متحدث")


def _announces_own(comparison: Comparison, said_by: SaidBy) -> bool:
    """Tell whether the claim states what its doer announced: "the Emirates announced a committee" that they formed."""
    if said_by.name is None:
        return False
    lead = comparison.lead
    announced = any(compared(match[0]) in ANNOUNCING for match in tokens(lead.statement.text))
    return announced and any(comparison.statement.has(compared(match[0]))
                             for match in tokens(lead.article.text[slice(*said_by.name)]))
