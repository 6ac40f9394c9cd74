"""Passages found, and the result of a search."""

from __future__ import annotations

from dataclasses import dataclass

from index.types import Article
from qa import contract
from qa.notice import Notice
from qa.types.index_state import IndexState
from qa.types.question import Question


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question: `article.text[start:end]`. Compare `score` only within one question."""

    rank: int
    score: float
    row: int
    article: Article
    start: int
    end: int

    @property
    def text(self) -> str:
        """The passage, verbatim."""
        return self.article.text[self.start:self.end]

    def as_passage_json(self) -> contract.Passage:
        """Return an item of `passages` in POST /api/ask."""
        return {"rank": self.rank, "score": round(self.score, 6), "article_id": self.article.id,
                "title": self.article.title, "start": self.start, "end": self.end, "text": self.text}

    def as_json(self) -> contract.FoundPassage:
        """Return an item of `hits` in GET /api/search: the passage with its source."""
        return {**self.as_passage_json(), "source": self.article.source, "url": self.article.url or None,
                "published": self.article.published or None}


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The hits of a search, and the state of the index; `did_you_mean` is the query with its spelling corrected."""

    query: Question
    hits: tuple[Hit, ...]
    index: IndexState
    did_you_mean: str | None = None
    notices: tuple[Notice, ...] = ()

    def as_json(self) -> contract.SearchResult:
        """Return what GET /api/search returns."""
        result: contract.SearchResult = {
            "query": self.query.text, "hits": [hit.as_json() for hit in self.hits], "index": self.index.as_json()}
        if self.did_you_mean is not None:
            result["did_you_mean"] = self.did_you_mean
        if self.notices:
            result["notices"] = [notice.as_json() for notice in self.notices]
        return result
