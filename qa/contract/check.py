"""The response of POST /api/check."""

from __future__ import annotations

from typing import Literal

from typing_extensions import NotRequired, TypedDict  # noqa: UP035

from qa.contract.citation import Citation, Span
from qa.contract.index import Index
from qa.contract.notice import Notice
from qa.contract.verification import DifferenceKind

ClaimVerdict = Literal["supported", "contradicted", "partly", "quote_altered", "misattributed", "denied", "not_found",
                       "not_checkable"]
Concern = Literal["figure", "unit", "date", "name", "polarity", "modality", "attribution", "speaker", "quotation",
                  "words", "language"]
UncheckableBecause = Literal["question", "opinion", "forecast", "greeting", "fragment", "limit"]


class ClaimElements(TypedDict):
    """The places in the text of what a claim states; `speaker` is that of the name that it attributes words to."""

    quotations: list[Span]
    figures: list[Span]
    dates: list[Span]
    names: list[Span]
    speaker: Span | None


class ClaimDifference(TypedDict):
    """Words of a claim, `text[claim_start:claim_end]`, that the cited article has otherwise, lacks or has besides.

    The words of the article are at `start` to `end` in the citation numbered `citation`; null if nothing corresponds.
    """

    kind: DifferenceKind
    concerns: Concern
    citation: int | None
    claim: str
    source: str
    claim_start: int
    claim_end: int
    start: int | None
    end: int | None


class CheckedClaim(Span):
    """A sentence of the text, at `start` to `end`, and the verdict on it.

    `because` says why a claim is `not_checkable`, and is null otherwise; `concerns` lists what keeps it from being
    supported.
    """

    number: int
    text: str
    verdict: ClaimVerdict
    because: UncheckableBecause | None
    concerns: list[Concern]
    elements: ClaimElements
    differences: list[ClaimDifference]
    citations: list[Citation]


class TextCheck(TypedDict):
    """The claims of a text, in its order; `share_supported` is that of the claims that can be checked."""

    characters: int
    share_supported: float | None
    counts: dict[ClaimVerdict, int]
    claims: list[CheckedClaim]
    notices: NotRequired[list[Notice]]
    index: Index
    timings_ms: dict[str, float]
