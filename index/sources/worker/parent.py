"""Read documents in a separate process, with limits on memory, time and output.

A document that breaks a limit ends the separate process, but never the build. It becomes a rejection that names the
limit, and a new process reads the next document.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from index.errors import IndexingError
from index.sources.kinds import STREAMED, known_suffix
from index.sources.rejections import Rejection
from index.sources.types import MAX_ARTICLE_BYTES, PlacedArticle, SourceFile
from index.sources.worker.child import READY
from index.sources.worker.wire import (
    HEADER,
    Answer,
    GarbageError,
    Request,
    max_answer_bytes,
    parse_answer,
    request_bytes,
    write_frame,
)

READERS = "index.sources.kinds:READERS"
PIECE_BYTES = 1024 * 1024
START = ("import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); "
         "from index.sources.worker.child import main; main()")
# The only environment variables that a reader gets, so that it cannot see the server's secrets.
ENVIRONMENT = ("PATH", "HOME", "LANG", "TZ", "TMPDIR", "LD_LIBRARY_PATH")
ENVIRONMENT_PREFIXES = ("LC_", "PYTHON")
START_S = 60.0
SIMPLIFY = "split it, or save it as plain text"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost.

    `memory_bytes` limits the process's address space, including Python and the parsers. `cpu_s` (processor time, whole
    seconds) and `wall_s` (elapsed seconds) apply to a whole document or, in a stream, to each next record. `articles`
    limits the articles in a document that is not a stream.
    """

    memory_bytes: int = 1024 * 1024 * 1024
    cpu_s: int = 30
    wall_s: float = 60.0
    articles: int = 10_000


class WorkerStartError(IndexingError):
    """The reading process does not start. The installation is at fault, not a document."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the process that reads documents does not start ({what}); its error is printed above; "
                         f"install the program again")


class StoppedError(Exception):
    """A document made the worker end, or exceeded a limit. `is_final` tells that another try would not help."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        self.reason, self.is_final = reason, is_final
        super().__init__(reason)


class Worker:
    """One child process, started by the constructor. Only one thread may use it at a time."""

    def __init__(self, limits: Limits, readers: str) -> None:
        self._limits = limits
        self.is_fresh = True
        request_end, self._requests = os.pipe()
        self._answers, answer_end = os.pipe()
        lifeline_end, self._lifeline = os.pipe()
        theirs = (request_end, answer_end, lifeline_end)
        try:
            # Start a new interpreter, since a fork would inherit the locks of other threads and the models. Give it its
            # own process group, so that Ctrl-C reaches only the build, which then closes the worker.
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and code
                [sys.executable, "-P", "-c", START, json.dumps(sys.path), readers, str(limits.memory_bytes),
                 str(limits.cpu_s), *map(str, theirs)],
                pass_fds=theirs, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, process_group=0,
                env={name: value for name, value in os.environ.items()
                     if name in ENVIRONMENT or name.startswith(ENVIRONMENT_PREFIXES)})
        except BaseException:
            for descriptor in (self._requests, self._answers, self._lifeline):
                os.close(descriptor)
            raise
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        os.set_blocking(self._answers, False)
        self._received = bytearray()
        try:
            if self._frame(START_S, len(READY)) != READY:
                raise WorkerStartError("no greeting")
        except StoppedError as error:
            self.close()
            raise WorkerStartError(error.reason) from None
        except BaseException:
            self.close()
            raise

    @property
    def process_id(self) -> int:
        """The child process's id."""
        return self._process.pid

    def read(self, request: Request, *, is_stream: bool) -> Iterator[Answer]:
        """Yield the answers to a request; the last one has an ending.

        Raises StoppedError if the document made the worker end or break a limit. The caller must then close the worker.

        The clock runs only while this method waits, so that a slow caller does not use up the document's time.
        """
        self.is_fresh = False
        limits, wait_s = self._limits, self._limits.wall_s
        try:
            write_frame(self._requests, request_bytes(request))
        except BrokenPipeError:
            raise StoppedError(self._how_it_ended()) from None
        while True:
            started = time.monotonic()
            payload = self._frame(wait_s, max_answer_bytes(request.max_article_bytes))
            if not is_stream:
                wait_s -= time.monotonic() - started
            try:
                answer = parse_answer(payload, request.file.path)
            except GarbageError:
                raise StoppedError(f"made its reader answer what is no article; {SIMPLIFY}") from None
            if answer.ending == "memory":
                yield Answer(answer.outcomes, "")
                raise StoppedError(f"needs more than the {limits.memory_bytes >> 20:,} MiB of memory that a document "
                                   f"may take to be read; {SIMPLIFY}")
            yield answer
            if answer.ending:
                return

    def close(self) -> None:
        """Kill the process and collect its exit status."""
        for name in ("_requests", "_answers", "_lifeline"):
            descriptor = getattr(self, name)
            if descriptor >= 0:
                os.close(descriptor)
                setattr(self, name, -1)
        self._process.kill()
        self._process.wait()

    def _frame(self, wait_s: float, max_bytes: int) -> bytes:
        deadline = time.monotonic() + wait_s
        header = self._bytes(HEADER.size, deadline)
        (size,) = HEADER.unpack(header)
        if size > max_bytes:
            raise StoppedError(f"made its reader give more than {max_bytes:,} bytes at once; {SIMPLIFY}", is_final=True)
        return self._bytes(size, deadline)

    def _bytes(self, count: int, deadline: float) -> bytes:
        readable = select.poll()
        readable.register(self._answers, select.POLLIN)
        while len(self._received) < count:
            wait_s = deadline - time.monotonic()
            if wait_s <= 0 or not readable.poll(wait_s * 1000):
                raise StoppedError(f"took longer than {self._limits.wall_s:g} s to read; {SIMPLIFY}", is_final=True)
            with suppress(BlockingIOError):
                piece = os.read(self._answers, PIECE_BYTES)
                if not piece:
                    raise StoppedError(self._how_it_ended(), is_final=self._ran_out_of_time())
                self._received += piece
        content = bytes(memoryview(self._received)[:count])
        del self._received[:count]
        return content

    def _ran_out_of_time(self) -> bool:
        return self._process.returncode == -signal.SIGXCPU

    def _how_it_ended(self) -> str:
        try:
            code = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return f"made its reader close its answer; {SIMPLIFY}"
        if self._ran_out_of_time():
            return f"took more than {self._limits.cpu_s} s of processor time to read; {SIMPLIFY}"
        if code >= 0:
            return f"made its reader end with exit code {code}; {SIMPLIFY}"
        try:
            name = signal.Signals(-code).name
        except ValueError:  # a real-time signal has no name
            name = f"signal {-code}"
        remedy = "see whether the machine is out of memory" if name == "SIGKILL" else SIMPLIFY
        return f"made its reader crash ({name}); {remedy}"


