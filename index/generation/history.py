"""Store each article's history: its origins, reading times and earlier revision, and other records with the same text.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Self

import numpy as np

from index.columns import read_array, write_array
from index.generation.lines import Lines, LinesOfFile
from index.revisions import article_of, content_of, record_line, revision_of
from index.types import Article


@dataclass(frozen=True, slots=True)
class History:
    """Metadata of one record: hashes, times, origins and other ids.

    `revision` is the SHA-256 of the record, and `content` the SHA-256 of its title and text, in hexadecimal. `read` is
    the time when this revision was read. `earlier` is the time when the revision that it replaced was read, empty when
    there was none, and `seen` the time when this title and text was first read for this record, empty in an index of an
    earlier version. All are ISO 8601 times in UTC. `arrivals` maps each origin of the record (`file:PATH`, `api`,
    `feed:URL`, `url:URL`) to the revision that it delivered last, the latest arrival last. `said` has, by revision,
    what origins delivered that is not shown; a revision that an earlier version replaced may be missing. `address_id`
    is the id derived from the record's URL, empty when it is also the record's id. `aliases` are further ids of the
    same record. `others` are records with the same title and text under other ids.
    """

    revision: str
    content: str
    read: str
    earlier: str = ""
    arrivals: Mapping[str, str] = field(default_factory=dict)
    address_id: str = ""
    aliases: tuple[str, ...] = ()
    others: tuple[tuple[Article, History], ...] = ()
    seen: str = ""
    said: Mapping[str, Article] = field(default_factory=dict)

    @classmethod
    def of(cls, article: Article, read: str) -> Self:
        """Return the history for an article that is read for the first time, at the time `read`. It has no origin yet.
        """
        return cls(revision_of(article), content_of(article), read)

    @property
    def also_at(self) -> tuple[Article, ...]:
        """Return the records that have the same title and text under other ids."""
        return tuple(article for article, _ in self.others)

    @property
    def other_ids(self) -> tuple[str, ...]:
        """Return all ids, except the article's own, by which the article can be requested."""
        return (*self.aliases, *(other_id for article, history in self.others
                                 for other_id in (article.id, *history.aliases)))

    def as_json(self) -> dict[str, Any]:
        """Return the history as an object for one line of `history.jsonl`.

        Empty fields are left out. So are the title and text of each record in `others` or `said` that equal the
        article's.
        """
        fields = {"revision": self.revision, "content": self.content, "read": self.read, "earlier": self.earlier,
                  "seen": self.seen, "arrivals": dict(self.arrivals),
                  "said": {revision: self._said_line(article) for revision, article in self.said.items()},
                  "address_id": self.address_id, "aliases": list(self.aliases),
                  "others": [{"record": record_line(replace(article, title="", text="")).decode(),
                              "history": history.as_json()} for article, history in self.others]}
        return {key: value for key, value in fields.items() if value}

    def _said_line(self, article: Article) -> str:
        is_shown = content_of(article) == self.content
        return record_line(replace(article, title="", text="") if is_shown else article).decode()

    @classmethod
    def from_json(cls, fields: dict[str, Any], article: Article | None = None) -> Self:
        """Restore a history from the object that `as_json` returned.

        The records whose title and text were left out get those of `article`, or empty ones if it is None.
        """
        title, text = (article.title, article.text) if article else ("", "")
        others = tuple((replace(article_of(one["record"].encode()), title=title, text=text),
                        cls.from_json(one["history"], article)) for one in fields.get("others", ()))
        records = {revision: article_of(line.encode()) for revision, line in fields.get("said", {}).items()}
        said = {revision: one if one.text else replace(one, title=title, text=text)
                for revision, one in records.items()}
        return cls(fields["revision"], fields["content"], fields["read"], fields.get("earlier", ""),
                   fields.get("arrivals", {}), fields.get("address_id", ""), tuple(fields.get("aliases", ())), others,
                   fields.get("seen", ""), said)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The record of a withdrawn article. Only the API can bring the article back.

    `when` is the time of the withdrawal (ISO 8601, UTC). `arrivals` maps each origin that still delivers the article to
    the revision that it delivered last, as in `History`.
    """

    when: str
    arrivals: Mapping[str, str] = field(default_factory=dict)


class Histories:
    """The histories of a snapshot's articles by row, and the articles' other ids.

    `rows` maps each other id to its article's row. `withdrawn` maps each withdrawn id to its `Withdrawal`.
    `other_rows`, `other_days` and `other_sources` have one entry for each record in the `others` of all articles.
    `other_rows` (others,) int32 is the article's row, `other_days` (others,) int32 the ordinal of the record's day, and
    `other_sources` the name of the record's source.
    """

    def __init__(self, lines: Lines, others: Sequence[tuple[int, int, str]], rows: Mapping[str, int],
                 withdrawn: Mapping[str, Withdrawal]) -> None:
        self._lines = lines
        self.rows, self.withdrawn = rows, withdrawn
        self.other_rows = np.array([row for row, _, _ in others], np.int32)
        self.other_days = np.array([day for _, day, _ in others], np.int32)
        self.other_sources = tuple(source for _, _, source in others)
        self._with_others = frozenset(row for row, _, _ in others)

    @classmethod
    def from_files(cls, contents: Mapping[str, memoryview]) -> Histories:
        """Open the files that `HistoryWriter` wrote."""
        others = json.loads(bytes(contents["others.json"]))
        return cls(LinesOfFile(contents["history.jsonl"], read_array(contents["history_starts.npy"])),
                   others["records"], others["rows"],
                   {article_id: Withdrawal(*one) for article_id, one in others["withdrawn"].items()})

    def __len__(self) -> int:
        return len(self._lines)

    def has_others(self, row: int) -> bool:
        """Tell whether other records have the same title and text as the article in this row."""
        return row in self._with_others

    def get(self, row: int, article: Article | None = None) -> History:
        """Return the history of the article in this row. For `article`, see `History.from_json`."""
        return History.from_json(json.loads(self.line(row)), article)

    def line(self, row: int) -> bytes:
        """Return the history's line in `history.jsonl`, byte for byte, including its line end."""
        return self._lines[row]


