"""Types of the JSON that programs rely on: what the REST endpoints return and `--json` prints.

The type checker holds the code to them, and `/api/openapi.json` is made from them. Spans are half-open and count code
points of the article's text as it was read.
"""

from __future__ import annotations

from typing import Literal

# Those of `typing` do not serve pydantic before Python 3.12.
from typing_extensions import NotRequired, TypedDict  # noqa: UP035

from index.language.saying import SpeechAct

Status = Literal["answered", "unsure", "not_found"]
Verdict = Literal["found", "altered", "stitched", "denied", "asked", "doubted", "misattributed", "absent"]
Attribution = Literal["confirmed", "denied", "asked", "doubted", "undetermined", "quoted", "contradicted"]
DifferenceKind = Literal["replaced", "missing", "added"]
ClaimVerdict = Literal["supported", "contradicted", "partly", "quote_altered", "misattributed", "denied", "not_found",
                       "not_checkable"]
Concern = Literal["figure", "unit", "date", "name", "polarity", "modality", "attribution", "speaker", "quotation",
                  "words"]
UncheckableBecause = Literal["question", "opinion", "forecast", "greeting", "fragment", "limit"]
DroppedBecause = Literal["no_citation", "not_proved", "refuted", "other_language", "markup", "repeated", "model_failed"]
DatedBy = Literal["text", "publication"]
SuggestionKind = Literal["question", "article"]
DisagreementKind = Literal["number", "date", "attribution"]
Order = Literal["asc", "desc"]
ChangeKind = Literal["polarity", "figure"]
StandingKind = Literal["claim", "quote", "question"]
AlertKind = Literal["first_appearance", "repeated", "altered", "denied", "another_figure"]
DeliveryState = Literal["none", "waiting", "delivered", "failed"]
NoticeCode = Literal["unknown_source", "no_articles_then", "undated_articles", "undated_timeline",
                     "undated_left_out", "model_failed", "model_stopped", "model_silent", "model_not_proved",
                     "model_other_language"]


class Span(TypedDict):
    """A place in a text."""

    start: int
    end: int


class Index(TypedDict):
    """The generation that an answer comes from, and its size."""

    generation: str
    articles: int
    passages: int


class Origin(TypedDict):
    """The article that something comes from; title and source are empty if the article has none."""

    article_id: str
    title: str
    source: str
    url: str | None
    published: str | None


class PlaceIn(Origin, Span):
    """A place in an article."""


class Passage(Span):
    """A passage found: `text` is the article's text from `start` to `end`."""

    rank: int
    score: float
    article_id: str
    title: str
    text: str


class FoundPassage(Passage):
    """A passage found, with its source."""

    source: str
    url: str | None
    published: str | None


class Context(Span):
    """The words in the same article that a cited sentence depends on, verbatim."""

    quote: str


class ItemsLeftOut(Span):
    """How many items of a list an answer omits, and where they stand."""

    count: int


class CitedPlace(Origin, Span):
    """A sentence, verbatim, and its place."""

    number: int
    quote: str


class Citation(CitedPlace):
    """A sentence of an answer: its place, its page in a PDF, and the other articles that have it.

    `answer_start` and `answer_end` are the span inside the sentence that answers, in the article's text.
    """

    answer_start: int | None
    answer_end: int | None
    page: int | None
    context: Context | None
    also_in: list[PlaceIn]
    items_left_out: ItemsLeftOut | None


class Resolved(TypedDict):
    """The day that a short answer names relative to its article's date or by the Hijri calendar, as ISO 8601.

    `approximate` is true if it may be off by a day.
    """

    date: str
    approximate: bool


class ShortAnswer(Span):
    """The span that answers, verbatim, and its place in an article."""

    text: str
    article_id: str
    resolved: Resolved | None


class NoticeText(TypedDict):
    """A notice in words, in Arabic and in English."""

    ar: str
    en: str


class Notice(TypedDict):
    """Why filters leave a result empty or narrower, or why a language model did not write the answer.

    `source` is a source that no article has, and `nearest` are names like it; `first` and `last` are the days on which
    the first and the last article were published; `count` is how many articles have no date.
    What a code has no use for is null or empty.
    """

    code: NoticeCode
    source: str | None
    nearest: list[str]
    first: str | None
    last: str | None
    count: NotRequired[int]
    text: NoticeText


class Premise(TypedDict):
    """Words of the question that the articles deny or lack, and why, in the question's language."""

    text: str
    why: str


class WrittenSentence(TypedDict):
    """A sentence that a language model wrote, and the numbers of the citations that prove it.

    A `verbatim` one is the cited sentence, in place of one that was not proved.
    """

    text: str
    citations: list[int]
    verbatim: bool


