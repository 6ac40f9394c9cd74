"""Read the served generation's files again in the background, and serve another one once they have changed."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from index.errors import CorruptSnapshotError
from index.generation.folder import MANIFEST, Pause, damage
from web.service import Service

Verdict = Literal["whole", "damaged", "unreadable"]

# Sizes and times of the files are looked at this often, and what changed is read at once.
LOOK_EVERY_S = 1.0
# Without a sign of change, all files are read this often.
VERIFY_EVERY_S = 600
# Reading and hashing take this share of one core and of the disk at most, unless something changed.
SHARE = 0.1

log = logging.getLogger(__name__)


class Verifier:
    """Compares the files of the generation that a service serves with its manifest, in a thread."""

    def __init__(self, service: Service, every_s: float = VERIFY_EVERY_S, *,
                 look_every_s: float = LOOK_EVERY_S) -> None:
        self._service = service
        self._every_s, self._look_every_s = every_s, look_every_s
        self._verdicts: Counter[Verdict] = Counter()
        self._verified: datetime | None = None
        self._seen: tuple[object, ...] = ()
        self._due_in_s = every_s
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def verdicts(self) -> Mapping[Verdict, int]:
        """How many times a generation was read, by what was found."""
        return self._verdicts

    @property
    def verified(self) -> datetime | None:
        """When all files of the generation that is served were last read and found whole; None before that."""
        return self._verified

    def start(self) -> None:
        """Start the thread, unless `every_s` is 0."""
        if self._every_s:
            self._thread = threading.Thread(target=self._run, name="verification", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def look(self) -> None:
        """Read the files at once if their sizes or times changed, and slowly if it is time to."""
        serving = self._service.serving()
        if serving is None:
            return
        generation = serving.state.generation
        self._due_in_s -= self._look_every_s
        seen = (generation, *_signature(self._folder(generation)))
        has_changed = bool(self._seen) and self._seen[0] == generation and seen != self._seen
        if self._seen[:1] != (generation,):  # it was read whole when it was opened, a moment ago
            self._due_in_s, self._verified = self._every_s, None
            has_changed = _is_younger_than_its_manifest(self._folder(generation))
        self._seen = seen
        if has_changed:
            self.verify()
        elif self._due_in_s <= 0:
            self.verify(self._pause)

    def verify(self, pause: Pause | None = None) -> None:
        """Read every file; if one has changed, have the service serve another generation."""
        self._due_in_s = self._every_s
        serving = self._service.serving()
        if serving is None:
            return
        generation = serving.state.generation
        folder = self._folder(generation)
        found = damage(folder, pause or (lambda _seconds: None))
        if self._stopping.is_set() or (not folder.exists() and self._is_replaced(generation)):
            return  # a build or a roll-back made another generation current and this one was removed
        is_damaged = any(isinstance(error, CorruptSnapshotError) for error in found)
        self._verdicts["damaged" if is_damaged else "unreadable" if found else "whole"] += 1
        for error in found:
            log.error("the served generation has changed or cannot be read: %s", error)
        if is_damaged:
            self._service.replace_damaged(generation, found)
        elif not found:
            self._verified = datetime.now(UTC)

    def _run(self) -> None:
        while not self._stopping.wait(self._look_every_s):
            try:
                self.look()
            except Exception:  # whatever it is, the next look may succeed
                log.exception("the served generation could not be verified")

    def _pause(self, seconds: float) -> None:
        self._stopping.wait(seconds * (1 / SHARE - 1))

    def _folder(self, generation: str) -> Path:
        return self._service.index_dir / "generations" / generation

    def _is_replaced(self, generation: str) -> bool:
        return not self._service.fault() and self._service.current() != generation


def _is_younger_than_its_manifest(folder: Path) -> bool:
    """Tell whether a file was written after the manifest, which a build writes last."""
    try:
        made = (folder / MANIFEST).stat().st_mtime_ns
        return any(path.stat().st_mtime_ns > made for path in folder.iterdir())
    except OSError:
        return True


def _signature(folder: Path) -> tuple[object, ...]:
    """Return what tells of a change without reading: name, inode, size and time of each file."""
    try:
        found = [(path.name, path.stat()) for path in sorted(folder.iterdir())]
    except OSError:
        return ("gone",)
    return tuple((name, status.st_ino, status.st_size, status.st_mtime_ns) for name, status in found)

