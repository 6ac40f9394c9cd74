"""Open a generation: verify all its files, and read or map them.

If the current one is damaged, open another and report that.

Nothing is unpickled. A file is parsed only after its size and SHA-256 match the manifest. The manifest is parsed only
after its own SHA-256 matches the generation's name and, for the current generation, the hash in CURRENT.
"""

from __future__ import annotations

import mmap
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol, overload

import numpy as np
from numpy.typing import NDArray

from index.chunker import Chunking
from index.columns import read_array
from index.errors import (
    CorruptSnapshotError,
    IndexingError,
    NoSnapshotError,
    SnapshotMismatchError,
    UnreadableSnapshotError,
)
from index.generation.articles import ArticleStore
from index.generation.folder import (
    REBUILD,
    by_preference,
    check,
    check_versions,
    current_mark,
    opened,
    read_current,
    read_manifest,
)
from index.generation.history import Histories
from index.generation.layout import VECTORS
from index.generation.lineage import first_of
from index.generation.publishing import set_aside
from index.language.arabic import ANALYZER_VERSION
from index.model.types import ModelSettings
from index.search.dense import DenseIndex
from index.search.lexical import LexicalIndex
from index.search.postings import Postings, file_of
from index.search.protocols import DenseSearch, LexicalSearch
from index.types import Sentence

# A generation up to this size is read, a larger one mapped: a mapped file that somebody shortens ends the process.
KEPT_IN_MEMORY_BYTES = 64 * 1024 * 1024


class Columns(Protocol):
    """A table of numbers, indexed as a NumPy array is: by a row, a slice or an array of rows, with or without columns.

    A NumPy array is one; a store may bring the rows that are asked for.
    """

    def __len__(self) -> int: ...

    def __getitem__(self, key: Any) -> NDArray[Any]: ...


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of passages and sentences. A passage has the same row in every table and index of the snapshot.

    `passages` (passages, 5) int32: article row, start, end, row of its first sentence, row after its last sentence.
    `sentences` (sentences, 7) int32: start, end, is_heading, start and end of its heading, start and end of its
    lead-in. `sentence_vectors` (sentences, dimension) float16: of unit length, or zero for a heading without a vector.
    """

    passages: NDArray[np.int32]
    sentences: Columns
    sentence_vectors: Columns

    def sentences_of(self, row: int) -> list[Sentence]:
        """Return the sentences of the passage in this row, in order."""
        first, end = self.passages[row, 3:5]
        return [_sentence(columns) for columns in self.sentences[first:end].tolist()]

    def sentence(self, row: int) -> Sentence:
        """Return the sentence in this row."""
        return _sentence(self.sentences[row].tolist())

    def article_row(self, sentence_row: int) -> int:
        """Return the row of the article that contains the sentence in this row."""
        return int(self.passages[self._passage_row(sentence_row), 0])

    def sentences_of_article(self, sentence_row: int) -> tuple[int, Sentences]:
        """Return `(first_row, sentences)`: the first row and all sentences of the article that contains this sentence.
        """
        return self.all_sentences(self.article_row(sentence_row))

    def all_sentences(self, article_row: int) -> tuple[int, Sentences]:
        """Return `(first_row, sentences)`: the first row and all sentences of the article in this row."""
        passages = self.passages_of(article_row)
        if not passages:
            return 0, Sentences(self.sentences[:0])
        first, end = self.passages[[passages[0], passages[-1]], [3, 4]].tolist()
        return first, Sentences(self.sentences[first:end])

    def passages_of(self, article_row: int) -> range:
        """Return the rows of the passages of the article in this row."""
        rows, of_article = range(len(self.passages)), lambda row: int(self.passages[row, 0])
        first = bisect_left(rows, article_row, key=of_article)
        return range(first, bisect_right(rows, article_row, lo=first, key=of_article))

    def sentence_vectors_of(self, row: int) -> NDArray[np.float32]:
        """Return the vectors of the sentences of the passage in this row, shape (sentences of the passage, dimension).
        """
        first, end = self.passages[row, 3:5]
        return self.sentence_vectors[first:end].astype(np.float32)

    def cosine_of_sentences(self, one: int, other: int) -> float:
        """Return the cosine of the vectors of the sentences in two rows."""
        vectors = self.sentence_vectors[[one, other]].astype(np.float32)
        return float(vectors[0] @ vectors[1])

    def _passage_row(self, sentence_row: int) -> int:
        return bisect_right(range(len(self.passages)), sentence_row, key=lambda row: int(self.passages[row, 3])) - 1


class Sentences(Sequence[Sentence]):
    """The sentences of an article in order, each made when it is looked at: long articles have thousands.

    `columns` (sentences, 7) int32 are their rows of the table of sentences.
    """

    def __init__(self, columns: NDArray[np.int32]) -> None:
        self._columns = columns

    def __len__(self) -> int:
        return len(self._columns)

    @overload
    def __getitem__(self, place: int) -> Sentence: ...
    @overload
    def __getitem__(self, place: slice) -> list[Sentence]: ...
    def __getitem__(self, place: int | slice) -> Sentence | list[Sentence]:
        found = self._columns[place].tolist()
        return [_sentence(columns) for columns in found] if isinstance(place, slice) else _sentence(found)

    def __iter__(self) -> Iterator[Sentence]:
        return map(_sentence, self._columns.tolist())

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]


def place_of(sentences: Sequence[Sentence], offset: int) -> int:
    """Return the index of the last sentence that begins at `offset` or before; -1 if there is none."""
    return bisect_right(sentences, offset, key=lambda sentence: sentence.start) - 1


def _sentence(columns: Sequence[int]) -> Sentence:
    start, end, is_heading, heading_start, heading_end, lead_start, lead_end = columns
    return Sentence(start, end, bool(is_heading), (heading_start, heading_end), (lead_start, lead_end))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One opened generation, whichever store it is in. It never changes.

    `first` is the name of the first generation of its index (see `lineage.py`). `analyzer` is the version of the
    analyzer that wrote the postings. `applied` are the names of the inbox entries that
    the generation includes. `degraded` says why this generation was opened instead of the published one, or is "" if
    this is the published one.
    """

    generation: str
    model: ModelSettings
    chunking: Chunking
    articles: ArticleStore
    histories: Histories
    tables: Tables
    dense: DenseSearch
    lexical: LexicalSearch
    first: str = ""
    analyzer: int = ANALYZER_VERSION
    applied: tuple[str, ...] = ()
    degraded: str = ""

    @property
    def passage_count(self) -> int:
        """Return the number of passages."""
        return len(self.tables.passages)

    @property
    def sentence_count(self) -> int:
        """Return the number of sentences, headings included."""
        return len(self.tables.sentences)


