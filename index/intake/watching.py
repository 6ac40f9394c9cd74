"""Watch files and the inbox for changes, and wait until there is something to index."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from index.errors import IndexingError
from index.intake.inbox import BELL, Inbox

# Changes come in bursts. A burst counts as over after QUIET_S seconds without a change, or BURST_S seconds after its
# first change.
QUIET_S = 1.0
BURST_S = 10.0
# Check for changes at least this often, because events can be lost: a network disk sends none, a queue may overflow.
RESCAN_EVERY_S = 300.0
SHARED_EVERY_S = 2.0
STOP_WITHIN_S = 0.5
# Events of reading a file, which change nothing.
_READ_EVENTS = frozenset({"opened", "closed_no_write"})


class Changes:
    """Collect changes noted by any thread, and let one thread wait for them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic,
                 condition: threading.Condition | None = None) -> None:
        self._clock = clock
        self._condition = condition or threading.Condition()
        self._first = self._last = 0.0
        self.stopped = threading.Event()

    def note(self) -> None:
        """Record that something changed."""
        with self._condition:
            self._last = self._clock()
            self._first = self._first or self._last
            self._condition.notify_all()

    def stop(self) -> None:
        """Make `wait` and `sleep` return, now and from now on. A signal handler may call this."""
        self.stopped.set()

    def sleep(self, seconds: float) -> None:
        """Sleep for `seconds`, or until stopped."""
        self.stopped.wait(seconds)

    def wait(self, longest_s: float) -> None:
        """Wait until a burst of changes is over, `longest_s` seconds pass without a change, or `stop` is called."""
        with self._condition:
            end = self._clock() + longest_s
            while not self.stopped.is_set():
                now = self._clock()
                due = min(self._last + QUIET_S, self._first + BURST_S) if self._first else end
                if now >= due:
                    break
                # Wake up often to see `stopped`: a signal handler runs in this thread, so it cannot notify the
                # condition, whose lock this thread may hold.
                self._condition.wait(min(due - now, STOP_WITHIN_S))
            self._first = self._last = 0.0


def note_arrivals(inbox: Inbox, changes: Changes, *, every_s: float = SHARED_EVERY_S) -> None:
    """Note in `changes` what servers elsewhere accept into a shared inbox, until stopped."""
    last: list[str] | None = None
    while not changes.stopped.is_set():
        try:
            newest = inbox.names()[-1:]
        except (OSError, IndexingError):  # the build says what is wrong
            newest = last or []
        if newest and newest != last:
            changes.note()
        last = newest
        changes.sleep(every_s)


@contextmanager
def watched(paths: Sequence[Path], index_dir: Path, changes: Changes) -> Iterator[None]:
    """While the `with` block runs, note in `changes` every change below the paths and in the inbox.

    A path that does not exist yet is noticed when it appears, provided that its parent folder exists now. Raises
    OSError when the system's limit on watches is reached.
    """
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
        if event.event_type in _READ_EVENTS:
            return
        paths = [Path(str(path)) for path in (event.src_path, event.dest_path) if path]
        if any(self._matters(path) for path in paths):
            self._changes.note()

    def _matters(self, path: Path) -> bool:
        """Tell whether a change to this path counts.

        Changes to hidden files, which are still being written, do not count. Neither do changes to files in the index
        folder, except the file `BELL`.
        """
        if path.name.startswith("."):
            return False
        return path == self._bell or not path.is_relative_to(self._bell.parent)


def _folders(paths: Iterable[Path]) -> set[tuple[Path, bool]]:
    """Return the folders to watch as pairs `(folder, is_recursive)`.

    For a path that is a file or does not exist, the parent folder is watched, without its subfolders.
    """
    folders = set()
    for path in paths:
        resolved = path.resolve()
        if resolved.is_dir():
            folders.add((resolved, True))
        elif resolved.parent.is_dir():
            folders.add((resolved.parent, False))
    return {(folder, is_recursive) for folder, is_recursive in folders if is_recursive or (folder, True) not in folders}
