"""A text to check, its claims, and the verdict on each; its JSON is the REST contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from qa import contract
from qa.contract import ClaimVerdict, Concern, DifferenceKind, UncheckableBecause
from qa.notice import Notice
from qa.plain_text import is_plain_text
from qa.types.citation import Citation, span_as_json
from qa.types.filters import NO_FILTERS, Filters
from qa.types.index_state import IndexState

MAX_TEXT_CHARS = 50_000
# Sentences that are held against the articles. Only a text of very short sentences has more; the rest says so.
MAX_CLAIMS_CHECKED = 500
CLAIM_VERDICTS: tuple[ClaimVerdict, ...] = get_args(ClaimVerdict)

DraftFault = Literal["text_empty", "text_too_long", "text_not_text"]


class DraftError(ValueError):
    """A text that cannot be checked; `fault` is a stable code, and the message says what to do."""

    def __init__(self, fault: DraftFault, message: str) -> None:
        self.fault = fault
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Draft:
    """A text to check, as it was given, of at most `MAX_TEXT_CHARS` code points.

    Use `Draft.parse` for input from outside.
    """

    text: str
    filters: Filters = NO_FILTERS

    @classmethod
    def parse(cls, text: str, *, filters: Filters = NO_FILTERS) -> Draft:
        """Validate input from outside. Raises DraftError with the code of the fault."""
        if not text.strip():
            raise DraftError("text_empty", "the text is empty; give a text to check")
        if len(text) > MAX_TEXT_CHARS:
            raise DraftError("text_too_long", f"the text has {len(text)} characters; "
                                              f"check it in parts of {MAX_TEXT_CHARS} at most")
        if not is_plain_text(text):
            raise DraftError("text_not_text", "the text holds bytes that are not text; send plain UTF-8 text")
        return cls(text, filters)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of a draft at `draft.text[start:end]`, and the places in the draft of what it states.

    `speaker` is the place of the name that it attributes its words to. `uncheckable` says why nothing in it can be
    checked, None if it can.
    """

    number: int
    text: str
    start: int
    end: int
    quotations: tuple[tuple[int, int], ...] = ()
    figures: tuple[tuple[int, int], ...] = ()
    dates: tuple[tuple[int, int], ...] = ()
    names: tuple[tuple[int, int], ...] = ()
    speaker: tuple[int, int] | None = None
    uncheckable: UncheckableBecause | None = None

    def as_json(self) -> contract.ClaimElements:
        """Build `elements` of the JSON."""
        return {"quotations": _spans(self.quotations), "figures": _spans(self.figures), "dates": _spans(self.dates),
                "names": _spans(self.names), "speaker": None if self.speaker is None else span_as_json(self.speaker)}


def _spans(places: Sequence[tuple[int, int]]) -> list[contract.Span]:
    return [span_as_json(place) for place in places]


@dataclass(frozen=True, slots=True)
class ClaimDifference:
    """Words of a claim that the articles do not bear out, or words of theirs that it lacks.

    The claim's are `draft.text[claim_start:claim_end]`. Those of the article are `article.text[start:end]`, in the
    citation numbered `citation`; all three are None where nothing in it corresponds. One side may be empty.
    """

    kind: DifferenceKind
    concerns: Concern
    claim: str
    source: str
    claim_start: int
    claim_end: int
    citation: int | None = None
    start: int | None = None
    end: int | None = None

    def as_json(self) -> contract.ClaimDifference:
        """Build an element of `differences` of the JSON."""
        return {"kind": self.kind, "concerns": self.concerns, "citation": self.citation, "claim": self.claim,
                "source": self.source, "claim_start": self.claim_start, "claim_end": self.claim_end,
                "start": self.start, "end": self.end}


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A claim and the verdict on it. Citations are numbered from 1 in each claim."""

    claim: Claim
    verdict: ClaimVerdict
    concerns: tuple[Concern, ...] = ()
    differences: tuple[ClaimDifference, ...] = ()
    citations: tuple[Citation, ...] = ()

    def as_json(self) -> contract.CheckedClaim:
        """Build an element of `claims` of the JSON."""
        claim = self.claim
        return {"number": claim.number, "start": claim.start, "end": claim.end, "text": claim.text,
                "verdict": self.verdict, "because": claim.uncheckable if self.verdict == "not_checkable" else None,
                "concerns": list(self.concerns), "elements": claim.as_json(),
                "differences": [difference.as_json() for difference in self.differences],
                "citations": [citation.as_json() for citation in self.citations]}


@dataclass(frozen=True, slots=True)
class TextCheck:
    """All claims of a draft, checked, in the order of the draft."""

    draft: Draft
    claims: tuple[CheckedClaim, ...]
    index: IndexState
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()

    @property
    def counts(self) -> dict[ClaimVerdict, int]:
        """How many claims got each verdict, zeros included."""
        counted = Counter(each.verdict for each in self.claims)
        return {verdict: counted[verdict] for verdict in CLAIM_VERDICTS}

    @property
    def share_supported(self) -> float | None:
        """The share, 0..1, of the checkable claims that are supported; None if there is none."""
        checkable = len(self.claims) - self.counts["not_checkable"]
        return self.counts["supported"] / checkable if checkable else None

    def as_json(self) -> contract.TextCheck:
        """Build the response of POST /api/check, which `musnad check --json` prints too."""
        share = self.share_supported
        check: contract.TextCheck = {
            "characters": len(self.draft.text), "share_supported": None if share is None else round(share, 4),
            "counts": {**self.counts}, "claims": [each.as_json() for each in self.claims],
            "index": self.index.as_json(),
            "timings_ms": {stage: round(milliseconds, 3) for stage, milliseconds in self.timings_ms.items()}}
        if self.notices:
            check["notices"] = [notice.as_json() for notice in self.notices]
        return check
