"""Word a question as the passages word what it asks, where a reader would not see that both say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.generation.snapshot import Snapshot
from index.language.arabic import normalise, split_words
from index.language.clitics import is_definite, without_article
from index.language.function_words import YES_OR_NO
from index.language.numbers import ordinal
from index.language.opposites import said_by_denial
from index.language.quantities import find_quantities
from index.language.tokens import compared, tokens
from qa.answer.agreement import amounts_of
from qa.answer.ranking import PASSAGES_READ
from qa.question.parsed import ParsedQuestion, parse_question
from qa.retrieve.retriever import Candidate

# An ordinal is looked for beside its noun in so many passages.
PASSAGES_WITH_ORDINALS = 20
_IN_DIGITS = re.compile(r"ال\u0640? ?(?P<value>\d{1,2})(?![\d.,٫%٪])")


def reworded(question: ParsedQuestion, snapshot: Snapshot, candidates: Sequence[Candidate]) -> ParsedQuestion:
    """Put a denial for a word that the passages only have denied ("who refused the budget"), and numbers as they do.

    "They did not agree to it" answers that, and is read as an answer once the question says it so. A question for yes
    or no, and one whose own word is in the passages, keeps it. "12.5 في المئة" becomes "١٢٫٥٪", and "القمة التاسعة
    والعشرون" becomes "القمة الـ29", if they write that only.
    """
    near = candidates[:PASSAGES_READ]
    question = _with_amounts_as_written(_with_denial_as_written(question, snapshot, near), snapshot, near)
    return _with_ordinals_as_written(question, snapshot, candidates[:PASSAGES_WITH_ORDINALS])


def _with_denial_as_written(question: ParsedQuestion, snapshot: Snapshot, candidates: Sequence[Candidate]
                            ) -> ParsedQuestion:
    words = [(match.span(), normalise(match.group())) for match in tokens(question.text)]
    asked = [word for _, word in words]
    if not asked or asked[0] in YES_OR_NO:
        return question
    read = [word for text in _texts(snapshot, candidates) for word in split_words(normalise(text))]
    found = said_by_denial(asked, read)
    if found is None:
        return question
    place, said = found
    (start, _), (_, end) = words[place.start][0], words[place.stop - 1][0]
    return parse_question(f"{question.text[:start]}{' '.join(said)}{question.text[end:]}")


def _with_amounts_as_written(question: ParsedQuestion, snapshot: Snapshot, candidates: Sequence[Candidate]
                             ) -> ParsedQuestion:
    asked = find_quantities(question.text, question.dates)
    if not asked:
        return question
    written = [(text[found.start:found.end], found) for text in _texts(snapshot, candidates)
               for found in amounts_of(text)]
    text = question.text
    for amount in reversed(asked):
        same = [each for each, found in written if (found.value, found.unit) == (amount.value, amount.unit)]
        if same and normalise(text[amount.start:amount.end]) not in map(normalise, same):
            text = f"{text[:amount.start]}{same[0]}{text[amount.end:]}"
    return question if text == question.text else parse_question(text)


def _with_ordinals_as_written(question: ParsedQuestion, snapshot: Snapshot, candidates: Sequence[Candidate]
                              ) -> ParsedQuestion:
    asked = _ordinals(question.text)
    if not asked:
        return question
    written = [(text[found.start:found.end], found) for text in _texts(snapshot, candidates)
               for found in _ordinals(text)]
    text = question.text
    for each in reversed(asked):
        same = [as_written for as_written, found in written if (found.of, found.value) == (each.of, each.value)]
        if same and normalise(text[each.start:each.end]) not in map(normalise, same):
            text = f"{text[:each.start]}{same[0]}{text[each.end:]}"
    return question if text == question.text else parse_question(text)


@dataclass(frozen=True, slots=True)
class _Ordinal:
    """An ordinal at `text[start:end]`, in digits or words, and the word before it: 29 of القمة."""

    of: str
    value: int
    start: int
    end: int


def _ordinals(text: str) -> list[_Ordinal]:
    """Find the definite ordinals of a text: "القمة الـ29", "القمة التاسعة والعشرون"."""
    found, read = [], list(tokens(text))
    words = [compared(match.group()) for match in read]
    for place, word in enumerate(words[1:], 1):
        digits = _IN_DIGITS.match(text, read[place].start())
        # Masculine and feminine ordinals are one: التاسعة والعشرون, التاسع والعشرون.
        value, count = (int(digits["value"]), 1) if digits else ordinal(
            [each.removesuffix("ه") for each in words[place:place + 2]]) if is_definite(word) else (0, 0)
        if value:
            end = digits.end() if digits else read[place + count - 1].end()
            found.append(_Ordinal(without_article(words[place - 1]), value, read[place].start(), end))
    return found


def _texts(snapshot: Snapshot, candidates: Sequence[Candidate]) -> Iterator[str]:
    for candidate in candidates:
        article, start, end = snapshot.tables.passages[candidate.row, :3].tolist()
        yield snapshot.articles[article].text[start:end]
