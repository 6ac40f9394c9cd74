"""What was accepted is indexed while the server serves: by a process of its own, once no more arrives."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from index.intake.command import EXIT_LOCKED
from index.settings import ADMIN_TOKEN
from web.service import Service
from web.waiting import Waiting

Outcome = Literal["done", "locked", "failed"]

LOOK_EVERY_S = 3.0
# A build begins when nothing has arrived for so long, and at the latest so long after the first.
QUIET_S = 1.0
SETTLED_AFTER_S = 5.0
RETRY_LOCKED_S = 2.0
RETRY_FAILED_S = (5.0, 300.0)  # at first, and at most
STOP_TIMEOUT_S = 10.0
NICENESS = 10

log = logging.getLogger(__name__)


def update_command(service: Service, model: str | None) -> list[str]:
    """The command that takes in what waits, with the model and runtime of the generation being served."""
    command = [sys.executable, "-m", "build_index", "--update", "--index-dir", str(service.index_dir)]
    serving = service.serving()
    if serving is not None:
        built_with = serving.snapshot.model
        return [*command, "--model", model or built_with.name, "--runtime", built_with.runtime]
    return [*command, "--model", model] if model else command


class Indexing:
    """Runs a command whenever something waits, on a thread of its own, between `start` and `stop`.

    The command ends with 0 when it has taken in what waited, with 75 when another build holds the lock.
    """

    def __init__(self, service: Service, waiting: Waiting, command: Callable[[], Sequence[str]], *,
                 look_every_s: float = LOOK_EVERY_S, quiet_s: float = QUIET_S) -> None:
        self.waiting = waiting
        self._service = service
        self._command = command
        self._look_every_s, self._quiet_s = look_every_s, quiet_s
        self._error = ""
        self._builds: Counter[Outcome] = Counter()
        self._failures = 0  # since the last build that took something in
        self._arrived = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    @property
    def error(self) -> str:
        """Why what waits could not be taken in at the last attempt; empty when it could."""
        return self._error

    @property
    def builds(self) -> Mapping[Outcome, int]:
        """How the builds ended, since the start."""
        return self._builds

    def notify(self) -> None:
        """Something arrived."""
        self._arrived.set()

    def start(self) -> None:
        """Begin to look for what waits; what was accepted before the server started is among it."""
        self._thread = threading.Thread(target=self._run, name="indexing", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and a build under way, which leaves everything as it was before it."""
        with self._lock:
            self._stopping.set()
            if self._process is not None:
                self._process.terminate()
        self._arrived.set()
        if self._thread is not None:
            self._thread.join()

    def take_in(self) -> Outcome:
        """Run the command, wait for its end and serve what it published."""
        before = self.waiting.names()
        code, errors = self._run_command()
        if self._stopping.is_set():
            return "failed"
        outcome: Outcome = "done" if code == 0 else "locked" if code == EXIT_LOCKED else "failed"
        error = errors if outcome == "failed" else ""
        if outcome == "done":
            self._service.refresh()
            if before and before == self.waiting.names():
                outcome, error = "failed", "the build took nothing in of what waits"
        self._builds[outcome] += 1
        if error and error != self._error:  # once, not at every attempt
            log.error("what waits to be indexed could not be: %s", error)
        if outcome != "locked":
            self._error = error
            self._failures = self._failures + 1 if error else 0
        return outcome

    def _run(self) -> None:
        while not self._stopping.is_set():
            if not self.waiting.names():
                self._arrived.wait(self._look_every_s)
                self._arrived.clear()
                continue
            self._settle()
            if self._stopping.is_set():
                return
            match self.take_in():
                case "locked":
                    self._stopping.wait(RETRY_LOCKED_S)
                case "failed":
                    first, most = RETRY_FAILED_S
                    self._stopping.wait(min(first * 2 ** min(self._failures - 1, 10), most))

    def _settle(self) -> None:
        """Wait until nothing more arrives, so that a hundred articles sent one by one are one build."""
        at_the_latest = time.monotonic() + SETTLED_AFTER_S
        while time.monotonic() < at_the_latest and not self._stopping.is_set():
            self._arrived.clear()
            if not self._arrived.wait(self._quiet_s):
                return

    def _run_command(self) -> tuple[int, str]:
        """The exit code, and the last line that the command wrote to its error stream."""
        environment = {name: value for name, value in os.environ.items() if name != ADMIN_TOKEN.variable}
        with self._lock:
            if self._stopping.is_set():
                return 1, ""
            try:
                # A session of its own: what is typed at the server's terminal ends the server, which then ends this.
                self._process = process = subprocess.Popen(  # noqa: S603  # the program itself, without a shell
                    self._command(), env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True)
                os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)  # questions go before
            except OSError as error:
                return 1, str(error)
        try:
            errors = process.communicate()[1]
        finally:
            with self._lock:
                self._process = None
        lines = [line.strip() for line in errors.splitlines() if line.strip()]
        return process.returncode, lines[-1] if lines else f"the build ended with {process.returncode}"
