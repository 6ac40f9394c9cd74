"""Find the context that a cited sentence needs: its list's introduction, its speaker, or the sentences before."""

from __future__ import annotations

from collections.abc import Sequence

from index.generation.snapshot import Snapshot, place_of
from index.types import Article, Sentence
from qa.answer.anaphora import leans_on_previous
from qa.answer.quotations import speaker_context
from qa.answer.reprints import Copy
from qa.types.citation import Citation, Span

# Most sentences before a cited one that are shown with it.
MAX_SENTENCES_BEFORE = 2
# A line up to this long that introduces a list names nothing by itself ("ومن أبرز بنوده:"), so the sentence before it
# is shown too.
MAX_BARE_LEAD_IN_CHARS = 30


def context_of(snapshot: Snapshot, copy: Copy, cited: Sequence[Citation]) -> Span | None:
    """Return the span in the same article that the sentence needs to be understood; None if it needs none.

    For an item of a list, that is the line that introduces the list. For a sentence of a quotation that does not name
    its speaker, it is the sentence or clause that does. For a sentence that points back, it is the sentence before, and
    the one before that if the first of them points back too. Headings and sentences that are `cited` already are never
    part of it.
    """
    is_item = copy.sentence.lead_in[1] > 0
    first_row, sentences = snapshot.tables.sentences_of_article(copy.row)
    place = copy.row - first_row
    if not is_item and (spoken := speaker_context(copy.article, sentences, place)) is not None:
        is_cited = any(citation.article.id == copy.article.id and citation.start <= spoken[0] < citation.end
                       for citation in cited)
        return None if is_cited else spoken
    if not is_item and not leans_on_previous(copy.text):
        return None
    if is_item:
        return lead_in_span(copy.article, sentences, place_of(sentences, copy.sentence.lead_in[0]))
    starts = {citation.start for citation in cited if citation.article.id == copy.article.id}
    start = place
    while start and place - start < MAX_SENTENCES_BEFORE and not sentences[start - 1].is_heading \
            and sentences[start - 1].start not in starts:
        start -= 1
        if not leans_on_previous(_text(copy.article, sentences[start])):
            break
    return (sentences[start].start, sentences[place - 1].end) if start < place else None


def lead_in_span(article: Article, sentences: Sequence[Sentence], place: int) -> Span:
    """Return the span of the line at index `place`, which introduces a list.

    Include the sentence before if the line is short or points back, and so names nothing by itself.
    """
    lead_in = sentences[place]
    is_bare = lead_in.end - lead_in.start <= MAX_BARE_LEAD_IN_CHARS or leans_on_previous(_text(article, lead_in))
    return (sentences[place - 1].start if place and is_bare else lead_in.start, lead_in.end)


def _text(article: Article, sentence: Sentence) -> str:
    return article.text[sentence.start:sentence.end]
