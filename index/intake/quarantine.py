"""Rejections of documents, kept for the program's operator to inspect.

    INDEX_DIR/quarantine/NAME.bin    the bytes of a fetched document, which has no file of its own

A rejection's name is a hash of its place and reason, so the same rejection is stored only once. Nothing in the
quarantine is ever read as an article. The documents are files outside the database, 256 MiB in total at most, because
the whole database is read each time that it is opened.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.intake.records import DamagedRecord, Record, encode_key, put, remove
from index.intake.state import State
from index.sources import Rejection
from index.sources.canonical import site_of

MAX_ENTRIES = 10_000
# One file, or one site of fetched documents, leaves room for the others.
MAX_ENTRIES_PER_ORIGIN = 1000
MAX_CONTENT_BYTES = 4 * 1024 * 1024
MAX_ALL_CONTENT_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One rejection in the quarantine.

    `document` is the document's path, or the address from which it was fetched. `rejected` is the time of its first
    rejection (ISO 8601, UTC). `content` is the file with the first `MAX_CONTENT_BYTES` of a fetched document, or None
    if no content was kept.
    """

    name: str
    document: str
    line: int | None
    reason: str
    article_id: str
    rejected: str
    content: Path | None


class Quarantine:
    """The rejections kept in an index folder, as seen by one build.

    Nothing relies on the quarantine: it only informs the operator. If the disk is full or fails, rejections are lost
    and the build goes on; `failure` then holds the message of the first error. At most `MAX_ENTRIES` rejections are
    kept, and `MAX_ENTRIES_PER_ORIGIN` of one file or one
    site.
    """

    def __init__(self, index_dir: Path, *, state: State | None = None) -> None:
        self._folder = index_dir / "quarantine"
        self._state = state or State(index_dir)
        self._put: dict[str, set[str]] = {}
        self.failure = ""
        self._names: dict[str, set[str]] = {}  # by document
        for entry in self.listed():
            self._names.setdefault(entry.document, set()).add(entry.name)
        self._counts: Counter[str] = Counter()
        for document, names in self._names.items():
            self._counts[_origin(document)] += len(names)
        self._content_bytes = sum(_size(path) for path in self._folder.glob("*.bin"))

    def put(self, rejection: Rejection, *, address: str = "", content: bytes | None = None,
            now: datetime | None = None) -> bool:
        """Keep a rejection; return whether it is in the quarantine now.

        `content` is the fetched document, if there is one. Its first `MAX_CONTENT_BYTES` are kept too, unless the kept
        documents would exceed `MAX_ALL_CONTENT_BYTES` in total. `address` is where it was fetched.
        """
        document = address or str(rejection.path)
        name = _name_of(document, rejection)
        self._put.setdefault(document, set()).add(name)
        names = self._names.setdefault(document, set())
        if name in names:
            return True
        if self._counts.total() >= MAX_ENTRIES or self._counts[_origin(document)] >= MAX_ENTRIES_PER_ORIGIN:
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
            self._note(error)
            return False
        names.add(name)
        self._counts[_origin(document)] += 1
        return True

    def _note(self, error: OSError) -> None:
        """Keep the message of the first error, with the file that it was about."""
        self.failure = self.failure or f"{error.filename or self._folder}: {error.strerror or error}"

    def listed(self) -> list[Quarantined]:
        """Return all kept rejections, sorted by document, then line. A damaged one is moved to `damaged/`."""
        entries = []
        try:
            kept = self._state.records("rejections")
        except OSError as error:
            self._note(error)
            return []
        for record in kept:
            try:
                entries.append(self._entry(record))
            except (KeyError, TypeError, ValueError, RecursionError) as error:
                self._state.set_aside("rejections", DamagedRecord(
                    record.number, encode_key(record.key), record.content), reason=repr(error))
        return sorted(entries, key=lambda entry: (entry.document, entry.line or 0, entry.reason))

    def read_again(self, document: str) -> None:
        """Record that a document is read again: rejections of it that were put before may be cleared from now on."""
        self._put.pop(document, None)

    def clear(self, documents: Collection[str]) -> int:
        """Forget the rejections of `documents`, which were read again or are gone; return how many were removed.

        Rejections that were passed to this object's `put` stay.
        """
        cleared = [(document, name) for document in documents if document in self._names
                   for name in self._names[document] - self._put.get(document, set())]
        if not cleared:
            return 0
        names = [name for _, name in cleared]
        try:
            self._state.write(lambda connection: remove(connection, "rejections", names), is_durable=False)
            for name in names:
                (self._folder / f"{name}.bin").unlink(missing_ok=True)
        except OSError as error:
            self._note(error)
            return 0
        for document, name in cleared:
            self._names[document].remove(name)
            self._counts[_origin(document)] -= 1
        return len(cleared)

    def _entry(self, record: Record) -> Quarantined:
        """Decode a rejection. Raises KeyError, TypeError or ValueError if it is not one that `put` writes."""
        fields = json.loads(record.content)
        document, line, reason, article_id, rejected = (
            fields[key] for key in ("document", "line", "reason", "article_id", "rejected"))
        if not all(isinstance(text, str) for text in (document, reason, article_id, rejected)) or not (
                line is None or type(line) is int):
            raise TypeError("a field of a rejection has another type")
        content = self._folder / f"{record.key}.bin"
        return Quarantined(record.key, document, line, reason, article_id, rejected,
                           content if content.exists() else None)


def _origin(document: str) -> str:
    return site_of(document) if "://" in document else document


def _name_of(document: str, rejection: Rejection) -> str:
    key = "\0".join((document, str(rejection.line), rejection.reason))
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _write(path: Path, content: bytes) -> None:
    """Write the file completely or not at all.

    It is not synced to the disk: the next build finds again what a power cut loses here.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise
