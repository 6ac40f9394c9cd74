"""A deadline of a connection, which has one at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Deadline:
    """Calls a function after some seconds, unless it is set anew or cancelled before. For the loop's thread only."""

    def __init__(self) -> None:
        self._timer: asyncio.TimerHandle | None = None

    def set(self, seconds: float, act: Callable[[], None]) -> None:
        """Call `act` in so many seconds, and nothing that was set before."""
        self.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, act)

    def cancel(self) -> None:
        """Call nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
