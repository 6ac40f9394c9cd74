"""Records in the database's tables. Each has a number, a key, its content as bytes, and a digest over all three.

SQLite detects most damage to the structure of its file, but no damage to the contents of a row. The digest does.
"""

# ruff: noqa: S608  # the names of tables in statements are those of TABLES
from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import NamedTuple

# What each holds: inbox.py, poll_memory.py, file_cache.py, quarantine.py, and `about` the database itself.
TABLES = ("inbox", "polled", "files", "rejections", "about")
VERSION = 1
# A number from here on is not one of ours: it would take a thousand records a second for three years.
FAR_AHEAD = 100_000_000_000
SCHEMA = "".join(f"CREATE TABLE {table} (number INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB NOT NULL UNIQUE, "
                 f"record BLOB NOT NULL, digest BLOB NOT NULL);\n" for table in TABLES)


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


def create_tables(connection: sqlite3.Connection) -> None:
    """Create the tables in an empty database, and store the version of the program's format."""
    connection.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT")
    put(connection, "about", "version", b"%d" % VERSION)


def next_number(connection: sqlite3.Connection, table: str) -> int:
    """Return the highest number ever used in the table, plus one; numbers from `FAR_AHEAD` on are passed over.

    Call it inside the transaction that uses the number.
    """
    (number, used) = connection.execute(
        f"SELECT coalesce((SELECT max(number) FROM {table} WHERE number < {FAR_AHEAD}), 0), "
        f"coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?), 0)", (table,)).fetchone()
    if isinstance(used, int) and used < FAR_AHEAD:
        return max(int(number), used) + 1
    connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (number, table))
    return int(number) + 1


def put(connection: sqlite3.Connection, table: str, key: str, content: bytes, number: int | None = None) -> None:
    """Add a record, replacing any record with the same key. Without `number`, it gets the next free number."""
    number = next_number(connection, table) if number is None else number
    encoded = encode_key(key)
    connection.execute(f"INSERT OR REPLACE INTO {table} (number, key, record, digest) VALUES (?, ?, ?, ?)",
                       (number, encoded, content, digest(table, number, encoded, content)))


def put_all(connection: sqlite3.Connection, table: str, contents: Mapping[str, bytes]) -> None:
    """Add a record for each key in `contents`, replacing any records with the same keys."""
    numbers = count(next_number(connection, table))
    connection.executemany(
        f"INSERT OR REPLACE INTO {table} (number, key, record, digest) VALUES (?, ?, ?, ?)",
        ((number, key, content, digest(table, number, key, content)) for number, (key, content) in zip(
            numbers, ((encode_key(key), content) for key, content in contents.items()), strict=False)))


def get(connection: sqlite3.Connection, table: str, key: str) -> Record | DamagedRecord | None:
    """Return the record with this key, or None if there is no such record."""
    row = connection.execute(f"SELECT number, key, record, digest FROM {table} WHERE key = ?",
                             (encode_key(key),)).fetchone()
    return None if row is None else checked(table, row)


def scan(connection: sqlite3.Connection, table: str) -> Iterator[Record | DamagedRecord]:
    """Yield every record of the table, in the order of their numbers."""
    for row in connection.execute(f"SELECT number, key, record, digest FROM {table} ORDER BY number"):
        yield checked(table, row)


def keys(connection: sqlite3.Connection, table: str) -> list[str]:
    """Return the keys of the table's records in the order of their numbers, without reading the records."""
    return [decode_key(key) for (key,) in connection.execute(f"SELECT key FROM {table} ORDER BY number")]


def remove(connection: sqlite3.Connection, table: str, names: Iterable[str]) -> int:
    """Remove the records with these keys; return how many records were removed."""
    return sum(connection.execute(f"DELETE FROM {table} WHERE key = ?", (encode_key(name),)).rowcount
               for name in names)


def remove_number(connection: sqlite3.Connection, table: str, number: int) -> None:
    """Remove the record with this number, if there is one."""
    connection.execute(f"DELETE FROM {table} WHERE number = ?", (number,))


def clear(connection: sqlite3.Connection, table: str) -> None:
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
