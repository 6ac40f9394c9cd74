"""Records in the database's tables. Each has a number, a key, its content as bytes, and a digest over all three.

SQLite detects most damage to the structure of its file, but no damage to the contents of a row. The digest does.
"""

# ruff: noqa: S608  # the names of tables in statements are those of TABLES
from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any, NamedTuple, Protocol

# What each holds: inbox.py, poll_memory.py, file_cache.py, quarantine.py, and `about` the database itself.
TABLES = ("inbox", "polled", "files", "rejections", "about")
VERSION = 1
# A number from here on is not one of ours: it would take a thousand records a second for three years.
FAR_AHEAD = 100_000_000_000
SCHEMA = "".join(f"CREATE TABLE {table} (number INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB NOT NULL UNIQUE, "
                 f"record BLOB NOT NULL, digest BLOB NOT NULL);\n" for table in TABLES)


class Connection(Protocol):
    """What takes the statements below: SQLite here, or a shared database (`shared_state.py`)."""

    def execute(self, statement: str, parameters: Any = ..., /) -> Any:
        """Run a statement whose parameters are written `?`."""

    def executemany(self, statement: str, parameters: Any, /) -> Any:
        """Run a statement once for each of the parameters."""

    def last_number(self, table: str) -> int:
        """Return the highest number ever used in the table, as far as is known; 0 if none is."""


class SqliteConnection(sqlite3.Connection):
    """A connection to the file of an index folder."""

    def last_number(self, table: str) -> int:
        """Return what SQLite keeps for AUTOINCREMENT; 0, also from then on, if a flipped bit made it `FAR_AHEAD`."""
        (used,) = self.execute("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?), 0)",
                               (table,)).fetchone()
        if isinstance(used, int) and used < FAR_AHEAD:
            return used
        self.execute("UPDATE sqlite_sequence SET seq = 0 WHERE name = ?", (table,))
        return 0


class Record(NamedTuple):
    """One row of a table. A later row has a higher number, and no number is used twice."""

    number: int
    key: str
    content: bytes


class DamagedRecord(NamedTuple):
    """A row whose stored digest does not match its number, key and content, or whose key or content is unreadable."""

    number: int
    key: bytes
    content: bytes


def create_tables(connection: SqliteConnection) -> None:
    """Create the tables in an empty database, and store the version of the program's format."""
    connection.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT")
    put(connection, "about", "version", b"%d" % VERSION)


def next_number(connection: Connection, table: str) -> int:
    """Return the highest number ever used in the table, plus one; numbers from `FAR_AHEAD` on are passed over.

    Call it inside the transaction that uses the number.
    """
    (number,) = connection.execute(
        f"SELECT coalesce(max(number), 0) FROM {table} WHERE number < {FAR_AHEAD}").fetchone()
    return max(int(number), connection.last_number(table)) + 1


def put(connection: Connection, table: str, key: str, content: bytes, number: int | None = None) -> None:
    """Add a record, replacing any record with the same key. Without `number`, it gets the next free number."""
    _put_rows(connection, table, [_row(table, next_number(connection, table) if number is None else number, key,
                                       content)])


def put_all(connection: Connection, table: str, contents: Mapping[str, bytes]) -> None:
    """Add a record for each key in `contents`, replacing any records with the same keys."""
    numbers = count(next_number(connection, table))
    _put_rows(connection, table, [_row(table, number, key, content)
                                  for number, (key, content) in zip(numbers, contents.items(), strict=False)])


def put_numbered(connection: Connection, table: str, found: Iterable[Record]) -> None:
    """Add the records with their own numbers, replacing any records with the same keys or numbers."""
    _put_rows(connection, table, [_row(table, *record) for record in found])


def _row(table: str, number: int, key: str, content: bytes) -> tuple[int, bytes, bytes, bytes]:
    encoded = encode_key(key)
    return number, encoded, content, digest(table, number, encoded, content)


def _put_rows(connection: Connection, table: str, rows: list[tuple[int, bytes, bytes, bytes]]) -> None:
    if rows:
        connection.executemany(f"DELETE FROM {table} WHERE key = ? OR number = ?", [(row[1], row[0]) for row in rows])
        connection.executemany(f"INSERT INTO {table} (number, key, record, digest) VALUES (?, ?, ?, ?)", rows)


def get(connection: Connection, table: str, key: str) -> Record | DamagedRecord | None:
    """Return the record with this key, or None if there is no such record."""
    row = connection.execute(f"SELECT number, key, record, digest FROM {table} WHERE key = ?",
                             (encode_key(key),)).fetchone()
    return None if row is None else checked(table, row)


def scan(connection: Connection, table: str, prefix: str = "") -> Iterator[Record | DamagedRecord]:
    """Yield the records of the table whose keys begin with `prefix`, in the order of their numbers."""
    rows = connection.execute(
        f"SELECT number, key, record, digest FROM {table} WHERE key >= ? AND key < ? ORDER BY number",
        (encode_key(prefix), encode_key(prefix + "\U0010ffff"))) if prefix else connection.execute(
        f"SELECT number, key, record, digest FROM {table} ORDER BY number")
    for row in rows:
        yield checked(table, row)


def keys(connection: Connection, table: str) -> list[str]:
    """Return the keys of the table's records in the order of their numbers, without reading the records."""
    return [decode_key(key) for (key,) in connection.execute(f"SELECT key FROM {table} ORDER BY number")]


def remove(connection: Connection, table: str, names: Iterable[str]) -> int:
    """Remove the records with these keys; return how many records were removed."""
    return sum(connection.execute(f"DELETE FROM {table} WHERE key = ?", (encode_key(name),)).rowcount
               for name in names)


def remove_number(connection: Connection, table: str, number: int) -> None:
    """Remove the record with this number, if there is one."""
    connection.execute(f"DELETE FROM {table} WHERE number = ?", (number,))


def clear(connection: Connection, table: str) -> None:
    """Remove every record of the table."""
    connection.execute(f"DELETE FROM {table}")


def checked(table: str, row: tuple[int, object, object, object]) -> Record | DamagedRecord:
    """Return the row as a `Record`, or as a `DamagedRecord` if its stored digest does not match its content."""
    number, key, content, stored = row
    if not isinstance(key, bytes) or not isinstance(content, bytes):  # a flipped bit made another type of it
        return DamagedRecord(number, repr(key).encode(), repr(content).encode())
    if digest(table, number, key, content) != stored:
        return DamagedRecord(number, key, content)
    try:
        return Record(number, decode_key(key), content)
    except UnicodeDecodeError:
        return DamagedRecord(number, key, content)


def digest(table: str, number: int, key: bytes, content: bytes) -> bytes:
    """Return the SHA-256 over a record's table name, number, key and content."""
    return hashlib.sha256(b"%s %d %d %s%s" % (table.encode(), number, len(key), key, content)).digest()


def encode_key(key: str) -> bytes:
    """Return the key as bytes. Lone surrogates, which stand for undecodable bytes in a path, are preserved."""
    return key.encode("utf-8", "surrogatepass")


def decode_key(key: bytes) -> str:
    """Return the key from which `encode_key` made these bytes."""
    return key.decode("utf-8", "surrogatepass")
