"""Ranked sentences to the citations of an answer: the best first, then the few that add something, or a whole list.

What was measured and what was tried is in `docs/decisions/0013-composed-answers.md`; `benchmarks/compose.py` measures
it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from index.generation.snapshot import Snapshot
from qa.answer.context import context_of, lead_in_span
from qa.answer.lists import Listing, listing_of, names_items
from qa.answer.reader import RankedSentence
from qa.answer.reprints import Telling, other_tellings
from qa.answer.sameness import Said, adds_nothing
from qa.question.parsed import ParsedQuestion
from qa.retrieve.retriever import Candidate
from qa.types import Citation, ItemsLeftOut, Place, Span

# Ranked sentences that an answer is composed of.
CONSIDERED = 8
MAX_CITATIONS = 4
MAX_ITEMS = 8
# A further sentence is cited when its score is this close to the best one's.
CITED_WITHIN = 0.04
# What a sentence of an article that is not cited yet is preferred by, as a share of `CITED_WITHIN`.
OTHER_ARTICLE = 1 / 6
# Where another sentence is the best, a list answers when so many of the sentences as close as that are of it.
LISTED = 3


def compose(snapshot: Snapshot, question: ParsedQuestion, ranked: Sequence[RankedSentence],
            candidates: Sequence[Candidate]) -> tuple[Citation, ...]:
    """What is cited of the ranked sentences, the best of which answers the question.

    A question that asks for several things and is answered by a list gets its items in order. Any other gets the best
    sentence and the few further ones that are about as good and say something else. Each comes with what it hangs on.
    `candidates` are the passages retrieved, among which the other places of a sentence are looked for.
    """
    if question.asks_for_list \
            and (listing := _listing_among(snapshot, question, ranked[:CONSIDERED])) is not None:
        return _cite_list(snapshot, listing, ranked, candidates)
    return tuple(cite(snapshot, chosen(ranked), candidates))


def cite(snapshot: Snapshot, sentences: Iterable[RankedSentence], candidates: Sequence[Candidate]) -> list[Citation]:
    """The sentences in order, numbered from 1, each where it was told first and with what it hangs on; one that came
    along with another already is left out."""
    citations: list[Citation] = []
    for sentence in sentences:
        tellings = _told_first(snapshot, Telling(sentence.article, sentence.sentence, sentence.row), candidates)
        if not any(_is_context(tellings[0], citation) for citation in citations):
            context = context_of(snapshot, tellings[0], citations)
            citations.append(_citation(len(citations) + 1, tellings[0], tellings, context))
    return citations


def chosen(ranked: Sequence[RankedSentence], *, within: float = CITED_WITHIN, at_most: int = MAX_CITATIONS
           ) -> list[RankedSentence]:
    """The best sentence, and those that are as good but for `within` and add something to those before, `at_most` in
    all; those of further articles are preferred a little."""
    left = list(distinct(_close(ranked, within)))
    found: list[RankedSentence] = left[:1]
    del left[:1]
    while left and len(found) < at_most:
        cited = {sentence.article.id for sentence in found}
        best = max(left, key=lambda sentence: sentence.score
                   + (0.0 if sentence.article.id in cited else OTHER_ARTICLE * within))
        left.remove(best)
        found.append(best)
    return found


def distinct(ranked: Sequence[RankedSentence]) -> Iterator[RankedSentence]:
    """The sentences in order, without those that say nothing that one before has not said."""
    told: list[Said] = []
    for sentence in ranked:
        said = Said.by(sentence.text)
        if not adds_nothing(said, told):
            told.append(said)
            yield sentence


def _close(ranked: Sequence[RankedSentence], within: float = CITED_WITHIN) -> list[RankedSentence]:
    return [sentence for sentence in ranked[:CONSIDERED] if sentence.score >= ranked[0].score - within]


def _told_first(snapshot: Snapshot, telling: Telling, candidates: Sequence[Candidate]) -> list[Telling]:
    """The sentence wherever it is told, the earliest first; of the same moment the one given before the others."""
    return sorted([telling, *other_tellings(snapshot, telling, candidates)], key=lambda each: each.published)


def _is_context(telling: Telling, citation: Citation) -> bool:
    """Whether the sentence comes along with the citation."""
    return citation.context is not None and telling.article.id == citation.article.id \
        and citation.context[0] <= telling.sentence.start and telling.sentence.end <= citation.context[1]


def _citation(number: int, telling: Telling, tellings: Sequence[Telling], context: Span | None) -> Citation:
    others = tuple(Place(each.article, each.sentence.start, each.sentence.end) for each in tellings
                   if each.article.id != telling.article.id)
    return Citation(number, telling.article, telling.sentence.start, telling.sentence.end, context, others)


def _listing_among(snapshot: Snapshot, question: ParsedQuestion, ranked: Sequence[RankedSentence]) -> Listing | None:
    """The list that the best sentence is of; or else one that `LISTED` of the close ones are of, or that hangs on the
    word which the question has for its items."""
    counts: dict[tuple[str, range], int] = {}
    for sentence in ranked:
        listing = listing_of(snapshot, sentence.article, sentence.row)
        if listing is None:
            continue
        place = sentence.article.id, listing.rows
        counts[place] = counts.get(place, 0) + (sentence.score >= ranked[0].score - CITED_WITHIN)
        if sentence is ranked[0] or counts[place] == LISTED or names_items(question, listing.hangs_on):
            return listing
    return None


def _cite_list(snapshot: Snapshot, listing: Listing, ranked: Sequence[RankedSentence],
               candidates: Sequence[Candidate]) -> tuple[Citation, ...]:
    """The items in order, `MAX_ITEMS` at most, each with the line that leads in; that line first where it is itself
    among the best sentences."""
    cites_lead_in = listing.lead_in is not None \
        and listing.first_row + listing.lead_in in {sentence.row for sentence in _close(ranked)}
    listing = _original(snapshot, listing, candidates)
    lead_in = None if listing.lead_in is None else range(listing.lead_in, listing.lead_in + 1)
    context = None if lead_in is None else lead_in_span(listing.article, listing.sentences, lead_in.start)
    items = [(listing.telling(item), context) for item in listing.items[:MAX_ITEMS]]
    if lead_in is not None and cites_lead_in:
        items.insert(0, (listing.telling(lead_in), None))
    *citations, last = (_citation(number, item, _told_first(snapshot, item, candidates), hung_on)
                        for number, (item, hung_on) in enumerate(items, start=1))
    return *citations, replace(last, items_left_out=_left_out(listing))


def _original(snapshot: Snapshot, listing: Listing, candidates: Sequence[Candidate]) -> Listing:
    """The list where it is longest, of equals in the earliest article: a reprint may be cut."""
    tellings = _told_first(snapshot, listing.telling(listing.items[0]), candidates)
    told = [found for telling in tellings if (found := listing_of(snapshot, telling.article, telling.row)) is not None]
    return max(told, key=lambda each: len(each.items), default=listing)


def _left_out(listing: Listing) -> ItemsLeftOut | None:
    rest = listing.items[MAX_ITEMS:]
    if not rest:
        return None
    start, end = listing.telling(rest[0]).sentence.start, listing.telling(rest[-1]).sentence.end
    return ItemsLeftOut(len(rest), start, end)
