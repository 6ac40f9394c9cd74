"""Support a claim whose words the evidence lacks, but that it entails: rules have found nothing else that is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.model.entailment import Entailment
from qa.check.judgement import Judgement

# Of what lacks words only, so many judgements are read again, the closest first; and from this share of words on.
MOST_READ, LEAST_COVERED = 2, 0.5
# The probability from which on a claim is entailed.
ENTAILED = 0.55


def supported_by_entailment(claim: str, judgements: Sequence[Judgement], entailment: Entailment) -> Judgement | None:
    """Return a judgement that lacks words only, as one that supports the claim, if its sentences entail it; else None.

    Raises ModelError when the head's weights are missing or damaged.
    """
    # Where rules veto what has more of the claim, what has less does not prove it.
    vetoed = max((each.covered for each in judgements if each.concerns and not each.lacks_words), default=0.0)
    close = sorted((each for each in judgements if each.lacks_words and each.covered >= max(LEAST_COVERED, vetoed)),
                   key=lambda each: -each.closeness)[:MOST_READ]
    scores = entailment.scores(claim, [_text(each) for each in close])
    best = max(range(len(close)), key=scores.__getitem__, default=None)
    if best is None or scores[best] < ENTAILED:
        return None
    return replace(close[best], verdict="supported", concerns=(), differences=(), lacks_words=False)


def _text(judgement: Judgement) -> str:
    """Return the sentences that a judgement cites, in their order in the article."""
    return " ".join(citation.quote for citation in sorted(judgement.citations, key=lambda each: each.start))
