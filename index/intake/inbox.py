"""What was accepted and waits for a generation: one file an arrival, on the disk before anyone is told of it.

    INDEX_DIR/inbox/000000000042-1f0c9a77.json    the SHA-256 of what follows it, and then an article or a withdrawal
    INDEX_DIR/inbox/.lock                         held while an entry gets its number

The number is one more than the highest there, so that the names sort in the order of arrival, whoever adds them.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.durable import sync_folder, write_durably
from index.types import Article

FORMAT = 1
LOCK_TIMEOUT_S = 30

_NAME = re.compile(r"([0-9]{12})-[0-9a-f]{8}\.json")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """An article that waits to be added, or the id of one that waits to be withdrawn; the other is None or empty.

    `received` is the ISO 8601 time in UTC, `arrival` the way it came: `api`, `feed:URL`, `url:URL`.
    """

    name: str
    received: str
    arrival: str
    article: Article | None
    withdrawn_id: str


class Inbox:
    """The entries below an index folder. Threads and processes may use it at once."""

    def __init__(self, index_dir: Path, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.folder = index_dir / "inbox"
        self.quarantine = index_dir / "quarantine"
        self._clock = clock

    def add(self, article: Article, arrival: str) -> str:
        """Accept an article; returns its entry's name. It survives a crash from then on.

        Raises OSError, with nothing added, when the disk is full or fails.
        """
        return self.add_all([article], arrival)[0]

    def add_all(self, articles: Sequence[Article], arrival: str) -> list[str]:
        """Accept all of the articles, in order, or none; returns the names of their entries.

        Raises OSError when the disk is full or fails. A crash before it returns may leave the first few.
        """
        for article in articles:
            _check(article)
        return self._append([{"arrival": arrival, "article": asdict(article)} for article in articles])

    def withdraw(self, article_id: str, arrival: str = "api") -> str:
        """Accept the withdrawal of an article; as `add`. One that does not come by the API says that a page is gone:
        what else brings the article keeps it."""
        return self._append([{"arrival": arrival, "withdrawn_id": article_id}])[0]

    def names(self) -> list[str]:
        """The names of the entries, in the order of arrival, without reading them."""
        try:
            return sorted(path.name for path in self.folder.iterdir() if _NAME.fullmatch(path.name))
        except FileNotFoundError:
            return []

    def entries(self) -> list[InboxEntry]:
        """What waits, in the order of arrival. What is damaged or was not put there by an inbox is moved to
        `quarantine/`, with the reason beside it, and the rest goes on."""
        self._set_foreign_aside()
        return [entry for entry in map(self.entry, self.names()) if entry is not None]

    def entry(self, name: str) -> InboxEntry | None:
        """The entry of that name; None when it is gone, or was damaged and has just been set aside."""
        try:
            content = (self.folder / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            # Perhaps only for now (a disk that fails, a permission): it stays, and nobody is told that it was read.
            log.error("%s cannot be read: %s", self.folder / name, error)  # noqa: TRY400  # the trace says nothing more
            return None
        try:
            return _decode(name, content)
        except _DamagedError as damage:
            self._set_aside(name, str(damage))
            return None

    def remove(self, names: Iterable[str]) -> None:
        """Forget the entries of these names, durably; those that are gone already are passed over. Raises OSError."""
        removed = [name for name in names if _NAME.fullmatch(name) and _unlink(self.folder / name)]
        if removed:
            sync_folder(self.folder)

    def _append(self, records: Iterable[dict[str, Any]]) -> list[str]:
        received = self._clock().astimezone(UTC).isoformat(timespec="seconds")
        contents = [_encode({"format": FORMAT, "received": received, **record}) for record in records]
        make_folder_durably(self.folder)
        written: list[Path] = []
        with self._lock():
            self._clear_leftovers()
            names = self.names()
            number = int(names[-1][:12]) if names else 0
            if not names:  # whoever made the folder may not have synced its name yet
                sync_folder(self.folder.parent)
            try:
                for content in contents:
                    number += 1
                    path = self.folder / f"{number:012}-{secrets.token_hex(4)}.json"
                    written.append(path)  # first: the file may be there although the folder could not be synced
                    write_durably(path, content)
            except OSError:
                for path in written:
                    with suppress(OSError):
                        path.unlink(missing_ok=True)
                raise
        return [path.name for path in written]

    @contextmanager
    def _lock(self) -> Iterator[None]:
        from filelock import FileLock

        with FileLock(self.folder / ".lock", timeout=LOCK_TIMEOUT_S, poll_interval=0.005):
            yield

    def _clear_leftovers(self) -> None:
        """Inside the lock: whoever left a half-written file is no longer writing it."""
        for leftover in self.folder.glob(".*.tmp"):
            leftover.unlink(missing_ok=True)

    def _set_foreign_aside(self) -> None:
        try:
            names = [path.name for path in self.folder.iterdir()]
        except FileNotFoundError:
            return
        for name in names:
            if name.startswith("."):
                continue
            if _NAME.fullmatch(name) is None:
                self._set_aside(name, "its name is not one that an inbox gives")
                continue
            with suppress(FileNotFoundError):
                if not stat.S_ISREG((self.folder / name).lstat().st_mode):
                    self._set_aside(name, "it is not a regular file")

    def _set_aside(self, name: str, reason: str) -> None:
        """Move it to the quarantine under a name that is free there; where that fails, it stays and is passed over."""
        try:
            make_folder_durably(self.quarantine)
            target = self.quarantine / name
            while os.path.lexists(target) or os.path.lexists(_reason_of(target)):
                target = self.quarantine / f"{name}.{secrets.token_hex(4)}"
            write_durably(_reason_of(target), f"{self.folder / name}: {reason}\n".encode())
            try:
                (self.folder / name).rename(target)
            except FileNotFoundError:  # another process was faster
                _reason_of(target).unlink(missing_ok=True)
                return
            sync_folder(self.quarantine)
            sync_folder(self.folder)
        except OSError as error:
            log.error("%s is passed over, for %s; it could not be set aside: %s",  # noqa: TRY400  # as above
                      self.folder / name, reason, error)
        else:
            log.error("%s was moved to %s: %s", self.folder / name, target, reason)


def make_folder_durably(folder: Path) -> None:
    """Make the folder and those above it that are missing, each with its name on the disk. Raises OSError."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        sync_folder(path.parent)