class Reading:
    """Reads files in workers. Idle workers are reused, ended ones replaced. Safe for use by several threads.

    `readers` says where the worker finds its table of readers, as `module:NAME`.
    """

    def __init__(self, limits: Limits | None = None, *, readers: str = READERS) -> None:
        self.limits = limits or Limits()
        self._readers = readers
        self._idle: list[Worker] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def idle(self) -> tuple[Worker, ...]:
        """The workers that wait for their next file."""
        with self._lock:
            return tuple(self._idle)

    def close(self) -> None:
        """End the idle workers. The next file starts a new one."""
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.close()

    def read(self, file: SourceFile, *,
             max_article_bytes: int = MAX_ARTICLE_BYTES) -> Iterator[PlacedArticle | Rejection]:
        """Yield every record of `file`, as an article or a rejection, as soon as it is read.

        If a document ends its worker, a new worker reads the document once more, since an earlier document may have
        been the cause. The new worker sends each record at once, so that no record before the faulty one is lost. A
        document that ran out of time is not tried again, unless it is a stream, whose earlier records would be lost.

        Raises WorkerStartError if the worker does not start, and OSError if no process can be created.
        """
        is_stream = known_suffix(file.path.name) in STREAMED
        given = 0
        last_line: int | None = None
        for is_last_try in (False, True):
            worker = self._take(fresh=is_last_try)
            request = Request(file, max_article_bytes, skipped=given, is_unbatched=is_last_try or not is_stream)
            is_alone = worker.is_fresh and request.is_unbatched
            is_spent = True
            try:
                for answer in worker.read(request, is_stream=is_stream):
                    for outcome in answer.outcomes:
                        if given == self.limits.articles and not is_stream:
                            yield Rejection(file.path, None, f"holds more than {given:,} articles; split it")
                            return
                        given += 1
                        last_line = outcome.line
                        yield outcome
                    is_spent = answer.ending != "done"
            except StoppedError as error:
                if not is_alone and (is_stream or not error.is_final):
                    continue
                after = f"is read no further than line {last_line}: the rest " if last_line is not None else ""
                yield Rejection(file.path, None, after + error.reason)
            finally:
                if is_spent:
                    worker.close()
                else:
                    self._give_back(worker)
            return

    def _take(self, *, fresh: bool) -> Worker:
        with self._lock:
            worker = self._idle.pop() if self._idle and not fresh else None
        return worker or Worker(self.limits, self._readers)

    def _give_back(self, worker: Worker) -> None:
        with self._lock:
            spare = [] if not self._idle else [worker]
            self._idle = self._idle or [worker]
        for other in spare:
            other.close()


SHARED = Reading()
atexit.register(SHARED.close)
