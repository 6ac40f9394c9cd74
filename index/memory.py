"""Keep the values that were used last, up to a total weight."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Memory(Generic[Key, Value]):
    """A cache that forgets what was used least recently. Threads may share it.

    A value weighs what `weight` returns for it, by default 1; one that weighs more than `most` is not kept.
    """

    def __init__(self, most: int, weight: Callable[[Value], int] = lambda _: 1) -> None:
        self._most, self._weight = most, weight
        self._values: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._total = 0
        self._lock = threading.Lock()

    def get(self, key: Key) -> Value | None:
        """Return the value, which counts as using it; None if there is none."""
        with self._lock:
            found = self._values.get(key)
            if found is None:
                return None
            self._values.move_to_end(key)
            return found[0]

    def keep(self, key: Key, value: Value, *, weight: int | None = None) -> None:
        """Keep a value unless there is one for the key; `weight` is its weight, if known."""
        weight = self._weight(value) if weight is None else weight
        with self._lock:
            if key in self._values or weight > self._most:
                return
            self._values[key] = value, weight
            self._total += weight
            while self._total > self._most:
                _, (_, lost) = self._values.popitem(last=False)
                self._total -= lost
