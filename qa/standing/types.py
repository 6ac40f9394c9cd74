"""A claim, a quote or a question that stands, and the alerts that new articles gave for it; their JSON is the contract.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args
from urllib.parse import quote

from index.errors import AddressRefusedError
from qa import contract
from qa.check.draft import Draft
from qa.contract import AlertKind, DeliveryState, StandingKind
from qa.types.question import Question
from qa.verify.quote import Quote

MAX_STANDING_CHARS = 2000
STANDING_KINDS: tuple[StandingKind, ...] = get_args(StandingKind)
ALERT_KINDS: tuple[AlertKind, ...] = get_args(AlertKind)

StandingFault = Literal["bad_kind", "text_too_long", "too_many", "too_many_of_client", "bad_webhook", "no_index"]


class StandingError(ValueError):
    """A claim that cannot be saved; `fault` is a stable code, and the message says what to do."""

    def __init__(self, fault: StandingFault, message: str) -> None:
        self.fault = fault
        super().__init__(message)


class UnknownClaimError(Exception):
    """There is no standing claim with this id."""

    def __init__(self, claim_id: str) -> None:
        self.claim_id = claim_id
        super().__init__(f"there is no standing claim {claim_id[:80]!a}; the list of claims has their ids")


@dataclass(frozen=True, slots=True)
class StandingClaim:
    """A text that stands: a `claim`, a `quote`, with its claimed `speaker` or "", or a `question`.

    `owner` is the name of the token that saved it, "" for the operator's. `since` is the generation that was current
    then: what later ones add is matched. `webhook` is the address that alerts are sent to, signed with `secret`; both
    are empty without one. `base` is the server's own address as whoever saved it knows it, or "". `feed` is the secret
    part of its feed's address. `has_appeared` tells that articles are known to repeat it; `answers` are those known to
    a question.
    """

    id: str
    kind: StandingKind
    text: str
    speaker: str
    owner: str
    created: str
    since: str
    feed: str
    webhook: str = ""
    secret: str = ""
    base: str = ""
    has_appeared: bool = False
    answers: tuple[str, ...] = ()

    def as_json(self) -> contract.StandingClaim:
        """Return an item of GET /api/claims."""
        return {"id": self.id, "kind": self.kind, "text": self.text, "speaker": self.speaker or None,
                "created": self.created, "since": self.since, "webhook": self.webhook or None,
                "feed_url": feed_path(self.feed)}


@dataclass(frozen=True, slots=True)
class AlertPlace:
    """A place in an article that gave an alert: `quote` stands at `start`..`end`, in code points of its text."""

    article_id: str
    title: str
    source: str
    url: str
    published: str
    quote: str
    start: int
    end: int

    def as_json(self) -> contract.AlertPlace:
        """Return the place, and the path of the page that shows it."""
        return {"article_id": self.article_id, "title": self.title, "source": self.source, "url": self.url or None,
                "published": self.published or None, "quote": self.quote, "start": self.start, "end": self.end,
                "page": page_path(self.article_id, self.start, self.end)}


@dataclass(frozen=True, slots=True)
class Alert:
    """What a new article says of a standing claim. `also_in` are articles that print the same passage.

    `verdict` is that of the check that decided `kind`; `differences` are pairs of the claim's words and the article's.
    `at` is when it was found and `updated` when it last changed (ISO 8601, UTC).
    """

    id: str
    claim_id: str
    kind: AlertKind
    verdict: str
    place: AlertPlace
    generation: str
    at: str
    updated: str
    also_in: tuple[AlertPlace, ...] = ()
    differences: tuple[tuple[str, str], ...] = ()
    delivery: DeliveryState = "none"
    failure: str = ""

    def with_copy(self, place: AlertPlace, at: str) -> Alert:
        """Return it with another article that prints the same passage; unchanged if it is known to."""
        if place.article_id in {each.article_id for each in (self.place, *self.also_in)}:
            return self
        return replace(self, also_in=(*self.also_in, place), updated=at)

    def as_json(self) -> contract.Alert:
        """Return an item of `alerts` in GET /api/claims/{id}."""
        return {"id": self.id, "claim_id": self.claim_id, "kind": self.kind, "verdict": self.verdict,
                "place": self.place.as_json(), "also_in": [place.as_json() for place in self.also_in],
                "differences": [{"claim": claim, "source": source} for claim, source in self.differences],
                "generation": self.generation, "at": self.at, "updated": self.updated, "delivery": self.delivery,
                "failure": self.failure or None}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client asks to be saved, checked."""

    kind: StandingKind
    text: str
    speaker: str = ""
    webhook: str = ""

    @classmethod
    def parse(cls, kind: str, text: str, speaker: str = "", webhook: str = "") -> Wanted:
        """Check untrusted text. Raises StandingError, QuestionError, QuoteError or DraftError."""
        from index.sources.fetch.targets import parse_target  # late: only a webhook needs it

        if kind not in STANDING_KINDS:
            raise StandingError("bad_kind", f"the kind is {kind[:80]!a}; it must be {', '.join(STANDING_KINDS)}")
        stripped = text.strip()
        if len(stripped) > MAX_STANDING_CHARS:
            raise StandingError("text_too_long", f"the text has {len(stripped)} characters; shorten it to "
                                                 f"{MAX_STANDING_CHARS} at most")
        if kind == "quote":
            said = Quote.parse(stripped, speaker)
            stripped, speaker = said.text, said.speaker
        elif kind == "question":
            stripped = Question.parse(stripped).text
        else:
            Draft.parse(stripped)
        if webhook:
            try:
                parse_target(webhook)
            except AddressRefusedError as error:
                raise StandingError("bad_webhook", str(error)) from error
        return cls(kind, stripped, speaker if kind == "quote" else "", webhook)


def page_path(article_id: str, start: int, end: int) -> str:
    """Return the path of the page that shows a place, relative to where the server is."""
    return f"articles/{quote(article_id, safe='')}?start={start}&end={end}#cited"


def feed_path(key: str) -> str:
    """Return the path of a feed, relative to where the server is."""
    return f"feeds/{key}.atom"
