"""The verdict that one piece of evidence gives on a claim, and which one to report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.check.draft import ClaimDifference
from qa.contract import ClaimVerdict, Concern
from qa.types.citation import Citation

# A sentence of the same article that denies a claim speaks against one that supports it if it has this share of what
# that one has.
SPEAKS_AGAINST = 0.8
# What a difference costs where two pieces of evidence give the same verdict.
COST_OF_DIFFERENCE = 0.1
# What it counts, of two that refute a claim, that words have the form that the claim has, and not another one.
WEIGHT_OF_SAME_FORMS = 0.1
ORDER: tuple[ClaimVerdict, ...] = ("supported", "contradicted", "denied", "misattributed", "partly", "not_found")
REFUTING: frozenset[ClaimVerdict] = frozenset(("contradicted", "denied", "misattributed"))


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict that one piece of evidence gives, and how much of the claim it and its lead alone have, 0..1.

    `word_for_word` is how much of the claim's words it has in the same form, 0..1. `denies` tells that the lead denies
    what the claim states, `lacks_words` that rules find nothing wrong but that too few of the claim's words are there:
    then they may be entailed. `is_reworded` tells that rules find only words that may say the same: then they must be
    entailed for sure.
    """

    verdict: ClaimVerdict
    covered: float
    cosine: float
    in_lead: float = 0.0
    concerns: tuple[Concern, ...] = ()
    differences: tuple[ClaimDifference, ...] = ()
    citations: tuple[Citation, ...] = ()
    denies: bool = False
    lacks_words: bool = False
    is_reworded: bool = False
    word_for_word: float = 0.0

    @property
    def closeness(self) -> float:
        """How close the evidence is to the claim, to compare judgements of one verdict."""
        of_forms = WEIGHT_OF_SAME_FORMS * self.word_for_word if self.verdict in REFUTING else 0.0
        return self.covered + self.cosine + of_forms - COST_OF_DIFFERENCE * len(self.differences)


def best_of(judgements: Sequence[Judgement]) -> Judgement:
    """Return the judgement to report: what supports a claim goes before what contradicts it.

    Another sentence of the same article that has more of the claim and refutes it goes before both.
    """
    best = min(judgements, key=lambda each: (ORDER.index(each.verdict), -each.closeness),
               default=Judgement("not_found", 0.0, 0.0))
    if best.verdict != "supported":
        return best
    against = [each for each in judgements if each.citations
               and each.citations[0].article.id == best.citations[0].article.id
               and (each.verdict in REFUTING and each.in_lead > best.in_lead
                    or each.denies and each.in_lead > SPEAKS_AGAINST * best.in_lead)]
    return max(against, key=lambda each: each.in_lead, default=best)
