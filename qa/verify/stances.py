"""Tell what a speaker does with the words that the article gives: states them, denies them, asks or doubts them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.language.arabic import normalise
from index.language.clitics import strip_and_for_sameness
from index.language.function_words import DENIALS, HYPOTHETICAL
from index.language.saying import (
    ASKING_PHRASE,
    DENYING_PHRASE,
    DOUBTING_PHRASE,
    ENGLISH_DENIAL,
    MASCULINE_WITH_TA,
    VERBS_OF_ASKING,
    VERBS_OF_DENIAL,
    VERBS_OF_DOUBT,
    VERBS_OF_REJECTION,
    Stance,
)
from index.language.tokens import compared_words

_DENYING = frozenset(VERBS_OF_DENIAL) | frozenset(VERBS_OF_REJECTION) | frozenset(ENGLISH_DENIAL)
_ASKING, _DOUBTING = frozenset(VERBS_OF_ASKING), frozenset(VERBS_OF_DOUBT)
_MAY = compared_words("قد وقد")
_DENIED_BY, _DOUBTED_BY, _ASKED_BY = map(re.compile, (DENYING_PHRASE, DOUBTING_PHRASE, ASKING_PHRASE))
_LEADS = 90
_THAT = re.compile(r"\W{0,3}\w?[أإا]ن(?:ه|ها|هم|نا|ني)?\s+(?=\w)")


def stance_of_verb(verb: str, before: Sequence[str], *, is_future: bool = False) -> Stance:
    """Return the stance that a normalised verb gives; `before` are up to two words before it.

    What somebody did not say is denied, and what they did not deny, or may say, is left open: doubted.
    """
    last = before[-1] if before else ""
    is_negated = _is_negation(last)
    if verb in _DENYING:
        return "doubted" if is_negated else "denied"
    if verb in _DOUBTING:
        return "doubted"
    if is_negated:
        return "denied"
    if verb in _ASKING:
        return "asked"
    is_open = is_future or last in HYPOTHETICAL or (last in _MAY and verb[0] in "يت"
                                                       and not verb.startswith(MASCULINE_WITH_TA))
    return "doubted" if is_open else "stated"


def stance_before(text: str, start: int, earliest: int) -> Stance | None:
    """Return the stance that a phrase right before `start` gives: "ليس صحيحا أن", "لا أعتقد أن"; None without one.

    The phrase begins at `earliest` or later. Words that begin with "أن" are what stands behind it.
    """
    if that := _THAT.match(text, start):
        start = that.end()
    before = normalise(text[max(earliest, start - _LEADS):start]).replace("\n", " ")
    if _DENIED_BY.search(before):
        return "denied"
    if _DOUBTED_BY.search(before):
        return "doubted"
    return "asked" if _ASKED_BY.search(before) else None


def is_question(quote: str, behind: str) -> bool:
    """Tell whether a quote is itself a question, which whoever asks it says; `behind` is what follows in its marks."""
    asks = normalise(quote).lstrip(" \"«").startswith(("هل ", "لماذا ", "متي ", "اين ", "كيف ", "do ", "does ", "why "))
    return asks or bool(behind) and any(mark in quote + behind for mark in "؟?")


def _is_negation(word: str) -> bool:
    return word != "" and (word in DENIALS or strip_and_for_sameness(word) in DENIALS)
