"""Choose which record of an article to show, and which other records to list beside it.

Articles of the same title and text under different ids share a row of the index; each id is a record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from index.errors import UnknownArticleError
from index.generation.history import History
from index.generation.snapshot import Snapshot
from index.generation.trust import Precedence, precedence
from index.types import Article
from qa import contract
from qa.types.articles import summary
from qa.types.citation import Citation, Place
from qa.types.filters import Filters
from qa.types.index_state import IndexState
from qa.types.search import Hit


@dataclass(frozen=True, slots=True)
class Record:
    """An article with its revision and its duplicates.

    `revised` is when the revision that it replaced was read (ISO 8601, UTC), empty if it replaced none; `also_at` are
    the articles of the same title and text.
    """

    article: Article
    revised: str
    also_at: tuple[Article, ...]

    @property
    def revised_on(self) -> date | None:
        """The day of `revised`, in UTC."""
        return datetime.fromisoformat(self.revised).date() if self.revised else None

    def as_json(self, state: IndexState) -> contract.Article:
        """Return the body of GET /api/articles/{id}."""
        return {**summary(self.article), "revised": self.revised or None,
                "also_at": [summary(other) for other in self.also_at], "text": self.article.text,
                "metadata": dict(self.article.metadata), "index": state.as_json()}


def record_of(snapshot: Snapshot, article_id: str) -> Record:
    """Return the article of this id or alias. Raises UnknownArticleError."""
    row = snapshot.articles.rows.get(article_id, snapshot.histories.rows.get(article_id))
    if row is None:
        raise UnknownArticleError(article_id)
    article = snapshot.articles[row]
    history = snapshot.histories.get(row, article)
    records = {article.id: (article, history), **{other.id: (other, its) for other, its in history.others}}
    found = article_id if article_id in records else next(
        record_id for record_id, (_, its) in records.items() if article_id in its.aliases)
    return Record(records[found][0], records[found][1].earlier,
                  tuple(other for record_id, (other, _) in records.items() if record_id != found))


def cite_linked(snapshot: Snapshot, citations: Sequence[Citation], filters: Filters) -> tuple[Citation, ...]:
    """Make each citation name a record that the filters admit; add the other admitted ones to its `also_in`."""
    return tuple(_cite_linked(snapshot, citation, filters) for citation in citations)


def show_linked(snapshot: Snapshot, hits: Sequence[Hit], filters: Filters) -> tuple[Hit, ...]:
    """Make each hit name a record that the filters admit."""
    return tuple(replace(hit, article=_admitted(snapshot, hit.article, filters)[0][0])
                 if snapshot.histories.has_others(snapshot.articles.rows[hit.article.id]) else hit for hit in hits)


def precedence_of(snapshot: Snapshot, article: Article) -> Precedence:
    """Return the sort key that puts the copy to be cited first; `article` owns a row of the snapshot."""
    return _precedence(article, snapshot.histories.get(snapshot.articles.rows[article.id]))


def _cite_linked(snapshot: Snapshot, citation: Citation, filters: Filters) -> Citation:
    (first, _), *rest = _admitted(snapshot, citation.article, filters)
    places = [(Place(article, citation.start, citation.end), history) for article, history in rest]
    for place in citation.also_in:
        places += [(Place(article, place.start, place.end), history)
                   for article, history in _admitted(snapshot, place.article, filters)]
    if first is citation.article and len(places) == len(citation.also_in):
        return citation
    places.sort(key=lambda one: _precedence(one[0].article, one[1]))
    return replace(citation, article=first, also_in=tuple(place for place, _ in places))


def _admitted(snapshot: Snapshot, article: Article, filters: Filters) -> list[tuple[Article, History]]:
    """Return the records of the article's row that the filters admit, or the article alone, each with its history."""
    row = snapshot.articles.rows[article.id]
    history = snapshot.histories.get(row, article)
    records = [(article, history), *history.others]
    return [record for record in records if filters.admit(record[0])] or records[:1]


def _precedence(article: Article, history: History) -> Precedence:
    return precedence(article, history.arrivals, history.seen or history.read)
