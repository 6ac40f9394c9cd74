"""Choose the sentences that a language model may write from, and number them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.generation.snapshot import Snapshot
from index.types import Article, Sentence
from qa.answer.statements import is_no_statement
from qa.types import Citation, Hit

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
    found = [(row, hit.article, sentence) for hit in hits[:PASSAGES] for row, sentence in _sentences(snapshot, hit)]
    found.sort(key=lambda each: (each[1].id, each[2].start) not in cited)
    left, kept = MAX_CHARS, []
    for row, article, sentence in found:
        length = sentence.end - sentence.start
        if length <= left:
            left -= length
            kept.append((row, article, sentence))
    kept.sort(key=lambda each: each[0])
    return [OfferedSentence(number, *each) for number, each in enumerate(dict.fromkeys(kept), start=1)]


def _sentences(snapshot: Snapshot, hit: Hit) -> list[tuple[int, Sentence]]:
    first = int(snapshot.tables.passages[hit.row, 3])
    return [(row, sentence) for row, sentence in enumerate(snapshot.tables.sentences_of(hit.row), start=first)
            if not sentence.is_heading and not is_no_statement(hit.article.text[sentence.start:sentence.end])]
