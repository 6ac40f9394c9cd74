"""Keep the reasons why documents were rejected, for the operator.

    INDEX_DIR/quarantine/NAME.bin    the bytes of a fetched document, which has no file of its own

A rejection is named by a hash of its place and reason, so that the same rejection again is the same record. Nothing
here is ever read as an article. The documents are files, up to 256 MiB in all, since each opening of the database would
read them.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.intake.records import put, remove
from index.intake.state import State
from index.sources import Rejection

MAX_ENTRIES = 10_000
MAX_CONTENT_BYTES = 4 * 1024 * 1024
MAX_ALL_CONTENT_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A rejection. `document` is a path or the address that it was fetched from.

    `rejected` is the time of the first rejection (ISO 8601, UTC). `content` is a file with the first
    `MAX_CONTENT_BYTES` of a fetched document, or None.
    """

    name: str
    document: str
    line: int | None
    reason: str
    article_id: str
    rejected: str
    content: Path | None


class Quarantine:
    """The rejections of an index folder, for one build.

    Nothing relies on them: if the disk is full or fails, rejections are lost and the build goes on. `failure` is then
    the first error, in words. Beyond `MAX_ENTRIES`, no more rejections are kept.
    """

    def __init__(self, index_dir: Path, *, state: State | None = None) -> None:
        self._folder = index_dir / "quarantine"
        self._state = state or State(index_dir)
        self._put: set[str] = set()
        self.failure = ""
        self._names = {entry.name for entry in self.listed()}
        self._content_bytes = sum(_size(path) for path in self._folder.glob("*.bin"))

    def put(self, rejection: Rejection, *, address: str = "", content: bytes | None = None,
            now: datetime | None = None) -> bool:
        """Store a rejection and, for a fetched document, its `content`; return whether both are stored."""
        document = address or str(rejection.path)
        name = _name_of(document, rejection)
        self._put.add(name)
        if name in self._names:
            return True
        if len(self._names) >= MAX_ENTRIES:
            return False
        fields = {"document": document, "line": rejection.line, "reason": rejection.reason,
                  "article_id": rejection.article_id, "rejected": (now or datetime.now(UTC)).isoformat()}
        kept = (content or b"")[:MAX_CONTENT_BYTES]
        try:
            if content is not None and self._content_bytes + len(kept) <= MAX_ALL_CONTENT_BYTES:
                self._folder.mkdir(parents=True, exist_ok=True)
                _write(self._folder / f"{name}.bin", kept)
                self._content_bytes += len(kept)
            record = json.dumps(fields).encode()  # in ASCII: a path may be no text
            # What a power cut loses here, the next build finds again.
            self._state.write(lambda connection: put(connection, "rejections", name, record), is_durable=False)
        except OSError as error:
            self.failure = self.failure or f"{self._folder}: {error.strerror or error}"
            return False
        self._names.add(name)
        return True

    def listed(self) -> list[Quarantined]:
        """Return the stored rejections, sorted by document and line."""
        entries = []
        try:
            kept = self._state.records("rejections")
        except OSError as error:
            self.failure = self.failure or f"{self._folder}: {error.strerror or error}"
            return []
        for record in kept:
            fields = json.loads(record.content)
            content = self._folder / f"{record.key}.bin"
            entries.append(Quarantined(
                record.key, str(fields["document"]), fields["line"], str(fields["reason"]), str(fields["article_id"]),
                str(fields["rejected"]), content if content.exists() else None))
        return sorted(entries, key=lambda entry: (entry.document, entry.line or 0, entry.reason))

    def clear(self, documents: Collection[str]) -> int:
        """Delete the rejections of `documents`, which were read again or no longer exist; return their number.

        Rejections that this object has added are kept.
        """
        cleared = [entry.name for entry in self.listed() if entry.document in documents and entry.name not in self._put]
        if not cleared:
            return 0
        try:
            self._state.write(lambda connection: remove(connection, "rejections", cleared), is_durable=False)
            for name in cleared:
                (self._folder / f"{name}.bin").unlink(missing_ok=True)
        except OSError as error:
            self.failure = self.failure or f"{self._folder}: {error.strerror or error}"
            return 0
        self._names.difference_update(cleared)
        return len(cleared)


def _name_of(document: str, rejection: Rejection) -> str:
    key = "\0".join((document, str(rejection.line), rejection.reason))
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all. It is not synced: the next build rejects again what a power cut loses here."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise
