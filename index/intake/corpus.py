"""Compute the articles of the next generation from the last generation and what arrived since.

An origin is where an article comes from: `file:PATH`, `api`, `feed:URL` or `url:URL`. An article stays while at least
one origin has it, in the revision that arrived last. A file read again with an unchanged record is not a new arrival.
Two records are one article when they have the same id, or when they have the same URL and at most one of them has an id
of its own. Records with the same title and text under different ids share a row. The record published first owns the
row, and the other records are the row's `others`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from index.generation.history import History, Withdrawal
from index.generation.snapshot import Snapshot
from index.intake.build import New, Planned, Reused
from index.intake.spool import Spool
from index.revisions import content_of, revision_of
from index.sources.canonical import address_id, is_address_id
from index.types import Article

API, FILE = "api", "file:"


class BasePlace(NamedTuple):
    """Where a record is in the base: its row, and its index in the row's `others`, or -1 for the row's owner."""

    row: int
    other: int = -1


class SpoolPlace(NamedTuple):
    """Where a record is in the spool: its byte offset."""

    place: int


@dataclass(slots=True)
class Record:
    """The present state of one article.

    `where` says where its text is stored. `base` is the article's place, id and history in the base, or None for a new
    article. The other fields are as in `History`.
    """

    id: str
    revision: str
    content: str
    read: str
    where: BasePlace | SpoolPlace
    earlier: str = ""
    arrivals: dict[str, str] = field(default_factory=dict)
    address_id: str = ""
    aliases: set[str] = field(default_factory=set)
    base: tuple[BasePlace, str, History] | None = None

    @property
    def ids(self) -> set[str]:
        """Return the article's id and its aliases."""
        return {self.id, *self.aliases}

    @property
    def is_as_before(self) -> bool:
        """Tell whether the article, its id and its origins are the same as in the base."""
        if self.base is None:
            return False
        _, base_id, history = self.base
        return (self.id == base_id and self.revision == history.revision and self.arrivals == history.arrivals
                and self.aliases == set(history.aliases))

    def history(self, others: tuple[tuple[Article, History], ...] = ()) -> History:
        """Return the history to be stored for the article. `others` are the records that share its row."""
        return History(self.revision, self.content, self.read, self.earlier, dict(sorted(self.arrivals.items())),
                       self.address_id, tuple(sorted(self.aliases)), others)


@dataclass(frozen=True, slots=True)
class Changes:
    """Counts of the records that are new, changed, removed and unchanged.

    `linked` counts the records that share a row owned by another record with the same title and text.
    """

    new: int
    changed: int
    removed: int
    unchanged: int
    linked: int


