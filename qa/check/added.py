"""Find what a sentence adds to those that it cites, though nearly all of its words are there.

A text by a person is held to most of its words, since people replace some. A language model's sentence is held to more,
because it may end with a word that turns it: "they were signed, then cancelled", "they were signed in secret".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, dropwhile, pairwise, takewhile

from index.language.arabic import normalise
from index.language.clitics import is_definite
from index.language.function_words import FOLLOW_UP_JOINING
from index.language.nations import COUNTRIES
from index.language.offices import is_institution, is_office
from index.language.tokens import compared
from qa.check.evidence import covering
from qa.check.names import NameSense
from qa.check.statement import StatedWord, Statement
from qa.check.words import same_word

_CLAUSE_END = re.compile(r"[،,؛;:()«»\"“”–—…]")
# How something is done, by a word alone: سرًا, secretly.
_MANNER = re.compile(r"(?:ًا|اً|ly)$")
# Words between an act and who does it, where that stands before it and behind it.
SUBJECT_BEFORE, SUBJECT_BEHIND = 5, 6
_AND = "وف"
# A noun of two or several ends so.
_SEVERAL = ("ان", "ون", "ين")
# A word of letters and digits (I8), or digits behind a zero, is no figure that is read as a number.
_CODE = re.compile(r"\b(?=[^\W_]*\d)(?=[^\W_]*[A-Za-z\u0370-\u052f])[^\W_]+\b|(?<![\d.,:٫])0\d+\b")


def adds_to(statement: Statement, lead: Statement, others: Sequence[Statement], names: NameSense) -> bool:
    """Tell whether a sentence adds to `lead`, the cited one that proves it.

    It may not have a word, other than a name, that only `others`, the other cited ones, have: the words of two
    sentences are no third one. Nor may it have a code, a clause, the end of one, a manner or a second verb that no
    cited one has, or somebody else in the place of who does something.
    """
    cited = (lead, *others)
    there = normalise(" ".join(each.text for each in cited))
    if any(match[0] not in there for match in _CODE.finditer(normalise(statement.text))):
        return True
    if any(not names.is_name(word.form) and not covering(word.form, lead) and any(
            covering(word.form, each) for each in others) for word in statement.words):
        return True
    if _has_another_doer(statement, lead, names) or _has_another_subject(statement, lead, names) \
            or _turns_round(statement, lead):
        return True
    for clause in _clauses(statement):
        lacking = [word for word in clause if word.modality != "negated" and not any(
            covering(word.form, each) for each in cited)]
        if not lacking:
            continue
        if lacking[-1] is clause[-1] or all(word in lacking or names.is_name(word.form) for word in clause):
            return True
        if any(_tells_how(statement, word) or _is_joined(statement, word) for word in lacking):
            return True
    return False


def _has_another_doer(statement: Statement, lead: Statement, names: NameSense) -> bool:
    """Tell whether what stands behind a word, as who does it, stands elsewhere in the lead: "Iran cut its ties".

    That is the first word of a sentence, and any word right before a name.
    """
    for at, (act, doer) in enumerate(pairwise(statement.words)):
        if doer.behind or doer.start - act.end > 1 or at and (names.is_name(act.form) or not names.is_name(doer.form)):
            continue
        acts = [number for number, word in enumerate(lead.words) if word.form == act.form] or covering(act.form, lead)
        doers = covering(doer.form, lead)
        if not acts or not doers and not names.is_name(doer.form):
            continue
        if not any(0 < here - there <= SUBJECT_BEFORE
                   or 0 < there - here <= SUBJECT_BEHIND and not lead.words[there].behind
                   for here in acts for there in doers):
            return True
    return False


def _has_another_subject(statement: Statement, lead: Statement, names: NameSense) -> bool:
    """Tell whether the first word of a sentence begins a clause of the lead that somebody else is the subject of.

    "Party A was for it, and party B opposed it" does not state that party A opposed it. What has no subject of its own,
    or has a name that the sentence has too, may go on with whom the lead named before.
    """
    act, *rest = statement.words
    mine = [word.form for word in rest[:SUBJECT_BEHIND] if names.is_name(word.form) and not word.behind
            and not is_institution(word.form) and covering(word.form, lead)]
    if not mine:
        return False
    # A thing that is named behind the name of who does it is what it is done to: "Trump visited the museum".
    done_to = [word.form for word in takewhile(lambda word: word.form != mine[0], reversed(rest))]
    for verb, *clause in list(_clauses(lead))[1:]:
        subject = list(takewhile(lambda word: not word.behind and not _is_joined(lead, word), clause))
        if not subject or not same_word(act.form, verb.form) or any(
                same_word(form, word.form) for form in mine for word in clause):
            continue
        if not any(same_word(form, subject[0].form) for form in done_to) and any(
                not covering(form, statement) for form in _who(subject, names)):
            return True
    return False


def _who(subject: Sequence[StatedWord], names: NameSense) -> list[str]:
    """Return what tells, of the words behind a verb, who is meant, if it need not be somebody named before.

    That is a name, with an office or without, or the adjectives of a noun: الحزب الديمقراطي. An office, a noun alone,
    and two or several may be somebody named before: الرئيس الأمريكي, الشركة, الزعيمان.
    """
    head, *others = [*dropwhile(is_office, (word.form for word in subject))] or [""]
    if is_definite(head) and head.endswith(_SEVERAL) and head not in COUNTRIES:
        return []
    if names.is_name(head) and not is_institution(head):
        return [head]
    if is_office(subject[0].form):
        return []
    adjective = "يه" if head.endswith("ه") else "ي"
    adjectives = takewhile(lambda form: is_definite(form) and form.endswith(adjective), others)
    return [form for form in adjectives if is_definite(head) and not is_office(form)]


def _turns_round(statement: Statement, lead: Statement) -> bool:
    """Tell whether two words have each other's preposition: من تونس إلى القاهرة and من القاهرة إلى تونس."""
    behind = [(word.behind, {lead.words[at].behind for at in covering(word.form, lead)})
              for word in statement.words if word.behind]
    return any(mine != other and there == {other} and here == {mine}
               for (mine, there), (other, here) in combinations(behind, 2))


def _tells_how(statement: Statement, word: StatedWord) -> bool:
    return bool(_MANNER.search(statement.text[word.start:word.end]))


def _is_joined(statement: Statement, word: StatedWord) -> bool:
    """Tell whether a word inside a sentence is joined to what stands before: وُقّعتا وأُلغيتا, signed and cancelled."""
    before = statement.text[:word.start].split()
    joined = statement.text[word.start] in _AND and not word.form.startswith(statement.text[word.start])
    return bool(before) and (joined or compared(before[-1]) in FOLLOW_UP_JOINING)


def _clauses(statement: Statement) -> Iterator[list[StatedWord]]:
    """Yield the words of content of each clause, as marks end them."""
    words: list[StatedWord] = []
    for word in statement.words:
        if words and _CLAUSE_END.search(statement.text, words[-1].end, word.start):
            yield words
            words = []
        words.append(word)
    if words:
        yield words
