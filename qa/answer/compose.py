"""Turn ranked sentences into the citations of an answer: the best one and a few that add to it, or a whole list.

`docs/decisions/0013-composed-answers.md` has the figures and what was tried; `benchmarks/compose.py` measures them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from index.generation.snapshot import Snapshot
from index.work import paused_between
from qa.answer.agreement import agreeing_first
from qa.answer.comparing import winner_first
from qa.answer.context import context_of, lead_in_span
from qa.answer.linked import precedence_of
from qa.answer.lists import Listing, listing_of, names_items
from qa.answer.ranking import SENTENCES_CONSIDERED, RankedSentence
from qa.answer.reprints import Copy, other_copies
from qa.answer.sameness import Said, adds_nothing, has_word
from qa.answer.speaking import Speaking
from qa.answer.typed import typed_first
from qa.question.parsed import ParsedQuestion
from qa.retrieve.retriever import Candidate
from qa.types.citation import Citation, ItemsLeftOut, Place, Span

MAX_CITATIONS = 4
MAX_ITEMS = 8
# A further sentence is cited if its score is at most this far below the best one: with vectors and words alone, and
# where a reader read, whose evidence draws the scores apart.
CITED_WITHIN, CITED_WITHIN_READ = 0.04, 0.095
# Added to the score of a sentence whose article is not cited yet, as a share of `CITED_WITHIN`.
OTHER_ARTICLE_BONUS = 1 / 6
# If the best sentence is not part of a list, a list still answers when this many sentences within `CITED_WITHIN` of the
# best one belong to it.
MIN_SENTENCES_OF_LIST = 3


def compose(snapshot: Snapshot, question: ParsedQuestion, ranked: Sequence[RankedSentence],
            candidates: Sequence[Candidate]) -> tuple[Citation, ...]:
    """Compose the citations of an answer from ranked sentences, the first of which answers the question.

    If the question asks for several things and a list answers it, cite the items of the list in order. Otherwise cite
    the best sentence and a few that score nearly as high and add something. Each citation carries the context that it
    needs. `candidates` are the retrieved passages; other copies of a cited sentence are looked for in them. If the
    question compares (the latest, the largest), the sentence that wins is cited first. A sentence that says otherwise
    than the question (another amount) is left out if another one agrees, and gives way to one of the type asked for
    (an age). Behind the best one, no words of somebody else are added to what somebody said, and nothing of another
    article that has no word of the question.
    """
    ranked = winner_first(question, agreeing_first(question, typed_first(question, ranked)))
    if question.asks_for_list \
            and (listing := _listing_among(snapshot, question, ranked[:SENTENCES_CONSIDERED])) is not None:
        return _cite_list(snapshot, listing, ranked, candidates)
    ranked = _on_topic(question, ranked)
    speaking = Speaking.of(question, ranked)
    if speaking is not None:
        ranked = speaking.without_others(snapshot, ranked)
    return tuple(cite(snapshot, chosen(ranked), candidates))


def cite(snapshot: Snapshot, sentences: Iterable[RankedSentence], candidates: Sequence[Candidate]) -> list[Citation]:
    """Cite the sentences in order, numbered from 1; skip a sentence that an earlier citation shows as its context.

    Each citation names the copy of the sentence that takes precedence (docs/trust.md), and carries the context that it
    needs.
    """
    citations: list[Citation] = []
    for sentence in paused_between(sentences):
        copies = _copies_in_order(snapshot, Copy(sentence.article, sentence.sentence, sentence.row), candidates)
        if not any(_is_context(copies[0], citation) for citation in citations):
            context = context_of(snapshot, copies[0], citations)
            citations.append(_citation(len(citations) + 1, copies[0], copies, context))
    return citations


def chosen(ranked: Sequence[RankedSentence], *, within: float | None = None, at_most: int = MAX_CITATIONS
           ) -> list[RankedSentence]:
    """Choose the best sentence and others that score at most `within` less and add something; `at_most` in all.

    A sentence of an article that is not chosen yet is preferred a little. Without `within`, it is the distance for
    sentences that were read, or were not.
    """
    within = _within(ranked) if within is None else within
    left = list(distinct(_close(ranked, within)))
    found: list[RankedSentence] = left[:1]
    del left[:1]
    while left and len(found) < at_most:
        cited = {sentence.article.id for sentence in found}
        best = max(left, key=lambda sentence: sentence.score
                   + (0.0 if sentence.article.id in cited else OTHER_ARTICLE_BONUS * within))
        left.remove(best)
        found.append(best)
    return found


def _on_topic(question: ParsedQuestion, ranked: Sequence[RankedSentence]) -> list[RankedSentence]:
    """Return the first sentence, those of its article, and those that have a content word of the question.

    The title counts too. What is in another script than the question stays.
    """
    return [each for place, each in enumerate(ranked) if place == 0 or place >= SENTENCES_CONSIDERED
            or each.article.id == ranked[0].article.id or not each.evidence.same_script
            or any(has_word(word, Said.by(text)) for text in (each.text, each.article.title)
                   for word in question.wanted.content)]


def distinct(ranked: Sequence[RankedSentence]) -> Iterator[RankedSentence]:
    """Yield the sentences in order, skipping those that add nothing to an earlier one."""
    if len(ranked) == 1:
        yield ranked[0]  # nothing to compare it with
        return
    earlier: list[Said] = []
    for sentence in paused_between(ranked):
        said = Said.by(sentence.text)
        if not adds_nothing(said, earlier):
            earlier.append(said)
            yield sentence


def _within(ranked: Sequence[RankedSentence]) -> float:
    return CITED_WITHIN_READ if ranked and ranked[0].span is not None else CITED_WITHIN


def _close(ranked: Sequence[RankedSentence], within: float) -> list[RankedSentence]:
    return [sentence for sentence in ranked[:SENTENCES_CONSIDERED] if sentence.score >= ranked[0].score - within]


def _copies_in_order(snapshot: Snapshot, copy: Copy, candidates: Sequence[Candidate]) -> list[Copy]:
    """List the given copy and the copies in other articles, as `precedence` has them; the given one first among equals.
    """
    others = other_copies(snapshot, copy, candidates)
    if not others:
        return [copy]
    return sorted([copy, *others], key=lambda each: precedence_of(snapshot, each.article))


def _is_context(copy: Copy, citation: Citation) -> bool:
    """Tell whether the citation already shows this sentence as its context."""
    return citation.context is not None and copy.article.id == citation.article.id \
        and citation.context[0] <= copy.sentence.start and copy.sentence.end <= citation.context[1]


def _citation(number: int, copy: Copy, copies: Sequence[Copy], context: Span | None) -> Citation:
    others = tuple(Place(each.article, each.sentence.start, each.sentence.end) for each in copies
                   if each.article.id != copy.article.id)
    return Citation(number, copy.article, copy.sentence.start, copy.sentence.end, context, others)


def _listing_among(snapshot: Snapshot, question: ParsedQuestion, ranked: Sequence[RankedSentence]) -> Listing | None:
    """Find the list that answers the question; None if there is none.

    It is the list of the best sentence, or else the first list in order of rank that holds `MIN_SENTENCES_OF_LIST` of
    the sentences within `CITED_WITHIN` of the best, or whose introduction has the question's word for its items.
    """
    counts: dict[tuple[str, range], int] = {}
    for sentence in ranked:
        listing = listing_of(snapshot, sentence.article, sentence.row)
        if listing is None:
            continue
        place = sentence.article.id, listing.rows
        counts[place] = counts.get(place, 0) + (sentence.score >= ranked[0].score - _within(ranked))
        if sentence is ranked[0] or counts[place] == MIN_SENTENCES_OF_LIST \
                or names_items(question, listing.introduction):
            return listing
    return None


def _cite_list(snapshot: Snapshot, listing: Listing, ranked: Sequence[RankedSentence],
               candidates: Sequence[Candidate]) -> tuple[Citation, ...]:
    """Cite the items in order, `MAX_ITEMS` at most, each with the line that introduces the list as its context.

    If that line is itself among the sentences within `CITED_WITHIN` of the best, cite it first.
    """
    cites_lead_in = listing.lead_in is not None \
        and listing.first_row + listing.lead_in in {sentence.row for sentence in _close(ranked, _within(ranked))}
    listing = _original(snapshot, listing, candidates)
    lead_in = None if listing.lead_in is None else range(listing.lead_in, listing.lead_in + 1)
    context = None if lead_in is None else lead_in_span(listing.article, listing.sentences, lead_in.start)
    items = [(listing.joined(item), context) for item in listing.items[:MAX_ITEMS]]
    if lead_in is not None and cites_lead_in:
        items.insert(0, (listing.joined(lead_in), None))
    *citations, last = (_citation(number, item, _copies_in_order(snapshot, item, candidates), lead_in_shown)
                        for number, (item, lead_in_shown) in enumerate(items, start=1))
    return *citations, replace(last, items_left_out=_left_out(listing))


def _original(snapshot: Snapshot, listing: Listing, candidates: Sequence[Candidate]) -> Listing:
    """Return the copy of the list that takes precedence.

    Of the operator's own copies it is the longest, the earliest among equals: a reprint may be cut short. On other
    sites the longest may be one to which somebody added.
    """
    found = [(precedence_of(snapshot, copy.article)[0], each)
             for copy in _copies_in_order(snapshot, listing.joined(listing.items[0]), candidates)
             if (each := listing_of(snapshot, copy.article, copy.row)) is not None]
    if not found or found[0][0] > 0:
        return found[0][1] if found else listing
    return max((each for rank, each in found if rank == 0), key=lambda each: len(each.items))


def _left_out(listing: Listing) -> ItemsLeftOut | None:
    rest = listing.items[MAX_ITEMS:]
    if not rest:
        return None
    start, end = listing.joined(rest[0]).sentence.start, listing.joined(rest[-1]).sentence.end
    return ItemsLeftOut(len(rest), start, end)
