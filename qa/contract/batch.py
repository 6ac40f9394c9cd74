"""The responses of POST /api/ask/batch and POST /api/verify/batch."""

from __future__ import annotations

from typing_extensions import TypedDict

from qa.contract.answer import Answer
from qa.contract.index import Index
from qa.contract.problem import Problem
from qa.contract.verification import Verification


class BatchedAnswer(TypedDict):
    """The answer to the item of that number, from 1, or the problem in its place; the other is null."""

    number: int
    answer: Answer | None
    problem: Problem | None


class BatchedVerification(TypedDict):
    """The verdict on the item of that number, from 1, or the problem in its place; the other is null."""

    number: int
    verification: Verification | None
    problem: Problem | None


class BatchOfAnswers(TypedDict):
    """What became of each item of a batch of questions, in its order, all from one generation."""

    results: list[BatchedAnswer]
    index: Index


class BatchOfVerifications(TypedDict):
    """What became of each item of a batch of quotes, in its order, all from one generation."""

    results: list[BatchedVerification]
    index: Index
