"""Writes the files of a generation article by article: what it holds in memory does not grow with the texts."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.columns import ColumnWriter
from index.dense import DenseIndex
from index.postings import PostingsWriter
from index.store import ArticleWriter
from index.terms import passage_terms
from index.types import Article, Passage

VECTORS = "passages.faiss"


@dataclass(frozen=True, slots=True)
class Counts:
    """What a generation holds."""

    articles: int
    passages: int
    sentences: int

    def as_json(self) -> dict[str, int]:
        """What a snapshot's manifest holds."""
        return asdict(self)


class SnapshotWriter:
    """Writes into a folder all that a `Snapshot` is made of; complete once `finish` has returned.

    Passage vectors wait in a file of their own until all are there, since FAISS chooses its lists by them.
    Every method raises OSError when the disk is full.
    """

    def __init__(self, folder: Path, dimension: int) -> None:
        self._folder = folder
        with ExitStack() as opened:
            waiting = Path(opened.enter_context(TemporaryDirectory(prefix=".vectors-", dir=folder)))
            self._vectors_file = waiting / "passages.npy"
            self._articles = ArticleWriter(folder)
            opened.callback(self._articles.close)
            self._postings = PostingsWriter(folder)
            self._passages = opened.enter_context(ColumnWriter(folder / "passages.npy", np.int32, (5,)))
            self._sentences = opened.enter_context(ColumnWriter(folder / "sentences.npy", np.int32, (7,)))
            self._sentence_vectors = opened.enter_context(
                ColumnWriter(folder / "sentence_vectors.npy", np.float16, (dimension,)))
            self._vectors = opened.enter_context(ColumnWriter(self._vectors_file, np.float32, (dimension,)))
            self._opened = opened.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 traceback: TracebackType | None) -> None:
        # After an error what is in buffers may not fit on the disk either.
        with suppress(OSError):
            self._opened.close()

    def add(self, article: Article, passages: Sequence[Passage], vectors: NDArray[np.float32],
            sentence_vectors: NDArray[np.float32]) -> None:
        """Append an article, whose id is new, and its passages with their vectors, (passages, dimension) and
        (sentences of all of them, dimension)."""
        article_row, first = len(self._articles), self._sentences.rows
        self._articles.add(article)
        rows, sentences = [], []
        for passage in passages:
            end = first + len(passage.sentences)
            rows.append((article_row, passage.start, passage.end, first, end))
            sentences += [(sentence.start, sentence.end, sentence.is_heading, *sentence.heading, *sentence.lead_in)
                          for sentence in passage.sentences]
            self._postings.add(passage_terms(article, passage))
            first = end
        self._passages.append(np.array(rows, np.int32).reshape(-1, 5))
        self._sentences.append(np.array(sentences, np.int32).reshape(-1, 7))
        self._sentence_vectors.append(sentence_vectors)
        self._vectors.append(vectors)

    def finish(self) -> Counts:
        """Complete the files."""
        for part in (self._articles, self._passages, self._sentences, self._sentence_vectors, self._vectors,
                     self._postings):
            part.close()
        DenseIndex.build(np.load(self._vectors_file, mmap_mode="r", allow_pickle=False)).write(self._folder / VECTORS)
        self._opened.close()
        return Counts(len(self._articles), self._passages.rows, self._sentences.rows)
