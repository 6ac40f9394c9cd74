"""The response of GET /api/disagreements."""

from __future__ import annotations

from typing import Literal

from typing_extensions import NotRequired, TypedDict  # noqa: UP035

from qa.contract.citation import Citation
from qa.contract.index import Index
from qa.contract.notice import Notice

DisagreementKind = Literal["number", "date", "attribution"]


class Side(TypedDict):
    """A value in the articles' words, and the sentences that state it."""

    value: str
    citations: list[Citation]


class Disagreement(TypedDict):
    """Different values for the same thing; `about` is what is counted, or null for days and speakers.

    `over_time` tells that the numbers were published on different days, and so may have changed in between.
    """

    kind: DisagreementKind
    about: str | None
    over_time: bool
    sides: list[Side]


class Disagreements(TypedDict):
    """The disagreements between articles about a topic; see `Answer` for the words that it was understood as."""

    query: str
    understood_as: str | None
    did_you_mean: NotRequired[str]
    notices: NotRequired[list[Notice]]
    disagreements: list[Disagreement]
    index: Index
