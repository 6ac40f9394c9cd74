"""Store a snapshot's articles as JSON Lines that are read one by one, and the days and sources for filters as columns.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.columns import read_array, write_array
from index.errors import UnknownArticleError
from index.generation.lines import Lines, LinesOfFile
from index.memory import Memory
from index.revisions import article_of, record_line
from index.types import Article

# Articles read last are kept, up to so many bytes of their lines: one request may use the same long article often.
BYTES_REMEMBERED = 16 * 1024 * 1024


class ArticleStore:
    """The articles of a snapshot, by row and by id. `published_days` and `source_codes` have the same rows.

    `published_days` (articles,) int32: the day of publication as a proleptic Gregorian ordinal, 0 when undated.
    `source_codes` (articles,) int32: the index of the article's source in `sources`.
    """

    def __init__(self, lines: Lines, ids: list[str], sources: list[str], published_days: NDArray[np.int32],
                 source_codes: NDArray[np.int32]) -> None:
        self._lines = lines
        self._ids = ids
        self._rows = {article_id: row for row, article_id in enumerate(ids)}
        self.sources = tuple(sources)
        self.published_days = published_days
        self.source_codes = source_codes
        self._read: Memory[int, Article] = Memory(BYTES_REMEMBERED)

    @classmethod
    def from_files(cls, contents: Mapping[str, memoryview]) -> ArticleStore:
        """Open the files that `ArticleWriter` wrote. Lines and columns are read in place, without a copy."""
        catalogue = json.loads(bytes(contents["catalogue.json"]))
        return cls(LinesOfFile(contents["articles.jsonl"], read_array(contents["article_starts.npy"])),
                   catalogue["ids"], catalogue["sources"], read_array(contents["article_days.npy"]),
                   read_array(contents["article_sources.npy"]))

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[Article]:
        return (self[row] for row in range(len(self)))

    def __getitem__(self, row: int) -> Article:
        article = self._read.get(row)
        if article is None:
            line = self.line(row)
            article = article_of(line)
            self._read.keep(row, article, weight=len(line))
        return article

    def line(self, row: int) -> bytes:
        """Return the article's line in `articles.jsonl`, byte for byte, including its line end."""
        return self._lines[row]

    def read_ahead(self, rows: Sequence[int]) -> None:
        """Say that the articles in these rows are read next; saves requests where they come over a network."""
        self._lines.read_ahead([row for row in rows if self._read.get(row) is None])

    @cached_property
    def newest_first(self) -> NDArray[np.int64]:
        """The rows by day of publication, newest first, undated ones last; (articles,). Computed on first use."""
        return np.argsort(-self.published_days, kind="stable")

    @property
    def rows(self) -> Mapping[str, int]:
        """Return a mapping from each article's id to its row."""
        return self._rows

    @property
    def ids(self) -> Sequence[str]:
        """Return the articles' ids in row order."""
        return self._ids

    def get(self, article_id: str) -> Article:
        """Return the article with this id. Raises UnknownArticleError when there is none."""
        if article_id not in self._rows:
            raise UnknownArticleError(article_id)
        return self[self._rows[article_id]]


class ArticleWriter:
    """Write the files of an `ArticleStore` into a folder, article by article. The n-th article gets row n.

    `articles.jsonl` is in the format that `build_index.py` reads, so that an index can be rebuilt from a snapshot.
    Until `close`, the writer keeps the ids and a few numbers per article in memory.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lines = (folder / "articles.jsonl").open("wb")
        self._ids: list[str] = []
        self._starts, self._days, self._sources = array("q", [0]), array("i"), array("i")
        self._codes: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, article: Article) -> None:
        """Append an article. No article with the same id may have been appended before."""
        day = article.published_on
        self._append(record_line(article), article.id, day.toordinal() if day else 0, article.source)

    def copy(self, store: ArticleStore, row: int) -> None:
        """Append the article that is in this row of another store, byte for byte."""
        self._append(store.line(row), store.ids[row], int(store.published_days[row]),
                     store.sources[store.source_codes[row]])

    def _append(self, line: bytes, article_id: str, day: int, source: str) -> None:
        self._lines.write(line)
        self._starts.append(self._starts[-1] + len(line))
        self._ids.append(article_id)
        self._days.append(day)
        self._sources.append(self._codes.setdefault(source, len(self._codes)))

    def close(self) -> None:
        """Write the columns and the catalogue, which completes the files. A second call does nothing."""
        if self._lines.closed:
            return
        self._lines.close()
        sources = sorted(self._codes)
        place_of_code = np.empty(len(sources), np.int32)
        place_of_code[[self._codes[source] for source in sources]] = np.arange(len(sources))
        write_array(self._folder / "article_starts.npy", np.array(self._starts, np.int64))
        write_array(self._folder / "article_days.npy", np.array(self._days, np.int32))
        write_array(self._folder / "article_sources.npy", place_of_code[np.array(self._sources, np.int32)])
        (self._folder / "catalogue.json").write_text(
            json.dumps({"ids": self._ids, "sources": sources}, ensure_ascii=False), encoding="utf-8")
