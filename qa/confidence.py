"""How sure the best sentence is an answer."""

from __future__ import annotations

from qa.reader import Evidence

ANSWERED_FROM = 0.5


def confidence_of(question: str, evidence: Evidence) -> float:
    return 1.0
