"""The response of GET /api/affair."""

from __future__ import annotations

from typing import Literal

from typing_extensions import NotRequired, TypedDict  # noqa: UP035

from index.language.saying import SpeechAct
from qa.contract.citation import Citation, Origin, Span
from qa.contract.disagreements import Disagreement
from qa.contract.index import Index
from qa.contract.notice import Notice
from qa.contract.timeline import DatedBy, Event, Order

ChangeKind = Literal["polarity", "figure"]


class SpeakerStatement(Citation):
    """A cited sentence and what its speaker does in it (`act`), by the words at `verb`; `claim` is what is said.

    All are places in the article's text; `name`, where it names the speaker, is null if the sentence is cited from
    another article. `first` and `last` bound the day on which it was said, both included, null if the article has none;
    `dated_by` tells whether the text names it or it is the day of publication; with `is_earlier`, it was said before.
    """

    act: SpeechAct
    verb: Span
    claim: Span
    name: Span | None
    first: str | None
    last: str | None
    dated_by: DatedBy
    is_earlier: bool


class SpeakerOfTopic(TypedDict):
    """A speaker, titles left off, and what they said about the topic, in order of days."""

    name: str
    statements: list[SpeakerStatement]


class PositionChange(TypedDict):
    """Two statements of one speaker about one thing, by their numbers: one denies the other, or counts otherwise.

    `earlier` and `later` are the words that differ, verbatim.
    """

    kind: ChangeKind
    speaker: str
    earlier_statement: int
    later_statement: int
    earlier: str
    later: str


class Affair(TypedDict):
    """What the articles have about a topic: events in `order`, who said what, disagreements and the newest articles.

    Citations are numbered from 1 through all of them. See `Answer` for the words that it was understood as.
    """

    query: str
    understood_as: str | None
    did_you_mean: NotRequired[str]
    notices: NotRequired[list[Notice]]
    order: Order
    events: list[Event]
    speakers: list[SpeakerOfTopic]
    changes: list[PositionChange]
    disagreements: list[Disagreement]
    articles: list[Origin]
    index: Index
