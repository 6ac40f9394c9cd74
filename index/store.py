"""The articles of a snapshot: JSON Lines that are read one line at a time, with columns for what filters need."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from index.errors import UnknownArticleError
from index.types import Article

# The keys of a record; what else it holds is metadata, as in the files that `build_index.py` reads.
_FIELDS = tuple(field.name for field in fields(Article) if field.name != "metadata")


class ArticleStore:
    """Articles by row and by id. An article's row is its row in `published_days` and `source_codes`.

    `published_days` (articles,) int32: proleptic Gregorian ordinal of the day, 0 when undated.
    `source_codes` (articles,) int32: place of the article's source in `sources`.
    """

    def __init__(self, lines: bytes | memoryview, starts: NDArray[np.int64], ids: list[str], sources: list[str],
                 published_days: NDArray[np.int32], source_codes: NDArray[np.int32]) -> None:
        self._lines = lines
        self._starts = starts
        self._ids = ids
        self._rows = {article_id: row for row, article_id in enumerate(ids)}
        self.sources = tuple(sources)
        self.published_days = published_days
        self.source_codes = source_codes

    @classmethod
    def of(cls, articles: Iterable[Article]) -> ArticleStore:
        """Store the articles; the n-th has row n. Their ids are distinct."""
        lines, starts, ids, days, names = BytesIO(), [0], [], [], []
        for article in articles:
            record = {**article.metadata, **{name: getattr(article, name) for name in _FIELDS}}
            lines.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            starts.append(lines.tell())
            ids.append(article.id)
            day = article.published_on
            days.append(day.toordinal() if day else 0)
            names.append(article.source)
        sources = sorted(set(names))
        codes = {source: code for code, source in enumerate(sources)}
        return cls(lines.getvalue(), np.array(starts, np.int64), ids, sources, np.array(days, np.int32),
                   np.array([codes[name] for name in names], np.int32))

    def to_files(self) -> dict[str, bytes]:
        """File names and contents; `articles.jsonl` is what `build_index.py` reads, so a snapshot can be read back."""
        catalogue = {"ids": self._ids, "sources": self.sources, "starts": self._starts.tolist(),
                     "published_days": self.published_days.tolist(), "source_codes": self.source_codes.tolist()}
        return {"articles.jsonl": bytes(self._lines),
                "catalogue.json": json.dumps(catalogue, ensure_ascii=False).encode()}

    @classmethod
    def from_files(cls, contents: Mapping[str, memoryview]) -> ArticleStore:
        """The store of what `to_files` gave; lines are read where they lie."""
        catalogue = json.loads(bytes(contents["catalogue.json"]))
        return cls(contents["articles.jsonl"], np.array(catalogue["starts"], np.int64), catalogue["ids"],
                   catalogue["sources"], np.array(catalogue["published_days"], np.int32),
                   np.array(catalogue["source_codes"], np.int32))

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[Article]:
        return (self[row] for row in range(len(self)))

    def __getitem__(self, row: int) -> Article:
        start, end = self._starts[row:row + 2]
        record = json.loads(bytes(self._lines[start:end]))
        return Article(**{name: record.pop(name) for name in _FIELDS}, metadata=record)

    @property
    def rows(self) -> Mapping[str, int]:
        """Row by id."""
        return self._rows

    def get(self, article_id: str) -> Article:
        """The article of that id; raises UnknownArticleError."""
        if article_id not in self._rows:
            raise UnknownArticleError(article_id)
        return self[self._rows[article_id]]
