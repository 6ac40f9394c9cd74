"""Waits for something to do: files that changed, entries in the inbox, a feed that is due."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from index.intake.inbox import BELL

# Changes come in bursts: one is over when nothing has come for so long, or has been coming for so much longer.
QUIET_S = 1.0
BURST_S = 10.0
# Events can be lost (a network disk sends none, a queue runs over): look anyway after so long.
LOOK_EVERY_S = 300.0
STOP_WITHIN_S = 0.5
# What only says that somebody looked at a file.
WITHOUT_CHANGE = frozenset({"opened", "closed_no_write"})


class Changes:
    """What changed since it was last asked; set from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._condition = threading.Condition()
        self._first = self._last = 0.0
        self.stopped = threading.Event()

    def note(self) -> None:
        """Something changed."""
        with self._condition:
            self._last = self._clock()
            self._first = self._first or self._last
            self._condition.notify_all()

    def stop(self) -> None:
        """Let `wait` return, now and from now on. May be called by the handler of a signal."""
        self.stopped.set()

    def sleep(self, seconds: float) -> None:
        """Return after so long, or when stopped."""
        self.stopped.wait(seconds)

    def wait(self, longest_s: float) -> None:
        """Return once a burst of changes is over, after `longest_s` seconds without any, or when stopped."""
        with self._condition:
            end = self._clock() + longest_s
            while not self.stopped.is_set():
                now = self._clock()
                due = min(self._last + QUIET_S, self._first + BURST_S) if self._first else end
                if now >= due:
                    break
                # Not longer: a handler of a signal runs in this thread and can take no lock that it holds.
                self._condition.wait(min(due - now, STOP_WITHIN_S))
            self._first = self._last = 0.0


@contextmanager
def watched(paths: Sequence[Path], index_dir: Path, changes: Changes) -> Iterator[None]:
    """Note in `changes` what happens below the paths, and what arrives in the inbox. A path that does not exist yet is
    noticed once it does, if the folder above it is there. Raises OSError when the system has no room for another
    watch."""
    index_dir.mkdir(parents=True, exist_ok=True)
    bell = index_dir.resolve() / BELL
    observer = Observer()
    for folder, is_recursive in sorted(_folders([*paths, bell])):
        observer.schedule(_Noted(changes, bell), str(folder), recursive=is_recursive)
    observer.start()
    try:
        yield
    finally:
        observer.stop()
        observer.join()


class _Noted(FileSystemEventHandler):
    def __init__(self, changes: Changes, bell: Path) -> None:
        self._changes = changes
        self._bell = bell

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in WITHOUT_CHANGE:
            return
        paths = [Path(str(path)) for path in (event.src_path, event.dest_path) if path]
        if any(self._matters(path) for path in paths):
            self._changes.note()

    def _matters(self, path: Path) -> bool:
        """Not what a build itself writes, nor files that are hidden while something writes them."""
        if path.name.startswith("."):
            return False
        return path == self._bell or not path.is_relative_to(self._bell.parent)


def _folders(paths: Iterable[Path]) -> set[tuple[Path, bool]]:
    """The folders to watch, and whether with all that is below: of a file, the one that holds it."""
    folders = set()
    for path in paths:
        resolved = path.resolve()
        if resolved.is_dir():
            folders.add((resolved, True))
        elif resolved.parent.is_dir():
            folders.add((resolved.parent, False))
    return {(folder, is_recursive) for folder, is_recursive in folders if is_recursive or (folder, True) not in folders}
