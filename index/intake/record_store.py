"""Where durable records are kept: the index folder's SQLite file (`state.py`), or a database that servers share
(`shared_state.py`)."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

from index.intake import records
from index.intake.mending import set_record_aside
from index.intake.records import Connection, DamagedRecord, Record

log = logging.getLogger(__name__)

T = TypeVar("T")


class RecordStore(ABC):
    """Records in tables, see `records.py`. Threads may share one object; each process creates its own.

    Every method raises OSError when the disk is full or fails, or the database is away.
    """

    def __init__(self, index_dir: Path, place: str) -> None:
        """Keep records that are set aside in `index_dir`. `place` is what they were in, for the log."""
        self.index_dir = index_dir
        self._place = place
        self.asides: list[tuple[Path, str]] = []
        """The records set aside by this object: the file of each, and the reason."""

    @abstractmethod
    def read(self, query: Callable[[Connection], T], default: T) -> T:
        """Return the result of the query, or `default` if nothing was ever written."""

    @abstractmethod
    def write(self, change: Callable[[Connection], T], *, is_durable: bool = True) -> T:
        """Make the change in one transaction, one at a time among all processes.

        When this returns, all of the change is kept, with `is_durable` also in a power cut. If this raises, none of it
        is made, unless the error came while the change was being written.
        """

    @abstractmethod
    def turn(self, name: str) -> AbstractContextManager[None]:
        """Let no other process take the turn of this name during the `with` block.

        Raises TimeoutError at once while another one has it.
        """

    def keys(self, table: str) -> list[str]:
        """Return the keys of the table in the order in which the records were added, without reading the records."""
        return self.read(lambda connection: records.keys(connection, table), [])

    def records(self, table: str) -> list[Record]:
        """Return the table's undamaged records in the order in which they were added; set aside the damaged ones."""
        return self._without_damaged(table, self.read(lambda connection: list(records.scan(connection, table)), []))

    def record(self, table: str, key: str) -> Record | None:
        """Return the record with this key, or None if there is none or it is damaged. A damaged record is set aside."""
        found = self.read(lambda connection: records.get(connection, table, key), None)
        return next(iter(self._without_damaged(table, [] if found is None else [found])), None)

    def some(self, table: str, keys: Sequence[str]) -> list[Record]:
        """Return the undamaged records with these keys, in the order of the keys; set aside the damaged ones."""
        def read(connection: Connection) -> list[Record | DamagedRecord]:
            found = (records.get(connection, table, key) for key in keys)
            return [record for record in found if record is not None]

        return self._without_damaged(table, self.read(read, []))

    def set_aside(self, table: str, damaged: DamagedRecord, reason: str) -> None:
        """Move a damaged record to a file below `damaged/`.

        If that fails, the record stays, and the failure is only logged.
        """
        what = f"{self._place}: record {damaged.number} of {table}, {damaged.key!r}"
        try:
            path = set_record_aside(self.index_dir, table, damaged, reason)
            self.write(lambda connection: records.remove_number(connection, table, damaged.number))
        except OSError as error:
            log.error("%s is passed over, for %s; it could not be set aside: %s",  # noqa: TRY400  # no trace helps
                      what, reason, error)
        else:
            self.asides.append((path, reason))
            log.error("%s was moved to %s: %s", what, path, reason)

    def _without_damaged(self, table: str, found: Sequence[Record | DamagedRecord]) -> list[Record]:
        for record in found:
            if isinstance(record, DamagedRecord):
                self.set_aside(table, record, "its digest is not that of what it holds")
        return [record for record in found if isinstance(record, Record)]
