"""Threads that work on requests, in order of arrival."""

from __future__ import annotations

import logging
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread

log = logging.getLogger(__name__)


class Workers:
    """A fixed number of threads. Unlike those of `concurrent.futures`, one that is stuck does not keep the process."""

    def __init__(self, count: int) -> None:
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads = [Thread(target=self._work, name=f"request-{number}", daemon=True)
                         for number in range(1, count + 1)]
        for thread in self._threads:
            thread.start()

    def submit(self, job: Callable[[], None]) -> None:
        """Run a job as soon as a thread is free."""
        self._jobs.put(job)

    def stop(self, timeout_s: float) -> None:
        """End the threads after the jobs that wait; leave behind those that take longer than `timeout_s`."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join(timeout_s)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except Exception:  # a thread lost to one request would be missing for all later ones
                log.exception("a request failed outside the application")
            del job  # until the next one comes, it would keep the request's memory
