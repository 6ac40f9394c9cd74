"""Generations of the index on disk: written whole, verified whole, replaced in one step.

    INDEX_DIR/CURRENT                    name and manifest hash of the generation that is served
    INDEX_DIR/generations/NAME/          manifest.json and the files it lists; never changed once it has this name
    INDEX_DIR/.build.lock                held by the one process that builds

Nothing is pickled. A file is parsed only after its size and SHA-256 agree with the manifest, and the manifest only
after its own hash agrees with CURRENT.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import re
import shutil
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.arabic import ANALYZER_VERSION
from index.chunker import Chunking
from index.columns import read_array
from index.dense import DenseIndex
from index.durable import sync_file, sync_folder, write_durably
from index.embedder import ModelSettings
from index.errors import BuildLockedError, CorruptSnapshotError, NoSnapshotError, SnapshotMismatchError
from index.history import Histories
from index.lexical import LexicalIndex
from index.postings import Postings, file_of
from index.store import ArticleStore
from index.types import Sentence
from index.writer import VECTORS, Counts

FORMAT = 4
KEPT_GENERATIONS = 2
REBUILD = "build the index again with: python build_index.py PATH..."

_CURRENT = re.compile(r"([^\s/.]+) ([0-9a-f]{64})\n")


@dataclass(frozen=True, slots=True)
class Tables:
    """The columns of passages and sentences; a passage's row is its row everywhere.

    `passages` (passages, 5) int32: article row, start, end, first sentence, end of sentences.
    `sentences` (sentences, 7) int32: start, end, is_heading, and the spans of heading and lead-in.
    `sentence_vectors` (sentences, dimension) float16 of unit length.
    """

    passages: NDArray[np.int32]
    sentences: NDArray[np.int32]
    sentence_vectors: NDArray[np.float16]

    def sentences_of(self, row: int) -> list[Sentence]:
        """The sentences of the passage in that row, in order."""
        first, end = self.passages[row, 3:5]
        return [_sentence(columns) for columns in self.sentences[first:end].tolist()]

    def sentence(self, row: int) -> Sentence:
        """The sentence in that row."""
        return _sentence(self.sentences[row].tolist())

    def article_row(self, sentence_row: int) -> int:
        """The row of the article that the sentence is in."""
        return int(self.passages[self._passage_row(sentence_row), 0])

    def sentences_of_article(self, sentence_row: int) -> tuple[int, list[Sentence]]:
        """The sentences of the article that the sentence is in, in order, and the row of the first."""
        first = last = self._passage_row(sentence_row)
        article_row = self.passages[first, 0]
        while first and self.passages[first - 1, 0] == article_row:
            first -= 1
        while last + 1 < len(self.passages) and self.passages[last + 1, 0] == article_row:
            last += 1
        rows = slice(*self.passages[[first, last], [3, 4]].tolist())
        return rows.start, [_sentence(columns) for columns in self.sentences[rows].tolist()]

    def sentence_vectors_of(self, row: int) -> NDArray[np.float32]:
        """Shape (sentences of the passage, dimension)."""
        first, end = self.passages[row, 3:5]
        return self.sentence_vectors[first:end].astype(np.float32)

    def _passage_row(self, sentence_row: int) -> int:
        return bisect_right(range(len(self.passages)), sentence_row, key=lambda row: int(self.passages[row, 3])) - 1


def _sentence(columns: Sequence[int]) -> Sentence:
    start, end, is_heading, heading_start, heading_end, lead_start, lead_end = columns
    return Sentence(start, end, bool(is_heading), (heading_start, heading_end), (lead_start, lead_end))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One opened generation. Everything in it belongs together; nothing in it changes."""

    generation: str
    model: ModelSettings
    chunking: Chunking
    articles: ArticleStore
    histories: Histories
    tables: Tables
    dense: DenseIndex
    lexical: LexicalIndex

    @property
    def passage_count(self) -> int:
        """Passages in all."""
        return len(self.tables.passages)

    @property
    def sentence_count(self) -> int:
        """Sentences in all, headings among them."""
        return len(self.tables.sentences)


@contextmanager
def draft(index_dir: Path) -> Iterator[Path]:
    """A folder for the files of a generation that `publish` then takes. Nothing of it stays after an error; what a
    killed build leaves, `collect` removes. Use it inside `build_lock`."""
    folder = index_dir / "generations" / f".draft.{os.getpid()}.tmp"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    except Exception:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    shutil.rmtree(folder, ignore_errors=True)  # it is there still when the same generation was


def publish(index_dir: Path, folder: Path, *, model: ModelSettings, chunking: Chunking, counts: Counts,
            now: datetime) -> str:
    """Make a generation of the files in the `draft` folder, and make it the current one; returns its name.

    When this returns, the generation survives a power cut. When it raises OSError (a full disk), the generation that
    was current still is, and the new one is removed.
    """
    generations = index_dir / "generations"
    files = {}
    for path in sorted(folder.iterdir()):
        sync_file(path)
        with path.open("rb") as stream:
            files[path.name] = {"bytes": path.stat().st_size, "sha256": _sha256(stream)}
    manifest = {
        "format": FORMAT, "created": now.isoformat(timespec="seconds"), "analyzer": ANALYZER_VERSION,
        "model": model.as_json(), "chunking": chunking.as_json(), "counts": counts.as_json(), "files": files}
    encoded = json.dumps(manifest, indent=1, ensure_ascii=False).encode()
    digest = hashlib.sha256(encoded).hexdigest()
    name = f"{now:%Y%m%dT%H%M%S}-{digest[:8]}"
    try:
        # It is there already when the same articles are published twice within a second.
        if not (generations / name).exists():
            write_durably(folder / "manifest.json", encoded)
            folder.rename(generations / name)
        sync_folder(generations)
        sync_folder(index_dir)
        write_durably(index_dir / "CURRENT", f"{name} {digest}\n".encode())
    except OSError:
        _remove_unless_current(index_dir, name)
        raise
    return name


