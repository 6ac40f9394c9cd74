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
# The more sentences there are, the closer the closest one comes by chance. This size changes nothing.
REFERENCE_SENTENCES = 500


def confidence_of(evidence: Evidence, sentence_count: int) -> float:
    """The probability, 0..1, that the sentence with this evidence answers, in an index of so many sentences.

    Where question and sentence are in different scripts, words say nothing either way, and the cosine and the kind of
    answer have to carry the decision.
    """
    size = log(max(sentence_count, 1) / REFERENCE_SENTENCES)
    if evidence.same_script:
        logit = (30.1 * evidence.cosine + 1.24 * log(evidence.passage_coverage + 0.05) + 1.19 * evidence.words_found
                 + 1.0 * _time_expectation(evidence) - 0.53 * size - 26.4)
    else:
        logit = 73.6 * evidence.cosine + 2.0 * _expectation(evidence) - 0.34 * size - 59.3
    return 1 / (1 + exp(-logit))


def _time_expectation(evidence: Evidence) -> float:
    """1 when the question asks for a time and the sentence shows one, -1 when it shows none, else 0."""
    if evidence.kind is not AnswerKind.TIME:
        return 0.0
    return 1.0 if evidence.kind_shown else -1.0


def _expectation(evidence: Evidence) -> float:
    """Times and places are seen reliably and count both ways; quantities and persons only when they are missing."""
    if evidence.kind is AnswerKind.OTHER:
        return 0.0
    if evidence.kind_shown:
        return 1.0 if evidence.kind in (AnswerKind.TIME, AnswerKind.PLACE) else 0.0
    return -1.0
