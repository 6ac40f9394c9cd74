"""The articles of the next generation: those of the last one, and what has happened to them since.

An origin is what brings an article: `file:PATH`, `api`, `feed:URL`, `url:URL`. An article stays for as long as one of
its origins has it, and says what was said last; a file that says what it said before says nothing. Two records are one
article when they have one id, or when one has no id but the URL of the other. Records of the same title and text under
different ids share a row: the one that was published first, and its others.
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
    """Where the base has a record: the row, and the place among that row's others, -1 for the row's own."""

    row: int
    other: int = -1


class SpoolPlace(NamedTuple):
    """Where the spool has a record."""

    place: int


@dataclass(slots=True)
class Record:
    """One article as it stands by now; the fields are those of `History`. `base` is what it was in the base."""

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
        """Every id under which it is known."""
        return {self.id, *self.aliases}

    @property
    def is_as_before(self) -> bool:
        """Whether nothing of it is other than in the base."""
        if self.base is None:
            return False
        _, base_id, history = self.base
        return (self.id == base_id and self.revision == history.revision and self.arrivals == history.arrivals
                and self.aliases == set(history.aliases))

    def history(self, others: tuple[tuple[Article, History], ...] = ()) -> History:
        """What is written of it."""
        return History(self.revision, self.content, self.read, self.earlier, dict(sorted(self.arrivals.items())),
                       self.address_id, tuple(sorted(self.aliases)), others)


@dataclass(frozen=True, slots=True)
class Changes:
    """How many records are new, changed, removed or as they were; and how many of all share the row of another."""

    new: int
    changed: int
    removed: int
    unchanged: int
    linked: int


class Corpus:
    """The records by id, to begin with those of `base`; `now` is the ISO 8601 time in UTC of what arrives."""

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
        """The records, each once, in no order that means anything."""
        return (record for key, record in list(self._by_id.items()) if key == record.id)

    def brought(self, article_id: str, origin: str) -> str | None:
        """The revision that the origin brought last of the article of that id, withdrawn or not."""
        known = self._by_id.get(article_id) or self.withdrawn.get(article_id)
        return known.arrivals.get(origin) if known else None

    def arrive(self, article: Article, origin: str) -> bool:
        """An origin brings an article. Returns whether that changed anything.

        What was withdrawn stays so, unless it comes from the API. Raises OSError when the disk is full.
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
        # A file goes on saying what it said; whoever sends an article again means it.
        is_said_again = origin.startswith(FILE) or record.revision == revision_of(article)
        if record.arrivals.get(origin) == revision and is_said_again:
            return False
        record.arrivals[origin] = revision
        self._set(record, article)
        return True

    def join(self, article_id: str, origin: str, revision: str) -> None:
        """An origin brings an article too that another brought just now; what that said stands."""
        if article_id in self._by_id:
            self._by_id[article_id].arrivals[origin] = revision

    def leave(self, record: Record, origin: str) -> None:
        """An origin has an article no longer; with the last of them the article goes."""
        record.arrivals.pop(origin, None)
        if not record.arrivals:
            self.remove(record)

    def leave_the_web(self, article_id: str) -> bool:
        """The page of that article is gone for good: it stays if a file or the API brought it too. Returns whether that
        changed anything."""
        record = self._by_id.get(article_id)
        fetched = [origin for origin in record.arrivals if origin.startswith(("feed:", "url:"))] if record else []
        if record is None or not fetched:
            return False
        for origin in fetched:
            self.leave(record, origin)
        return True

    def withdraw(self, article_id: str, when: str) -> bool:
        """Withdraw an article for good: neither a file nor the web brings it back. Returns whether that changed
        anything."""
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
        """The article is in the corpus no longer."""
        for article_id in record.ids:
            del self._by_id[article_id]
        self._set_address(record, "")

    def article(self, record: Record) -> Article:
        """The record's article, read where it lies."""
        if isinstance(record.where, SpoolPlace):
            return self._spool.get(record.where.place)
        row, other = record.where
        base = self._the_base()
        article = base.articles[row]
        return article if other < 0 else base.histories.get(row, article).also_at[other]

    def rows(self) -> list[list[Record]]:
        """The records by row: the row's own and its others; rows in the order of their ids."""
        by_content: dict[str, list[Record]] = {}
        for record in self:
            by_content.setdefault(record.content, []).append(record)
        rows = [records if len(records) == 1 else sorted(records, key=self._precedence)
                for records in by_content.values()]
        return sorted(rows, key=lambda records: records[0].id)

    def is_as_before(self, rows: list[list[Record]]) -> bool:
        """Whether these rows are what the base has."""
        if self._base is None or len(rows) != len(self._row_sizes) or self.withdrawn != self._base.histories.withdrawn:
            return False
        return all(
            len(records) == self._row_sizes[row]
            and all(record.is_as_before and record.where == BasePlace(row, place - 1)
                    for place, record in enumerate(records))
            for row, records in enumerate(rows))

    def planned(self, rows: list[list[Record]], *, reuse: bool) -> Iterator[Planned]:
        """What is to be written of the rows. `reuse` says whether passages of the base may be taken over."""
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
        """How the records of these rows differ from those of the base."""
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
        """The record that the article is a revision of; its ids are brought up to date."""
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
        # Until now it had no id but that of its address.
        of_address.aliases.add(of_address.id)
        of_address.id = article.id
        self._by_id[article.id] = of_address
        return of_address

    def _set(self, record: Record, article: Article) -> None:
        """The record says what the article says."""
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
        """What brought the article before it was withdrawn; it is withdrawn no longer."""
        if article.id not in self.withdrawn:
            return {}
        if article.url:
            self.withdrawn.pop(address_id(article.url), None)
        withdrawal = self.withdrawn.pop(article.id, None) or Withdrawal("")
        return dict(withdrawal.arrivals)

    def _precedence(self, record: Record) -> tuple[float, str]:
        """Of records that say the same, the one that was published first stands for all; one without a date last."""
        published = self.article(record).published_at
        return published.timestamp() if published else float("inf"), record.id

    def _the_base(self) -> Snapshot:
        if self._base is None:
            raise ValueError("there is no base")
        return self._base