class HistoryWriter:
    """Write the files of `Histories` into a folder. The n-th history gets row n."""

    def __init__(self, folder: Path, withdrawn: Mapping[str, Withdrawal]) -> None:
        self._folder = folder
        self._withdrawn = withdrawn
        self._lines = (folder / "history.jsonl").open("wb")
        self._starts = array("q", [0])
        self._rows: dict[str, int] = {}
        self._others: list[tuple[int, int, str]] = []

    def add(self, history: History) -> None:
        """Append a history; it gets the next row."""
        row = len(self._starts) - 1
        # A file's path in `arrivals` may hold bytes that are not valid UTF-8, as surrogate escapes.
        line = json.dumps(history.as_json(), ensure_ascii=False,
                          separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"
        self._lines.write(line)
        self._starts.append(self._starts[-1] + len(line))
        self._rows |= dict.fromkeys(history.other_ids, row)
        self._others += [(row, _ordinal(article.published_on), article.source) for article in history.also_at]

    def close(self) -> None:
        """Write the remaining files, which completes them. A second call does nothing."""
        if self._lines.closed:
            return
        self._lines.close()
        write_array(self._folder / "history_starts.npy", np.array(self._starts, np.int64))
        withdrawn = {article_id: (one.when, dict(sorted(one.arrivals.items())))
                     for article_id, one in sorted(self._withdrawn.items())}
        others = {"rows": self._rows, "records": self._others, "withdrawn": withdrawn}
        (self._folder / "others.json").write_text(json.dumps(others), encoding="ascii")


def iso_utc(moment: datetime) -> str:
    """Format a moment as `History` stores it: ISO 8601 in UTC, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0
