"""Compute the articles of the next generation from the last generation and what arrived since.

An origin is where an article comes from: `file:PATH`, `api`, `feed:URL` or `url:URL`. An article stays while at least
one origin has it. What the origin of the highest rank said last is shown; of equal ranks, what arrived last. What the
others said last is kept, and shown once those above it have left. docs/trust.md describes the model. A file or a page
read again with an unchanged record is not a new arrival.

Two records are one article when they have the same id, or when they have the same URL and at most one of them has an id
of its own. Records with the same title and text under different ids share a row. The one that is cited first, see
`precedence`, owns the row, and the other records are the row's `others`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from index.generation.history import History, Withdrawal
from index.generation.snapshot import FolderSnapshot
from index.generation.trust import API, FEED, FILE, Rank, is_operators, precedence, rank_of
from index.intake.build import New, Planned, Reused
from index.intake.identities import Identities
from index.intake.spool import Spool
from index.intake.statements import NOWHERE, BasePlace, Place, Record, SpoolPlace
from index.revisions import content_of, revision_of
from index.sources.canonical import address_id, canonical_address, site_of
from index.types import Article


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

    def __init__(self, base: FolderSnapshot | None, spool: Spool, now: str) -> None:
        self._base = base
        self._spool = spool
        self._now = now
        self._records = Identities()
        self._row_of_content: dict[str, int] = {}
        self._row_sizes: list[int] = []
        self._carried: dict[tuple[str, str], Record] | None = None
        self.withdrawn = dict(base.histories.withdrawn) if base else {}
        for row in range(len(base.articles) if base else 0):
            self._take_from_base(row)

    def __iter__(self) -> Iterator[Record]:
        """Iterate over the records, each exactly once."""
        return iter(self._records)

    def brought(self, article_id: str, origin: str) -> str | None:
        """Return the revision that the origin delivered last for this article, withdrawn or not.

        None if there is none, or if its text was lost when an earlier version replaced it.
        """
        record = self._records.get(article_id)
        if record is None:
            withdrawal = self.withdrawn.get(article_id)
            return withdrawal.arrivals.get(origin) if withdrawal else None
        revision = record.arrivals.get(origin)
        return revision if revision is not None and record.knows(revision) else None

    def origins(self, article_id: str) -> tuple[str, ...]:
        """Return the origins that delivered the article with this id, () if there is none."""
        record = self._records.get(article_id)
        return tuple(record.arrivals) if record is not None else ()

    def arrive(self, article: Article, origin: str, *, is_feed_entry: bool = False) -> bool:
        """Add an article that an origin delivered; return whether that changed anything.

        A withdrawn article stays withdrawn, unless it comes from the API. With `is_feed_entry`, the feed itself carries
        the article; it then changes nothing if the feed carried the same title and text under another id before.
        Raises OSError when the disk is full.
        """
        revision = revision_of(article)
        if article.id in self.withdrawn and origin != API:
            before = self.withdrawn[article.id]
            self.withdrawn[article.id] = Withdrawal(before.when, {**before.arrivals, origin: revision})
            return before.arrivals.get(origin) != revision
        if is_feed_entry and self._is_carried(article, origin):
            return False
        record = self._record_of(article, origin)
        # Only the API restores an old revision by sending it again.
        is_news = record.arrivals.get(origin) != revision or (
            origin == API and record.revision != revision_of(replace(article, id=record.id)))
        if not is_news and record.knows(revision):
            return False
        if is_news:
            record.arrivals.pop(origin, None)  # to be the last one
            if is_operators(origin):
                record.arrivals.pop(FILE, None)
        self._say(record, article, revision, {**record.arrivals, origin: revision})
        if is_feed_entry and self._carried is not None:
            self._carried[origin, record.content] = record
        return True

    def join(self, article: Article, origin: str) -> None:
        """Record that this origin has the article too, but do not count it as the latest arrival."""
        record = self._records.get(article.id)
        revision = revision_of(article)
        if record is not None and not (record.arrivals.get(origin) == revision and record.knows(revision)):
            record.arrivals.pop(origin, None)
            self._say(record, article, revision, {origin: revision, **record.arrivals})

    def leave(self, record: Record, origin: str) -> None:
        """Record that the origin no longer has the article.

        What the remaining origins said last is shown; without any the article is removed.
        """
        record.arrivals.pop(origin, None)
        if record.arrivals:
            self._settle(record)
        else:
            self.remove(record)

    def leave_page(self, article_id: str, origin: str) -> bool:
        """Record that a page is gone for good on which this origin had the article; return whether that changed
        anything.

        `url:` alone, of an entry that an earlier version left, stands for the only origin that is not the operator's.
        """
        record = self._records.get(article_id)
        if record is None:
            return False
        fetched = [each for each in record.arrivals if not is_operators(each)]
        if origin == "url:" and len(fetched) == 1:
            origin = fetched[0]
        if origin not in fetched:
            return False
        self.leave(record, origin)
        return True

    def withdraw(self, article_id: str, when: str) -> bool:
        """Withdraw an article, so that neither a file nor the web brings it back; return whether that changed anything.

        `when` is the time of the withdrawal (ISO 8601, UTC).
        """
        record = self._records.get(article_id)
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
        self._records.remove(record)

    def article(self, record: Record) -> Article:
        """Read the record's article from the spool or the base."""
        return self._article_at(record.where)

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
            others = tuple((self.article(record), self._history(record)) for record in rest)
            history = self._history(first, others)
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
            record = Record.from_base(BasePlace(row, place - 1), article_id, its_history)
            self._records.add(record)

    def _record_of(self, article: Article, origin: str) -> Record:
        """Return the record of which this article is a revision, or a new one."""
        record = self._records.find(article)
        if record is None:
            return self._new(article.id, self._lifted(article))
        if self._only_collides(record, article, origin):
            other_id = article.id if "@" in article.id else f"{article.id}@{site_of(article.url)}"
            return self._records.get(other_id) or self._new(other_id, {})
        ranks = [self._rank(record, *one) for one in record.arrivals.items() if record.knows(one[1])]
        self._records.link(record, article, may_name=rank_of(origin, article) >= max(ranks, default=Rank.OPERATOR))
        return record

    def _new(self, article_id: str, arrivals: dict[str, str]) -> Record:
        record = Record(article_id, "", "", self._now, NOWHERE, arrivals=arrivals)
        self._records.add(record)
        return record

    def _only_collides(self, record: Record, article: Article, origin: str) -> bool:
        """Tell whether an article from the network is at another address than the record, with the same hash.

        The hash has 64 bits: who has many addresses to try finds one that collides with that of some article.
        """
        if is_operators(origin) or origin in record.arrivals or not article.url:
            return False
        url = self.article(record).url
        return (bool(url) and address_id(url) == address_id(article.url)
                and canonical_address(url) != canonical_address(article.url))

    def _is_carried(self, article: Article, origin: str) -> bool:
        """Tell whether the feed carried this title and text under another id before, as one with new guids each time.
        """
        if self._records.get(article.id) is not None:
            return False
        if self._carried is None:
            self._carried = {(each, record.content): record for record in self for each in record.arrivals
                             if each.startswith(FEED)}
        content = content_of(article)
        record = self._carried.get((origin, content))
        return (record is not None and self._records.get(record.id) is record and record.content == content
                and origin in record.arrivals)

    def _say(self, record: Record, article: Article, revision: str, arrivals: dict[str, str]) -> None:
        """Set what the origins said last; `article` is one of them, of this revision."""
        record.arrivals = arrivals
        if not record.knows(revision):
            record.said[revision] = SpoolPlace(self._spool.add(article))
        self._settle(record)

    def _settle(self, record: Record) -> None:
        """Show what the origin of the highest rank said last; of equal ranks, what arrived last."""
        known = [(origin, revision) for origin, revision in record.arrivals.items() if record.knows(revision)]
        if known:
            ranked = [(Rank.OPERATOR if len(known) == 1 else self._rank(record, *one), place, one[1])
                      for place, one in enumerate(known)]
            self._show(record, max(ranked)[2])
        record.forget_unsaid()

    def _rank(self, record: Record, origin: str, revision: str) -> Rank:
        return Rank.OPERATOR if is_operators(origin) else rank_of(origin, self._said(record, revision))

    def _said(self, record: Record, revision: str) -> Article:
        return self._article_at(record.where if revision == record.revision else record.said[revision])

    def _show(self, record: Record, revision: str) -> None:
        """Show this revision that an origin delivered, under the record's id."""
        if revision == record.revision:
            return
        said, place = self._said(record, revision), record.said[revision]
        article = replace(said, id=record.id)
        shown = revision_of(article)
        if shown == record.revision:
            return
        record.keep_shown()
        own_address = address_id(article.url) if article.url else ""
        self._records.move(record, own_address if own_address != record.id else "")
        content = content_of(article)
        record.seen = record.seen if content == record.content else self._now
        record.revision, record.content = shown, content
        if record.base is None:
            record.where = place if shown == revision else SpoolPlace(self._spool.add(article))
            return
        base_place, _, before = record.base
        if before.revision == shown:
            record.where, record.read, record.earlier, record.seen = (
                base_place, before.read, before.earlier, before.seen)
            return
        record.where = place if shown == revision else SpoolPlace(self._spool.add(article))
        record.read = self._now
        record.earlier = before.earlier if before.content == content else before.read
        if before.content == content:
            record.seen = before.seen or before.read

    def _lifted(self, article: Article) -> dict[str, str]:
        """Undo the withdrawal, if the article is withdrawn; return the withdrawal's origins with their revisions."""
        if article.id not in self.withdrawn:
            return {}
        if article.url:
            self.withdrawn.pop(address_id(article.url), None)
        withdrawal = self.withdrawn.pop(article.id, None) or Withdrawal("")
        return dict(withdrawal.arrivals)

    def _history(self, record: Record, others: tuple[tuple[Article, History], ...] = ()) -> History:
        """Return the history to be stored for the article. `others` are the records that share its row."""
        said = {revision: self._article_at(place) for revision, place in sorted(record.said.items())}
        return History(record.revision, record.content, record.read, record.earlier, dict(record.arrivals),
                       record.address_id, tuple(sorted(record.aliases)), others, record.seen or record.read, said)

    def _precedence(self, record: Record) -> tuple[int, float, str, str]:
        """Return the sort key of `precedence`; the operator's own copies of one date come in the order of their ids."""
        key = precedence(self.article(record), record.arrivals, record.seen or record.read)
        return (*key, record.id if key[0] == 0 else "")

    def _article_at(self, where: Place) -> Article:
        if isinstance(where, SpoolPlace):
            return self._spool.get(where.offset)
        row, other = where if isinstance(where, BasePlace) else where.shown
        base = self._the_base()
        article = base.articles[row]
        if isinstance(where, BasePlace) and other < 0:
            return article
        history = base.histories.get(row, article)
        if isinstance(where, BasePlace):
            return history.others[other][0]
        return (history if other < 0 else history.others[other][1]).said[where.revision]

    def _the_base(self) -> FolderSnapshot:
        if self._base is None:
            raise ValueError("this corpus has no base snapshot")
        return self._base
