"""Show progress: a bar on a terminal, a plain line every `LOG_EVERY_S` seconds in a log."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

from tqdm import tqdm

from index.output import printable

LOG_EVERY_S = 10.0


class StageBar:
    """Show the progress of each stage on standard error. An instance serves as a `Progress` of `index.intake.build`."""

    def __init__(self) -> None:
        self._on_terminal = sys.stderr.isatty()
        self._bar: tqdm | None = None
        self._stage = ""
        self._logged_at = self._began_at = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 traceback: TracebackType | None) -> None:
        self._close()

    def line(self, text: str) -> None:
        """Print a line of text, above the bar if there is one."""
        tqdm.write(printable(text), file=sys.stderr)

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show that `done` of the stage's `total` steps are done. `total` is 0 while it is unknown."""
        if stage != self._stage:
            self._began_at = time.monotonic()
        if self._on_terminal:
            if stage != self._stage:
                self._close()
                self._bar = tqdm(total=total or None, desc=stage, unit="", file=sys.stderr)
            if self._bar is not None:
                self._bar.update(done - self._bar.n)
        elif done == total or time.monotonic() - self._logged_at >= LOG_EVERY_S:
            left = time_left(done, total, time.monotonic() - self._began_at)
            self.line(f"{stage}: {done}" + (f" of {total}{left}" if total else ""))
            self._logged_at = time.monotonic()
        self._stage = stage

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def time_left(done: int, total: int, seconds: float) -> str:
    """Say how long the rest takes if it goes on as in the `seconds` so far; empty before or after all of it."""
    if not 0 < done < total:
        return ""
    left_s = round(seconds / done * (total - done))
    hours, minutes = divmod(left_s // 60, 60)
    left = f"{hours} h {minutes} min" if hours else f"{minutes} min" if minutes else f"{left_s} s"
    return f", about {left} left"
