"""Find what a cited sentence does not state itself, but has somebody say, ask for or put between quotation marks."""

from __future__ import annotations

import re

from index.language.function_words import THAT_WORDS
from index.language.tokens import compared, tokens
from qa.check.evidence import covering
from qa.check.statement import Statement

# No colon of a time or an address.
_OPENING = re.compile(r"[:：](?!\d|//)|[«“\"]")


def states_it_itself(statement: Statement, cited: Statement) -> bool:
    """Tell whether a cited sentence states what a claim does, and not only behind words that the claim leaves out.

    "Write: the president resigned" does not state that he did, nor does "they asked that he resign".
    """
    matched = [number for number, word in enumerate(cited.words) if covering(word.form, statement)]
    act = covering(statement.words[0].form, cited) if statement.words else []
    for opening in _openings(cited.text):
        before = [number for number, word in enumerate(cited.words) if word.end <= opening]
        if not before or not matched:
            continue
        if min(matched) > before[-1] or act and min(act) > before[-1] and 0 not in matched:
            return False
    return True


def _openings(text: str) -> list[int]:
    marks = [match.start() for match in _OPENING.finditer(text)]
    return marks + [match.start() for match in tokens(text) if compared(match[0]) in THAT_WORDS]
