"""What polling remembers about each address. It is on the disk before an entry or page counts as seen."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from index.intake.records import DamagedRecord, Record, encode_key, put_all, remove
from index.intake.state import State


@dataclass(slots=True)
class Source:
    """A feed, sitemap, list or page that the user named, or a sitemap listed in the sitemap `found_on`.

    `due` is the time of the next poll, in seconds since 1970. `entries` maps the key of each entry in the last reading
    to the digest of the entry's content.
    """

    found_on: str = ""
    kind: str = ""
    etag: str = ""
    last_modified: str = ""
    due: float = 0.0
    failures: int = 0
    entries: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Page:
    """A page to read, or one that was read.

    `articles` maps the id of each article on the page to a digest of the article. `found_on` is the feed, sitemap or
    list that lists the page. `marker` changes whenever its entry there does, and `published` is the date given there.
    `missing` counts consecutive answers of 404, and `unchanged` consecutive readings without any change. `origin` is
    the one under which the articles were added, empty before that and where an earlier version added them.
    """

    found_on: str = ""
    marker: str = ""
    published: str = ""
    etag: str = ""
    last_modified: str = ""
    due: float = 0.0
    failures: int = 0
    missing: int = 0
    unchanged: int = 0
    articles: dict[str, str] = field(default_factory=dict)
    origin: str = ""


@dataclass(slots=True)
class Memory:
    """All sources and pages, by address.

    `stored` maps each key in the database to its content there, so that `remember` writes only the differences.
    """

    sources: dict[str, Source] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    stored: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)
    state: State | None = field(default=None, repr=False, compare=False)


def recall(index_dir: Path) -> Memory:
    """Return what the last poll remembered.

    A damaged record is moved aside. Its address is then read again, which adds no article twice. Raises OSError when
    the disk fails.
    """
    state = State(index_dir)
    memory = Memory(state=state)
    for record in state.records("polled"):
        kind, _, address = record.key.partition(" ")
        try:
            fields = json.loads(record.content)
            if kind == "source":
                memory.sources[address] = _checked(Source(**fields))
            else:
                memory.pages[address] = _checked(Page(**fields))
            memory.stored[record.key] = record.content
        except (TypeError, ValueError, RecursionError) as error:
            _set_aside(state, record, str(error))
    return memory


def remember(memory: Memory, index_dir: Path) -> None:
    """Write what changed since the last `recall` or `remember`, in one transaction.

    Raises OSError when the disk is full or fails; nothing is written then.
    """
    memory.state = memory.state or State(index_dir)
    now = {f"source {address}": _encoded(source) for address, source in memory.sources.items()}
    now |= {f"page {address}": _encoded(page) for address, page in memory.pages.items()}
    changed = {key: content for key, content in now.items() if memory.stored.get(key) != content}
    gone = memory.stored.keys() - now.keys()
    if changed or gone:
        memory.state.write(lambda connection: _write(connection, changed, gone))
        memory.stored = now


def _write(connection: sqlite3.Connection, changed: dict[str, bytes], gone: set[str]) -> None:
    put_all(connection, "polled", changed)
    remove(connection, "polled", gone)


def _encoded(remembered: Source | Page) -> bytes:
    fields = {name: getattr(remembered, name) for name in remembered.__slots__}
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


Remembered = TypeVar("Remembered", Source, Page)


def _checked(remembered: Remembered) -> Remembered:
    sample = type(remembered)()
    for name in sample.__slots__:
        value, wanted = getattr(remembered, name), getattr(sample, name)
        if isinstance(wanted, dict):
            fits = isinstance(value, dict) and all(isinstance(text, str) for text in value.values())
        elif isinstance(wanted, str):
            fits = isinstance(value, str)
        else:
            fits = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not fits:
            raise TypeError(f"'{name}' is {value!r:.80}")
    return remembered


def _set_aside(state: State, record: Record, reason: str) -> None:
    state.set_aside("polled", DamagedRecord(record.number, encode_key(record.key), record.content), reason)
