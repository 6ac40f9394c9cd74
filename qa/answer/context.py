"""What a cited sentence hangs on: the line that leads in its list, or the sentences that it points back to."""

from __future__ import annotations

from collections.abc import Sequence

from index.generation.snapshot import Snapshot
from index.types import Article, Sentence
from qa.answer.anaphora import leans_on_previous
from qa.answer.reprints import Telling
from qa.types import Citation, Span

# Sentences before a cited one that are brought along at most.
MOST_BEFORE = 2
# A line that leads in a list and is no longer than this names nothing ("ومن أبرز بنوده:") and brings along what stands
# before it.
MAX_BARE_LEAD_IN_CHARS = 30


def context_of(snapshot: Snapshot, telling: Telling, cited: Sequence[Citation]) -> Span | None:
    """The span, in the same article, of what the sentence cannot be understood without, or None.

    For an item of a list it is the line that leads in the list; for a sentence that points back, the sentence before
    it, and the one before that where this one points back too; no heading, and none that is `cited` already.
    """
    is_item = telling.sentence.lead_in[1] > 0
    if not is_item and not leans_on_previous(telling.text):
        return None
    first_row, sentences = snapshot.tables.sentences_of_article(telling.row)
    place = telling.row - first_row
    if is_item:
        leading = next(number for number, other in enumerate(sentences)
                       if (other.start, other.end) == telling.sentence.lead_in)
        return lead_in_span(telling.article, sentences, leading)
    starts = {citation.start for citation in cited if citation.article.id == telling.article.id}
    start = place
    while start and place - start < MOST_BEFORE and not sentences[start - 1].is_heading \
            and sentences[start - 1].start not in starts:
        start -= 1
        if not leans_on_previous(_text(telling.article, sentences[start])):
            break
    return (sentences[start].start, sentences[place - 1].end) if start < place else None


def lead_in_span(article: Article, sentences: Sequence[Sentence], place: int) -> Span:
    """The line in that place, which leads in a list; where it is bare, what stands before it too."""
    lead_in = sentences[place]
    is_bare = lead_in.end - lead_in.start <= MAX_BARE_LEAD_IN_CHARS or leans_on_previous(_text(article, lead_in))
    return (sentences[place - 1].start if place and is_bare else lead_in.start, lead_in.end)


def _text(article: Article, sentence: Sentence) -> str:
    return article.text[sentence.start:sentence.end]
