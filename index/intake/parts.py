"""Parquet parts: passages and sentence vectors that were computed elsewhere, keyed by article.

A key covers everything that a part's row depends on: title, text, day, model, chunking and the analyzer. So a row is
valid as long as it can be found, and a row that is there twice is there with the same content.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.chunker import Chunking, embedded_places
from index.durable import make_folder_durably, sync_file, sync_folder
from index.language.arabic import ANALYZER_VERSION
from index.memory import Memory
from index.model.types import ModelSettings, Vectors
from index.revisions import content_of
from index.types import Article, Passage, Sentence

# Articles in one row group, the least that is read at a time. The builder reads in another order than parts are in.
ROWS_PER_GROUP = 8
# Row groups read last are kept, up to so many bytes.
BYTES_REMEMBERED = 32 * 1024 * 1024
PARTS = "parts"


class Keys:
    """Compute the keys of articles for one model and one way of cutting."""

    def __init__(self, settings: ModelSettings, chunking: Chunking) -> None:
        self._how = json.dumps([settings.as_json(), chunking.as_json(), ANALYZER_VERSION], sort_keys=True)

    def of(self, article: Article) -> str:
        """Return the article's key, in hexadecimal."""
        return self.of_content(content_of(article), article.published)

    def of_content(self, content: str, published: str) -> str:
        """Return the key of an article with this `content_of` and date of publication."""
        return hashlib.sha256(f"{self._how}\0{content}\0{published}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article's passages, and the vectors of their embedded sentences: shape (embedded sentences, dimension)."""

    passages: list[Passage]
    vectors: Vectors


def write_part(folder: Path, rows: Sequence[tuple[str, Prepared]]) -> Path:
    """Write one part with these rows of key and content, in one step and durably; return its path.

    The name is a hash of the keys, so that a task that runs twice leaves one part. Raises OSError.
    """
    import pyarrow
    from pyarrow import parquet

    name = hashlib.sha256("".join(key for key, _ in rows).encode()).hexdigest()[:32]
    table = pyarrow.table({
        "key": pyarrow.array([key for key, _ in rows], pyarrow.string()),
        "sizes": pyarrow.array([_sizes(one) for _, one in rows], pyarrow.binary()),
        "sentences": pyarrow.array([_sentences(one) for _, one in rows], pyarrow.binary()),
        "vectors": pyarrow.array([one.vectors.astype(np.float16).tobytes() for _, one in rows], pyarrow.binary())})
    make_folder_durably(folder)
    path = folder / f"{name}.parquet"
    temporary = folder / f".{name}.{os.getpid()}.tmp"
    parquet.write_table(table, temporary, row_group_size=ROWS_PER_GROUP, compression="none")
    sync_file(temporary)
    temporary.replace(path)
    sync_folder(folder)
    return path


class Parts:
    """The rows of all parts in a folder. Memory holds one entry for each key, and the row groups read last."""

    def __init__(self, folder: Path, keys: Keys, dimension: int) -> None:
        self._keys = keys
        self._dimension = dimension
        self._places: dict[str, tuple[Path, int, int]] = {}
        self._read: Memory[tuple[Path, int], list[dict[str, Any]]] = Memory(BYTES_REMEMBERED)
        for path in sorted(folder.glob("*.parquet")) if folder.is_dir() else []:
            self._places |= {key: (path, row // ROWS_PER_GROUP, row % ROWS_PER_GROUP)
                             for row, key in enumerate(_keys_in(path))}

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def get(self, article: Article) -> Prepared | None:
        """Return what was prepared for this article, or None. Raises OSError when a part cannot be read."""
        place = self._places.get(self._keys.of(article))
        if place is None:
            return None
        path, group, row = place
        rows = self._read.get((path, group))
        if rows is None:
            rows = _group(path, group)
            self._read.keep((path, group), rows, weight=sum(len(one["vectors"]) for one in rows) + 1)
        return _prepared(article, rows[row], self._dimension)


def remove_parts(folder: Path) -> None:
    """Remove all parts in the folder; call it once a generation with their articles is published. Raises OSError."""
    for path in (*folder.glob("*.parquet"), *folder.glob(".*.tmp")) if folder.is_dir() else ():
        path.unlink(missing_ok=True)


def _keys_in(path: Path) -> list[str]:
    from pyarrow import parquet

    keys: list[str] = parquet.read_table(path, columns=["key"])["key"].to_pylist()
    return keys


def _group(path: Path, group: int) -> list[dict[str, Any]]:
    from pyarrow import parquet

    with parquet.ParquetFile(path) as file:
        rows: list[dict[str, Any]] = file.read_row_group(group).to_pylist()
    return rows


def _sizes(prepared: Prepared) -> bytes:
    return np.array([len(passage.sentences) for passage in prepared.passages], np.int32).tobytes()


def _sentences(prepared: Prepared) -> bytes:
    return np.array([(one.start, one.end, one.is_heading, *one.heading, *one.lead_in)
                     for passage in prepared.passages for one in passage.sentences], np.int32).tobytes()


def _prepared(article: Article, row: dict[str, Any], dimension: int) -> Prepared:
    table = np.frombuffer(row["sentences"], np.int32).reshape(-1, 7).tolist()
    sentences = [Sentence(start, end, bool(is_heading), (first, last), (begin, stop))
                 for start, end, is_heading, first, last, begin, stop in table]
    passages, done = [], 0
    for size in np.frombuffer(row["sizes"], np.int32).tolist():
        its = tuple(sentences[done:done + size])
        passages.append(Passage(article.id, its[0].start, its[-1].end, its))
        done += size
    vectors = np.frombuffer(row["vectors"], np.float16).reshape(-1, dimension).astype(np.float32)
    if len(vectors) != sum(len(embedded_places(passage)) for passage in passages):
        raise OSError(f"a part for the article {article.id} is damaged; remove the folder {PARTS} and build again")
    return Prepared(passages, vectors)
