"""Copy what an index folder's file keeps for servers into the database that they share from now on.

The inbox, what polling remembers, and standing claims keep their keys, numbers and digests, so that a generation that
has some of the inbox goes on knowing which. The folder stays as it is, but its file is not read for these any more
while MUSNAD_DATABASE is set.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import DatabaseInUseError, DatabaseSettingError, NoSnapshotError
from index.generation.publishing import build_lock
from index.intake import records
from index.intake.records import Record
from index.intake.shared_state import Rows, SharedState
from index.intake.state import State
from index.shared.database import FORM, RECORD_TABLES, shared_database

# The key of what says that the database was filled from a folder, and a digest of what that held.
_FILLED = "filled from a folder"

Content = Mapping[str, Sequence[Record]]
"""The records of each table."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What the folder's file holds and the database has. `is_new` tells whether this call copied it.

    `damaged` counts the records that were found damaged and set aside by this call.
    """

    database: str
    keys: Mapping[str, Sequence[str]]
    is_new: bool
    damaged: int


def copy_into_database(index_dir: Path, about: Sequence[str]) -> Copied:
    """Copy the folder's inbox, polling memory and the records of the table `about` whose keys begin with one of `about`
    into the database that MUSNAD_DATABASE names, in one transaction. A second call changes nothing.

    Raises DatabaseSettingError if it names none, DatabaseInUseError if the database holds anything else already,
    BuildLockedError while a build runs, OtherFolderError if another folder's generation was published there, and
    OSError. Nothing is changed in these cases. Stop the servers of the folder before: what they accept during the call
    may be missing.
    """
    database = shared_database()
    if database is None:
        raise DatabaseSettingError(f"is not set; {FORM}")
    if not index_dir.is_dir():
        raise NoSnapshotError(index_dir)
    with build_lock(index_dir):
        state = State(index_dir)
        content = {table: state.records(table) for table in RECORD_TABLES}
        content["about"] = [record for record in content["about"] if record.key.startswith(tuple(about))]
        used = state.read(lambda connection: {table: connection.last_number(table) for table in RECORD_TABLES},
                          dict.fromkeys(RECORD_TABLES, 0))
        mark = _digest(content)
        is_new = SharedState(index_dir, database).write(lambda rows: _fill(rows, content, used, mark, database.address))
    keys = {table: [record.key for record in found] for table, found in content.items()}
    return Copied(database.address, keys, is_new, len(state.asides))


def _fill(rows: Rows, content: Content, used: Mapping[str, int], mark: bytes, address: str) -> bool:
    """Put the records into empty tables; return False if they were put there before."""
    filled = records.get(rows, "about", _FILLED)
    if isinstance(filled, Record) and filled.content == mark:
        return False
    held = {table: len(records.keys(rows, table)) for table in RECORD_TABLES}
    if any(held.values()):
        raise DatabaseInUseError(address, held["inbox"], held["polled"], held["about"])
    for table, found in content.items():
        records.put_numbered(rows, table, found)
        rows.note_used(table, used[table])
    records.put(rows, "about", _FILLED, mark)
    return True


def _digest(content: Content) -> bytes:
    return hashlib.sha256(b"".join(
        records.digest(table, record.number, records.encode_key(record.key), record.content)
        for table, found in sorted(content.items()) for record in found)).digest()