@dataclass(frozen=True, slots=True)
class FolderSnapshot(Snapshot):
    """A generation that was opened from its files: the next one is built from it."""

    dense: DenseIndex
    lexical: LexicalIndex


def open_snapshot(index_dir: Path, *, any_analyzer: bool = False) -> FolderSnapshot:
    """Verify and open the published generation, or the nearest undamaged one if it is damaged.

    If another one is opened, the snapshot's `degraded` says which generation was damaged and what to do. The damaged
    generation is moved to INDEX_DIR/damaged unless a build holds the lock. A generation that the disk fails to read
    stays.

    With `any_analyzer`, a generation that another analyzer version wrote is opened too. Its texts can be read, but not
    searched.

    Raises NoSnapshotError if nothing was ever published, CorruptSnapshotError or UnreadableSnapshotError if no
    generation is undamaged, and SnapshotMismatchError if the generation has another format or analyzer version.
    """
    while True:
        mark = current_mark(index_dir)
        try:
            current = read_current(index_dir)
            return _open_generation(index_dir / "generations" / current.name, current.sha256,
                                    any_analyzer=any_analyzer)
        except (NoSnapshotError, CorruptSnapshotError, UnreadableSnapshotError) as error:
            # A build that finished meanwhile may have removed the generation that CURRENT named: start over.
            if current_mark(index_dir) != mark:
                continue
            opened_instead = _open_another(index_dir, error, any_analyzer=any_analyzer)
            if current_mark(index_dir) == mark:
                if opened_instead is None:
                    raise
                return opened_instead


def _open_another(index_dir: Path, failure: IndexingError, *, any_analyzer: bool) -> FolderSnapshot | None:
    """Open the first undamaged generation in the order of `by_preference`, and set aside the damaged ones before it.

    `failure` is the error with the published generation. Returns None if no generation can be opened.
    """
    damaged = []
    for name in by_preference(index_dir):
        try:
            snapshot = _open_generation(index_dir / "generations" / name, any_analyzer=any_analyzer)
        except CorruptSnapshotError:
            damaged.append(name)
        except (UnreadableSnapshotError, SnapshotMismatchError):
            continue
        else:
            for other in damaged:
                set_aside(index_dir, other)
            return replace(snapshot, degraded=_described(index_dir, failure, snapshot.generation))
    return None


def _described(index_dir: Path, failure: IndexingError, instead: str) -> str:
    if isinstance(failure, CorruptSnapshotError | UnreadableSnapshotError):
        fact = failure.fact
        where = index_dir / "damaged" / failure.path.parent.name
        if where.exists():
            fact = f"generation {where.name} is damaged and was set aside in {where}"
    else:
        fact = f"{index_dir / 'CURRENT'} is missing"
    return f"{fact}; generation {instead} is served instead; {REBUILD}"


def _open_generation(folder: Path, manifest_sha256: str = "", *, any_analyzer: bool) -> FolderSnapshot:
    manifest = read_manifest(folder, manifest_sha256)
    check_versions(manifest, any_analyzer=any_analyzer)
    read = _read if sum(entry["bytes"] for entry in manifest["files"].values()) <= KEPT_IN_MEMORY_BYTES else _mapped
    contents = {name: read(folder / name, name, entry["bytes"], entry["sha256"])
                for name, entry in manifest["files"].items()}
    tables = Tables(*(read_array(contents[f"{name}.npy"]) for name in ("passages", "sentences", "sentence_vectors")))
    return FolderSnapshot(
        folder.name, ModelSettings(**manifest["model"]), Chunking(**manifest["chunking"]),
        ArticleStore.from_files(contents), Histories.from_files(contents), tables,
        DenseIndex.from_bytes(contents[VECTORS]),
        LexicalIndex(Postings(*(read_array(contents[file_of(name)]) for name in Postings._fields))),
        first=first_of(folder.name, manifest), analyzer=manifest["analyzer"], applied=tuple(manifest["applied"]))


def _read(path: Path, what: str, size: int, sha256: str) -> memoryview:
    """Read a file into memory, check its size and SHA-256, and return it."""
    with opened(path, what) as stream:
        content = stream.read()
    check(BytesIO(content), path, size, sha256)
    return memoryview(content)


def _mapped(path: Path, what: str, size: int, sha256: str) -> memoryview:
    """Check a file's size and SHA-256; return its content, memory-mapped."""
    with opened(path, what) as stream:
        check(stream, path, size, sha256)
        return memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)) if size else memoryview(b"")