def current_generation(index_dir: Path) -> str:
    """The name of the published generation; raises NoSnapshotError when nothing was ever published there."""
    return _read_current(index_dir)[0]


def open_snapshot(index_dir: Path) -> Snapshot:
    """Verify and open the published generation.

    Raises NoSnapshotError, CorruptSnapshotError (a file is not what was published) or SnapshotMismatchError (another
    format or analyzer).
    """
    while True:
        current = _read_current(index_dir)
        try:
            return _open_generation(index_dir / "generations" / current[0], current[1])
        except CorruptSnapshotError:
            # A build that finished meanwhile may have removed the generation just named.
            if _read_current(index_dir) == current:
                raise


@contextmanager
def build_lock(index_dir: Path) -> Iterator[None]:
    """Held while building; raises BuildLockedError at once when another process holds it. It ends with the process."""
    from filelock import FileLock, Timeout

    index_dir.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(index_dir / ".build.lock", timeout=0):
            yield
    except Timeout as error:
        raise BuildLockedError(index_dir) from error


def collect(index_dir: Path) -> list[str]:
    """Remove what no reader needs: what a killed build left, and all but the newest generations; returns their names.

    The current generation is never removed. Call it inside `build_lock`.
    """
    generations = index_dir / "generations"
    current = current_generation(index_dir)
    folders = sorted(folder.name for folder in generations.iterdir() if folder.is_dir())
    finished = [name for name in folders if not name.startswith(".")]
    kept = {current, *[name for name in finished if name != current][-(KEPT_GENERATIONS - 1):]}
    removed = [name for name in folders if name not in kept]
    for name in removed:
        shutil.rmtree(generations / name)
    for leftover in index_dir.glob(".CURRENT.*.tmp"):
        leftover.unlink()
    return removed


def _remove_unless_current(index_dir: Path, name: str) -> None:
    try:
        current = current_generation(index_dir)
    except (NoSnapshotError, CorruptSnapshotError):
        current = ""
    if name != current:
        shutil.rmtree(index_dir / "generations" / name, ignore_errors=True)


def _read_current(index_dir: Path) -> tuple[str, str]:
    path = index_dir / "CURRENT"
    try:
        text = path.read_bytes().decode()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NoSnapshotError(index_dir) from error
    except UnicodeDecodeError as error:
        raise CorruptSnapshotError(path, "text", "a generation and a SHA-256", "not UTF-8") from error
    fields = _CURRENT.fullmatch(text)
    if fields is None:
        raise CorruptSnapshotError(path, "text", "a generation and a SHA-256", repr(text))
    return fields[1], fields[2]


def _open_generation(folder: Path, manifest_sha256: str) -> Snapshot:
    manifest: dict[str, Any] = json.loads(bytes(_verified(folder / "manifest.json", "manifest", None, manifest_sha256)))
    for what, mine in (("format", FORMAT), ("analyzer", ANALYZER_VERSION)):
        if manifest[what] != mine:
            raise SnapshotMismatchError(f"{what} version", manifest[what], mine, REBUILD)
    contents = {name: _verified(folder / name, name, entry["bytes"], entry["sha256"])
                for name, entry in manifest["files"].items()}
    tables = Tables(*(read_array(contents[f"{name}.npy"]) for name in ("passages", "sentences", "sentence_vectors")))
    return Snapshot(
        folder.name, ModelSettings(**manifest["model"]), Chunking(**manifest["chunking"]),
        ArticleStore.from_files(contents), Histories.from_files(contents), tables,
        DenseIndex.from_bytes(contents[VECTORS]),
        LexicalIndex(*(read_array(contents[file_of(name)]) for name in Postings._fields)))


def _verified(path: Path, what: str, size: int | None, sha256: str) -> memoryview:
    """The file's content, mapped, once its size and hash are as they were published."""
    try:
        with path.open("rb") as stream:
            found = os.fstat(stream.fileno()).st_size
            if size is not None:
                _check(path, "size", f"{size} bytes", f"{found} bytes")
            # Read, not mapped: pages that were only hashed would count as this process's memory.
            _check(path, "SHA-256", sha256, _sha256(stream))
            return memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)) if found else memoryview(b"")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise CorruptSnapshotError(path, "content", what, "missing") from error


def _sha256(stream: BufferedReader) -> str:
    return hashlib.file_digest(stream, "sha256").hexdigest()


def _check(path: Path, what: str, expected: str, found: str) -> None:
    if found != expected:
        raise CorruptSnapshotError(path, what, expected, found)
