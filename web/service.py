"""The generation that is being served, and the change to a newer one while requests go on."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import IndexingError
from index.generations import current_generation

if TYPE_CHECKING:  # importing the web package must not load the models' runtime
    from qa.answerer import Answerer

log = logging.getLogger(__name__)


class IndexUnavailableError(Exception):
    """There is no generation to answer from. `cause` is why the last attempt to open one failed."""

    def __init__(self, cause: Exception) -> None:
        self.cause = cause
        super().__init__(describe(cause))


def describe(failure: Exception) -> str:
    """The text of a failure for people outside: an IndexingError's own, and no internals of any other."""
    if isinstance(failure, IndexingError):
        return str(failure)
    return "the index could not be opened; the server's log says why"


class Service:
    """Holds the current Answerer. A newer generation is opened beside it and then takes its place.

    At most every `check_every_s` one request looks which generation is current. When it is another one, that request
    opens it while the others go on with the old one; where that fails, the old one stays, `failure` says why, and the
    same generation is tried again after `retry_every_s`.
    """

    def __init__(self, index_dir: Path, open_generation: Callable[[], Answerer], *, check_every_s: float = 1.0,
                 retry_every_s: float = 30.0, clock: Callable[[], float] = time.monotonic) -> None:
        self.index_dir = index_dir
        self._open_generation = open_generation
        self._check_every_s, self._retry_every_s, self._clock = check_every_s, retry_every_s, clock
        self._refreshing = threading.Lock()
        self._answerer: Answerer | None = None
        self._failure: Exception | None = None
        self._failed: tuple[str, float] | None = None  # the generation that did not open, and when to try it again
        self._check_at = clock()
        self._refresh_if_due()

    @property
    def failure(self) -> Exception | None:
        """Why the newest generation is not the one being served; None when it is."""
        return self._failure

    def answerer(self) -> Answerer:
        """The Answerer to use for one whole request; raises IndexUnavailableError when there is none."""
        self._refresh_if_due()
        answerer = self._answerer
        if answerer is None:
            raise IndexUnavailableError(self._failure or RuntimeError("no generation has been opened"))
        return answerer

    def _refresh_if_due(self) -> None:
        if self._clock() < self._check_at:
            return
        # Whoever has an old generation to answer from does not wait for the new one.
        if not self._refreshing.acquire(blocking=self._answerer is None):
            return
        try:
            if self._clock() >= self._check_at:
                self._refresh()
                self._check_at = self._clock() + self._check_every_s
        finally:
            self._refreshing.release()

    def _refresh(self) -> None:
        generation: str | None = None
        try:
            generation = current_generation(self.index_dir)
            if self._answerer is None or self._answerer.state.generation != generation:
                if self._failed is not None and self._failed[0] == generation and self._clock() < self._failed[1]:
                    return
                self._answerer = self._open_generation()
        except Exception as failure:  # noqa: BLE001  # whatever is wrong with the new one, the old goes on serving
            self._report(failure)
            self._failure = failure
            self._failed = None if generation is None else (generation, self._clock() + self._retry_every_s)
        else:
            self._failure = self._failed = None

    def _report(self, failure: Exception) -> None:
        """Log a failure once, not at every attempt."""
        if self._failure is not None and repr(failure) == repr(self._failure):
            return
        unexpected = None if isinstance(failure, IndexingError) else failure
        log.error("the current generation of %s cannot be served: %s", self.index_dir, failure, exc_info=unexpected)
