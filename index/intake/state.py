"""An index folder's durable state outside its generations: one SQLite database, shared by threads and processes.

    INDEX_DIR/state/                 the database, see `database.py`
    INDEX_DIR/.state.lock            held by the one process that changes the database
    INDEX_DIR/damaged/               damaged databases (see `mending.py`) and damaged single records

A change is on the disk when `write` returns: first in SQLite's write-ahead log. The log is copied into the database and
emptied when it is large, and at the start of every build. A log left by another process is checked for damage before
SQLite opens the database.
"""

from __future__ import annotations

import errno
import logging
import os
import sqlite3
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from index.durable import make_folder_durably
from index.errors import StateUnavailableError
from index.intake.carry_over import carry_over, has_files_to_carry_over
from index.intake.database import (
    BUSY_TIMEOUT_S,
    FAILURES,
    DamagedStateError,
    connect_alone,
    database_of,
    examine,
    is_damage,
    log_of,
    open_examined,
)
from index.intake.mending import finish_mending, install_new, is_interrupted, mend
from index.intake.record_store import RecordStore
from index.intake.records import SqliteConnection

# The log is emptied when it is larger. Reading all of it takes some 50 ms then.
EMPTY_LOG_BYTES = 512 * 1024
_PROBE_BYTES = 64 * 1024

log = logging.getLogger(__name__)

T = TypeVar("T")


