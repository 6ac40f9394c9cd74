"""Count requests in the memory of this process."""

from __future__ import annotations

import threading

from limits.storage import MemoryStorage


class Counts(MemoryStorage):
    """The storage of `limits` for threads, which it lets in one at a time; what forgets old counts runs beside them.

    The one it comes from starts a timer with what it counts. Of two threads that do so at once, one may find its timer
    started by the other, and gets RuntimeError instead of an answer.
    """

    def __init__(self) -> None:
        self._one_at_a_time = threading.RLock()
        super().__init__()

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count `amount` more; return the count."""
        with self._one_at_a_time:
            return super().incr(key, expiry, amount)

    def get(self, key: str) -> int:
        """Return the count."""
        with self._one_at_a_time:
            return super().get(key)

    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` requests of this client if they fit into the limit; return whether they did."""
        with self._one_at_a_time:
            return super().acquire_sliding_window_entry(key, limit, expiry, amount)
