"""Hold against the evidence whether what a claim states is so, is only intended or possible, or is denied."""

from __future__ import annotations

from index.language.clitics import FUTURE_LETTER, is_definite, strip_and_for_sameness
from index.language.function_words import NOT, THAT_WORDS
from index.language.modality import POSSIBLE
from index.language.saying import VERBS_OF_ALLEGING
from index.language.tokens import compared, tokens
from qa.check.attribution import is_reported, states_view
from qa.check.comparison import Comparison
from qa.check.evidence import Source, covering
from qa.check.findings import Findings
from qa.check.statement import StatedWord, Statement
from qa.check.word_order import has_same_part
from qa.contract import Concern

# A sentence beside the lead says whether something is so if it has this share of the weight of the claim's words.
HEARD = 0.2
# This share of the words that are matched may be so in one and not so in the other: what governs a word is guessed.
OTHERWISE, OTHERWISE_IF_SOME_AGREE = 0.2, 0.5
_OFFERED = ("intended", "possible")
# What a verb of a headline begins with in the present.
PRESENT = "يت"


def hold_modality(comparison: Comparison, findings: Findings) -> None:
    """Note whether what the claim states as so is only intended, possible or denied in the evidence, or reverse."""
    differing = compared_weight = 0.0
    first: tuple[StatedWord, StatedWord, Source] | None = None
    direct: tuple[StatedWord, StatedWord, Source] | None = None
    agree, asserted, end_of_topic = False, set[bool](), _end_of_topic(comparison.statement)
    heard = _heard(comparison)
    turned = {each.start for deed in comparison.turned for each in deed.words}
    for word, match, weight in zip(comparison.words, comparison.matches, comparison.weights, strict=True):
        is_name = comparison.is_name(word)
        if match is None or match[0] is None or match[0].row not in heard or word.start in turned:
            continue
        there = match[0].statement
        alike = [there.words[at] for at in covering(word.form, there)] or [match[1]]
        if is_name and match[0] is not comparison.lead or any(
                _is_said_otherwise(comparison, word, match[0], each) for each in alike):
            continue
        compared_weight += weight
        if not is_name and word.modality == "fact" and word.start >= end_of_topic:
            asserted.add(all(each.modality != "fact" for each in alike)
                         and any(_is_offered(there, each) for each in alike))
        if not is_name and all(each.modality != word.modality for each in alike):
            differing += weight
            first = first or (word, match[1], match[0])
            if all(_is_directly(comparison.statement, word) or _is_directly(there, each) for each in alike):
                direct = direct or (word, match[1], match[0])
        else:
            agree = agree or word.modality != "fact" and not is_name
    # What is denied in both is no sign that the rest is so: "offered to become neutral and not to join an alliance".
    is_only_offered = agree and asserted == {True} and not any(
        word.modality in _OFFERED for word in comparison.statement.words)
    if first is None or direct is None and not is_only_offered and differing < (
            OTHERWISE_IF_SOME_AGREE if agree else OTHERWISE) * compared_weight:
        return
    word, found, source = direct or first
    findings.negated = found.modality == "negated"
    concern: Concern = "polarity" if "negated" in (word.modality, found.modality) else "modality"
    if word.governed_by and not found.governed_by:
        findings.note(concern, word.governed_by)
    elif found.governed_by and not word.governed_by:
        findings.note_missing(concern, word.start, source, found.governed_by)
    else:
        findings.note(concern, word.governed_by or (word.start, word.end),
                      (source, found.governed_by or (found.start, found.end)))


def _end_of_topic(statement: Statement) -> int:
    """Return where the last definite noun before the first word of negation or intention ends, 0 without one.

    It may be the subject, which stands behind that word in the evidence: الحكومة لم ترفع, لم ترفع الحكومة.
    """
    governor = min((word.governed_by[0] for word in statement.words if word.governed_by), default=0)
    return max((word.end for word in statement.words if word.end <= governor and is_definite(word.form)), default=0)


def _is_offered(statement: Statement, word: StatedWord) -> bool:
    """Tell whether a word is in a clause with أن that is intended or possible, so that it is not who intends it."""
    if word.governed_by is None or word.modality not in _OFFERED:
        return False
    between = tokens(statement.text[word.governed_by[1]:word.start])
    return any(compared(match[0]) in THAT_WORDS for match in between)


def _is_said_otherwise(comparison: Comparison, word: StatedWord, source: Source, found: StatedWord) -> bool:
    """Tell whether a word is as much so in a source as in the claim, though a word governs it in one of them alone."""
    return has_same_part(comparison.statement, word, source.statement, found) \
        or _is_announced(comparison.statement, word, source.statement, found) \
        or source is comparison.lead and _is_alleged(comparison.statement, word, source, found)


def _is_announced(claim: Statement, word: StatedWord, lead: Statement, found: StatedWord) -> bool:
    """Tell whether one sentence has in the future what a headline has in the present: سيزور الوزير, يزور الوزير."""
    one, governed, other = (lead, found, claim) if word.modality == "fact" else (claim, word, lead)
    if governed.modality != "intended" or governed.governed_by is None or {word.modality, found.modality} != {
            "fact", "intended"}:
        return False
    verb = strip_and_for_sameness(compared(one.text[slice(*governed.governed_by)]))
    return verb.startswith(FUTURE_LETTER) and any(
        each.form[1:] == verb[2:] and each.form[0] in PRESENT and each.modality == "fact" for each in other.words)


def _is_alleged(claim: Statement, word: StatedWord, source: Source, found: StatedWord) -> bool:
    """Tell whether somebody claims in one sentence what he says in the other: زعم أن, قال إن."""
    alleged, other = (claim, source.statement) if word.modality == "possible" else (source.statement, claim)
    governed = word if alleged is claim else found
    if governed.modality != "possible" or governed.governed_by is None or {word.modality, found.modality} != {
            "fact", "possible"}:
        return False
    verb = strip_and_for_sameness(compared(alleged.text[slice(*governed.governed_by)]))
    return verb in VERBS_OF_ALLEGING and (states_view(other) or other is not claim and is_reported(
        source, source.sentence.start + found.start))


def _is_directly(statement: Statement, word: StatedWord) -> bool:
    """Tell whether a word is in the future, or has لم or قد right before it."""
    if word.governed_by is None or word.modality == "fact":
        return False
    if word.governed_by[0] == word.start:
        return word.form.startswith(FUTURE_LETTER) or word.modality == "possible" and word.form not in POSSIBLE
    governor = strip_and_for_sameness(compared(statement.text[slice(*word.governed_by)]))
    return governor in NOT and not any(word.governed_by[1] <= other.start < word.start for other in statement.words)


def _heard(comparison: Comparison) -> set[int]:
    """Return the rows of the lead and of the sentences beside it that have enough of the claim's words."""
    total = sum(comparison.weights)
    had: dict[int, float] = {comparison.lead.row: total}
    for word, match, weight in zip(comparison.words, comparison.matches, comparison.weights, strict=True):
        if match is not None and match[0] is not None and not comparison.is_name(word):
            had[match[0].row] = had.get(match[0].row, 0.0) + weight
    return {row for row, weight in had.items() if weight >= HEARD * total}
