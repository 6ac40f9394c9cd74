"""Find what a sentence adds to those that it cites, though nearly all of its words are there.

A text by a person is held to most of its words, since people replace some. A language model's sentence is held to more,
because it may end with a word that turns it: "they were signed, then cancelled", "they were signed in secret".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.language.arabic import normalise
from index.language.function_words import FOLLOW_UP_JOINING
from index.language.tokens import compared
from qa.check.evidence import covering
from qa.check.names import NameSense
from qa.check.statement import StatedWord, Statement

_CLAUSE_END = re.compile(r"[،,؛;:()«»\"“”–—…]")
# How something is done, by a word alone: سرًا, secretly.
_MANNER = re.compile(r"(?:ًا|اً|ly)$")
_AND = "وف"
# A word of letters and digits (I8), or digits behind a zero, is no figure that is read as a number.
_CODE = re.compile(r"\b(?=[^\W_]*\d)(?=[^\W_]*[A-Za-z\u0370-\u052f])[^\W_]+\b|(?<![\d.,:٫])0\d+\b")


def adds_to(statement: Statement, lead: Statement, others: Sequence[Statement], names: NameSense) -> bool:
    """Tell whether a sentence adds to `lead`, the cited one that proves it.

    It may not have a word, other than a name, that only `others`, the other cited ones, have: the words of two
    sentences are no third one. Nor may it have a code, a clause, the end of one, a manner or a second verb that no
    cited one has.
    """
    cited = (lead, *others)
    there = normalise(" ".join(each.text for each in cited))
    if any(match[0] not in there for match in _CODE.finditer(normalise(statement.text))):
        return True
    if any(not names.is_name(word.form) and not covering(word.form, lead) and any(
            covering(word.form, each) for each in others) for word in statement.words):
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
