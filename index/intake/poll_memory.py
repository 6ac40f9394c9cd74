"""What polling remembers about each address. It is on the disk before an entry or page counts as seen."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from index.intake.record_store import RecordStore
from index.intake.records import Connection, DamagedRecord, Record, encode_key, put_all, remove
from index.intake.shared_state import state_of


@dataclass(slots=True)
class Source:
    """A feed, sitemap, list or page that the user named, or a sitemap listed in the sitemap `found_on`.

    `due` is the time of the next poll, in seconds since 1970. `entries` maps the key of each entry in the last reading
    to the digest of the entry's content. `fault` says why the last poll failed, or is empty.
    """

    found_on: str = ""
    kind: str = ""
    etag: str = ""
    last_modified: str = ""
    due: float = 0.0
    failures: int = 0
    entries: dict[str, str] = field(default_factory=dict)
    fault: str = ""


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


class Memory:
    """All sources and pages, by address.

    Whoever changes one calls `touch_source` or `touch_page`: `remember` writes those alone.
    """

    def __init__(self, sources: Mapping[str, Source] | None = None, pages: Mapping[str, Page] | None = None, *,
                 state: RecordStore | None = None) -> None:
        self.sources: dict[str, Source] = dict(sources or {})
        self.pages: dict[str, Page] = dict(pages or {})
        self.state = state
        self._pages_on: dict[str, dict[str, None]] = {}  # in the order in which they were found
        self._touched = {_key("source", address) for address in self.sources}
        self._touched |= {_key("page", address) for address in self.pages}
        for address, page in self.pages.items():
            self._pages_on.setdefault(page.found_on, {})[address] = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Memory) and (self.sources, self.pages) == (other.sources, other.pages)

    __hash__ = None  # type: ignore[assignment]  # it changes

    def touch_source(self, address: str) -> None:
        """Record that the source at this address is new, changed or removed."""
        self._touched.add(_key("source", address))

    def touch_page(self, address: str) -> None:
        """Record that the page at this address is changed."""
        self._touched.add(_key("page", address))

    def add_page(self, address: str, page: Page) -> None:
        """Add a page that is not here yet."""
        self.pages[address] = page
        self._pages_on.setdefault(page.found_on, {})[address] = None
        self.touch_page(address)

    def move_page(self, address: str, found_on: str) -> None:
        """Change on which feed, sitemap or list the page is; "" if the user named it."""
        page = self.pages[address]
        self._pages_on[page.found_on].pop(address, None)
        page.found_on = found_on
        self._pages_on.setdefault(found_on, {})[address] = None
        self.touch_page(address)

    def forget_page(self, address: str) -> None:
        """Remove a page."""
        self._pages_on[self.pages.pop(address).found_on].pop(address, None)
        self.touch_page(address)

    def pages_on(self, listing: str) -> Collection[str]:
        """Return the addresses of the pages that this feed, sitemap or list lists, or has listed."""
        return self._pages_on.get(listing, ())

    def listings(self) -> Collection[str]:
        """Return the addresses of the feeds, sitemaps and lists on which pages were found; "" for none."""
        return [listing for listing, pages in self._pages_on.items() if pages]

    def changes(self) -> tuple[dict[str, bytes], list[str]]:
        """Return what to write: the content of each changed record by its key, and the keys of the removed ones."""
        remembered = {key: self._remembered(key) for key in self._touched}
        return ({key: _encoded(one) for key, one in remembered.items() if one is not None},
                [key for key, one in remembered.items() if one is None])

    def written(self) -> None:
        """Record that what `changes` returned is on the disk."""
        self._touched.clear()

    def _remembered(self, key: str) -> Source | Page | None:
        kind, _, address = key.partition(" ")
        return self.sources.get(address) if kind == "source" else self.pages.get(address)


def recall(index_dir: Path) -> Memory:
    """Return what the last poll remembered.

    A damaged record is moved aside. Its address is then read again, which adds no article twice. Raises OSError when
    the disk fails.
    """
    state = state_of(index_dir)
    sources, pages = dict[str, Source](), dict[str, Page]()
    for record in state.records("polled"):
        kind, _, address = record.key.partition(" ")
        try:
            fields = json.loads(record.content)
            if kind == "source":
                sources[address] = _checked(Source(**fields), _SOURCE_TYPES)
            else:
                pages[address] = _checked(Page(**fields), _PAGE_TYPES)
        except (TypeError, ValueError, RecursionError) as error:
            _set_aside(state, record, str(error))
    memory = Memory(sources, pages, state=state)
    memory.written()
    return memory


def remember(memory: Memory, index_dir: Path) -> None:
    """Write what changed since the last `recall` or `remember`, in one transaction.

    Raises OSError when the disk is full or fails; nothing is written then.
    """
    memory.state = memory.state or state_of(index_dir)
    changed, gone = memory.changes()
    if changed or gone:
        memory.state.write(lambda connection: _write(connection, changed, gone))
        memory.written()


def _write(connection: Connection, changed: dict[str, bytes], gone: Sequence[str]) -> None:
    put_all(connection, "polled", changed)
    remove(connection, "polled", gone)


def _key(kind: str, address: str) -> str:
    return f"{kind} {address}"


def _encoded(remembered: Source | Page) -> bytes:
    fields = {name: getattr(remembered, name) for name in remembered.__slots__}
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


Remembered = TypeVar("Remembered", Source, Page)


def _types_of(sample: Source | Page) -> list[tuple[str, frozenset[type]]]:
    return [(name, frozenset((int, float) if isinstance(getattr(sample, name), (int, float))
                             else (type(getattr(sample, name)),))) for name in sample.__slots__]


_SOURCE_TYPES, _PAGE_TYPES = _types_of(Source()), _types_of(Page())


def _checked(remembered: Remembered, types: Sequence[tuple[str, frozenset[type]]]) -> Remembered:
    """Return what was remembered. Raises TypeError if a field has another type, or a number is not finite."""
    for name, wanted in types:
        value = getattr(remembered, name)
        kind = type(value)  # exactly: true and false are no numbers
        fits = kind in wanted
        if kind is dict:
            fits = fits and all(type(text) is str for text in value.values())
        elif kind is float:
            fits = fits and math.isfinite(value)
        if not fits:
            raise TypeError(f"'{name}' is {value!r:.80}")
    return remembered


def _set_aside(state: RecordStore, record: Record, reason: str) -> None:
    state.set_aside("polled", DamagedRecord(record.number, encode_key(record.key), record.content), reason)
