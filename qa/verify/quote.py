"""A quote to check, and the result of checking it; its JSON is the REST contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from index.types import Article
from qa import contract
from qa.contract import Attribution, DifferenceKind, Verdict
from qa.notice import Notice
from qa.plain_text import is_plain_text
from qa.types.citation import Citation
from qa.types.filters import NO_FILTERS, Filters
from qa.types.index_state import IndexState
from qa.verify.spelling import words_of

MAX_QUOTE_CHARS = 2000
MAX_SPEAKER_CHARS = 200
# Anyone may have said the same two words.
MIN_QUOTE_WORDS = 3

QuoteFault = Literal["quote_empty", "quote_too_long", "quote_not_text", "quote_too_short", "bad_speaker"]


class QuoteError(ValueError):
    """A quote that cannot be checked; `fault` is a stable code, and the message says what to do."""

    def __init__(self, fault: QuoteFault, message: str) -> None:
        self.fault = fault
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote and its claimed speaker, "" for none.

    The text is stripped and has at least `MIN_QUOTE_WORDS` words and at most `MAX_QUOTE_CHARS` code points. Use
    `Quote.parse` for input from outside.
    """

    text: str
    speaker: str = ""
    filters: Filters = NO_FILTERS

    @classmethod
    def parse(cls, text: str, speaker: str | None = None, *, filters: Filters = NO_FILTERS) -> Quote:
        """Validate input from outside and return it as a quote. Raises QuoteError with the code of the fault."""
        quote, name = text.strip(), (speaker or "").strip()
        if not quote:
            raise QuoteError("quote_empty", "the quote is empty; type a quote")
        if len(quote) > MAX_QUOTE_CHARS:
            raise QuoteError("quote_too_long", f"the quote has {len(quote)} characters; "
                                               f"shorten it to {MAX_QUOTE_CHARS} at most")
        if not is_plain_text(quote):
            raise QuoteError("quote_not_text", "the quote holds bytes that are not text; send plain UTF-8 text")
        if len(words_of(quote)) < MIN_QUOTE_WORDS:
            raise QuoteError("quote_too_short", f"the quote has fewer than {MIN_QUOTE_WORDS} words; "
                                                f"quote {MIN_QUOTE_WORDS} at least")
        if len(name) > MAX_SPEAKER_CHARS or not is_plain_text(name) or (name and not words_of(name)):
            raise QuoteError("bad_speaker", "the speaker must be a name in words, "
                                            f"of {MAX_SPEAKER_CHARS} characters at most")
        return cls(quote, name, filters)


@dataclass(frozen=True, slots=True)
class QuotedPart:
    """A citation and the part of the quote that it supports, as offsets into the quote in code points."""

    citation: Citation
    quote_start: int
    quote_end: int

    def as_json(self) -> contract.QuotedPart:
        """Build a citation as in POST /api/ask, plus the offsets into the quote."""
        return {**self.citation.as_place_json(), "quote_start": self.quote_start, "quote_end": self.quote_end}


@dataclass(frozen=True, slots=True)
class Difference:
    """Words of the quote that differ from those of the article; one side may be empty.

    The words of the quote are `quote.text[quote_start:quote_end]`. Those of the article are `article.text[start:end]`,
    in the article of the citation numbered `citation`.
    """

    kind: DifferenceKind
    citation: int
    quote: str
    source: str
    quote_start: int
    quote_end: int
    start: int
    end: int

    def as_json(self) -> contract.Difference:
        """Build an element of `differences` of the JSON."""
        return {"kind": self.kind, "citation": self.citation, "quote": self.quote, "source": self.source,
                "quote_start": self.quote_start, "quote_end": self.quote_end, "start": self.start, "end": self.end}


@dataclass(frozen=True, slots=True)
class Speaker:
    """The speaker that an article names, at `article.text[start:end]`, for the citation numbered `citation`."""

    citation: int
    article: Article
    start: int
    end: int

    @property
    def name(self) -> str:
        """The speaker as the article names them, verbatim."""
        return self.article.text[self.start:self.end]

    def as_json(self) -> contract.Speaker:
        """Build an element of `speakers` of the JSON."""
        return {"citation": self.citation, "name": self.name, "start": self.start, "end": self.end}


@dataclass(frozen=True, slots=True)
class Verification:
    """The verdict on a quote, with its evidence.

    `attribution` is None if no speaker was claimed or the quote was not found. `timings_ms` has the time of each stage.
    """

    quote: Quote
    verdict: Verdict
    parts: tuple[QuotedPart, ...]
    differences: tuple[Difference, ...]
    speakers: tuple[Speaker, ...]
    attribution: Attribution | None
    index: IndexState
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()

    def as_json(self) -> contract.Verification:
        """Build the response of POST /api/verify, which `musnad verify --json` prints too."""
        verification: contract.Verification = {
                "quote": self.quote.text, "speaker": self.quote.speaker or None, "verdict": self.verdict,
                "attribution": self.attribution, "citations": [part.as_json() for part in self.parts],
                "differences": [difference.as_json() for difference in self.differences],
                "speakers": [speaker.as_json() for speaker in self.speakers], "index": self.index.as_json(),
                "timings_ms": {stage: round(milliseconds, 3) for stage, milliseconds in self.timings_ms.items()}}
        if self.notices:
            verification["notices"] = [notice.as_json() for notice in self.notices]
        return verification
