"""Types of the JSON that programs rely on: what the REST endpoints return and `--json` prints.

The type checker holds the code to them, and `/api/openapi.json` is made from them. Spans are half-open and count code
points of the article's text as it was read. Python programs import them from here (docs/python.md).

`TypedDict` is that of `typing_extensions`, since pydantic refuses the one of `typing` before Python 3.12.
"""

from __future__ import annotations

from qa.contract.affair import Affair, ChangeKind, PositionChange, SpeakerOfTopic, SpeakerStatement
from qa.contract.answer import Answer, Premise, Resolved, ShortAnswer, Status
from qa.contract.arrivals import Accepted, AcceptedArticles, Arrival
from qa.contract.articles import Article, ArticlePage, ArticlePart, ArticleSummary
from qa.contract.batch import BatchedAnswer, BatchedVerification, BatchOfAnswers, BatchOfVerifications
from qa.contract.check import (
    CheckedClaim,
    ClaimDifference,
    ClaimElements,
    ClaimVerdict,
    Concern,
    TextCheck,
    UncheckableBecause,
)
from qa.contract.citation import Citation, CitedPlace, Context, ItemsLeftOut, Origin, PlaceIn, Span
from qa.contract.disagreements import Disagreement, DisagreementKind, Disagreements, Side
from qa.contract.generated import (
    DroppedBecause,
    DroppedSentence,
    GeneratedMembers,
    WrittenSentence,
    WrittenSentenceFound,
)
from qa.contract.health import Health, Readiness
from qa.contract.index import Index
from qa.contract.notice import Notice, NoticeCode, NoticeText
from qa.contract.problem import FieldProblem, Problem
from qa.contract.search import FoundPassage, Passage, PassagesFound, SearchResult
from qa.contract.standing import (
    Alert,
    AlertKind,
    AlertPlace,
    DeliveryState,
    SavedClaim,
    StandingClaim,
    StandingClaims,
    StandingClaimWithAlerts,
    StandingKind,
    WordsDiffering,
)
from qa.contract.suggestions import Suggestion, SuggestionKind, Suggestions
from qa.contract.timeline import DatedBy, Event, Order, Report, Timeline
from qa.contract.verification import (
    Attribution,
    Difference,
    DifferenceKind,
    InQuote,
    QuotedPart,
    Speaker,
    Verdict,
    Verification,
)

__all__ = [
    "Accepted", "AcceptedArticles", "Affair", "Alert", "AlertKind", "AlertPlace", "Answer", "Arrival", "Article",
    "ArticlePage", "ArticlePart", "ArticleSummary", "Attribution", "BatchOfAnswers", "BatchOfVerifications",
    "BatchedAnswer", "BatchedVerification", "ChangeKind", "CheckedClaim", "Citation", "CitedPlace", "ClaimDifference",
    "ClaimElements", "ClaimVerdict", "Concern", "Context", "DatedBy", "DeliveryState", "Difference", "DifferenceKind",
    "Disagreement", "DisagreementKind", "Disagreements", "DroppedBecause", "DroppedSentence", "Event", "FieldProblem",
    "FoundPassage", "GeneratedMembers", "Health", "InQuote", "Index", "ItemsLeftOut", "Notice", "NoticeCode",
    "NoticeText", "Order", "Origin", "Passage", "PassagesFound", "PlaceIn", "PositionChange", "Premise", "Problem",
    "QuotedPart", "Readiness", "Report", "Resolved", "SavedClaim", "SearchResult", "ShortAnswer", "Side", "Span",
    "Speaker", "SpeakerOfTopic", "SpeakerStatement", "StandingClaim", "StandingClaimWithAlerts", "StandingClaims",
    "StandingKind", "Status", "Suggestion", "SuggestionKind", "Suggestions", "TextCheck", "Timeline",
    "UncheckableBecause", "Verdict", "Verification", "WordsDiffering", "WrittenSentence", "WrittenSentenceFound"
]
