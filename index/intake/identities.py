"""Find the record of which an article is a revision: by its id, or by its address where at most one id is given."""

from __future__ import annotations

from collections.abc import Iterator

from index.intake.statements import Record
from index.sources.canonical import address_id, is_address_id
from index.types import Article


class Identities:
    """The records of a corpus, by id and alias, and by the id derived from their address."""

    def __init__(self) -> None:
        self._by_id: dict[str, Record] = {}
        self._by_address: dict[str, list[Record]] = {}

    def __iter__(self) -> Iterator[Record]:
        """Iterate over the records, each exactly once: those of the base by row, then the others as they arrived."""
        return (record for key, record in list(self._by_id.items()) if key == record.id)

    def get(self, article_id: str) -> Record | None:
        """Return the record with this id or alias, or None."""
        return self._by_id.get(article_id)

    def add(self, record: Record) -> None:
        """Add a record under its id, its aliases and its address."""
        self._by_id |= dict.fromkeys(record.ids, record)
        if record.address_id:
            self._by_address.setdefault(record.address_id, []).append(record)

    def find(self, article: Article) -> Record | None:
        """Return the record of which this article is a revision, or None if the article is new."""
        if article.id in self._by_id:
            return self._by_id[article.id]
        if is_address_id(article):
            owners = self._by_address.get(article.id, [])
            return owners[0] if len(owners) == 1 else None
        of_address = self._by_id.get(address_id(article.url)) if article.url else None
        return of_address if of_address is not None and of_address.id == address_id(article.url) else None

    def link(self, record: Record, article: Article, *, may_name: bool) -> None:
        """Give the record the article's id too. If it had only the id of its address, and `may_name`, it goes by it."""
        if article.id in self._by_id:
            return
        if is_address_id(article) or not may_name:
            record.aliases.add(article.id)
        else:
            record.aliases.add(record.id)
            record.id = article.id
        self._by_id[article.id] = record

    def remove(self, record: Record) -> None:
        """Remove the record."""
        for article_id in record.ids:
            del self._by_id[article_id]
        self.move(record, "")

    def move(self, record: Record, own_address: str) -> None:
        """Set the id derived from the record's address; "" for none."""
        if record.address_id:
            owners = self._by_address[record.address_id]
            owners.remove(record)
            if not owners:
                del self._by_address[record.address_id]
        record.address_id = own_address
        if own_address:
            self._by_address.setdefault(own_address, []).append(record)
