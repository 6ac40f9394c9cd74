"""Hold a claim's names, and what stands where a name may, against the evidence."""

from __future__ import annotations

from collections.abc import Sequence

from index.language.clitics import is_definite
from index.language.function_words import LOCATIVE
from index.language.paraphrase import opposites_of
from qa.check.comparison import Comparison, Place
from qa.check.evidence import covering
from qa.check.findings import Findings, Instead
from qa.check.statement import StatedWord
from qa.check.words import same_form


def wrong_names(comparison: Comparison) -> list[StatedWord]:
    """Return the names that the evidence lacks, or has elsewhere while another one stands in their place.

    An uncovered word beside a name is part of it if the lead has another word there: رضا المسدي, محمود المسدي.
    """
    names = comparison.names
    found: list[StatedWord] = []
    words = comparison.words
    for place, (word, match) in enumerate(zip(words, comparison.matches, strict=True)):
        if match is not None:
            if word.behind in LOCATIVE and comparison.is_name(word) and not comparison.has_form(word.form):
                found.append(word)  # "in Paris" is more than "in France"
            elif match[0] is not comparison.lead and comparison.is_name(word) and _in_place_of(comparison, word):
                found.append(word)
            continue
        before = words[place - 1] if place else None
        behind = words[place + 1] if place + 1 < len(words) else None
        follows = before is not None and before.end + 1 == word.start and (
            comparison.is_name(before) or before in found) and names.may_be_in_name(word.form) and not word.behind
        leads = behind is not None and word.end + 1 == behind.start and comparison.is_name(behind) \
            and not word.behind and names.may_be_in_name(word.form) and _has_other_before(comparison, behind)
        if comparison.is_name(word) or follows or leads:
            found.append(word)
    return found


def hold_names(comparison: Comparison, named: Sequence[StatedWord], findings: Findings) -> None:
    """Note wrong names, words in whose place the lead has others, opposites, and names that changed places.

    `named` is what `wrong_names` returns.
    """
    _hold_wrong_names(comparison, named, findings)
    _hold_opposites(comparison, findings)
    _hold_slots(comparison, named, findings)
    _hold_order(comparison, findings)


def _hold_wrong_names(comparison: Comparison, named: Sequence[StatedWord], findings: Findings) -> None:
    for word in named:
        instead = _in_place_of(comparison, word)
        is_unknown = comparison.match(word.form) is None
        is_name = comparison.names.is_known(word.form) or instead is not None or comparison.is_capitalised(word)
        is_surely_other = instead is not None and is_unknown and not is_definite(word.form) \
            and _stands_alike(comparison, word, instead[1])
        findings.note("name" if is_name else "words", (word.start, word.end), instead, replaced=is_surely_other,
                      may_be_reworded=not is_name)


def _in_place_of(comparison: Comparison, word: StatedWord) -> Instead | None:
    """Return the word that the lead has where a claimed name would stand: beside the same word, and not claimed."""
    words = comparison.statement.words
    place = words.index(word)
    lead = comparison.lead
    for beside in (place - 1, place + 1):
        if not 0 <= beside < len(words):
            continue
        step = 1 if beside < place else -1
        for found in covering(words[beside].form, lead.statement):
            for at in (found + step, found + 2 * step):
                other = lead.statement.words[at] if 0 <= at < len(lead.statement.words) else None
                if other and comparison.may_replace(other):
                    return lead, (other.start, other.end)
    return None


def _stands_alike(comparison: Comparison, word: StatedWord, other: Place) -> bool:
    """Tell whether a word of the lead stands behind the same preposition as a claimed one, or behind none as it."""
    return any(each.start == other[0] and each.behind == word.behind for each in comparison.lead.statement.words)


def _has_other_before(comparison: Comparison, name: StatedWord) -> bool:
    """Tell whether the evidence has a word right before a claimed name that is not claimed: منى المذبوح."""
    for statement in comparison.statements:
        words = statement.words
        for at in covering(name.form, statement):
            if at and words[at - 1].end + 1 == words[at].start and not comparison.statement.has(words[at - 1].form):
                return True
    return False


def _hold_opposites(comparison: Comparison, findings: Findings) -> None:
    for word in comparison.uncovered:
        against = opposites_of(word.form)
        found = next(((source, each) for source in comparison.evidence.sources for each in source.statement.words
                      if any(same_form(each.form, other) for other in against)), None)
        if found is not None:
            findings.note("words", (word.start, word.end), (found[0], (found[1].start, found[1].end)))


def _hold_slots(comparison: Comparison, named: Sequence[StatedWord], findings: Findings) -> None:
    """Note words behind a preposition in whose place, behind the same word, the lead has others."""
    lead = comparison.lead.statement
    words = comparison.words
    for place, word in enumerate(words):
        if comparison.matches[place] is not None or not word.behind or word in named or not place:
            continue
        for found in covering(words[place - 1].form, lead):
            other = lead.words[found + 1] if found + 1 < len(lead.words) else None
            if other and other.behind == word.behind and not comparison.statement.has(other.form):
                findings.note("words", (word.start, word.end), (comparison.lead, (other.start, other.end)),
                              may_be_reworded=True)
                break


def _hold_order(comparison: Comparison, findings: Findings) -> None:
    """Note a name of the lead that stands elsewhere, while another one has its place between the same words."""
    lead = comparison.lead
    words = comparison.words
    for place, word in enumerate(words[:-1]):
        match = comparison.matches[place]
        if not place or match is None or match[0] is not lead or not comparison.is_name(word):
            continue
        mine = covering(word.form, lead.statement)
        between = [range(before + 1, behind) for before in covering(words[place - 1].form, lead.statement)
                   for behind in covering(words[place + 1].form, lead.statement) if 1 <= behind - before - 1 <= 2]
        if any(at in each for each in between for at in mine):
            continue
        others = [lead.statement.words[at] for each in between for at in each]
        other = next((each for each in others if comparison.may_replace(each)), None)
        if other is not None:
            findings.note("name", (word.start, word.end), (lead, (other.start, other.end)))
