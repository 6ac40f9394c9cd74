"""Word a question as the passages word what it asks, where a reader would not see that both say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.generation.snapshot import Snapshot
from index.language.arabic import normalise, split_words
from index.language.function_words import YES_OR_NO
from index.language.opposites import said_by_denial
from index.language.tokens import tokens
from qa.question.parsed import ParsedQuestion, parse_question
from qa.retrieve.retriever import Candidate


def reworded(question: ParsedQuestion, snapshot: Snapshot, candidates: Sequence[Candidate]) -> ParsedQuestion:
    """Put a denial for a word that the passages only have denied, and the other way round: "who refused the budget".

    "They did not agree to it" answers that, and is read as an answer once the question says it so. A question for yes
    or no, and one whose own word is in the passages, stays as it is.
    """
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


def _texts(snapshot: Snapshot, candidates: Sequence[Candidate]) -> Iterator[str]:
    for candidate in candidates:
        article, start, end = snapshot.tables.passages[candidate.row, :3].tolist()
        yield snapshot.articles[article].text[start:end]
