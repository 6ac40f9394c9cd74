"""Answer what happened with the main clause of a sentence: "the volcano erupted", not with some words inside it.

Asked "what happened in Korea?", a reader finds any words beside "happened" or "Korea". Where it is not plain that a
sentence begins with its main clause, or where that clause ends, the sentence has no short answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.language.clitics import without_and
from index.language.function_words import (
    ASKING_WHAT,
    BEFORE_CIRCUMSTANCES,
    BEFORE_SUBJECTS,
    BEGINNING_NO_NAME,
    BEHIND_MAIN_CLAUSE,
    CIRCUMSTANCE_OPENERS,
    CONTRASTING,
    HAPPENING,
    ON_WORDS,
    OPENING_CLAUSES,
    WHAT_THAT,
    WHAT_WAS_SAID,
)
from index.language.saying import VERBS_OF_SAYING
from index.language.tokens import compared, tokens
from qa.answer.sameness import dateline_end
from qa.question.parsed import ParsedQuestion
from qa.types.citation import Span

# A longer clause is no short answer; a shorter one hardly says what happened.
MIN_WORDS, MAX_WORDS = 3, 16
_OPENS_NO_MAIN_CLAUSE = frozenset().union(BEFORE_CIRCUMSTANCES, BEFORE_SUBJECTS, BEGINNING_NO_NAME,
                                          CIRCUMSTANCE_OPENERS, CONTRASTING, OPENING_CLAUSES)
_QUOTES = frozenset("\"“”«»")
_ENDS = re.compile(r"[؛;:!؟?…]|\.(?!\d)")
_COMMA = re.compile(r"[،,](?!\d)")


def asks_what_happened(question: ParsedQuestion) -> bool:
    """Tell whether a question asks what happened: ماذا جرى؟, إيه اللي حصل؟, what has happened? Not what somebody got.
    """
    asking, *behind = [word for word in question.words if word not in WHAT_THAT] or [""]
    if asking not in ASKING_WHAT and without_and(asking) not in ASKING_WHAT:
        return False
    return behind[:1] != [] and behind[0] in HAPPENING and ON_WORDS.isdisjoint(behind[1:2])


def main_clause(text: str) -> Span | None:
    """Return the span of the main clause that a sentence begins with; None if it begins with none, or with a long one.
    """
    start = dateline_end(text)
    end = min((match.start() for match in _ENDS.finditer(text, start)), default=len(text))
    words = [word for word in tokens(text[:end]) if word.start() >= start]
    if not words or _QUOTES.intersection(text[start:words[0].start()]):
        return None
    first = compared(words[0].group())
    if first in _OPENS_NO_MAIN_CLAUSE or without_and(first) in _OPENS_NO_MAIN_CLAUSE:
        return None
    behind = next((place for place, word in enumerate(words) if place and _is_behind(text, words[place - 1], word)),
                  len(words))
    clause = words[0].start(), words[behind - 1].end()
    if not MIN_WORDS <= behind <= MAX_WORDS or _opens_quote(text[slice(*clause)]) \
            or text[end:end + 1] == ":" and behind == len(words) or _lacks_what_was_said(words[:behind]):
        return None
    return clause


def _is_behind(text: str, before: re.Match[str], word: re.Match[str]) -> bool:
    """Tell whether a word opens what is added behind the main clause: "، مما أدى إلى", "، حيث", "، مشيرا إلى"."""
    form = compared(word.group())
    return _COMMA.search(text, before.end(), word.start()) is not None and (
        form in BEHIND_MAIN_CLAUSE or without_and(form) in BEHIND_MAIN_CLAUSE)


def _lacks_what_was_said(words: Sequence[re.Match[str]]) -> bool:
    """Tell whether a clause says that somebody spoke, and not what: "قال أحد السكان"."""
    verb, *behind = [compared(word.group()) for word in words]
    return (verb in VERBS_OF_SAYING or without_and(verb) in VERBS_OF_SAYING) and WHAT_WAS_SAID.isdisjoint(behind)


def _opens_quote(clause: str) -> bool:
    """Tell whether a quote begins in a clause and does not end in it."""
    return clause.count("\"") % 2 > 0 or any(clause.count(opening) != clause.count(closing)
                                            for opening, closing in (("«", "»"), ("“", "”")))
