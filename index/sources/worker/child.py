"""The child process that reads documents: one file at a time, within limits.

It limits what a document can cost, and keeps a crash from ending the build. It is not a sandbox against a parser that
runs an attacker's code.
"""

from __future__ import annotations

import fcntl
import importlib
import math
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from select import POLLIN, poll
from typing import Any

from index.sources.rejections import Rejection
from index.sources.types import PlacedArticle, Reader
from index.sources.worker.reading import outcomes_of
from index.sources.worker.wire import HEADER, Ending, Request, answer_bytes, outcome_text, parse_request, write_frame

READY = b"ready"
BATCH_CHARS = 128 * 1024
BATCH_S = 0.2
OPEN_FILES = 64
# Replace a process that has grown by more: the next document needs the memory.
MAX_GROWTH_BYTES = 128 * 1024 * 1024
FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork")


def main() -> None:
    """Run `child MODULE:READERS MEMORY_BYTES CPU_S REQUESTS ANSWERS LIFELINE`. The last three are file descriptors."""
    table, memory_bytes, cpu_s, *descriptors = sys.argv[1:]
    requests, answers, lifeline = map(int, descriptors)
    _die_with_the_parent(lifeline)
    module, _, name = table.partition(":")
    readers: Mapping[str, Reader] = getattr(importlib.import_module(module), name)
    limit_memory_and_files(int(memory_bytes))
    write_frame(answers, READY)
    _silence()
    answer_requests(requests, answers, readers, cpu_s=int(cpu_s))


def answer_requests(requests: int, answers: int, readers: Mapping[str, Reader], *, cpu_s: int) -> None:
    """Read the requested files until the parent closes `requests`. `requests` and `answers` are file descriptors."""
    bytes_at_start = _address_space_bytes()
    while (request := _next_request(requests)) is not None:
        renew_cpu_limit(cpu_s)
        ending: Ending = "done"
        sender = Sender(answers, request, cpu_s)
        try:
            for outcome in _skipping(outcomes_of(request.file, readers, max_article_bytes=request.max_article_bytes),
                                     request.skipped):
                sender.add(outcome)
        except MemoryError:
            ending = "memory"
        if ending == "done" and _address_space_bytes() > bytes_at_start + MAX_GROWTH_BYTES:
            ending = "worn"
        sender.send(ending)


class Sender:
    """Sends outcomes in batches, large enough to be cheap and soon enough that the parent does not wait."""

    def __init__(self, answers: int, request: Request, cpu_s: int) -> None:
        self._answers, self._request, self._cpu_s = answers, request, cpu_s
        self._texts: list[str] = []
        self._chars, self._sent_at = 0, time.monotonic()

    def add(self, outcome: PlacedArticle | Rejection) -> None:
        """Add the outcome to the batch, and send the batch if it is large or old enough."""
        text = self._storable(outcome)
        if self._chars + len(text) > BATCH_CHARS and self._texts:
            self.send("")
        self._texts.append(text)
        self._chars += len(text)
        if self._request.is_unbatched or time.monotonic() - self._sent_at > BATCH_S:
            self.send("")

    def send(self, ending: Ending) -> None:
        """Send the batch, with `ending`. Then restart the limit on processor time, since the document makes progress.
        """
        write_frame(self._answers, answer_bytes(self._texts, ending))
        self._texts, self._chars, self._sent_at = [], 0, time.monotonic()
        renew_cpu_limit(self._cpu_s)

    def _storable(self, outcome: PlacedArticle | Rejection) -> str:
        text = outcome_text(outcome)
        try:
            text.encode()
        except UnicodeEncodeError:
            return outcome_text(Rejection(self._request.file.path, outcome.line,
                                          "holds half of a surrogate pair; save it as UTF-8 text"))
        return text


def limit_memory_and_files(memory_bytes: int) -> None:
    """Limit address space and open files. Forbid writing, core files, the network and starting other programs."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    sys.dont_write_bytecode = True
    sys.addaudithook(_refuse)


def renew_cpu_limit(cpu_s: int) -> None:
    """Allow `cpu_s` seconds of processor time from now.

    It may be up to a second more, because the kernel counts whole seconds.
    """
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(usage.ru_utime + usage.ru_stime) + cpu_s, hard))


def _refuse(event: str, _arguments: tuple[Any, ...]) -> None:
    if event.startswith(FORBIDDEN):
        raise PermissionError(1, f"{event} is not allowed to a reader")


def _die_with_the_parent(lifeline: int) -> None:
    """Have the kernel end this process when the parent's end of the pipe closes, even while a parser is in a loop.

    PR_SET_PDEATHSIG would end it with the parent's *thread*, which may end long before the parent does.
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGIO, signal.SIGXCPU))
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
    closed = poll()
    closed.register(lifeline, POLLIN)
    if closed.poll(0):  # the parent ended before this was set up
        sys.exit()


def _silence() -> None:
    """Discard standard output and error, because a document must not write to the build's terminal."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _next_request(descriptor: int) -> Request | None:
    header = _read_exactly(descriptor, HEADER.size)
    payload = _read_exactly(descriptor, *HEADER.unpack(header)) if header else b""
    return parse_request(payload) if payload else None


def _read_exactly(descriptor: int, size: int) -> bytes:
    """Read exactly `size` bytes; return b"" if the parent closes its end first."""
    content = b""
    while len(content) < size:
        piece = os.read(descriptor, size - len(content))
        if not piece:
            return b""
        content += piece
    return content


def _skipping(outcomes: Iterator[PlacedArticle | Rejection], count: int) -> Iterator[PlacedArticle | Rejection]:
    for number, outcome in enumerate(outcomes):
        if number >= count:
            yield outcome


def _address_space_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()
