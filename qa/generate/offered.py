"""Choose the sentences that a language model may write from, and number them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.generation.snapshot import Snapshot
from index.types import Article, Sentence
from qa.answer.statements import is_no_statement
from qa.types.citation import Citation
from qa.types.search import Hit

MAX_CHARS = 6_000
PASSAGES = 5


@dataclass(frozen=True, slots=True)
class OfferedSentence:
    """A sentence of the snapshot in this row, with its number in the prompt, from 1."""

    number: int
    row: int
    article: Article
    sentence: Sentence

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.article.text[self.sentence.start:self.sentence.end]


def offered_sentences(snapshot: Snapshot, citations: Sequence[Citation], hits: Sequence[Hit]) -> list[OfferedSentence]:
    """Return the sentences of the closest passages in the order of their articles; those cited come in any case.

    Sentences that state nothing are left out. Together they have at most `MAX_CHARS` code points.
    """
    cited = {(citation.article.id, citation.start) for citation in citations}
    found = {row: (hit.article, sentence) for hit in hits[:PASSAGES] for row, sentence in _sentences(snapshot, hit)}
    left, kept = MAX_CHARS, []
    for row in sorted(found, key=lambda row: (found[row][0].id, found[row][1].start) not in cited):
        length = found[row][1].end - found[row][1].start
        if length <= left:
            left -= length
            kept.append(row)
    return [OfferedSentence(number, row, *found[row]) for number, row in enumerate(sorted(kept), start=1)]


def _sentences(snapshot: Snapshot, hit: Hit) -> list[tuple[int, Sentence]]:
    first = int(snapshot.tables.passages[hit.row, 3])
    return [(row, sentence) for row, sentence in enumerate(snapshot.tables.sentences_of(hit.row), start=first)
            if not sentence.is_heading and not is_no_statement(hit.article.text[sentence.start:sentence.end])]
