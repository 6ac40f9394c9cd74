"""Write a generation's files article by article, without keeping the articles' texts in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from index.columns import ColumnWriter
from index.generation.articles import ArticleWriter
from index.generation.history import History, HistoryWriter, Withdrawal
from index.generation.layout import PASSAGES, SENTENCE_VECTORS, VECTORS, Counts
from index.search.dense import DenseIndex
from index.search.postings import PostingsWriter
from index.search.terms import passage_terms
from index.types import Article, Passage

if TYPE_CHECKING:
    from index.generation.snapshot import FolderSnapshot


# Number of passages whose vectors are computed at a time.
BLOCK = 1024


class SnapshotWriter:
    """Write all files of a `Snapshot` into a folder. They are complete once `finish` has returned.

    `take_over` copies unchanged texts, sentence vectors and postings from `base`, a snapshot with the same model and
    settings. The files have the same bytes as if every article had been passed to `add`. `withdrawn` is as in
    `Histories`. Every method raises OSError when the disk is full.
    """

    def __init__(self, folder: Path, dimension: int, *, base: FolderSnapshot | None = None,
                 withdrawn: Mapping[str, Withdrawal] | None = None) -> None:
        self._folder = folder
        self._base = base
        # Row of the first passage of each article of the base, then the number of passages.
        self._base_passages = _first_passages(base) if base else np.zeros(1, np.int64)
        with ExitStack() as opened:
            self._articles = ArticleWriter(folder)
            opened.callback(self._articles.close)
            self._histories = HistoryWriter(folder, withdrawn or {})
            opened.callback(self._histories.close)
            self._postings = PostingsWriter(folder, base=base.lexical.postings if base else None)
            self._passages = opened.enter_context(ColumnWriter(folder / PASSAGES, np.int32, (5,)))
            self._sentences = opened.enter_context(ColumnWriter(folder / "sentences.npy", np.int32, (7,)))
            self._sentence_vectors = opened.enter_context(
                ColumnWriter(folder / SENTENCE_VECTORS, np.float16, (dimension,)))
            self._opened = opened.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 traceback: TracebackType | None) -> None:
        # After an error, flushing the buffers may fail too, for example on a full disk.
        with suppress(OSError):
            self._opened.close()

    def add(self, article: Article, history: History, passages: Sequence[Passage],
            sentence_vectors: NDArray[np.float32]) -> None:
        """Append an article with its passages and the vectors of their sentences. The article's id must be new.

        `sentence_vectors` has shape (sentences of all passages, dimension), with zeros for a sentence without a vector.
        """
        article_row, first = len(self._articles), self._sentences.rows
        self._articles.add(article)
        self._histories.add(history)
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

    def take_over(self, base_row: int, history: History, article: Article | None = None) -> None:
        """Append the article in this row of the base, copying its passages, vectors and postings.

        `article` replaces the base's record, whose title, text and date of publication it must share. Each row can be
        taken over only once. Raises ValueError when there is no base.
        """
        if self._base is None:
            raise ValueError("cannot take over an article without a base snapshot")
        tables, article_row = self._base.tables, len(self._articles)
        first, end = self._base_passages[base_row:base_row + 2].tolist()
        if article is None:
            self._articles.copy(self._base.articles, base_row)
        else:
            self._articles.add(article)
        self._histories.add(history)
        self._postings.take_over(first, end)
        if first == end:
            return
        passages = tables.passages[first:end].copy()
        sentences = slice(int(passages[0, 3]), int(passages[-1, 4]))
        passages[:, 0] = article_row
        passages[:, 3:5] += self._sentences.rows - sentences.start
        self._passages.append(passages)
        self._sentences.append(tables.sentences[sentences])
        self._sentence_vectors.append(tables.sentence_vectors[sentences])

    def finish(self) -> Counts:
        """Complete the files and build the vector index; return the counts."""
        for part in (self._articles, self._histories, self._passages, self._sentences, self._sentence_vectors,
                     self._postings):
            part.close()
        with TemporaryDirectory(prefix=".vectors-", dir=self._folder) as waiting:
            DenseIndex.build(self._passage_vectors(Path(waiting) / "passages.npy")).write(self._folder / VECTORS)
        self._opened.close()
        return Counts(len(self._articles), self._passages.rows, self._sentences.rows)

    def _passage_vectors(self, path: Path) -> NDArray[np.float32]:
        """Return each passage's vector, memory-mapped from `path`: shape (passages, dimension), float32.

        A passage's vector is the sum of its sentences' vectors, scaled to unit length. The sum uses the sentence
        vectors as they are stored (float16), so that a passage taken over from the base gets the same bytes as a new
        one.
        """
        passages = np.load(self._folder / PASSAGES, mmap_mode="r", allow_pickle=False)
        sentence_vectors = np.load(self._folder / SENTENCE_VECTORS, mmap_mode="r", allow_pickle=False)
        with ColumnWriter(path, np.float32, sentence_vectors.shape[1:]) as vectors:
            for first in range(0, len(passages), BLOCK):
                spans = passages[first:first + BLOCK, 3:5].astype(np.int64)
                sums = np.add.reduceat(sentence_vectors[spans[0, 0]:spans[-1, 1]].astype(np.float32),
                                       spans[:, 0] - spans[0, 0])
                lengths = np.linalg.norm(sums, axis=1, keepdims=True)
                # Where sentence vectors cancel out, keep a zero vector: its cosine to every question is then 0.
                vectors.append(np.divide(sums, lengths, out=np.zeros_like(sums), where=lengths > 0))
        written: NDArray[np.float32] = np.load(path, mmap_mode="r", allow_pickle=False)
        return written


def _first_passages(base: FolderSnapshot) -> NDArray[np.int64]:
    return np.searchsorted(base.tables.passages[:, 0], np.arange(len(base.articles) + 1))
