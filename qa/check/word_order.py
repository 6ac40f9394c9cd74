"""Tell who does what a verb says, where it stands before its subject or behind it: رفضت المحكمة, المحكمة رفضت."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.language.clitics import PRONOUN, is_definite, strip_and_for_sameness
from index.language.function_words import ENGLISH_AUXILIARIES, RECIPROCAL, THAT_WORDS
from index.language.tokens import compared, tokens
from qa.check.evidence import covering
from qa.check.names import NameSense
from qa.check.statement import StatedWord, Statement, is_content
from qa.check.words import same_form, same_word

# A subject of more words than these is read no further.
MOST_WORDS = 5
# Behind a verb, who it is done to: الطعن رفضته المحكمة.
_HAS_PRONOUN = re.compile(rf"\w{{3,}}{PRONOUN}")
_CLAUSE_MARKS = frozenset(".،,؛;:!؟?«\"“(—–-")
_OPENERS = THAT_WORDS | {"the"}


def has_same_part(one: Statement, word: StatedWord, other: Statement, there: StatedWord) -> bool:
    """Tell whether a word has the same part in two sentences though a verb governs it in one of them alone.

    Who does something stands behind the verb in one and right before it in the other, and what it is done to stands
    before a verb that has a pronoun for it. Either word may be the governed one.
    """
    if word.governed_by is None:
        one, word, other, there = other, there, one, word
    if word.governed_by is None or there.governed_by is not None:
        return False
    verb = compared(one.text[slice(*word.governed_by)])
    before = _up_to(other, there, verb)
    if not before:
        return False
    if _HAS_PRONOUN.fullmatch(before[-1]) and not _HAS_PRONOUN.fullmatch(verb):
        return True
    behind = _words_between(one.text, word.governed_by[1], word.end)
    return bool(behind) and all(any(same_word(form, each) for each in before[:-1]) for form in behind)


def _up_to(statement: Statement, word: StatedWord, verb: str) -> list[str]:
    """Return the words from one on to a form of a verb, that included, if nothing but nouns stands between."""
    found: list[str] = []
    at = word.start
    for match in tokens(statement.text[word.start:]):
        form = compared(match[0])
        is_apart = bool(statement.text[at:word.start + match.start()].strip())
        at = word.start + match.end()
        found.append(form)
        if is_apart or len(found) > MOST_WORDS + 1:
            return []
        if len(found) > 1 and same_word(form, verb) and strip_and_for_sameness(form) == form:
            return found
        if not is_content(form):
            return []
    return []


def _words_between(text: str, start: int, end: int) -> list[str]:
    """Return the words of a part of a text, none if a mark stands between two."""
    part = text[start:end]
    return [] if re.search(r"[^\w\s]", part) else [compared(match[0]) for match in tokens(part)]


def find_exchanged(claim: Statement, lead: Statement, names: NameSense) -> tuple[StatedWord, StatedWord] | None:
    """Find who does in a claim what somebody else does in the lead, who stands in the claim behind the verb.

    Returns the first words of who does it in the claim, and in the lead.
    """
    verb, doer = _first_verb(claim, names) or (0, 0)
    if verb == doer or claim.words[verb].form in RECIPROCAL or _HAS_PRONOUN.fullmatch(claim.words[verb].form):
        return None
    mine = _forms_of(claim.words[doer], lead.words)
    for at in covering(claim.words[verb].form, lead):
        other = doer_of(lead, at, names)
        if other is None or not mine or not all(each.start > lead.words[max(at, other)].start and not each.behind
                                                for each in mine):
            continue
        if any(not each.behind for each in _forms_of(lead.words[other], claim.words[max(verb, doer) + 1:])):
            return claim.words[doer], lead.words[other]
    return None


def _forms_of(word: StatedWord, words: Sequence[StatedWord]) -> list[StatedWord]:
    return [each for each in words if same_form(word.form, each.form)]


def _first_verb(statement: Statement, names: NameSense) -> tuple[int, int] | None:
    """Return the places of the first verb and of who does it; None without one, or if an auxiliary is before it."""
    words = statement.words
    end = _end_of_nouns(statement, 0, names)
    if 0 < end < len(words) and not words[end].behind and not words[0].behind:
        between = [compared(match[0]) for match in tokens(statement.text[words[end - 1].end:words[end].start])]
        return None if len(between) > 1 or not ENGLISH_AUXILIARIES.isdisjoint(between) else (end, 0)
    return (0, 1) if not end and words and not words[0].behind and _has_doer_behind(statement, 0, names) else None


def doer_of(statement: Statement, verb: int, names: NameSense) -> int | None:
    """Return the place of who does it, the nouns that begin the clause right before a verb, or the word behind it."""
    words = statement.words
    form = words[verb].form
    if is_definite(form) or _HAS_PRONOUN.fullmatch(form):
        return None
    for start in range(max(0, verb - MOST_WORDS), verb):
        if _begins_clause(statement, start) and _end_of_nouns(statement, start, names) == verb \
                and _is_beside(statement, verb - 1) and not words[start].behind:
            return start
    return verb + 1 if _has_doer_behind(statement, verb, names) else None


def _has_doer_behind(statement: Statement, verb: int, names: NameSense) -> bool:
    """Tell whether who does it stands right behind a verb of Arabic."""
    words = statement.words
    return verb + 1 < len(words) and not words[verb].form.isascii() and _is_beside(statement, verb) \
        and not words[verb + 1].behind and _is_noun(statement, verb + 1, names)


def _end_of_nouns(statement: Statement, start: int, names: NameSense) -> int:
    """Return where the names and definite nouns end that stand side by side from a place on."""
    end = start
    while end < len(statement.words) and end - start < MOST_WORDS and _is_noun(statement, end, names) \
            and (end == start or _is_beside(statement, end - 1)):
        end += 1
    return end


def _is_noun(statement: Statement, place: int, names: NameSense) -> bool:
    word = statement.words[place]
    if word.form.isascii():
        return statement.text[word.start].isupper()
    return is_definite(word.form) or names.is_name(word.form)


def _is_beside(statement: Statement, place: int) -> bool:
    """Tell whether nothing but a space stands between a word and the next."""
    return statement.text[statement.words[place].end:statement.words[place + 1].start] == " "


def _begins_clause(statement: Statement, place: int) -> bool:
    before = statement.text[:statement.words[place].start].rstrip()
    return not before or before[-1] in _CLAUSE_MARKS or compared(before.split()[-1]) in _OPENERS
