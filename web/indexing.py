"""Index accepted articles while the server serves: in a separate process, once no more arrive."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Literal

from index.errors import IndexingError
from index.exit_codes import EXIT_LOCKED
from index.settings import ADMIN_TOKEN, LOGIN_PASSWORD
from web.service import Service
from web.waiting import Waiting

Outcome = Literal["done", "locked", "failed"]

LOOK_EVERY_S = 3.0
# A build starts when nothing has arrived for QUIET_S, and at the latest SETTLED_AFTER_S after the first arrival.
QUIET_S = 1.0
SETTLED_AFTER_S = 5.0
RETRY_LOCKED_S = 2.0
RETRY_FAILED_S = (5.0, 300.0)  # the first delay and the longest
STOP_TIMEOUT_S = 10.0
NICENESS = 10

log = logging.getLogger(__name__)


def update_command(service: Service, model: str | None) -> list[str]:
    """Return the command that takes in the inbox, with the model and runtime of the generation being served."""
    command = [sys.executable, "-m", "build_index", "--update", "--index-dir", str(service.index_dir)]
    serving = service.serving()
    if serving is not None:
        built_with = serving.snapshot.model
        command += ["--continues", service.first] if service.first else []
        return [*command, "--model", model or built_with.name, "--runtime", built_with.runtime]
    return [*command, "--model", model] if model else command


class Indexing:
    """Runs a command in a thread, between `start` and `stop`, whenever articles wait.

    The command must exit with 0 when it has taken them in, and with 75 when another build holds the lock.
    """

    def __init__(self, service: Service, waiting: Waiting, command: Callable[[], Sequence[str]], *,
                 look_every_s: float = LOOK_EVERY_S, quiet_s: float = QUIET_S) -> None:
        self.waiting = waiting
        self._service = service
        self._command = command
        self._look_every_s, self._quiet_s = look_every_s, quiet_s
        self._error = ""
        self._builds: Counter[Outcome] = Counter()
        self._is_faulty = False  # `_error` is a fault of the folder
        self._failures = 0  # since the last successful build
        self._arrived = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    @property
    def error(self) -> str:
        """Why the last build failed; empty if it succeeded."""
        return self._error

    @property
    def builds(self) -> Mapping[Outcome, int]:
        """How many builds ended in each way since the start."""
        return self._builds

    def notify(self) -> None:
        """Report that something arrived."""
        self._arrived.set()

    def start(self) -> None:
        """Start looking for waiting articles, including those accepted before the server started."""
        self._thread = threading.Thread(target=self._run, name="indexing", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and any build in progress, which leaves the index as it was."""
        with self._lock:
            self._stopping.set()
            if self._process is not None:
                self._process.terminate()
        self._arrived.set()
        if self._thread is not None:
            self._thread.join()

    def take_in(self) -> Outcome:
        """Run the command, wait for it to end and serve what it published. Raises OSError as the inbox does."""
        before = self.waiting.names()
        code, errors = self._run_command()
        if self._stopping.is_set():
            return "failed"
        outcome: Outcome = "done" if code == 0 else "locked" if code == EXIT_LOCKED else "failed"
        error = errors if outcome == "failed" else ""
        if outcome == "done":
            self._service.refresh()
            if before and before == self.waiting.names():
                outcome, error = "failed", "the build took in none of the waiting articles"
        self._builds[outcome] += 1
        if error and error != self._error:  # log an error once, not at every attempt
            log.error("the waiting articles could not be indexed: %s", error)
        if outcome != "locked":
            self._error = error
            # After builds that were killed, the next ones look for what they die of, so no longer and longer pauses.
            self._failures = 0 if not error else 1 if code < 0 else self._failures + 1
        return outcome

    def _run(self) -> None:
        while not self._stopping.is_set():
            if not self._has_waiting() or self._must_wait():
                self._arrived.wait(self._look_every_s)
                self._arrived.clear()
                continue
            self._settle()
            if self._stopping.is_set():
                return
            match self._take_in_if_it_can_be_read():
                case "locked":
                    self._stopping.wait(RETRY_LOCKED_S)
                case "failed":
                    first, most = RETRY_FAILED_S
                    self._stopping.wait(min(first * 2 ** min(self._failures - 1, 10), most))

    def _take_in_if_it_can_be_read(self) -> Outcome:
        try:
            return self.take_in()
        except (OSError, IndexingError) as error:
            self._error = str(error)
            self._failures += 1
            return "failed"

    def _has_waiting(self) -> bool:
        """Tell whether articles wait; if that cannot be read now, say why, and look again later."""
        try:
            return bool(self.waiting.names())
        except (OSError, IndexingError) as error:
            if str(error) != self._error:
                log.error("the waiting articles cannot be read: %s", error)  # noqa: TRY400  # no trace helps
            self._error = str(error)
            return False

    def _must_wait(self) -> bool:
        """Tell whether nothing may be published now: a roll-back holds, or the folder holds another index."""
        fault = self._service.fault()
        if fault and fault != self._error:
            log.error("the waiting articles are not indexed: %s", fault)
        if fault or self._is_faulty:
            self._error = fault
        self._is_faulty = bool(fault)
        return self._is_faulty or bool(self._service.held())

    def _settle(self) -> None:
        """Wait until no more articles arrive, so that a hundred sent one by one take one build."""
        at_the_latest = time.monotonic() + SETTLED_AFTER_S
        while time.monotonic() < at_the_latest and not self._stopping.is_set():
            self._arrived.clear()
            if not self._arrived.wait(self._quiet_s):
                return

    def _run_command(self) -> tuple[int, str]:
        """Return the exit code, and the last line of the command's error stream."""
        secret = (ADMIN_TOKEN.variable, LOGIN_PASSWORD.variable)
        environment = {name: value for name, value in os.environ.items() if name not in secret}
        with self._lock:
            if self._stopping.is_set():
                return 1, ""
            try:
                # A session of its own: Ctrl+C at the terminal then reaches the server alone, which ends this process.
                self._process = process = subprocess.Popen(  # noqa: S603  # the program itself, without a shell
                    self._command(), env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True)
            except OSError as error:
                return 1, str(error)
        with suppress(OSError):  # where the system forbids it, or the process has ended
            os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)  # questions take precedence
        try:
            errors = process.communicate()[1]
        finally:
            with self._lock:
                self._process = None
        lines = [line.strip() for line in errors.splitlines() if line.strip()]
        return process.returncode, lines[-1] if lines else f"the build ended with {process.returncode}"
