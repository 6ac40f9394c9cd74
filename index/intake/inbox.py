"""Articles and withdrawals that wait for the next generation. Each is on the disk before it is acknowledged.

    INDEX_DIR/arrived        an empty file; its modification time changes when an entry is added, to wake a watch
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.errors import IndexingError
from index.generation.trust import API, FEED, PAGE
from index.intake.record_store import RecordStore
from index.intake.records import Connection, DamagedRecord, Record, encode_key, next_number, put, remove
from index.intake.shared_state import state_of
from index.types import Article

FORMAT = 1
BELL = "arrived"
READ_AT_ONCE = 50


def ring(index_dir: Path) -> None:
    """Wake whoever watches the index folder. If that fails, they look by themselves after a while."""
    with suppress(OSError):
        (index_dir / BELL).touch()


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """An article to add, or the id of an article to withdraw. One of `article` and `withdrawn_id` is set.

    The unset `article` is None, the unset `withdrawn_id` is "". `received` is an ISO 8601 time in UTC. `arrival` says
    how the entry came: `api`, `feed:URL` or `url:URL`. `is_feed_entry` tells whether the feed itself carries the
    article, not a page that it lists.
    """

    name: str
    received: str
    arrival: str
    article: Article | None
    withdrawn_id: str
    is_feed_entry: bool = False


class Inbox:
    """The inbox of an index folder. Several threads and processes may use it at once.

    The names of entries sort in the order of arrival, no matter which process adds them. Every method raises OSError
    when the disk is full or fails, or the shared database is away.
    """

    def __init__(self, index_dir: Path, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC),
                 state: RecordStore | None = None) -> None:
        self.index_dir = index_dir
        self._clock = clock
        self._state = state or state_of(index_dir)

    def add(self, article: Article, arrival: str, *, is_feed_entry: bool = False) -> str:
        """Accept an article; return the name of its entry. Once this returns, the entry survives a crash."""
        return self.add_all([article], arrival, is_feed_entry=is_feed_entry)[0]

    def add_all(self, articles: Sequence[Article], arrival: str, *, is_feed_entry: bool = False) -> list[str]:
        """Accept all articles, in order, or none of them, even in a crash; return the names of their entries.

        Raises RejectedError if an article is not one that a reader could produce.
        """
        for article in articles:
            _check(article)
        how = {"arrival": arrival, "is_feed_entry": True} if is_feed_entry else {"arrival": arrival}
        return self._append([{**how, "article": asdict(article)} for article in articles])

    def withdraw(self, article_id: str, arrival: str = "api") -> str:
        """Accept the withdrawal of an article; return the name of its entry.

        Once this returns, the entry survives a crash. A withdrawal with another `arrival` than `api` only says that the
        page is gone on which this origin had the article. The article stays if another origin has it too.
        """
        return self._append([{"arrival": arrival, "withdrawn_id": article_id}])[0]

    def names(self) -> list[str]:
        """Return the names of the entries, in the order of arrival, without reading them."""
        return self._state.keys("inbox")

    def entries(self) -> list[InboxEntry]:
        """Return the waiting entries in the order of arrival.

        Each entry that is damaged, or not one that this class writes, is left out and moved to `damaged/`, with the
        reason beside it.
        """
        decoded = map(self._decoded, self._state.records("inbox"))
        return [entry for entry in decoded if entry is not None]

    def each(self, names: Sequence[str]) -> Iterator[InboxEntry]:
        """Yield the entries with these names as `entries` does; only a few of them are in memory at a time."""
        for first in range(0, len(names), READ_AT_ONCE):
            for record in self._state.some("inbox", names[first:first + READ_AT_ONCE]):
                entry = self._decoded(record)
                if entry is not None:
                    yield entry

    def set_aside(self, name: str, reason: str) -> None:
        """Move the entry with this name to `damaged/`, with the reason beside it."""
        record = self._state.record("inbox", name)
        if record is not None:
            self._state.set_aside("inbox", DamagedRecord(record.number, encode_key(name), record.content), reason)

    def entry(self, name: str) -> InboxEntry | None:
        """Return the entry with this name, or None if it is gone or damaged. A damaged entry is moved to `damaged/`."""
        record = self._state.record("inbox", name)
        return None if record is None else self._decoded(record)

    def remove(self, names: Iterable[str]) -> None:
        """Remove the entries with these names durably. Names without an entry are ignored."""
        present = set(names) & set(self.names())
        if present:
            self._state.write(lambda connection: remove(connection, "inbox", present))

    def _append(self, entries: Sequence[dict[str, Any]]) -> list[str]:
        received = self._clock().astimezone(UTC).isoformat(timespec="seconds")
        contents = [json.dumps({"format": FORMAT, "received": received, **entry}, ensure_ascii=False,
                               allow_nan=False).encode() for entry in entries]

        def append(connection: Connection) -> list[str]:
            first = next_number(connection, "inbox")
            names = [f"{number:012}-{secrets.token_hex(4)}" for number in range(first, first + len(contents))]
            for number, (name, content) in enumerate(zip(names, contents, strict=True), start=first):
                put(connection, "inbox", name, content, number)
            return names

        names = self._state.write(append)
        ring(self.index_dir)
        return names

    def _decoded(self, record: Record) -> InboxEntry | None:
        try:
            return _entry_of(record)
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError, IndexingError) as error:
            self._state.set_aside("inbox", DamagedRecord(record.number, encode_key(record.key), record.content),
                                  reason=str(error) if isinstance(error, (ValueError, IndexingError)) else repr(error))
            return None


def _entry_of(record: Record) -> InboxEntry:
    """Decode an entry. Raises one of several errors, see its caller, if it is not one that `Inbox` writes."""
    fields = json.loads(record.content)
    if fields["format"] != FORMAT:
        raise ValueError(f"it is of format {fields['format']}, this program reads {FORMAT}")
    received, arrival, withdrawn_id = fields["received"], fields["arrival"], fields.get("withdrawn_id", "")
    if not all(isinstance(text, str) for text in (received, arrival, withdrawn_id)):
        raise ValueError("'received', 'arrival' or 'withdrawn_id' is not a string")
    datetime.fromisoformat(received)
    if arrival != API and not arrival.startswith((FEED, PAGE)):
        raise ValueError(f"'arrival' is {arrival[:80]!a}")
    article = Article(**fields["article"]) if "article" in fields else None
    if article is not None:
        _check(article)
    if (article is None) == (not withdrawn_id):
        raise ValueError("it holds neither an article nor a withdrawal, or both")
    return InboxEntry(record.key, received, arrival, article, withdrawn_id, fields.get("is_feed_entry") is True)


def _check(article: Article) -> None:
    """Raise RejectedError if the article is not one that a reader could produce."""
    # Here, since a reader that feeds the inbox is imported with the others.
    from index.sources.records import article_from_fields
    from index.sources.rejections import RejectedError

    fields = asdict(article)
    metadata = fields.pop("metadata")
    if article_from_fields(metadata | fields, article.text) != article:
        raise RejectedError("its fields are not as `article_from_fields` gives them; make the article with that")