class Corpus:
    """All records by id, initially those of `base`. `now` is the time of every arrival (ISO 8601, UTC)."""

    def __init__(self, base: Snapshot | None, spool: Spool, now: str) -> None:
        self._base = base
        self._spool = spool
        self._now = now
        self._by_id: dict[str, Record] = {}
        self._by_address: dict[str, list[Record]] = {}
        self._row_of_content: dict[str, int] = {}
        self._row_sizes: list[int] = []
        self.withdrawn = dict(base.histories.withdrawn) if base else {}
        for row in range(len(base.articles) if base else 0):
            self._take_from_base(row)

    def __iter__(self) -> Iterator[Record]:
        """Iterate over the records, each exactly once, in no meaningful order."""
        return (record for key, record in list(self._by_id.items()) if key == record.id)

    def brought(self, article_id: str, origin: str) -> str | None:
        """Return the revision that the origin delivered last for this article, withdrawn or not; None if there is none.
        """
        known = self._by_id.get(article_id) or self.withdrawn.get(article_id)
        return known.arrivals.get(origin) if known else None

    def arrive(self, article: Article, origin: str) -> bool:
        """Add an article that an origin delivered; return whether that changed anything.

        A withdrawn article stays withdrawn, unless it comes from the API. Raises OSError when the disk is full.
        """
        revision = revision_of(article)
        if article.id in self.withdrawn and origin != API:
            before = self.withdrawn[article.id]
            self.withdrawn[article.id] = Withdrawal(before.when, {**before.arrivals, origin: revision})
            return before.arrivals.get(origin) != revision
        record = self._record_of(article)
        if record is None:
            record = Record(article.id, "", "", self._now, SpoolPlace(-1), arrivals=self._lifted(article))
            self._by_id[article.id] = record
        article = replace(article, id=record.id)
        # A file read again with an old revision must not undo a newer one. Any other origin that sends an old revision
        # again means to restore it.
        is_said_again = origin.startswith(FILE) or record.revision == revision_of(article)
        if record.arrivals.get(origin) == revision and is_said_again:
            return False
        record.arrivals[origin] = revision
        self._set(record, article)
        return True

    def join(self, article_id: str, origin: str, revision: str) -> None:
        """Record that this origin has the article too, in this revision. The article itself does not change."""
        if article_id in self._by_id:
            self._by_id[article_id].arrivals[origin] = revision

    def leave(self, record: Record, origin: str) -> None:
        """Record that the origin no longer has the article; remove the article if that was its last origin."""
        record.arrivals.pop(origin, None)
        if not record.arrivals:
            self.remove(record)

    def leave_the_web(self, article_id: str) -> bool:
        """Remove the web origins of an article whose page is gone for good; return whether that changed anything.

        The article stays if a file or the API delivered it too.
        """
        record = self._by_id.get(article_id)
        fetched = [origin for origin in record.arrivals if origin.startswith(("feed:", "url:"))] if record else []
        if record is None or not fetched:
            return False
        for origin in fetched:
            self.leave(record, origin)
        return True

    def withdraw(self, article_id: str, when: str) -> bool:
        """Withdraw an article, so that neither a file nor the web brings it back; return whether that changed anything.

        `when` is the time of the withdrawal (ISO 8601, UTC).
        """
        record = self._by_id.get(article_id)
        if record is None:
            is_news = article_id not in self.withdrawn
            self.withdrawn.setdefault(article_id, Withdrawal(when))
            return is_news
        withdrawal = Withdrawal(when, {origin: revision for origin, revision in record.arrivals.items()
                                       if origin != API})
        self.withdrawn |= dict.fromkeys(record.ids | ({record.address_id} - {""}), withdrawal)
        self.remove(record)
        return True

    def remove(self, record: Record) -> None:
        """Remove the article from the corpus."""
        for article_id in record.ids:
            del self._by_id[article_id]
        self._set_address(record, "")

    def article(self, record: Record) -> Article:
        """Read the record's article from the spool or the base."""
        if isinstance(record.where, SpoolPlace):
            return self._spool.get(record.where.place)
        row, other = record.where
        base = self._the_base()
        article = base.articles[row]
        return article if other < 0 else base.histories.get(row, article).also_at[other]

    def rows(self) -> list[list[Record]]:
        """Group the records into rows: lists of the row's owner, then its others. Rows are sorted by the owner's id."""
        by_content: dict[str, list[Record]] = {}
        for record in self:
            by_content.setdefault(record.content, []).append(record)
        rows = [records if len(records) == 1 else sorted(records, key=self._precedence)
                for records in by_content.values()]
        return sorted(rows, key=lambda records: records[0].id)

    def is_as_before(self, rows: list[list[Record]]) -> bool:
        """Tell whether these rows, and the withdrawn articles, are the same as in the base."""
        if self._base is None or len(rows) != len(self._row_sizes) or self.withdrawn != self._base.histories.withdrawn:
            return False
        return all(
            len(records) == self._row_sizes[row]
            and all(record.is_as_before and record.where == BasePlace(row, place - 1)
                    for place, record in enumerate(records))
            for row, records in enumerate(rows))

    def planned(self, rows: list[list[Record]], *, reuse: bool) -> Iterator[Planned]:
        """Yield a `New` article per row, or a `Reused` one if `reuse` is true and the base has the same passages."""
        for first, *rest in rows:
            others = tuple((self.article(record), record.history()) for record in rest)
            history = first.history(others)
            base_row = self._row_of_content.get(first.content) if reuse else None
            if base_row is not None and first.where == BasePlace(base_row):
                yield Reused(base_row, history)
                continue
            article = self.article(first)
            if base_row is not None and self._the_base().articles[base_row].published == article.published:
                yield Reused(base_row, history, article)
            else:
                yield New(article, history)

    def changes(self, rows: list[list[Record]]) -> Changes:
        """Count how the records of these rows differ from those of the base."""
        records = [record for row in rows for record in row]
        known = [record for record in records if record.base is not None]
        changed = sum(record.revision != record.base[2].revision for record in known if record.base is not None)
        return Changes(new=len(records) - len(known), changed=changed, removed=sum(self._row_sizes) - len(known),
                       unchanged=len(known) - changed, linked=len(records) - len(rows))

    def _take_from_base(self, row: int) -> None:
        base = self._the_base()
        history = base.histories.get(row)
        self._row_of_content[history.content] = row
        self._row_sizes.append(1 + len(history.others))
        records = [(base.articles.ids[row], history),
                   *((article.id, other_history) for article, other_history in history.others)]
        for place, (article_id, its_history) in enumerate(records):
            where = BasePlace(row, place - 1)
            record = Record(article_id, its_history.revision, its_history.content, its_history.read, where,
                            its_history.earlier, dict(its_history.arrivals), its_history.address_id,
                            set(its_history.aliases), (where, article_id, its_history))
            self._by_id |= dict.fromkeys(record.ids, record)
            if record.address_id:
                self._by_address.setdefault(record.address_id, []).append(record)

    def _record_of(self, article: Article) -> Record | None:
        """Return the existing record of which this article is a revision, or None if the article is new.

        If the two have different ids, the record gets both.
        """
        if article.id in self._by_id:
            return self._by_id[article.id]
        if is_address_id(article):
            owners = self._by_address.get(article.id, [])
            if len(owners) != 1:
                return None
            owners[0].aliases.add(article.id)
            self._by_id[article.id] = owners[0]
            return owners[0]
        of_address = self._by_id.get(address_id(article.url)) if article.url else None
        if of_address is None or of_address.id != address_id(article.url):
            return None
        # Until now the record had only the id made from its address; the article's own id replaces it.
        of_address.aliases.add(of_address.id)
        of_address.id = article.id
        self._by_id[article.id] = of_address
        return of_address

    def _set(self, record: Record, article: Article) -> None:
        """Update the record to `article`, which is its newest revision."""
        revision = revision_of(article)
        if revision == record.revision:
            return
        own_address = address_id(article.url) if article.url else ""
        self._set_address(record, own_address if own_address != record.id else "")
        record.revision, record.content = revision, content_of(article)
        if record.base is None:
            record.where = SpoolPlace(self._spool.add(article))
            return
        place, _, before = record.base
        if before.revision == revision:
            record.where, record.read, record.earlier = place, before.read, before.earlier
            return
        record.where = SpoolPlace(self._spool.add(article))
        record.read = self._now
        record.earlier = before.earlier if before.content == record.content else before.read

    def _set_address(self, record: Record, own_address: str) -> None:
        if record.address_id:
            owners = self._by_address[record.address_id]
            owners.remove(record)
            if not owners:
                del self._by_address[record.address_id]
        record.address_id = own_address
        if own_address:
            self._by_address.setdefault(own_address, []).append(record)

    def _lifted(self, article: Article) -> dict[str, str]:
        """Undo the withdrawal, if the article is withdrawn; return the withdrawal's origins with their revisions."""
        if article.id not in self.withdrawn:
            return {}
        if article.url:
            self.withdrawn.pop(address_id(article.url), None)
        withdrawal = self.withdrawn.pop(article.id, None) or Withdrawal("")
        return dict(withdrawal.arrivals)

    def _precedence(self, record: Record) -> tuple[float, str]:
        """Return the sort key that puts the earliest published record first and undated records last."""
        published = self.article(record).published_at
        return published.timestamp() if published else float("inf"), record.id

    def _the_base(self) -> Snapshot:
        if self._base is None:
            raise ValueError("this corpus has no base snapshot")
        return self._base

