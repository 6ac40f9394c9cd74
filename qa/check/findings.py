"""What keeps a claim from being supported, collected while it is held against one piece of evidence."""

from __future__ import annotations

from dataclasses import dataclass, field

from qa.check.comparison import Comparison, Place
from qa.check.draft import ClaimDifference
from qa.check.evidence import Source
from qa.check.statement import StatedWord
from qa.contract import Concern

Instead = tuple[Source, Place]
"""What stands in place of claimed words: a sentence, and the place in it."""


@dataclass(slots=True)
class Findings:
    """Concerns and differences.

    `replaced` tells that the evidence has something else in place of what differs, `negated` that it denies what the
    claim states, `may_be_reworded` that all that differs are words that may say the same.
    """

    comparison: Comparison
    concerns: dict[Concern, None] = field(default_factory=dict)
    differences: list[ClaimDifference] = field(default_factory=list)
    replaced: bool = False
    negated: bool = False
    may_be_reworded: bool = True

    def note(self, concern: Concern, claimed: Place, instead: Instead | None = None, *, replaced: bool | None = None,
             may_be_reworded: bool = False) -> None:
        """Note a difference; `claimed` is a place in the claim, and that of `instead` one in its source's sentence."""
        self.concerns.setdefault(concern)
        self.may_be_reworded = self.may_be_reworded and may_be_reworded
        self.replaced = self.replaced or (instead is not None if replaced is None else replaced)
        claim = self.comparison.claim
        start, end = claim.start + claimed[0], claim.start + claimed[1]
        words = claim.text[slice(*claimed)]
        if instead is None:
            self.differences.append(ClaimDifference("added", concern, words, "", start, end))
            return
        source, (low, high) = instead
        first = source.sentence.start
        number = self.comparison.evidence.sources.index(source) + 1
        self.differences.append(ClaimDifference(
            "replaced", concern, words, source.article.text[first + low:first + high], start, end, number, first + low,
            first + high))

    def note_missing(self, concern: Concern, before: int, source: Source, there: Place) -> None:
        """Note words at a place of a sentence, such as قد, that the claim lacks in front of another place."""
        self.concerns.setdefault(concern)
        self.may_be_reworded = False
        start, end = source.sentence.start + there[0], source.sentence.start + there[1]
        place = self.comparison.claim.start + before
        self.differences.append(ClaimDifference(
            "missing", concern, "", source.article.text[start:end], place, place,
            self.comparison.evidence.sources.index(source) + 1, start, end))

    def note_uncovered(self, words: list[StatedWord]) -> None:
        """Note that too many words are not covered, and which."""
        self.concerns.setdefault("words")
        claim = self.comparison.claim
        self.differences += [ClaimDifference("added", "words", claim.text[word.start:word.end], "",
                                             claim.start + word.start, claim.start + word.end) for word in words]