class _DamagedError(Exception):
    """Why a file of the inbox is not what was written there."""


def _check(article: Article) -> None:
    """Raise RejectedError for an article that no reader would have given."""
    # Here, since a reader that feeds the inbox is imported with the others.
    from index.sources.records import article_from_fields
    from index.sources.types import RejectedError

    fields = asdict(article)
    metadata = fields.pop("metadata")
    if article_from_fields(metadata | fields, article.text) != article:
        raise RejectedError("its fields are not as `article_from_fields` gives them; make the article with that")


def _encode(record: dict[str, Any]) -> bytes:
    content = json.dumps(record, ensure_ascii=False, allow_nan=False).encode()
    return hashlib.sha256(content).hexdigest().encode() + b"\n" + content


def _decode(name: str, content: bytes) -> InboxEntry:
    digest, _, encoded = content.partition(b"\n")
    found = hashlib.sha256(encoded).hexdigest()
    if digest != found.encode():
        raise _DamagedError(f"its content has the SHA-256 {found}, its first line says {digest[:64]!r}")
    try:
        record = json.loads(encoded)
        if record["format"] != FORMAT:
            raise _DamagedError(f"it is of format {record['format']}, this program reads {FORMAT}")
        article = Article(**record["article"]) if "article" in record else None
        return InboxEntry(name, record["received"], record["arrival"], article, record.get("withdrawn_id", ""))
    except (KeyError, TypeError, ValueError) as error:
        raise _DamagedError(f"it does not hold what an inbox writes ({error!r})") from error


def _reason_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.reason.txt")


def _unlink(path: Path) -> bool:
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True
