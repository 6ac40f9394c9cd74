"""Leases: one holder at a time of a name, among all processes that share a database.

A lease ends when its holder ends it, or when it was not renewed for its time. Its token is a number that grows with
each holder. A holder that was stopped for longer than that may not know that another one took over, so what it does as
the only one is done in `Lease.fenced`: there the database compares tokens, and lets nobody take over until it is done
(M. Kleppmann, "How to do distributed locking", 2016). Times are those of the database's clock.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from index.errors import DatabaseUnavailableError, LeaseLostError, LeaseTakenError
from index.shared.database import Database

LEASE_S = 20.0
# What is done under the fence may take so long before the database lets others go on.
FENCED_S = 60.0

_TAKE = """
INSERT INTO leases AS held (name, token, holder, expires)
VALUES (%(name)s, 1, %(holder)s, clock_timestamp() + %(seconds)s * interval '1 second')
ON CONFLICT (name) DO UPDATE SET token = held.token + 1, holder = excluded.holder, expires = excluded.expires
WHERE held.expires <= clock_timestamp()
RETURNING token, generation"""
_RENEW = """
UPDATE leases SET expires = clock_timestamp() + %(seconds)s * interval '1 second'
WHERE name = %(name)s AND token = %(token)s"""
_END = "UPDATE leases SET expires = clock_timestamp() WHERE name = %(name)s AND token = %(token)s"
_HOLDER = "SELECT holder FROM leases WHERE name = %(name)s"
_COMPARE = "SELECT token FROM leases WHERE name = %(name)s FOR UPDATE"
_PUBLISHED = "UPDATE leases SET generation = %(generation)s WHERE name = %(name)s"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease that this process took. `generation` is what was last published under this name, "" if nothing was."""

    database: Database
    name: str
    token: int
    seconds: float
    generation: str = ""

    def renew(self) -> bool:
        """Make the lease last for its whole time again; return whether this process still has it."""
        with self.database.transaction() as connection:
            return connection.exec_driver_sql(
                _RENEW, {"name": self.name, "token": self.token, "seconds": self.seconds}).rowcount == 1

    def end(self) -> None:
        """End the lease, if this process still has it."""
        with self.database.transaction() as connection:
            connection.exec_driver_sql(_END, {"name": self.name, "token": self.token})

    @contextmanager
    def fenced(self, generation: str = "") -> Iterator[None]:
        """Let nobody take over while the `with` block runs, and note what it published.

        Raises LeaseLostError before the block if somebody did. If the block takes longer than `FENCED_S`, the database
        lets others go on, and this raises DatabaseUnavailableError after it.
        """
        with self.database.transaction(
                f"SET LOCAL idle_in_transaction_session_timeout = {FENCED_S * 1000:.0f}") as connection:
            token = connection.exec_driver_sql(_COMPARE, {"name": self.name}).scalar()
            if token != self.token:
                raise LeaseLostError(self.name, self.token, int(token or 0))
            yield
            if generation:
                connection.exec_driver_sql(_PUBLISHED, {"name": self.name, "generation": generation})


def take(database: Database, name: str, *, seconds: float = LEASE_S) -> Lease:
    """Take a lease. Raises LeaseTakenError at once if another holder has it."""
    with database.transaction() as connection:
        taken = connection.exec_driver_sql(_TAKE, {"name": name, "holder": _me(), "seconds": seconds}).fetchone()
        if taken is None:
            raise LeaseTakenError(name, str(connection.exec_driver_sql(_HOLDER, {"name": name}).scalar()))
    return Lease(database, name, int(taken[0]), seconds, str(taken[1]))


@contextmanager
def held(database: Database, name: str, *, seconds: float = LEASE_S) -> Iterator[Lease]:
    """Hold a lease during the `with` block: renew it in a thread, and end it. Raises LeaseTakenError as `take` does."""
    lease = take(database, name, seconds=seconds)
    is_over = threading.Event()
    renewing = threading.Thread(target=_keep_renewing, args=(lease, is_over), name=f"lease {name}", daemon=True)
    renewing.start()
    try:
        yield lease
    finally:
        is_over.set()
        renewing.join()
        with suppress(DatabaseUnavailableError):  # then it ends by itself
            lease.end()


def _keep_renewing(lease: Lease, is_over: threading.Event) -> None:
    # Three times in its time, so that two failures cost nothing.
    while not is_over.wait(lease.seconds / 3):
        try:
            if not lease.renew():
                log.error("the lease of %s was taken over: what is done under it is not published", lease.name)
                return
        except DatabaseUnavailableError as error:
            log.warning("the lease of %s is not renewed: %s", lease.name, error)


def _me() -> str:
    return f"process {os.getpid()} of {socket.gethostname()}"
