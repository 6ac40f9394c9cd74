"""Where an article came from, when it was read, which revision came before, and where else the same text stands."""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.columns import read_array, write_array
from index.revisions import article_of, content_of, record_line, revision_of
from index.types import Article


@dataclass(frozen=True, slots=True)
class History:
    """What is known of one record besides what it says.

    `revision` is the SHA-256 of the record and `content` that of its title and text, hexadecimal. `read` and `earlier`
    are ISO 8601 times in UTC: when this revision was read, and when the one that it replaced was, or empty. `arrivals`
    maps each origin that brings the record (`file:PATH`, `api`, `feed:URL`, `url:URL`) to the revision that it brought
    last. `address_id` is the id that its URL would give, empty where that is its own. `aliases` are ids that stand for
    the same record. `others` are the records of the same title and text under other ids.
    """

    revision: str
    content: str
    read: str
    earlier: str = ""
    arrivals: Mapping[str, str] = field(default_factory=dict)
    address_id: str = ""
    aliases: tuple[str, ...] = ()
    others: tuple[tuple[Article, History], ...] = ()

    @classmethod
    def of(cls, article: Article, read: str) -> Self:
        """The history of an article that is read for the first time, from nowhere in particular."""
        return cls(revision_of(article), content_of(article), read)

    @property
    def also_at(self) -> tuple[Article, ...]:
        """The records of the same title and text under other ids."""
        return tuple(article for article, _ in self.others)

    @property
    def other_ids(self) -> tuple[str, ...]:
        """Every id but the article's own under which it can be asked for."""
        return (*self.aliases, *(other_id for article, history in self.others
                                 for other_id in (article.id, *history.aliases)))

    def as_json(self) -> dict[str, Any]:
        """One line of `history.jsonl`; what is empty is left out, and the others' title and text, which are shared."""
        fields = {"revision": self.revision, "content": self.content, "read": self.read, "earlier": self.earlier,
                  "arrivals": dict(self.arrivals), "address_id": self.address_id, "aliases": list(self.aliases),
                  "others": [{"record": record_line(replace(article, title="", text="")).decode(),
                              "history": history.as_json()} for article, history in self.others]}
        return {key: value for key, value in fields.items() if value}

    @classmethod
    def from_json(cls, fields: dict[str, Any], article: Article | None = None) -> Self:
        """What `as_json` gave. The others get the title and text of `article`, where that is given."""
        title, text = (article.title, article.text) if article else ("", "")
        others = tuple((replace(article_of(one["record"].encode()), title=title, text=text),
                        cls.from_json(one["history"])) for one in fields.get("others", ()))
        return cls(fields["revision"], fields["content"], fields["read"], fields.get("earlier", ""),
                   fields.get("arrivals", {}), fields.get("address_id", ""), tuple(fields.get("aliases", ())), others)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """When an article was withdrawn (ISO 8601, UTC), and what each origin that has it still brought last, as in
    `History.arrivals`: only the API brings it back."""

    when: str
    arrivals: Mapping[str, str] = field(default_factory=dict)


class Histories:
    """The histories of a snapshot's articles by row, and the other ids of each.

    `rows` maps each of those other ids to its row, and `withdrawn` each id that was deleted to how. `other_rows`,
    `other_days` and `other_sources` have one entry for each of the
    `others` of any article: the row of the article (others,) int32, the ordinal of the day (others,) int32, and the
    name of the source.
    """

    def __init__(self, lines: bytes | memoryview, starts: NDArray[np.int64],
                 others: Sequence[tuple[int, int, str]], rows: Mapping[str, int],
                 withdrawn: Mapping[str, Withdrawal]) -> None:
        self._lines = lines
        self._starts = starts
        self.rows, self.withdrawn = rows, withdrawn
        self.other_rows = np.array([row for row, _, _ in others], np.int32)
        self.other_days = np.array([day for _, day, _ in others], np.int32)
        self.other_sources = tuple(source for _, _, source in others)
        self._with_others = frozenset(row for row, _, _ in others)

    @classmethod
    def from_files(cls, contents: Mapping[str, memoryview]) -> Histories:
        """The histories that `HistoryWriter` wrote."""
        others = json.loads(bytes(contents["others.json"]))
        return cls(contents["history.jsonl"], read_array(contents["history_starts.npy"]), others["records"],
                   others["rows"], {article_id: Withdrawal(*one) for article_id, one in others["withdrawn"].items()})

    def __len__(self) -> int:
        return len(self._starts) - 1

    def has_others(self, row: int) -> bool:
        """Whether other articles have the title and text of the one in that row."""
        return row in self._with_others

    def get(self, row: int, article: Article | None = None) -> History:
        """The history of the article in that row; the others have its title and text where it is given."""
        start, end = self._starts[row:row + 2]
        return History.from_json(json.loads(bytes(self._lines[start:end])), article)


class HistoryWriter:
    """Writes the files of `Histories` into a folder; the n-th has row n."""

    def __init__(self, folder: Path, withdrawn: Mapping[str, Withdrawal]) -> None:
        self._folder = folder
        self._withdrawn = withdrawn
        self._lines = (folder / "history.jsonl").open("wb")
        self._starts = array("q", [0])
        self._rows: dict[str, int] = {}
        self._others: list[tuple[int, int, str]] = []

    def add(self, history: History) -> None:
        """Append a history."""
        row = len(self._starts) - 1
        # The path of a file may be no text.
        line = json.dumps(history.as_json(), ensure_ascii=False,
                          separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"
        self._lines.write(line)
        self._starts.append(self._starts[-1] + len(line))
        self._rows |= dict.fromkeys(history.other_ids, row)
        self._others += [(row, _ordinal(article.published_on), article.source) for article in history.also_at]

    def close(self) -> None:
        """Complete the files, once."""
        if self._lines.closed:
            return
        self._lines.close()
        write_array(self._folder / "history_starts.npy", np.array(self._starts, np.int64))
        withdrawn = {article_id: (one.when, dict(sorted(one.arrivals.items())))
                     for article_id, one in sorted(self._withdrawn.items())}
        others = {"rows": self._rows, "records": self._others, "withdrawn": withdrawn}
        (self._folder / "others.json").write_text(json.dumps(others), encoding="ascii")


def iso_utc(moment: datetime) -> str:
    """A moment as `History` keeps it: ISO 8601 in UTC, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0