class DroppedSentence(TypedDict):
    """Why a sentence that the model wrote is not shown."""

    because: DroppedBecause


class GeneratedMembers(TypedDict, total=False):
    """Members of an answer that a language model wrote: the model's name, and those of its sentences that are proved.

    `dropped` says why others are left out; it alone is there if nothing of the model's is shown. The tokens are null if
    the model does not count them.
    """

    generated: bool
    model: str
    sentences: list[WrittenSentence]
    dropped: list[DroppedSentence]
    input_tokens: int | None
    output_tokens: int | None


class Answer(GeneratedMembers):
    """The answer to a question; `understood_as` is the standalone question that a follow-up was resolved to.

    `did_you_mean` is the corrected question that was answered, if words were misspelled or it was typed on the wrong
    keyboard layout. `unsure` means that the citations may answer. `passages_read` counts the passages that the reader
    read.
    """

    question: str
    understood_as: NotRequired[str]
    did_you_mean: NotRequired[str]
    notices: NotRequired[list[Notice]]
    status: Status
    answer: str | None
    short_answer: ShortAnswer | None
    premise: Premise | None
    confidence: float
    citations: list[Citation]
    passages: list[Passage]
    passages_read: int
    index: Index
    timings_ms: dict[str, float]


class WrittenSentenceFound(TypedDict):
    """An event of a stream: a sentence that is proved, with its citations."""

    sentence: WrittenSentence
    citations: list[Citation]


class SearchResult(TypedDict):
    """The passages closest to a query, or to the corrected query `did_you_mean`."""

    query: str
    did_you_mean: NotRequired[str]
    notices: NotRequired[list[Notice]]
    hits: list[FoundPassage]
    index: Index


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


class Suggestion(TypedDict):
    """A question to ask, or an article's title; `article_id` is the article that answers it or has it."""

    text: str
    kind: SuggestionKind
    article_id: str


class PassagesFound(TypedDict):
    """The first event of a streamed answer."""

    question: str
    passages: list[Passage]
    index: Index


class Suggestions(TypedDict):
    """Suggestions for what has been typed so far."""

    query: str
    suggestions: list[Suggestion]
    index: Index


class ArticleSummary(TypedDict):
    """An article without its text. Unknown values are null, except title and source, which are empty."""

    id: str
    title: str
    source: str
    url: str | None
    published: str | None
    author: str | None
    language: str | None
    characters: int


class ArticlePage(TypedDict):
    """A page of articles, and the total number of articles."""

    articles: list[ArticleSummary]
    total: int
    offset: int
    limit: int
    notices: NotRequired[list[Notice]]
    index: Index


class Article(ArticleSummary):
    """An article with its text, the time its previous revision was read, and other articles with the same text."""

    revised: str | None
    also_at: list[ArticleSummary]
    text: str
    metadata: dict[str, object]
    index: Index


class ArticlePart(Article, Span):
    """An article of which `text` is only the part from `start` to `end`; `characters` counts the whole."""


class Accepted(TypedDict):
    """An article, or a withdrawal (`sha256` is null), that is stored and will be indexed."""

    id: str
    sha256: str | None
    status: Literal["waiting"]
    status_url: str


class AcceptedArticles(TypedDict):
    """Articles that were sent in one request."""

    articles: list[Accepted]


class Arrival(TypedDict):
    """The state of a revision of an article."""

    id: str
    sha256: str | None
    status: Literal["waiting", "indexed", "replaced", "absent"]
    generation: str | None


class Health(TypedDict):
    """The process is alive."""

    status: Literal["ok"]


class Readiness(TypedDict):
    """The generation being served, and, if it is not the newest, why.

    `held` is the generation that a roll-back holds. `verified` is when its files were last read again and found whole.
    `database` says why the database that servers share cannot be used; `waiting` is not known then.
    """

    status: Literal["ready", "degraded"]
    index: Index
    reload_error: str | None
    waiting: int | None
    database: str | None
    indexing_error: str | None
    held: str | None
    verified: str | None


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


class FieldProblem(TypedDict):
    """What is wrong with a field, or with the article of that number."""

    field: NotRequired[str]
    number: NotRequired[int]
    message: str


class Problem(TypedDict):
    """An error in the form of RFC 9457. `type` is stable; members below `detail` are present where they apply."""

    type: str
    title: str
    status: int
    detail: str
    errors: NotRequired[list[FieldProblem]]
    fault: NotRequired[str]
    retry_after_s: NotRequired[int]
    bytes_needed: NotRequired[int]
    bytes_free: NotRequired[int]
    messages: NotRequired[dict[str, str]]


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
