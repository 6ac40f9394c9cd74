"""Read and write the texts of one generation in Milvus: lines, sentences and tables, by kind and row."""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from index.errors import StoreError
from index.memory import Memory
from index.milvus import layout
from index.milvus.condition import among
from index.milvus.connection import Connection
from index.milvus.layout import BODY, KEY, PART_BYTES, PARTS, Kind, Table, key_of, row_of

# Rows brought at a time: of 65 kB at most, which is less than gRPC carries.
BLOCK = 256
# Lines that were read or are read next, up to so many bytes of each kind.
BYTES_REMEMBERED = 16 * 1024 * 1024


class Texts:
    """The collection of the texts of one generation."""

    def __init__(self, connection: Connection, collection: str) -> None:
        self._connection, self._collection = connection, collection

    def get(self, kind: Kind, rows: Sequence[int]) -> dict[int, bytes]:
        """Return the contents of these rows. Raises StoreError if one is missing."""
        found = self._whole(kind, rows, "Eventually")
        if len(found) < len(set(rows)):
            missing = next(row for row in rows if row not in found)
            raise StoreError(str(self._connection.address), f"{self._collection} lacks row {missing} of "
                             f"{kind.name.lower()}; publish the index again with build_index.py --rebuild")
        return found

    def table(self, table: Table) -> bytes | None:
        """Return a table, as it is now; None if it is missing."""
        packed = self._whole(Kind.TABLE, [table], "Strong").get(table)
        return None if packed is None else zlib.decompress(packed)

    def _whole(self, kind: Kind, rows: Iterable[int], consistency: str) -> dict[int, bytes]:
        bodies = self._bodies([key_of(kind, row) for row in rows], consistency)
        more = self._bodies([key + part for key, (_, parts) in bodies.items() for part in range(1, parts)], consistency)
        found = {}
        for key, (body, parts) in bodies.items():
            rest = [more.get(key + part) for part in range(1, parts)]
            if None not in rest:
                whole = body + "".join(each[0] for each in rest if each is not None)
                found[row_of(key)] = whole.encode() if kind == Kind.ARTICLE else b64decode(whole)
        return found

    def _bodies(self, keys: Sequence[int], consistency: str) -> dict[int, tuple[str, int]]:
        found: dict[int, tuple[str, int]] = {}
        for first in range(0, len(keys), BLOCK):
            found |= {int(each[KEY]): (each[BODY], int(each[PARTS])) for each in self._connection.read(
                "query", self._collection, filter=among(keys[first:first + BLOCK], KEY),
                output_fields=[KEY, BODY, PARTS], consistency_level=consistency)}
        return found


class RemoteLines:
    """Lines of one kind, brought when they are asked for."""

    def __init__(self, texts: Texts, kind: Kind, count: int) -> None:
        self._texts, self._kind, self._count = texts, kind, count
        self._remembered: Memory[int, bytes] = Memory(BYTES_REMEMBERED, len)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, row: int) -> bytes:
        row = range(self._count)[row]
        line = self._remembered.get(row)
        if line is None:
            line = self._texts.get(self._kind, [row])[row]
            self._remembered.keep(row, line)
        return line

    def read_ahead(self, rows: Sequence[int]) -> None:
        """Bring the lines of these rows together."""
        missing = [row for row in dict.fromkeys(rows) if self._remembered.get(row) is None]
        for row, line in self._texts.get(self._kind, missing).items():
            self._remembered.keep(row, line)


def rows_of_text(kind: Kind, row: int, content: bytes) -> Iterator[dict[str, Any]]:
    """Yield the rows that hold a content, in parts that Milvus accepts."""
    parts = list(_parts(content.decode() if kind == Kind.ARTICLE else b64encode(content).decode()))
    for number, part in enumerate(parts):
        yield {KEY: key_of(kind, row, number), PARTS: len(parts), BODY: part, layout.NOTHING: layout.NO_VECTOR}


def rows_of_table(table: Table, content: bytes) -> Iterator[dict[str, Any]]:
    """Yield the rows that hold a table, compressed."""
    return rows_of_text(Kind.TABLE, table, zlib.compress(content, 1))


def _parts(text: str) -> Iterator[str]:
    """Cut a text between characters, into parts of at most `PART_BYTES`; the empty text is one empty part."""
    encoded, first = text.encode(), 0
    while True:
        end = min(first + PART_BYTES, len(encoded))
        while end < len(encoded) and encoded[end] & 0xC0 == 0x80:
            end -= 1
        yield encoded[first:end].decode()
        if end == len(encoded):
            return
        first = end
