"""Count requests in the database that servers share, for `rate_limits.py`.

While the database is away, each server counts for itself: readers are answered without it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from limits.storage.base import SlidingWindowCounterSupport, Storage

from index.errors import DatabaseUnavailableError
from index.shared.database import Database
from web.gate.counts import Counts

# While it is away, the database is asked again after so many seconds: each attempt may take some.
RETRY_S = 5.0
FORGET_EVERY_S = 60.0

# A request is counted if it fits; the previous period counts by its share of the last `expiry` seconds.
_COUNT = """
WITH clock AS (SELECT extract(epoch FROM clock_timestamp())::float8 / %(expiry)s AS at),
now AS (SELECT floor(at)::bigint AS period, (1 - (at - floor(at))) * coalesce((
    SELECT used FROM requests WHERE client = %(client)s AND period = floor(at)::bigint - 1), 0) AS before FROM clock)
INSERT INTO requests AS kept (client, period, used)
SELECT %(client)s, period, %(amount)s FROM now WHERE floor(before) + %(amount)s <= %(limit)s
ON CONFLICT (client, period) DO UPDATE SET used = kept.used + excluded.used
WHERE floor((SELECT before FROM now) + kept.used) + excluded.used <= %(limit)s
RETURNING used"""
_READ = """
WITH clock AS (SELECT extract(epoch FROM clock_timestamp())::float8 / %(expiry)s AS at)
SELECT coalesce((SELECT used FROM requests WHERE client = %(client)s AND period = floor(at)::bigint - 1), 0),
    (1 - (at - floor(at))) * %(expiry)s,
    coalesce((SELECT used FROM requests WHERE client = %(client)s AND period = floor(at)::bigint), 0)
FROM clock"""
_FORGET = """
DELETE FROM requests WHERE client = %(client)s OR %(client)s = ''
AND period < floor(extract(epoch FROM clock_timestamp()) / %(expiry)s)::bigint - 1"""
_QUICK = "SET LOCAL synchronous_commit = off"


class SharedCounts(Storage, SlidingWindowCounterSupport):
    """A storage of `limits` for sliding windows, all of the same length. Clocks are that of the database."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._database, self._clock = database, clock
        self._alone = Counts()
        self._ask_again_at = self._forget_at = 0.0
        self._lock = threading.Lock()

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the storage raises: nothing is passed on."""
        return DatabaseUnavailableError

    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` requests of this client if they fit into the limit; return whether they did."""
        found = self._run(_COUNT, {"client": key, "limit": limit, "expiry": expiry, "amount": amount})
        if found is None:
            return self._alone.acquire_sliding_window_entry(key, limit, expiry, amount)
        self._forget(expiry)
        return bool(found)

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        """Return the count of the previous period, how long it counts yet, that of this period, and how long it does.
        """
        found = self._run(_READ, {"client": key, "expiry": expiry})
        if found is None:
            return self._alone.get_sliding_window(key, expiry)
        [(before, left_s, used)] = found
        return int(before), float(left_s) if before else 0.0, int(used), float(left_s) + expiry

    def clear_sliding_window(self, key: str, expiry: int) -> None:
        """Forget what this client asked."""
        self._run(_FORGET, {"client": key, "expiry": expiry})
        self._alone.clear_sliding_window(key, expiry)

    def check(self) -> bool:
        """Tell whether the database is there."""
        return not self._database.fault()

    def _forget(self, expiry: int) -> None:
        now = self._clock()
        with self._lock:
            if now < self._forget_at:
                return
            self._forget_at = now + FORGET_EVERY_S
        self._run(_FORGET, {"client": "", "expiry": expiry})

    def _run(self, statement: str, parameters: dict[str, Any]) -> list[Any] | None:
        """Return the rows of a statement; None while the database is away."""
        if self._clock() < self._ask_again_at:
            return None
        try:
            with self._database.transaction(_QUICK) as connection:
                found = connection.exec_driver_sql(statement, parameters)
                return list(found.fetchall()) if found.returns_rows else []
        except DatabaseUnavailableError:
            self._ask_again_at = self._clock() + RETRY_S
            return None

    # What other strategies of `limits` ask for.

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Not used by sliding windows."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """Not used by sliding windows."""
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        """Not used by sliding windows."""
        raise NotImplementedError

    def reset(self) -> int | None:
        """Not used by sliding windows."""
        raise NotImplementedError

    def clear(self, key: str) -> None:
        """Not used by sliding windows."""
        raise NotImplementedError
