"""Check a text: each claim by its quotations, and by what the articles say of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from index.generation.snapshot import Snapshot
from index.language.arabic import normalise
from index.language.dates import find_dates
from index.language.scripts import is_in_another_script
from index.model.entailment import Entailment
from index.types import Article
from index.work import pause, paused_between
from qa.answer.linked import cite_linked
from qa.check.added import adds_to
from qa.check.claims import claims_of, is_forecast
from qa.check.draft import CheckedClaim, Claim, Draft
from qa.check.embedded import states_it_itself
from qa.check.entailed import best_entailed
from qa.check.evidence import Evidence, SourceReader
from qa.check.judgement import Judgement, best_of
from qa.check.names import NameSense
from qa.check.quoted import Quoted
from qa.check.statement import read_statement
from qa.check.support import judge_claim
from qa.retrieve.retriever import Candidate
from qa.topics.shared_words import WordWeights
from qa.types.filters import Filters
from qa.types.index_state import IndexState

Find = Callable[[str, Filters], list[Candidate]]


@dataclass(slots=True)
class Checker:
    """Checks drafts against one snapshot, of which `state` is the state.

    `is_word` tells whether the articles have a normalised word, and `find` returns the passages closest to a text, best
    first. `entailment` reads again what only lacks words of a claim; None leaves it at that.
    """

    snapshot: Snapshot
    state: IndexState
    names: NameSense
    is_word: Callable[[str], bool]
    find: Find
    entailment: Entailment | None = None

    def check(self, draft: Draft) -> Iterator[CheckedClaim]:
        """Yield the claims of a draft in order, each as soon as it is checked. Other work may go first in between."""
        reader = SourceReader(self.snapshot, self.is_word, WordWeights(self.snapshot))
        for claim in claims_of(draft.text, self.names):
            pause()
            if claim.uncheckable is not None:
                yield CheckedClaim(claim, "not_checkable")
                continue
            checked = self._checked(claim, draft, reader)
            citations = cite_linked(self.snapshot, checked.citations, draft.filters)
            yield replace(checked, citations=citations)

    def prove(self, text: str, cited: Sequence[tuple[int, Article]], vector: NDArray[np.float32]) -> CheckedClaim:
        """Check one sentence against sentences of the snapshot, given by row and article, and against nothing else.

        Not even their titles: whoever writes one may write an order to the model that writes the sentence.

        `vector` is the sentence's, of unit length and shape (dimension,). Its quotations must stand in those sentences
        word for word. A text of several claims is `not_checkable`.
        """
        claims = list(islice(claims_of(text, self.names), 2))
        if len(claims) != 1 or claims[0].uncheckable is not None:
            return CheckedClaim(Claim(1, text, 0, len(text), uncheckable="fragment"), "not_checkable")
        (claim,) = claims
        statement = read_statement(claim.text, find_dates(claim.text), self.is_word)
        reader = SourceReader(self.snapshot, self.is_word, WordWeights(self.snapshot))
        vectors = self.snapshot.tables.sentence_vectors
        sources = [reader.source(article, row, float(vectors[row].astype(np.float32) @ vector))
                   for row, article in cited]
        sources = [source for source in sources if states_it_itself(statement, source.statement)]
        there = normalise(" ".join(source.statement.text for source in sources))
        if any(normalise(text[start:end]) not in there for start, end in claim.quotations):
            return CheckedClaim(claim, "not_found", ("quotation",))
        if not sources:
            return CheckedClaim(claim, "not_found")
        judgement = self._best(claim, [judge_claim(claim, statement, Evidence(
            lead, tuple(other for other in sources if other.row != lead.row and other.article.id == lead.article.id),
            read_statement("", (), self.is_word)), reader, self.names) for lead in sources])
        if judgement.verdict == "supported":
            lead, *others = sorted(sources, key=lambda source: source.sentence.start != judgement.citations[0].start)
            if adds_to(statement, lead.statement, [other.statement for other in others], self.names):
                judgement = replace(judgement, verdict="partly", concerns=("words",))
        return _checked_by(claim, judgement)

    def _checked(self, claim: Claim, draft: Draft, reader: SourceReader) -> CheckedClaim:
        statement = read_statement(claim.text, find_dates(claim.text), self.is_word)
        quoted = Quoted.of(self.snapshot, self.state, claim, statement, draft.filters)
        settled = quoted.checked(claim)
        if settled is not None:
            return settled
        candidates = self.find(claim.text, draft.filters)
        evidence = reader.evidence(statement, candidates)
        judgement = self._best(claim, [judge_claim(claim, statement, each, reader, self.names)
                                       for each in paused_between(evidence)])
        if quoted.concerns and judgement.verdict == "supported":
            judgement = replace(judgement, verdict="partly", concerns=quoted.concerns)
        if judgement.verdict == "not_found" and is_forecast(claim.text):
            return CheckedClaim(replace(claim, uncheckable="forecast"), "not_checkable")
        if judgement.verdict == "not_found" and evidence and _all_in_another_script(claim.text, evidence):
            return CheckedClaim(claim, "not_found", ("language",))
        return _checked_by(claim, judgement)

    def _best(self, claim: Claim, judgements: Sequence[Judgement]) -> Judgement:
        return best_of(judgements) if self.entailment is None else best_entailed(
            claim.text, judgements, self.entailment)


def _all_in_another_script(claim: str, found: Sequence[Evidence]) -> bool:
    written = normalise(claim)
    return all(is_in_another_script(written, normalise(each.lead.statement.text)) for each in found)


def _checked_by(claim: Claim, judgement: Judgement) -> CheckedClaim:
    if judgement.verdict == "not_found":
        return CheckedClaim(claim, "not_found")
    return CheckedClaim(claim, judgement.verdict, judgement.concerns, judgement.differences, judgement.citations)
