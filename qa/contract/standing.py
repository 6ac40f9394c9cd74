"""The responses of /api/claims, and the alerts that webhooks carry."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from qa.contract.citation import Span

StandingKind = Literal["claim", "quote", "question"]
AlertKind = Literal["first_appearance", "repeated", "altered", "denied", "another_figure"]
DeliveryState = Literal["none", "waiting", "delivered", "failed"]


class StandingClaim(TypedDict):
    """A claim, a quote or a question that stands: what generations after `since` add is matched against it.

    `feed_url` is the path of its Atom feed, relative to where the server is; whoever knows it may read the feed.
    """

    id: str
    kind: StandingKind
    text: str
    speaker: str | None
    created: str
    since: str
    webhook: str | None
    feed_url: str


class AlertPlace(Span):
    """A place in an article. `page` is the path of the page that shows it, relative to where the server is."""

    article_id: str
    title: str
    source: str
    url: str | None
    published: str | None
    quote: str
    page: str


class WordsDiffering(TypedDict):
    """Words of a standing claim, and those of the article in their place; one side may be empty."""

    claim: str
    source: str


class Alert(TypedDict):
    """What a new article says of a standing claim; `also_in` are articles that print the same passage.

    `verdict` is that of POST /api/check, POST /api/verify or POST /api/ask, by which `kind` was decided.
    """

    id: str
    claim_id: str
    kind: AlertKind
    verdict: str
    place: AlertPlace
    also_in: list[AlertPlace]
    differences: list[WordsDiffering]
    generation: str
    at: str
    updated: str
    delivery: DeliveryState
    failure: str | None


class StandingClaims(TypedDict):
    """The standing claims of a client, the oldest first, and the path of the feed of all their alerts, null before the
    first.
    """

    claims: list[StandingClaim]
    feed_url: str | None


class StandingClaimWithAlerts(StandingClaim):
    """A standing claim and its alerts, the newest first."""

    alerts: list[Alert]


class SavedClaim(StandingClaim):
    """A claim that was just saved; `secret` signs its webhook and is shown this once, null without a webhook."""

    secret: str | None
