"""Share the processor: how many cores there are, where work may give way to other work, and what it costs.

Long work calls `pause` between its pieces, and a caller that runs work for several clients, as the web server does,
sets a `Task` that decides. Without one, nothing waits and nothing is counted.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from itertools import islice
from typing import Protocol, TypeVar

T = TypeVar("T")
Result = TypeVar("Result")


class Task(Protocol):
    """The work of one request, which runs in one thread and may have pieces run in others."""

    def pause(self) -> None:
        """Wait while other work should go first."""

    def charge(self, seconds: float) -> None:
        """Count processor time that was spent in another thread. Threads may call it at once."""

    def outside(self) -> AbstractContextManager[None]:
        """Return a context in which the task waits for something outside this program, and takes up no place."""


_task: ContextVar[Task | None] = ContextVar("task", default=None)


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def working_on(task: Task | None) -> Iterator[None]:
    """Make the calls to `pause` in this thread ask this task; with None, nothing inside gives way or is counted."""
    token = _task.set(task)
    try:
        yield
    finally:
        _task.reset(token)


def pause() -> None:
    """Let other work go first, if the task says so.

    Never call it while holding a lock, or in a `cached_property`, which holds one: whoever goes first may need it.
    """
    task = _task.get()
    if task is not None:
        task.pause()


def paused_between(values: Iterable[T]) -> Iterator[T]:
    """Yield the values, and `pause` before each."""
    for value in values:
        pause()
        yield value


@contextmanager
def outside() -> Iterator[None]:
    """Wait inside for what another program does, while other work goes on. Never do so while holding a lock."""
    task = _task.get()
    with nullcontext() if task is None else task.outside():
        yield


@contextmanager
def without_pauses() -> Iterator[None]:
    """Do not give way inside. What is spent still counts."""
    task = _task.get()
    with working_on(None if task is None else _Unpaused(task)):
        yield


def counted(act: Callable[[], Result]) -> Callable[[], Result]:
    """Prepare work for another thread: the time that it spends there counts for the task of this one."""
    task = _task.get()
    if task is None:
        return act

    def measured() -> Result:
        started = time.thread_time()
        try:
            return act()
        finally:
            task.charge(time.thread_time() - started)

    return measured


class SideBySide:
    """Runs pieces of work on all cores, and on a single one in the calling thread. Threads may share it."""

    def __init__(self, name: str, workers: int | None = None) -> None:
        """Run as many at a time as there are cores, or `workers`; `name` is that of the threads."""
        self._workers = workers or cores()
        self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix=name)

    def map(self, act: Callable[[T], Result], values: Iterable[T]) -> list[Result]:
        """Return the results in order. The task may pause each time that all cores have had a piece."""
        left = iter(values)
        results: list[Result] = []
        while batch := list(islice(left, self._workers)):
            pause()
            results += self._run([lambda value=value: act(value) for value in batch])  # type: ignore[misc]
        return results

    def _run(self, acts: list[Callable[[], Result]]) -> list[Result]:
        """Run all but the first in other threads."""
        others = [self._pool.submit(counted(act)) for act in acts[1:]]
        return [acts[0](), *(other.result() for other in others)]


class _Unpaused:
    def __init__(self, task: Task) -> None:
        self.charge = task.charge
        self.outside = nullcontext

    def pause(self) -> None:
        pass
