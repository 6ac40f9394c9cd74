"""Word a question as the passages word what it asks, where a reader would not see that both say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.generation.snapshot import Snapshot
from index.language.arabic import normalise, split_words
from index.language.function_words import YES_OR_NO
from index.language.opposites import said_by_denial
from index.language.quantities import find_quantities
from index.language.tokens import compared, tokens
from qa.answer.agreement import amounts_of
from qa.answer.ordinals import PLACES, find_ordinals, place_won
from qa.answer.ranking import PASSAGES_READ
from qa.question.parsed import ParsedQuestion, parse_question
from qa.retrieve.retriever import Candidate

# An ordinal is looked for beside its noun in so many passages.
PASSAGES_WITH_ORDINALS = 20


def reworded(question: ParsedQuestion, snapshot: Snapshot, candidates: Sequence[Candidate]) -> ParsedQuestion:
    """Put a denial for a word that the passages only have denied ("who refused the budget"), and numbers as they do.

    "They did not agree to it" answers that, and is read as an answer once the question says it so. A question for yes
    or no, and one whose own word is in the passages, keeps it. "12.5 في المئة" becomes "١٢٫٥٪", "القمة التاسعة
    والعشرون" becomes "القمة الـ29", and "حل ثانيا" becomes "حل في المركز الثاني", if they write that only.
    """
    near = candidates[:PASSAGES_READ]
    question = _with_amounts_as_written(_with_denial_as_written(question, snapshot, near), snapshot, near)
    return _with_ordinals_as_written(question, snapshot, candidates[:PASSAGES_WITH_ORDINALS])


def _with_denial_as_written(question: ParsedQuestion, snapshot: Snapshot, candidates: Sequence[Candidate]
                            ) -> ParsedQuestion:
    words = [(match.span(), compared(match.group())) for match in tokens(question.text)]
    asked = [word for _, word in words]
    if not asked or asked[0] in YES_OR_NO:
        return question
    found = said_by_denial(asked, lambda: [
        word for text in _texts(snapshot, candidates) for word in split_words(normalise(text))])
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
    asked, came = find_ordinals(question.text), place_won(question.text)
    if not asked and came is None:
        return question
    written = [found for text in _texts(snapshot, candidates) for found in find_ordinals(text)]
    text = question.text
    for each in reversed(asked):
        same = [found.written for found in written if (found.of, found.value) == (each.of, each.value)]
        if same and normalise(text[each.start:each.end]) not in map(normalise, same):
            text = f"{text[:each.start]}{same[0]}{text[each.end:]}"
    if came is not None and not any((found := place_won(passage)) is not None and found.value == came.value
                                    for passage in _texts(snapshot, candidates)):
        named = next((found for found in written if found.of in PLACES and found.value == came.value), None)
        if named is not None:
            text = f"{text[:came.start]}في {named.noun} {named.written}{text[came.end:]}"
    return question if text == question.text else parse_question(text)


def _texts(snapshot: Snapshot, candidates: Sequence[Candidate]) -> Iterator[str]:
    for candidate in candidates:
        article, start, end = snapshot.tables.passages[candidate.row, :3].tolist()
        yield snapshot.articles[article].text[start:end]
