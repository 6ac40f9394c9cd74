"""INDEX_DIR/feeds.json: what polling remembers, on the disk before anything counts as seen."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from index.durable import write_durably

FORMAT = 1
NAME = "feeds.json"

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Source:
    """A feed, sitemap, list or page that a person named, or a sitemap that the sitemap `found_on` named.

    `due` is in seconds since 1970. `entries` are those that its last reading showed: their keys and what they held.
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
    """A page to read, or one that was read: `articles` are the ids it gave and what they held.

    `marker` is what its feed or sitemap last said of it, `published` the date given there. `missing` counts answers
    of 404 in a row, `unchanged` readings in a row that brought nothing new.
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


@dataclass(slots=True)
class Memory:
    """All sources and pages, by address."""

    sources: dict[str, Source] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)


def recall(index_dir: Path) -> Memory:
    """What was remembered. A damaged file is moved aside and nothing is: all is read again, which doubles no article.

    Raises OSError when the file is there and cannot be read.
    """
    path = index_dir / NAME
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Memory()
    try:
        return _parsed(json.loads(content))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        aside = _free_name(path)
        path.rename(aside)
        log.warning("%s is damaged (%s); it was moved to %s, and every feed is read again", path, error, aside)
        return Memory()


def remember(memory: Memory, index_dir: Path) -> None:
    """Replace the file in one step. Raises OSError, the old one untouched."""
    content = json.dumps({"format": FORMAT, **asdict(memory)}, ensure_ascii=False, separators=(",", ":"))
    write_durably(index_dir / NAME, content.encode("utf-8", "surrogatepass"))


def _parsed(record: dict[str, Any]) -> Memory:
    if record["format"] != FORMAT:
        raise ValueError(f"its format is {record['format']}, this program reads {FORMAT}")
    memory = Memory({address: Source(**fields) for address, fields in record["sources"].items()},
                    {address: Page(**fields) for address, fields in record["pages"].items()})
    for source in memory.sources.values():
        _check_types(source)
    for page in memory.pages.values():
        _check_types(page)
    return memory


def _check_types(remembered: Source | Page) -> None:
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


def _free_name(path: Path) -> Path:
    """A name beside `path` that nothing has."""
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    return aside
