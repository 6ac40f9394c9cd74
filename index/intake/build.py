"""Build an index: read articles, cut them into passages, embed the sentences, write the files and publish them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from index.chunker import Chunking, cut_passages, embedded_places, sentence_text
from index.errors import NothingToIndexError
from index.generation.history import History, Withdrawal, iso_utc
from index.generation.layout import Counts
from index.generation.publishing import build_lock, collect, draft, publish
from index.generation.snapshot import FolderSnapshot
from index.generation.writer import SnapshotWriter
from index.intake.parts import Parts
from index.model.types import Embedder, Vectors
from index.sources import Rejection, Repeat
from index.types import Article, Passage

# Passages per block to embed: enough to sort texts by length within a block, few enough to show progress.
BLOCK = 64
# Names of the stages that are reported to `Progress`.
ARTICLES, SORTING = "articles", "sorting and writing the index"
# Blocks that are read and cut in advance while the embedder works on one.
BLOCKS_AHEAD = 2


@dataclass(frozen=True, slots=True)
class BuildReport:
    """Figures of a build.

    `accepted + rejected + repeated` is the number of records read. `undated` counts the accepted articles without a
    date. `bytes` is the size of the generation.
    """

    generation: str
    accepted: int
    rejected: int
    repeated: int
    passages: int
    sentences: int
    undated: int
    bytes: int


Progress = Callable[[str, int, int], None]
"""Called with the stage, the number of steps done and the total number of steps (0 while unknown)."""


def build(records: Iterable[Article | Rejection | Repeat], index_dir: Path, embedder: Embedder, *,
          chunking: Chunking | None = None, on_rejection: Callable[[Rejection], None] = lambda _rejection: None,
          progress: Progress = lambda _stage, _done, _total: None, now: datetime | None = None) -> BuildReport:
    """Read the records and publish a generation with exactly their articles.

    To add to an existing index, use `index.intake.update`. Memory holds the blocks in progress, the ids and the
    vocabulary, and at the end the FAISS index.

    Raises BuildLockedError when another build runs, NothingToIndexError when no article could be read, and OSError when
    the disk is full. The published generation stays the same in each case.
    """
    chunking, now = chunking or Chunking(), now or datetime.now(UTC)
    with build_lock(index_dir), draft(index_dir) as folder:
        reading = _Reading(records, on_rejection)
        read_at = iso_utc(now)
        counts = write_articles((New(article, History.of(article, read_at)) for article in reading), folder, embedder,
                                chunking, progress=lambda stage, done, total: progress(
                                    stage, reading.accepted if stage == ARTICLES else done, total))
        generation = publish(index_dir, folder, model=embedder.settings, chunking=chunking, counts=counts, now=now)
        collect(index_dir)
    published = index_dir / "generations" / generation
    return BuildReport(generation, accepted=reading.accepted, rejected=reading.rejected, repeated=reading.repeated,
                       passages=counts.passages, sentences=counts.sentences, undated=reading.undated,
                       bytes=sum(path.stat().st_size for path in published.iterdir()))


class _Reading:
    """Iterate over the articles among the records, counting the records of each kind.

    At the end, raises NothingToIndexError if there was no article.
    """

    def __init__(self, records: Iterable[Article | Rejection | Repeat],
                 on_rejection: Callable[[Rejection], None]) -> None:
        self._records = records
        self._on_rejection = on_rejection
        self.accepted = self.rejected = self.repeated = self.undated = 0

    def __iter__(self) -> Iterator[Article]:
        for record in self._records:
            if isinstance(record, Article):
                self.accepted += 1
                self.undated += not record.published
                yield record
            elif isinstance(record, Rejection):
                self.rejected += 1
                self._on_rejection(record)
            else:
                self.repeated += 1
        if not self.accepted:
            raise NothingToIndexError(self.rejected)


@dataclass(frozen=True, slots=True)
class New:
    """An article to cut into passages and embed, with its history."""

    article: Article
    history: History


@dataclass(frozen=True, slots=True)
class Reused:
    """An article whose passages are copied from row `base_row` of the base, with its history.

    `article` is the new record, with the same title, text and `published` as in the base. It is None when the record is
    unchanged.
    """

    base_row: int
    history: History
    article: Article | None = None


Planned = New | Reused


def write_articles(planned: Iterable[Planned], folder: Path, embedder: Embedder, chunking: Chunking, *,
                   base: FolderSnapshot | None = None, withdrawn: Mapping[str, Withdrawal] | None = None,
                   parts: Parts | None = None, total: int = 0,
                   progress: Progress = lambda _stage, _done, _total: None) -> Counts:
    """Write a generation of these articles, in this order, into a `draft` folder; return the counts.

    While one block of articles is embedded, the next blocks are read and cut, and earlier ones are analysed and
    written. `base` is a snapshot with the same model, settings and analyzer. `withdrawn` is as in `Histories`. What
    `parts` hold is neither cut nor embedded again. `total` is the number of articles, or 0 if unknown.
    """
    written = 0
    with SnapshotWriter(folder, embedder.settings.dimension, base=base,
                        withdrawn=withdrawn or {}) as writer:
        for block, vectors in _embedded(_blocks(_cut(planned, embedder, chunking, parts)), embedder):
            _add(writer, block, vectors)
            written += len(block)
            progress(ARTICLES, written, total)
        progress(SORTING, 0, 1)
        counts = writer.finish()
        progress(SORTING, 1, 1)
        return counts


@dataclass(frozen=True, slots=True)
class Cut:
    """An article with its passages to write, and their vectors if a part held them; `Reused` has neither."""

    planned: Planned
    passages: list[Passage]
    vectors: Vectors | None = None


def _cut(planned: Iterable[Planned], embedder: Embedder, chunking: Chunking, parts: Parts | None) -> Iterator[Cut]:
    for one in planned:
        prepared = parts.get(one.article) if parts is not None and isinstance(one, New) else None
        if prepared is not None:
            yield Cut(one, prepared.passages, prepared.vectors)
        else:
            yield Cut(one, cut_passages(one.article, embedder.count_tokens, chunking) if isinstance(one, New) else [])


def _blocks(cut: Iterable[Cut]) -> Iterator[list[Cut]]:
    """Group articles into blocks with at least `BLOCK` passages to embed. An article is never split between blocks.

    An article without passages to embed counts as one passage.
    """
    block: list[Cut] = []
    passages = 0
    for one in cut:
        block.append(one)
        passages += max(1, len(one.passages))
        if passages >= BLOCK:
            yield block
            block, passages = [], 0
    if block:
        yield block


def _embedded(blocks: Iterable[list[Cut]], embedder: Embedder) -> Iterator[tuple[list[Cut], Vectors]]:
    """Yield each block with the vectors of its embedded sentences, in order.

    Up to `BLOCKS_AHEAD` further blocks are read before a block is yielded.
    """
    under_way: deque[tuple[list[Cut], Future[Vectors]]] = deque()
    with ThreadPoolExecutor(1, thread_name_prefix="embed-blocks") as pool:
        try:
            for block in blocks:
                texts = [sentence_text(one.planned.article, passage.sentences[place]) for one in block
                         if isinstance(one.planned, New) and one.vectors is None
                         for passage in one.passages for place in embedded_places(passage)]
                under_way.append((block, pool.submit(embedder.embed_passages, texts)))
                if len(under_way) > BLOCKS_AHEAD:
                    before, vectors = under_way.popleft()
                    yield before, vectors.result()
            while under_way:
                before, vectors = under_way.popleft()
                yield before, vectors.result()
        finally:
            for _, vectors in under_way:
                vectors.cancel()


def _add(writer: SnapshotWriter, block: list[Cut], vectors: Vectors) -> None:
    """Write a block of articles. `vectors` has one row for each sentence in the block that was embedded now."""
    first = 0
    for one in block:
        if isinstance(one.planned, Reused):
            writer.take_over(one.planned.base_row, one.planned.history, one.planned.article)
            continue
        counts = [len(passage.sentences) for passage in one.passages]
        starts = np.cumsum([0, *counts]).tolist()
        places = [start + place for start, passage in zip(starts, one.passages, strict=False)
                  for place in embedded_places(passage)]
        its_vectors = one.vectors
        if its_vectors is None:
            its_vectors = vectors[first:first + len(places)]
            first += len(places)
        of_sentences = np.zeros((starts[-1], vectors.shape[1]), np.float32)
        of_sentences[places] = its_vectors
        writer.add(one.planned.article, one.planned.history, one.passages, of_sentences)
