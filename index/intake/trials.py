"""Find the arrival with which builds die, by bisection, and set it aside, so that the others go on.

    INDEX_DIR/.trial.json    the attempt under way, or how far the search is; absent after a build that ended well

An arrival is an inbox entry, or an article of a file that is new or changed. A build that is killed leaves the file
behind. After `DEATHS_UNTIL_SEARCH` such builds in a row, the next ones take in the first half of the arrivals that the
last attempt took in, then the next half, and so on: the good ones are published, and the one with which builds die is
left alone at the end. An error in the build itself, such as MemoryError, begins the search at once. Before the last one
is blamed, a trial build without any arrival must succeed: otherwise the machine is at fault, not the arrival.

Nothing relies on the file: what is lost with it is looked for again.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from index.intake.records import put
from index.intake.state import State
from index.output import printable

# One death may be a restart of the machine.
DEATHS_UNTIL_SEARCH = 2
DEATHS_UNTIL_BLAMED = 3
DEATHS_ALONE_UNTIL_BLAMED = 2
MAX_SET_ASIDE = 1000
FILE_NAME = ".trial.json"
_SET_ASIDE = "set aside"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to build, and how far the search is.

    `limit` is how many arrivals the attempt takes in, None for all, and `count` how many it did take in. `alone` names
    the arrival if it is the only one. `window` counts the next arrivals, among which is the one with which builds die;
    0 if that is unknown. `deaths` counts the failed attempts in a row, `deaths_alone` those of them with one arrival
    alone, and `reason` says how the last one ended. A control takes in nothing, to learn whether `alone` is to blame.
    """

    limit: int | None = None
    count: int = 0
    alone: str = ""
    window: int = 0
    deaths: int = 0
    deaths_alone: int = 0
    reason: str = ""
    is_control: bool = False
    is_under_way: bool = False

    def after_failure(self, reason: str, *, is_killed: bool) -> Attempt:
        """Return the next attempt after this one was killed, or failed with an error."""
        if self.is_control or not self.count:
            return Attempt()
        deaths = self.deaths + 1
        if self.count == 1:
            alone = self.deaths_alone + 1
            if deaths >= DEATHS_UNTIL_BLAMED and alone >= DEATHS_ALONE_UNTIL_BLAMED:
                return Attempt(0, 0, self.alone, self.window, deaths, alone, reason, is_control=True)
            return Attempt(self.limit, window=self.window, deaths=deaths, deaths_alone=alone)
        if is_killed and deaths < DEATHS_UNTIL_SEARCH:
            return Attempt(self.limit, window=self.window, deaths=deaths)
        return Attempt(self.count // 2, window=self.count, deaths=deaths)

    def after_success(self) -> Attempt:
        """Return the next attempt after this one was published and left arrivals for the next."""
        window = max(0, self.window - self.count)
        return Attempt(max(1, window // 2) if window else None, window=window, deaths=self.deaths)


@dataclass(slots=True)
class Batch:
    """The arrivals that one attempt takes in. `set_aside` maps the arrivals that are never taken in to the reason."""

    limit: int | None
    set_aside: Mapping[str, str]
    count: int = 0
    last: str = ""
    held: set[str] = field(default_factory=set)

    def takes(self, arrival: str) -> bool:
        """Tell whether the attempt takes in this arrival; if not, it is set aside or `held` for the next attempt."""
        if arrival in self.set_aside:
            return False
        if self.limit is not None and self.count >= self.limit:
            self.held.add(arrival)
            return False
        self.count += 1
        self.last = arrival
        return True


class Trials:
    """The attempts to build of one index folder. Use it under the lock of builds."""

    def __init__(self, index_dir: Path, state: State) -> None:
        self._path = index_dir / FILE_NAME
        self._state = state
        self._attempt = self._left_behind()
        self.set_aside = self._known()
        if self._attempt.is_under_way:
            self._attempt = self._attempt.after_failure("it was killed, as when memory runs out", is_killed=True)
            self._save()

    @property
    def is_control(self) -> bool:
        """Whether the next attempt takes in nothing, to learn whether the last one's arrival is to blame."""
        return self._attempt.is_control

    def batch(self) -> Batch:
        """Return what the next attempt may take in."""
        return Batch(self._attempt.limit, self.set_aside)

    def begin(self, batch: Batch) -> None:
        """Record that an attempt with these arrivals is under way: if it is killed, the next build knows of it."""
        alone = self._attempt.alone if self.is_control else batch.last if batch.count == 1 else ""
        self._attempt = replace(self._attempt, count=batch.count, alone=alone, is_under_way=True)
        self._save()

    def fail(self, error: Exception) -> None:
        """Record that the attempt failed with an error, and plan the next one. Raises `error` if there is none."""
        if not self._attempt.is_under_way or self._attempt.is_control or not self._attempt.count:
            self.end()
            raise error
        reason = f"it failed with {type(error).__name__}: {printable(str(error), 200)}"
        self._attempt = self._attempt.after_failure(reason, is_killed=False)
        self._save()

    def succeed(self, batch: Batch) -> None:
        """Record that the attempt was published. Call `batch` for the next one if arrivals were held."""
        self._attempt = self._attempt.after_success() if batch.held else Attempt()
        self._save()

    def blame(self) -> tuple[str, str]:
        """After a control that succeeded, set the arrival aside; return it and the reason."""
        arrival, deaths = self._attempt.alone, self._attempt.deaths
        reason = (f"is set aside: {deaths} builds in a row did not survive it, and one without it did (the last: "
                  f"{self._attempt.reason}); change it, or try it again with --rebuild")
        self.set_aside[arrival] = reason
        for oldest in list(self.set_aside)[:-MAX_SET_ASIDE]:
            del self.set_aside[oldest]
        self._keep_set_aside()
        self._attempt = Attempt(deaths=DEATHS_UNTIL_SEARCH)
        self._save()
        return arrival, reason

    def forgive(self) -> None:
        """Let the arrivals that were set aside be taken in once more."""
        if self.set_aside:
            self.set_aside.clear()
            self._keep_set_aside()

    def end(self) -> None:
        """Record that no attempt is under way, and end the search."""
        self._attempt = Attempt()
        self._save()

    def _keep_set_aside(self) -> None:
        content = json.dumps(self.set_aside).encode()
        self._state.write(lambda connection: put(connection, "about", _SET_ASIDE, content))

    def _known(self) -> dict[str, str]:
        record = self._state.record("about", _SET_ASIDE)
        try:
            known = json.loads(record.content) if record else {}
        except (ValueError, RecursionError):
            return {}
        return known if _has_types(known, dict.fromkeys(known, str) if isinstance(known, dict) else {}) else {}

    def _left_behind(self) -> Attempt:
        try:
            fields = json.loads(self._path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return Attempt()
        if not _has_types(fields, {name: type(value) for name, value in asdict(Attempt(0)).items()} | {
                "limit": (int, type(None))}):
            return Attempt()
        return Attempt(**fields)

    def _save(self) -> None:
        temporary = self._path.with_name(f"{FILE_NAME}.tmp")
        try:
            if self._attempt == Attempt():
                self._path.unlink(missing_ok=True)
            else:
                temporary.write_bytes(json.dumps(asdict(self._attempt)).encode())
                temporary.replace(self._path)
        except OSError as error:
            log.warning("%s cannot be written, so a build that dies is not known of: %s", self._path, error)
            with suppress(OSError):
                temporary.unlink()


@contextmanager
def ended_on_purpose(index_dir: Path) -> Iterator[None]:
    """While the `with` block runs, let SIGTERM end the process without looking like a build that died.

    Does nothing outside the main thread, which alone may handle signals.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, _frame: object) -> None:
        with suppress(OSError):
            os.unlink(index_dir / FILE_NAME)  # noqa: PTH108  # one call to the system
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _has_types(found: Any, types: Mapping[str, Any]) -> bool:
    return isinstance(found, dict) and found.keys() == types.keys() and all(
        isinstance(found[name], types[name]) for name in types)
