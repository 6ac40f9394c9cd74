"""The database that MUSNAD_DATABASE names, for what several servers and builders share.

Its tables are in the schema `musnad`. They are created with the first connection. SQLAlchemy and psycopg are imported
with that too, so that nobody needs them who sets no MUSNAD_DATABASE.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from index.errors import DatabaseSettingError, DatabaseUnavailableError
from index.settings import DATABASE

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

SCHEMA = "musnad"
# Raise it when a table changes. A program refuses a database of a later version.
VERSION = 1
RECORD_TABLES = ("inbox", "polled", "about")
DIALECT = "postgresql+psycopg"
FORM = "write postgresql+psycopg://USER@HOST:PORT/NAME"
EXTRA = "needs SQLAlchemy and psycopg; install them with: pip install 'musnad[scale]'"
CONNECT_S, WAIT_S = 3, 5.0
# What one statement may take, and what it may wait for another transaction.
STATEMENT_MS, LOCK_MS = 30_000, 10_000
# Any number that other programs are unlikely to lock in the same database.
WRITERS_LOCK = 0x6D75736E6164
_RECORDS = "".join(
    f"CREATE TABLE IF NOT EXISTS {SCHEMA}.{table} (number BIGINT PRIMARY KEY, key BYTEA NOT NULL UNIQUE, "
    f"record BYTEA NOT NULL, digest BYTEA NOT NULL);" for table in RECORD_TABLES)
# Counts of requests are gone after a crash of the database, and are written quickly.
_TABLES = f"""
CREATE SCHEMA IF NOT EXISTS {SCHEMA};
CREATE TABLE IF NOT EXISTS {SCHEMA}.version (version INTEGER NOT NULL);
INSERT INTO {SCHEMA}.version SELECT {VERSION} WHERE NOT EXISTS (SELECT 1 FROM {SCHEMA}.version);
{_RECORDS}
CREATE TABLE IF NOT EXISTS {SCHEMA}.numbers (name TEXT PRIMARY KEY, used BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS {SCHEMA}.leases (name TEXT PRIMARY KEY, token BIGINT NOT NULL, holder TEXT NOT NULL,
    expires TIMESTAMPTZ NOT NULL, generation TEXT NOT NULL DEFAULT '');
CREATE UNLOGGED TABLE IF NOT EXISTS {SCHEMA}.requests (client TEXT, period BIGINT, used BIGINT NOT NULL,
    PRIMARY KEY (client, period));
"""  # noqa: S608  # names alone


log = logging.getLogger(__name__)


class Database:
    """A PostgreSQL database. Threads may share it; each process creates its own.

    It connects when it is used. `transaction` raises DatabaseUnavailableError while the database cannot be reached.
    """

    def __init__(self, url: str) -> None:
        """Parse the address. Raises DatabaseSettingError if it is wrong, or if the libraries are not installed."""
        try:
            from sqlalchemy import create_engine
            from sqlalchemy.engine import make_url
            from sqlalchemy.exc import ArgumentError
        except ImportError as error:
            raise DatabaseSettingError(EXTRA) from error
        try:
            parsed = make_url(url)
        except (ArgumentError, ValueError) as error:
            raise DatabaseSettingError(f"is no address of a database; {FORM}") from error
        if parsed.drivername != DIALECT or not parsed.database:
            raise DatabaseSettingError(f"is {parsed.render_as_string()}, which is no PostgreSQL database; {FORM}")
        self.address = parsed.set(query={}).render_as_string()
        try:
            self._engine: Engine = create_engine(
                parsed, pool_pre_ping=True, pool_timeout=WAIT_S, pool_recycle=1800,
                connect_args={"connect_timeout": CONNECT_S, "tcp_user_timeout": 10_000, "application_name": "musnad",
                              "prepare_threshold": None})  # no prepared statements: a pooler may be in between
        except ImportError as error:
            raise DatabaseSettingError(EXTRA) from error
        self._is_ready = False
        self._is_told = False  # that it is away
        self._making_ready = threading.Lock()

    @contextmanager
    def transaction(self, setting: str = "") -> Iterator[Connection]:
        """Commit what the `with` block does, or undo it when the block raises. `setting` is SQL to run before.

        Names without a schema are those of `SCHEMA`.
        """
        from sqlalchemy.exc import DBAPIError
        from sqlalchemy.exc import TimeoutError as PoolTimeoutError

        try:
            self._make_ready()
            with self._engine.begin() as connection:
                connection.exec_driver_sql(
                    f"SET LOCAL search_path TO {SCHEMA}; SET LOCAL statement_timeout = {STATEMENT_MS}; "
                    f"SET LOCAL lock_timeout = {LOCK_MS}; {setting}")
                yield connection
        except (DBAPIError, PoolTimeoutError) as error:
            failure = DatabaseUnavailableError(self.address, _cause(error))
            if not self._is_told:  # said once, until it is there again
                log.error("%s", failure)  # noqa: TRY400  # no trace helps
            self._is_told = True
            raise failure from error
        self._is_told = False

    def fault(self) -> str:
        """Say why the database cannot be used now; "" if it can."""
        try:
            with self.transaction() as connection:
                connection.exec_driver_sql("SELECT 1")
        except (DatabaseUnavailableError, DatabaseSettingError) as error:
            return str(error)
        return ""

    def close(self) -> None:
        """Close the connections that are not in use; a later transaction opens others."""
        self._engine.dispose()

    def _make_ready(self) -> None:
        if self._is_ready:
            return
        with self._making_ready, self._engine.begin() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS_LOCK})")
            there = connection.exec_driver_sql(f"SELECT to_regclass('{SCHEMA}.requests')").scalar()
            if there is None:  # else a role without the right to create tables could not start
                connection.exec_driver_sql(_TABLES)
            version = int(connection.exec_driver_sql(f"SELECT version FROM {SCHEMA}.version").scalar_one())  # noqa: S608
            if version > VERSION:
                raise DatabaseSettingError(f"names a database of version {version}, and this program reads {VERSION}; "
                                           f"install the newer Musnad that wrote it")
            self._is_ready = True


def shared_database() -> Database | None:
    """Return this process's connection to the database that MUSNAD_DATABASE names, or None if it names none.

    Raises DatabaseSettingError if it is wrong. Nothing is sent before the first transaction.
    """
    url = DATABASE.value()
    return _database(url, os.getpid()) if url else None


@cache
def _database(url: str, _process: int) -> Database:
    return Database(url)


def _cause(error: Any) -> str:
    """Return the first line of what the driver said."""
    told = str(getattr(error, "orig", None) or error).strip()
    return told.splitlines()[0] if told else type(error).__name__