class State(RecordStore):
    """The state of an index folder. Threads may share one object; each process creates its own.

    Every method raises OSError when the disk is full or fails, or when another process holds the lock for too long.
    Every method raises LaterStateError when a later version of this program wrote the database.
    """

    def __init__(self, index_dir: Path, *, empty_log_bytes: int = EMPTY_LOG_BYTES) -> None:
        self._database = database_of(index_dir)
        super().__init__(index_dir, str(self._database))
        self._empty_log_bytes = empty_log_bytes
        self._reached = 0  # by the files, when a change failed
        self._holds_file_lock = False
        self._is_told = False  # that the log cannot be emptied
        self._thread_lock = threading.RLock()
        self._connections: list[SqliteConnection] = []  # the open one, if any
        self._opened: tuple[int, int] | None = None
        weakref.finalize(self, _close_all, self._connections)

    def read(self, query: Callable[[SqliteConnection], T], default: T) -> T:
        """Return the result of the query, or `default` if no state was ever written; nothing is created in that case.
        """
        with self._thread_lock:
            if not self._is_open() and not self._exists():
                return default
            try:
                return self._mended_once(lambda: query(self._connection()))
            except OSError as error:
                if self._connections or not self._database.exists() or has_files_to_carry_over(self.index_dir):
                    raise
                return self._read_alone(query, error)

    def write(self, change: Callable[[SqliteConnection], T], *, is_durable: bool = True) -> T:
        """Make the change in one transaction.

        When this returns, all of the change is on the disk. If this raises, none of it is made.

        With `is_durable` false, a power cut may undo this change, but no other. If the error came while the change was
        being written to the disk, the whole change may still appear after a crash.
        """
        with self._thread_lock:
            make_folder_durably(self.index_dir)
            with self._file_lock():
                return self._mended_once(lambda: self._change(change, is_durable=is_durable))

    @contextmanager
    def turn(self, name: str) -> Iterator[None]:
        """Take a turn, by a lock of a file that the system ends with the process."""
        from filelock import FileLock

        with FileLock(self.index_dir / f".{name}.lock", timeout=0):
            yield

    def empty_log(self) -> None:
        """Copy the log into the database and empty it. Whatever cannot be copied now stays in the log."""
        with self._thread_lock:
            if self._exists():
                with self._file_lock():
                    self._mended_once(lambda: self._empty_log(self._connection()))

    def _read_alone(self, query: Callable[[SqliteConnection], T], failure: OSError) -> T:
        """Run the query over `connect_alone`, after the usual way of opening failed; raise `failure` if this fails too.
        """
        try:
            with closing(connect_alone(self._database)) as connection:
                examine(connection, self._database)
                return query(connection)
        except (sqlite3.Error, DamagedStateError):
            raise failure from None

    def _exists(self) -> bool:
        """Tell whether there is anything to open: a database, even a damaged one, or state files of an earlier version.
        """
        return (self._database.parent.exists() or is_interrupted(self.index_dir)
                or has_files_to_carry_over(self.index_dir))

    def _is_open(self) -> bool:
        """Tell whether a connection is open and its file is still the one at the database's path.

        The folder may have been removed, or the database replaced. In that case the connection is closed.
        """
        try:
            status = self._database.stat()
        except OSError:
            status = None
        is_same = status is not None and self._opened == (status.st_dev, status.st_ino)
        if self._connections and not is_same:
            self._close()
        return bool(self._connections)

    def _close(self) -> None:
        _close_all(self._connections)
        self._opened = None

    def _connection(self) -> SqliteConnection:
        if not self._is_open() or has_files_to_carry_over(self.index_dir):
            self._open()
        return self._connections[0]

    def _open(self) -> None:
        try:
            with self._file_lock():
                finish_mending(self.index_dir)
                if not self._database.parent.exists():
                    install_new(self.index_dir)
                if not self._is_open():
                    try:
                        connection = open_examined(self._database)
                    except DamagedStateError as damage:
                        mend(self.index_dir, str(damage))
                        connection = open_examined(self._database)
                    self._keep(connection)
                if has_files_to_carry_over(self.index_dir):
                    carry_over(self.index_dir, self._connections[0])
        except BaseException:
            self._close()
            raise

    def _keep(self, connection: SqliteConnection) -> None:
        self._connections.append(connection)
        status = self._database.stat()
        self._opened = status.st_dev, status.st_ino

    def _mended_once(self, act: Callable[[], T]) -> T:
        """Return the result of `act`. If it finds the database damaged, mend the database and call `act` once more."""
        try:
            try:
                return act()
            except FAILURES as error:
                if not is_damage(error):
                    raise
                self._close()
                with self._file_lock():
                    mend(self.index_dir, str(error))
                return act()
        except sqlite3.Error as error:
            raise self._as_os_error(error) from error

    def _change(self, change: Callable[[SqliteConnection], T], *, is_durable: bool) -> T:
        connection = self._connection()
        if not is_durable:
            connection.execute("PRAGMA synchronous = NORMAL")
        try:
            with transaction(connection):
                result = change(connection)
        except BaseException:
            self._reached = self._largest_file_bytes()
            self._empty_log(connection)  # so that nothing of the failed one stays in the log
            raise
        finally:
            if not is_durable:
                connection.execute("PRAGMA synchronous = FULL")
        if _bytes_of(log_of(self._database)) > self._empty_log_bytes:
            self._empty_log(connection)
        return result

    def _empty_log(self, connection: SqliteConnection) -> None:
        connection.execute("PRAGMA busy_timeout = 0")  # a reader may be at it; then another time
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            self._is_told = False
        except sqlite3.OperationalError as error:
            if not self._is_told:  # said once, until it can be done again
                log.warning("%s stays in part in its log: %s", self._database, error)
            self._is_told = True
        finally:
            connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000:.0f}")

    @contextmanager
    def _file_lock(self) -> Iterator[None]:
        from filelock import FileLock

        path = self.index_dir / ".state.lock"
        if self._holds_file_lock:
            yield
            return
        with FileLock(path, timeout=BUSY_TIMEOUT_S, poll_interval=0.005):
            self._holds_file_lock = True
            try:
                yield
            finally:
                self._holds_file_lock = False

    def _as_os_error(self, error: sqlite3.Error) -> StateUnavailableError:
        """Convert an error of SQLite to what the system said.

        SQLite's error does not include the system's error number, so `_probe` finds it by writing to the disk.
        """
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return StateUnavailableError(errno.EBUSY, f"the database is busy ({error})", str(self._database))
        if code == sqlite3.SQLITE_FULL or error.sqlite_errorcode == sqlite3.SQLITE_IOERR_SHMSIZE:
            number = errno.ENOSPC
        elif code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
            number = errno.EACCES
        else:
            number = self._probe() or errno.EIO
        return StateUnavailableError(number, f"{os.strerror(number)} ({error})", str(self._database))

    def _probe(self) -> int:
        """Try to write more bytes to the disk than the failed change did; return the errno if that fails, else 0."""
        try:
            with tempfile.TemporaryFile(dir=self.index_dir) as file:
                end = max(self._reached, self._largest_file_bytes())
                for start in range(end, end + _PROBE_BYTES, _PROBE_BYTES // 16):
                    os.pwrite(file.fileno(), bytes(_PROBE_BYTES // 16), start)
        except OSError as error:
            return error.errno or 0
        return 0

    def _largest_file_bytes(self) -> int:
        """Return the size of the database or of its log, whichever is larger."""
        return max(_bytes_of(self._database), _bytes_of(log_of(self._database)))


@contextmanager
def transaction(connection: SqliteConnection) -> Iterator[None]:
    """Commit the changes made inside the `with` block, or undo them when the block raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _bytes_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _close_all(connections: list[SqliteConnection]) -> None:
    while connections:
        connections.pop().close()
