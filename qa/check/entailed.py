"""Decide by the entailment head whether a claim's words are borne out, where rules find nothing else that is wrong.

The head replaces the condition that most words are covered. Where it is sure, it also overrules rules that object only
to words that may say the same: an unknown word that might be a name, and another word behind the same preposition. A
claim is never read with it if anything else differs, as a figure, a known name or the polarity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.model.entailment import Entailment
from qa.check.judgement import Judgement, best_of

# The probability from which on a claim is entailed.
ENTAILED = 0.5
# The same where rules find words that may say the same, or other evidence that has more of the claim and is vetoed.
SURELY_ENTAILED = 0.9
# Of what lacks words only, so many judgements are read again, the closest first; and from this share of words on.
MOST_READ, LEAST_COVERED = 2, 0.5


def best_entailed(claim: str, judgements: Sequence[Judgement], entailment: Entailment) -> Judgement:
    """Return the judgement to report, as `best_of` does, with the head's word on what is supported.

    Raises ModelError when the head's weights are missing or damaged.
    """
    best = best_of(judgements)
    if best.verdict == "supported":
        if entailment.scores(claim, [_text(best)])[0] >= ENTAILED:
            return best
        return _entailed(claim, judgements, entailment) or replace(best, verdict="partly", concerns=("words",))
    if best.verdict in ("partly", "not_found"):
        return _entailed(claim, judgements, entailment) or best
    return best


def _entailed(claim: str, judgements: Sequence[Judgement], entailment: Entailment) -> Judgement | None:
    """Return a judgement that only lacks or rewords words, as one that supports the claim, if its sentences entail it.

    What rewords them, or has less of the claim than what rules veto, must entail it for sure: the lead by itself too.
    """
    vetoed = max((each.covered for each in judgements if each.concerns and not each.lacks_words), default=0.0)
    read = sorted((each for each in judgements if (each.lacks_words or each.is_reworded)
                   and each.covered >= LEAST_COVERED), key=lambda each: -each.closeness)
    close = [each for each in read if each.lacks_words and each.covered >= vetoed][:MOST_READ]
    scores = entailment.scores(claim, [_text(each) for each in close])
    best = max(range(len(close)), key=scores.__getitem__, default=None)
    if best is not None and scores[best] >= ENTAILED:
        return _as_support(close[best])
    for each in [each for each in read if each not in close][:MOST_READ]:
        texts = dict.fromkeys((_text(each), each.citations[0].quote))
        if all(entailment.scores(claim, [text])[0] >= SURELY_ENTAILED for text in texts):
            return _as_support(each)
    return None


def _as_support(judgement: Judgement) -> Judgement:
    return replace(judgement, verdict="supported", concerns=(), differences=(), lacks_words=False, is_reworded=False)


def _text(judgement: Judgement) -> str:
    """Return the sentences that a judgement cites, in their order in the article."""
    return " ".join(citation.quote for citation in sorted(judgement.citations, key=lambda each: each.start))
