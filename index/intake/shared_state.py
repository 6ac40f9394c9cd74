"""Keep the inbox, what polling remembers and standing claims in the database that MUSNAD_DATABASE names.

The same records as in the index folder's file, with the same digests. Changes are made one at a time, as there, by a
lock of the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from index.intake.record_store import RecordStore
from index.intake.state import State
from index.shared import leases
from index.shared.database import WRITERS_LOCK, Database, shared_database

if TYPE_CHECKING:
    from sqlalchemy import Connection as DatabaseConnection

_READING = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
_LOCKING = f"SELECT pg_advisory_xact_lock({WRITERS_LOCK})"
_QUICK = "SET LOCAL synchronous_commit = off; "
_USED = """
INSERT INTO numbers AS kept (name, used) VALUES (%(name)s, %(used)s)
ON CONFLICT (name) DO UPDATE SET used = greatest(kept.used, excluded.used)"""

T = TypeVar("T")


def state_of(index_dir: Path, own: State | None = None) -> RecordStore:
    """Return where what servers share is kept: in the database that MUSNAD_DATABASE names, or else in the folder.

    `own` is the folder's state where the caller has it open.

    Raises DatabaseSettingError if that is wrong.
    """
    database = shared_database()
    return SharedState(index_dir, database) if database else own or State(index_dir)


class SharedState(RecordStore):
    """The records of a database that servers share. What is damaged is set aside in the folder of whoever sees it."""

    def __init__(self, index_dir: Path, database: Database) -> None:
        super().__init__(index_dir, database.address)
        self.database = database

    def read(self, query: Callable[[Rows], T], default: T) -> T:  # noqa: ARG002  # there is always something
        """Return the result of the query over the database as it is at one moment."""
        with self.database.transaction(_READING) as connection:
            return query(Rows(connection))

    def write(self, change: Callable[[Rows], T], *, is_durable: bool = True) -> T:
        """Make the change in one transaction, after those of other processes."""
        with self.database.transaction(("" if is_durable else _QUICK) + _LOCKING) as connection:
            rows = Rows(connection)
            result = change(rows)
            rows.note_numbers()
            return result

    @contextmanager
    def turn(self, name: str) -> Iterator[None]:
        """Take a turn by a lease, which ends some time after its process was killed."""
        with leases.held(self.database, name):
            yield


class Rows:
    """A transaction. It runs the statements of `records.py` in PostgreSQL, which has a name for each table there."""

    def __init__(self, connection: DatabaseConnection) -> None:
        self._connection = connection
        self._numbered: set[str] = set()

    def execute(self, statement: str, parameters: Sequence[Any] = (), /) -> Any:
        """Run a statement."""
        return self._connection.exec_driver_sql(statement.replace("?", "%s"), tuple(parameters))

    def executemany(self, statement: str, parameters: Sequence[Sequence[Any]], /) -> Any:
        """Run a statement once for each of the parameters."""
        return self._connection.exec_driver_sql(statement.replace("?", "%s"), [tuple(one) for one in parameters])

    def last_number(self, table: str) -> int:
        """Return the highest number that a committed change used."""
        self._numbered.add(table)
        return int(self._connection.exec_driver_sql(
            "SELECT coalesce((SELECT used FROM numbers WHERE name = %(name)s), 0)", {"name": table}).scalar_one())

    def note_numbers(self) -> None:
        """Remember the highest numbers, so that none is used again once its record is removed."""
        for table in sorted(self._numbered):
            used = self._connection.exec_driver_sql(f"SELECT coalesce(max(number), 0) FROM {table}").scalar_one()  # noqa: S608
            self.note_used(table, int(used))

    def note_used(self, table: str, number: int) -> None:
        """Use no number up to this one again."""
        self._connection.exec_driver_sql(_USED, {"name": table, "used": number})
