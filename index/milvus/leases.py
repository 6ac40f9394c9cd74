"""Tell builders which generations are read, so that they drop none of them.

Each reader writes a row with the generation and the time until which it reads it, and writes it again while it does.
A reader that ends without a word is forgotten when that time is over.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field

from index.milvus import layout
from index.milvus.connection import Connection

LEASE_S = 600.0
# A lease is written again after a third of its time, so that two failures cost nothing.
RENEW_S = LEASE_S / 3


@dataclass(eq=False)
class Lease:
    """That one reader reads one generation. `written` is when it was last told, by `time.monotonic`."""

    generation: str
    reader: str = field(default_factory=lambda: uuid.uuid4().hex)
    written: float = float("-inf")


class Leases:
    """The leases of the readers of an index. Clocks of readers and builders may differ by a few minutes."""

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self._collection = f"{name}_readers"

    def keep(self, lease: Lease) -> None:
        """Write the lease if it was not written lately."""
        if time.monotonic() - lease.written < RENEW_S:
            return
        self._connection.write("upsert", self._collection, [{
            layout.READER: lease.reader, layout.GENERATION: lease.generation,
            layout.EXPIRES: int(time.time() + LEASE_S), layout.NOTHING: layout.NO_VECTOR}])
        lease.written = time.monotonic()

    def end(self, reader: str) -> None:
        """Remove the lease of this reader."""
        self._connection.write("delete", self._collection, ids=[reader])

    def read_now(self) -> set[str]:
        """Return the generations that somebody reads, and forget the readers whose time is over."""
        now = int(time.time())
        self._connection.write("delete", self._collection, filter=f"{layout.EXPIRES} < {now}")
        found = self._connection.read("query", self._collection, filter=f"{layout.EXPIRES} >= {now}",
                                      output_fields=[layout.GENERATION], limit=10_000, consistency_level="Strong")
        return {each[layout.GENERATION] for each in found}
