"""The response of GET /api/timeline."""

from __future__ import annotations

from typing import Literal

from typing_extensions import NotRequired, TypedDict  # noqa: UP035

from qa.contract.citation import Citation, Span
from qa.contract.index import Index
from qa.contract.notice import Notice

DatedBy = Literal["text", "publication"]
Order = Literal["asc", "desc"]


class Report(Citation):
    """A further sentence that reports an event; `date_in_text` is where the article names its day, or null."""

    date_in_text: Span | None


class Event(Citation):
    """A cited sentence and the days of its event, from `first` to `last`, both included.

    `date_in_text` is where the article names them; it is null if the day of publication is used instead. `articles` is
    how many articles report the event, and `reports` are further sentences that do; `is_key` marks the events that most
    articles report, if there are more than a few.
    """

    first: str
    last: str
    dated_by: DatedBy
    approximate: bool
    date_in_text: Span | None
    is_key: bool
    articles: int
    reports: list[Report]


class Timeline(TypedDict):
    """The dated events of a topic in `order`, the earliest first or the latest (desc).

    See `Answer` for the words that it was understood as.
    """

    query: str
    understood_as: str | None
    did_you_mean: NotRequired[str]
    notices: NotRequired[list[Notice]]
    order: Order
    events: list[Event]
    index: Index
