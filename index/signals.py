"""The signals that ask a command to end, when it runs until it is told to."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType

ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def on_ending(act: Callable[[], object]) -> None:
    """Call `act` when this process is asked to end. Call this in the main thread, where Python delivers signals.

    SIGHUP stays ignored if it is: `nohup` does that, so that a command goes on when its terminal is closed.
    """
    def handle(_number: int, _frame: FrameType | None) -> None:
        act()

    for number in ENDING:
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handle)
