"""How likely the best sentence answers the question: a logistic model of the evidence for it.

The weights were fitted by `benchmarks/fit_confidence.py`; `docs/decisions/0006-confidence.md` has the data, the
figures and what is not calibrated yet.
"""

from __future__ import annotations

from math import exp, log

from qa.kinds import AnswerKind
from qa.reader import Evidence

# An answer is given from this confidence on; below it the status is `not_found`.
ANSWERED_FROM = 0.15
# The more sentences there are, the closer the closest one comes by chance. The first size changes nothing; beyond the
# second, the largest that the weights were fitted on, nothing more is added.
REFERENCE_SENTENCES = 500
MOST_SENTENCES = 2500


SAME_SCRIPT = {"intercept": -28.2, "cosine": 31.7, "log_coverage": 1.07, "words": 2.13, "kind": 1.0, "size": -0.54}
OTHER_SCRIPT = {"intercept": -59.2, "cosine": 71.6, "words": 4.95, "kind": 1.6, "size": -0.46}


def confidence_of(evidence: Evidence, sentence_count: int) -> float:
    """The probability, 0..1, that the sentence with this evidence answers, in an index of so many sentences."""
    weights = SAME_SCRIPT if evidence.same_script else OTHER_SCRIPT
    logit = weights["intercept"] + sum(weights[name] * value
                                       for name, value in features(evidence, sentence_count).items())
    return 1 / (1 + exp(-logit))


def features(evidence: Evidence, sentence_count: int) -> dict[str, float]:
    """What the model sees. Where question and sentence are in different scripts, the passage's coverage says nothing,
    and the words found are those that the lexicon translates."""
    size = log(min(max(sentence_count, 1), MOST_SENTENCES) / REFERENCE_SENTENCES)
    if evidence.same_script:
        return {"cosine": evidence.cosine, "log_coverage": log(evidence.passage_coverage + 0.05),
                "words": evidence.words_found, "kind": _time_shown(evidence), "size": size}
    return {"cosine": evidence.cosine, "words": evidence.words_found, "kind": _kind_shown(evidence), "size": size}


def _time_shown(evidence: Evidence) -> float:
    """1 when the question asks for a time and the sentence shows one, -1 when it shows none, else 0."""
    if evidence.kind is not AnswerKind.TIME:
        return 0.0
    return 1.0 if evidence.kind_shown else -1.0


def _kind_shown(evidence: Evidence) -> float:
    """Times and places are seen reliably and count both ways; quantities and persons only when they are missing."""
    if evidence.kind is AnswerKind.OTHER:
        return 0.0
    if evidence.kind_shown:
        return 1.0 if evidence.kind in (AnswerKind.TIME, AnswerKind.PLACE) else 0.0
    return -1.0
