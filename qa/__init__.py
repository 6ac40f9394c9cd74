"""Ask news articles from Python: `from qa import load_answerer, Question`. `docs/python.md` describes every name.

Each name is loaded when it is first used, so that `import qa` stays free.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import index as index  # before NumPy is loaded: it says how many threads that takes

if TYPE_CHECKING:
    from index.errors import (
        CorruptSnapshotError,
        IndexingError,
        ModelError,
        NoSnapshotError,
        SnapshotMismatchError,
        UnknownArticleError,
        UnreadableSnapshotError,
    )
    from index.model.load import load_embedder
    from index.model.types import Embedder
    from index.types import Article
    from qa.answerer import Answerer
    from qa.check.draft import CheckedClaim, Draft, DraftError, TextCheck
    from qa.langchain import MusnadEmbeddings, MusnadRetriever
    from qa.opening import load_answerer, open_answerer
    from qa.remote import MusnadRemoteRetriever, RemoteError
    from qa.topics.affair import Affair
    from qa.topics.browsing import ArticlePage
    from qa.topics.disagreement import Disagreements
    from qa.topics.suggestions import Suggestion
    from qa.topics.timeline import Timeline
    from qa.types.answer import Answer
    from qa.types.citation import Citation, Place
    from qa.types.filters import Filters
    from qa.types.question import Question, QuestionError
    from qa.types.search import Hit, SearchResult
    from qa.verify.quote import Quote, QuoteError, Verification
else:
    _HOMES = {
        "index.errors": ("CorruptSnapshotError", "IndexingError", "ModelError", "NoSnapshotError",
                         "SnapshotMismatchError", "UnknownArticleError", "UnreadableSnapshotError"),
        "index.model.load": ("load_embedder",),
        "index.model.types": ("Embedder",),
        "index.types": ("Article",),
        "qa.answerer": ("Answerer",),
        "qa.check.draft": ("CheckedClaim", "Draft", "DraftError", "TextCheck"),
        "qa.langchain": ("MusnadEmbeddings", "MusnadRetriever"),
        "qa.opening": ("load_answerer", "open_answerer"),
        "qa.remote": ("MusnadRemoteRetriever", "RemoteError"),
        "qa.topics.affair": ("Affair",),
        "qa.topics.browsing": ("ArticlePage",),
        "qa.topics.disagreement": ("Disagreements",),
        "qa.topics.suggestions": ("Suggestion",),
        "qa.topics.timeline": ("Timeline",),
        "qa.types.answer": ("Answer",),
        "qa.types.citation": ("Citation", "Place"),
        "qa.types.filters": ("Filters",),
        "qa.types.question": ("Question", "QuestionError"),
        "qa.types.search": ("Hit", "SearchResult"),
        "qa.verify.quote": ("Quote", "QuoteError", "Verification"),
    }
    _HOME = {name: module for module, names in _HOMES.items() for name in names}

    def __getattr__(name: str) -> object:
        """Load a public name (PEP 562); raise AttributeError for any other."""
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_HOME[name]), name)

    def __dir__() -> list[str]:
        """List the public names, loaded or not."""
        return sorted({*globals(), *__all__})


__all__ = [
    "Affair", "Answer", "Answerer", "Article", "ArticlePage", "CheckedClaim", "Citation", "CorruptSnapshotError",
    "Disagreements", "Draft", "DraftError", "Embedder", "Filters", "Hit", "IndexingError", "ModelError",
    "MusnadEmbeddings", "MusnadRemoteRetriever", "MusnadRetriever", "NoSnapshotError", "Place", "Question",
    "QuestionError", "Quote", "QuoteError", "RemoteError", "SearchResult", "SnapshotMismatchError", "Suggestion",
    "TextCheck", "Timeline", "UnknownArticleError", "UnreadableSnapshotError", "Verification", "load_answerer",
    "load_embedder", "open_answerer",
]
