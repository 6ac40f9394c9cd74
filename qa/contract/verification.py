"""The response of POST /api/verify."""

from __future__ import annotations

from typing import Literal

from typing_extensions import NotRequired, TypedDict  # noqa: UP035

from qa.contract.citation import CitedPlace, Span
from qa.contract.index import Index
from qa.contract.notice import Notice

Verdict = Literal["found", "altered", "stitched", "denied", "asked", "doubted", "misattributed", "absent"]
Attribution = Literal["confirmed", "denied", "asked", "doubted", "undetermined", "quoted", "contradicted"]
DifferenceKind = Literal["replaced", "missing", "added"]


class InQuote(TypedDict):
    """A place in the quote that is checked, in code points."""

    quote_start: int
    quote_end: int


class QuotedPart(CitedPlace, InQuote):
    """A citation, and the part of the quote that it supports."""


class Difference(Span, InQuote):
    """Words of the quote, and the words that the cited article has in their place; either may be empty."""

    kind: DifferenceKind
    citation: int
    quote: str
    source: str


class Speaker(Span):
    """The speaker that an article names for a citation, verbatim."""

    citation: int
    name: str


class Verification(TypedDict):
    """The verdict on a quote, with its evidence."""

    quote: str
    speaker: str | None
    verdict: Verdict
    notices: NotRequired[list[Notice]]
    attribution: Attribution | None
    citations: list[QuotedPart]
    differences: list[Difference]
    speakers: list[Speaker]
    index: Index
    timings_ms: dict[str, float]
