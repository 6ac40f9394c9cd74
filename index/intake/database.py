"""The SQLite file of an index folder's state: its path, and functions to create, open and examine it.

INDEX_DIR/state/state.sqlite     with `-wal` and `-shm` beside it while a program has it open
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

from index.durable import sync_folder
from index.errors import LaterStateError
from index.intake.records import VERSION, DamagedRecord, SqliteConnection, create_tables, get
from index.intake.write_ahead_log import PAGE_BYTES, is_cut_short

FOLDER, NAME = "state", "state.sqlite"
BUSY_TIMEOUT_S = 30.0
# What says that the disk or the machine fails, not that the file is damaged.
_NOT_DAMAGE = {sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM,
               sqlite3.SQLITE_READONLY, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL,
               sqlite3.SQLITE_CANTOPEN}
# What sqlite3 raises for a damaged database; the second, when the damage is in what its message would quote.
FAILURES = (sqlite3.DatabaseError, UnicodeDecodeError)


class DamagedStateError(Exception):
    """The database is damaged. The message says how."""


def database_of(index_dir: Path) -> Path:
    """Return the path of the index folder's database."""
    return index_dir / FOLDER / NAME


def log_of(database: Path) -> Path:
    """Return the path of the database's write-ahead log."""
    return database.with_name(f"{database.name}-wal")


def connect(database: Path) -> SqliteConnection:
    """Open an existing database. The caller begins each transaction. Raises sqlite3.Error if it cannot be opened.

    SQLite does not copy the log into the database by itself here. `State` does so under its lock, because SQLite before
    3.51.3 may lose a transaction when one connection copies the log while another writes
    (https://www.sqlite.org/wal.html#walresetbug).
    """
    return _connected(database, "mode=rw", "wal_autocheckpoint = 0", "synchronous = FULL", "cell_size_check = ON")


def connect_alone(database: Path) -> SqliteConnection:
    """Open a database for reading without creating files beside it, for a disk that is full or read-only.

    On a disk that is not read-only, other processes wait until the connection is closed. Raises sqlite3.Error, also
    when another process has the database open, or when the disk is read-only and a killed process left data in the log.
    """
    if os.access(database, os.W_OK) and os.access(database.parent, os.W_OK):
        # The index of the log is kept in memory by whoever has the database alone.
        return _connected(database, "mode=rw", "locking_mode = EXCLUSIVE")
    log = log_of(database)
    if log.exists() and log.stat().st_size:
        raise sqlite3.OperationalError(f"{log} cannot be read where nothing may be written")
    return _connected(database, "mode=ro&immutable=1")


def _connected(database: Path, options: str, *settings: str) -> SqliteConnection:
    connection = sqlite3.connect(f"{database.absolute().as_uri()}?{options}", uri=True, timeout=BUSY_TIMEOUT_S,
                                 isolation_level=None, check_same_thread=False, factory=SqliteConnection)
    try:
        for setting in settings:
            connection.execute(f"PRAGMA {setting}")
    except BaseException:
        connection.close()
        raise
    return connection


def make_database(folder: Path, fill: Callable[[SqliteConnection], None] = lambda _: None) -> None:
    """Create `folder` with a new database in it, which `fill` adds records to. All of it is on the disk at the end.

    A folder that is already there is replaced. Raises OSError or sqlite3.Error when the disk is full or fails.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / NAME).touch()
    connection = connect(folder / NAME)
    try:
        connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        connection.execute("PRAGMA journal_mode = WAL")
        create_tables(connection)
        connection.execute("BEGIN")
        fill(connection)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.close()
    sync_folder(folder)


def open_examined(database: Path) -> SqliteConnection:
    """Open the database and examine it completely.

    Raises DamagedStateError when the database is damaged, LaterStateError when a later version of this program created
    it, and sqlite3.Error when the disk fails or is full.
    """
    try:
        if is_cut_short(log_of(database).read_bytes()):
            raise DamagedStateError("its log ends in what cannot be read, by damage or by a power cut")
    except FileNotFoundError:
        pass
    if not database.exists():
        raise DamagedStateError("the file is missing")
    try:
        connection = connect(database)
        try:
            (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
            if mode != "wal":
                raise DamagedStateError(f"its journal mode is {mode}")
            examine(connection, database)
        except BaseException:
            connection.close()
            raise
    except FAILURES as error:
        if is_damage(error):
            raise DamagedStateError(str(error)) from error
        raise
    return connection


def examine(connection: SqliteConnection, database: Path) -> None:
    """Check that the database is whole, apart from the contents of its records.

    Raises DamagedStateError if it is damaged, LaterStateError if a later version of this program created it, and
    sqlite3.Error if it cannot be read.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != VERSION:
        noted = get(connection, "about", "version")
        if noted is None or isinstance(noted, DamagedRecord) or noted.content != b"%d" % version:
            raise DamagedStateError(f"its version is {version}")
        raise LaterStateError(database, version, VERSION)
    if (found := schema_of(connection)) != expected_schema():
        raise DamagedStateError(f"its tables are {found!r:.200}")
    problems = [text for (text,) in connection.execute("PRAGMA integrity_check(3)")]
    if problems != ["ok"]:
        raise DamagedStateError("; ".join(problems).replace("\n", " "))


def schema_of(connection: SqliteConnection) -> list[tuple[object, ...]]:
    """Return the database's description of its tables, in SQLite's own table `sqlite_schema`."""
    return connection.execute("SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema ORDER BY rowid").fetchall()


def expected_schema() -> list[tuple[object, ...]]:
    """Return what `schema_of` returns for a new database."""
    connection = sqlite3.connect(":memory:", isolation_level=None, factory=SqliteConnection)
    try:
        create_tables(connection)
        return schema_of(connection)
    finally:
        connection.close()


def is_damage(error: sqlite3.Error | UnicodeDecodeError) -> bool:
    """Tell whether the error means that the database is damaged, and not that the disk fails, is full or is busy."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF not in _NOT_DAMAGE
