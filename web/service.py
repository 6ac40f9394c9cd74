"""Serve one generation, and swap in a newer one while requests go on."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from index.errors import (
    CorruptSnapshotError,
    ForeignIndexError,
    IndexingError,
    StoreUnavailableError,
    UnreadableSnapshotError,
)
from index.generation.source import FolderSource, Source

if TYPE_CHECKING:  # importing the web package must not load the models' runtime
    from qa.answerer import Answerer

CHECK_EVERY_S = 1.0
# Retry a generation that failed to open after this many checks, even if CURRENT is unchanged.
RETRY_AFTER_CHECKS = 30

Reload = Literal["swapped", "failed"]

log = logging.getLogger(__name__)


class IndexUnavailableError(Exception):
    """There is no generation to answer from. `cause` is what the last attempt to open one raised."""

    def __init__(self, cause: Exception) -> None:
        self.cause = cause
        super().__init__(describe(cause))


class IndexReplacedError(Exception):
    """The index folder no longer holds the index that is served, so that articles sent now would be lost in another."""

    def __init__(self, fact: str) -> None:
        self.fact = fact
        super().__init__(f"{fact}, so nothing was accepted; the index from before is still served")


def describe(failure: Exception) -> str:
    """Describe a failure to a client: an IndexingError by its own text, any other without details."""
    if isinstance(failure, IndexingError):
        return str(failure)
    return "the index could not be opened; the server's log says why"


class Service:
    """Holds the Answerer that requests use. `refresh` opens a newer generation beside it and then swaps the two.

    No request opens a generation or waits for one. A request keeps the Answerer it began with, and the old generation
    is freed after its last request.
    """

    def __init__(self, index_dir: Path, open_generation: Callable[[], Answerer], source: Source | None = None) -> None:
        """Open the current generation, if there is one. `source` tells which it is; by default the index folder."""
        self.index_dir = index_dir
        self._source = source or FolderSource(index_dir)
        self._open_generation = open_generation
        self._refreshing = threading.Lock()
        self._stopping = threading.Event()
        self._watcher: threading.Thread | None = None
        self._answerer: Answerer | None = None
        self._first = ""  # the first generation of the index that is served, once there is one
        self._failure: Exception | None = None
        self._reload_error = ""
        self._tried = ""  # the generation that CURRENT named at the last attempt
        self._checks_until_retry = 0
        self._reloads: Counter[Reload] = Counter()
        self.refresh()

    @property
    def reload_error(self) -> str:
        """Why the newest generation is not served; empty when it is."""
        return self._reload_error

    @property
    def away(self) -> str:
        """Why the store is away, of which the generation is still held; empty when it is there."""
        return self._reload_error if isinstance(self._failure, StoreUnavailableError) else ""

    @property
    def reloads(self) -> Mapping[Reload, int]:
        """How many attempts to open a generation succeeded and failed since the start."""
        return self._reloads

    def answerer(self) -> Answerer:
        """Return the Answerer to use for a whole request; raise IndexUnavailableError if there is none."""
        answerer = self._answerer
        if answerer is None:
            raise IndexUnavailableError(self._failure or RuntimeError("no generation has been opened"))
        return answerer

    def serving(self) -> Answerer | None:
        """Return the Answerer, or None if there is none."""
        return self._answerer

    @property
    def first(self) -> str:
        """The first generation of the index that is served; empty before there is one."""
        return self._first

    def fault(self) -> str:
        """Say why CURRENT does not name a generation of the index that is served; empty if it does."""
        try:
            return self._source.fault(self._first) if self._first else ""
        except OSError as error:
            return f"{self.index_dir} cannot be read: {error.strerror}"

    def check_folder(self) -> None:
        """Raise IndexReplacedError unless the folder still holds the index that is served."""
        fault = self.fault()
        if fault:
            raise IndexReplacedError(fault)

    def current(self) -> str:
        """Return the name of the generation that CURRENT names, or "" if it cannot be read."""
        try:
            return self._source.current()
        except IndexingError:
            return ""

    def held(self) -> str:
        """Return the name of the generation that a roll-back holds, or "" if none is held or the disk fails."""
        try:
            return self._source.held()
        except OSError:
            return ""

    def replace_damaged(self, generation: str, found: Sequence[CorruptSnapshotError | UnreadableSnapshotError]) -> None:
        """Serve another generation instead of this one, of which files were `found` to have changed.

        If there is no whole one, serve none, unless the files are only gone: what was opened of them is still there.
        """
        with self._refreshing:
            if self._answerer is None or self._answerer.state.generation != generation:
                return
            try:
                self._tried = generation
                self._swap_to(self._open_if_ours())
            except Exception as failure:  # noqa: BLE001  # whatever it is, damaged files must not be answered from
                if any(isinstance(error, CorruptSnapshotError) and error.found != "missing" for error in found):
                    self._answerer = None
                self._failed_with(failure)

    def refresh(self) -> None:
        """Switch to the current generation if it has changed.

        If it cannot be opened, keep serving the one before; `reload_error` says why.
        """
        with self._refreshing:
            self._refresh()

    def watch(self) -> None:
        """Refresh about every second, in a thread, until `stop`."""
        self._watcher = threading.Thread(target=self._watch, name="generations", daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        """End the thread of `watch`; keep serving."""
        self._stopping.set()
        if self._watcher is not None:
            self._watcher.join()

    def _watch(self) -> None:
        while not self._stopping.wait(CHECK_EVERY_S):
            self.refresh()

    def _refresh(self) -> None:
        generation = ""
        try:
            generation = self._source.current()
            if self.away and self._is_served(generation):
                self._tried, self._failure, self._reload_error = generation, None, ""  # it is back as it was
            if generation == self._tried and not self._is_time_to_retry():
                return
            self._tried = generation
            opened = self._open_if_ours()
        except StoreUnavailableError as failure:
            self._tried = ""  # tried again with the next check
            self._failed_with(failure)
            return
        except Exception as failure:  # noqa: BLE001  # whatever is wrong with the new generation, keep serving the old one
            self._tried = generation
            fault = self.fault()
            self._failed_with(ForeignIndexError(self.index_dir, fault) if fault else failure)
            return
        self._swap_to(opened)

    def _open_if_ours(self) -> Answerer:
        fault = self.fault()
        if fault:
            raise ForeignIndexError(self.index_dir, fault)
        return self._open_generation()

    def _swap_to(self, opened: Answerer) -> None:
        before = self._answerer
        if before is None or before.state.generation != opened.state.generation:
            self._answerer = opened
            self._first = self._first or opened.first
            self._reloads["swapped"] += 1
        self._failure = None
        if opened.degraded:
            self._failed(opened.degraded, None)
        else:
            self._reload_error = ""

    def _is_served(self, generation: str) -> bool:
        return self._answerer is not None and self._answerer.state.generation == generation

    def _is_time_to_retry(self) -> bool:
        if not self._reload_error:
            return False
        self._checks_until_retry -= 1
        return self._checks_until_retry <= 0

    def _failed_with(self, failure: Exception) -> None:
        self._failed(describe(failure), failure)

    def _failed(self, why: str, failure: Exception | None) -> None:
        self._checks_until_retry = RETRY_AFTER_CHECKS
        self._reloads["failed"] += 1
        if why != self._reload_error or repr(failure) != repr(self._failure):  # log it once
            unforeseen = None if isinstance(failure, IndexingError) else failure
            log.error("the current generation of %s cannot be served: %s", self.index_dir, failure or why,
                      exc_info=unforeseen)
        self._failure, self._reload_error = failure, why
