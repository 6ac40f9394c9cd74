"""Articles to a published generation: read, cut, embed, index, publish."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from index.chunker import Chunking, cut_passages, embedded_places, sentence_text
from index.embedder import Embedder, Vectors
from index.errors import NothingToIndexError
from index.publishing import build_lock, collect, draft, publish
from index.sources import Rejection, Repeat
from index.types import Article, Passage
from index.writer import SnapshotWriter

# Passages are embedded in blocks: large enough to sort by length within, small enough to show progress.
BLOCK = 64
# Blocks that are ready for the embedder before it has done with the one it is at.
AHEAD = 2


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `accepted + rejected + repeated` is every record that was seen."""

    generation: str
    accepted: int
    rejected: int
    repeated: int
    passages: int
    sentences: int
    undated: int
    bytes: int


Progress = Callable[[str, int, int], None]
"""Called with the stage, the steps done and the steps in all (0 while that is unknown)."""


def build(records: Iterable[Article | Rejection | Repeat], index_dir: Path, embedder: Embedder, *,
          chunking: Chunking | None = None, on_rejection: Callable[[Rejection], None] = lambda _rejection: None,
          progress: Progress = lambda _stage, _done, _total: None, now: datetime | None = None) -> BuildReport:
    """Read the records and publish a generation of exactly their articles.

    While some articles are embedded, the next are read and cut and those before are analysed and written. Memory holds
    what is under way, the ids, the vocabulary, and in the end the FAISS index.

    Raises BuildLockedError when another build runs, NothingToIndexError when no article could be read, and OSError when
    the disk is full; the published generation is then the one it was.
    """
    chunking, now = chunking or Chunking(), now or datetime.now(UTC)
    with build_lock(index_dir), draft(index_dir) as folder:
        reading = _Reading(records, on_rejection)
        with SnapshotWriter(folder, embedder.settings.dimension) as writer:
            for cut, vectors in _embedded(_blocks(_cut(reading, embedder, chunking)), embedder):
                _add(writer, cut, vectors)
                progress("articles", reading.accepted, 0)
            if not reading.accepted:
                raise NothingToIndexError(reading.rejected)
            progress("sorting and writing the index", 0, 1)
            counts = writer.finish()
        generation = publish(index_dir, folder, model=embedder.settings, chunking=chunking, counts=counts, now=now)
        progress("sorting and writing the index", 1, 1)
        collect(index_dir)
    published = index_dir / "generations" / generation
    return BuildReport(generation, accepted=reading.accepted, rejected=reading.rejected, repeated=reading.repeated,
                       passages=counts.passages, sentences=counts.sentences, undated=reading.undated,
                       bytes=sum(path.stat().st_size for path in published.iterdir()))


class _Reading:
    """The articles among the records, and how many records of each kind there were so far."""

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


Cut = tuple[Article, list[Passage]]


def _cut(articles: Iterable[Article], embedder: Embedder, chunking: Chunking) -> Iterator[Cut]:
    return ((article, cut_passages(article, embedder.count_tokens, chunking)) for article in articles)


def _blocks(cut: Iterable[Cut]) -> Iterator[list[Cut]]:
    """Whole articles that have `BLOCK` passages together, or a few more; one without any counts as one."""
    block: list[Cut] = []
    passages = 0
    for article, its_passages in cut:
        block.append((article, its_passages))
        passages += max(1, len(its_passages))
        if passages >= BLOCK:
            yield block
            block, passages = [], 0
    if block:
        yield block


def _embedded(blocks: Iterable[list[Cut]], embedder: Embedder) -> Iterator[tuple[list[Cut], Vectors]]:
    """Each block with the vectors of what it embeds, in order; `AHEAD` blocks are read before one is used."""
    under_way: deque[tuple[list[Cut], Future[Vectors]]] = deque()
    with ThreadPoolExecutor(1, thread_name_prefix="embed-blocks") as pool:
        try:
            for block in blocks:
                texts = [sentence_text(article, passage.sentences[place]) for article, passages in block
                         for passage in passages for place in embedded_places(passage)]
                under_way.append((block, pool.submit(embedder.embed_passages, texts)))
                if len(under_way) > AHEAD:
                    before, vectors = under_way.popleft()
                    yield before, vectors.result()
            while under_way:
                before, vectors = under_way.popleft()
                yield before, vectors.result()
        finally:
            for _, vectors in under_way:
                vectors.cancel()


def _add(writer: SnapshotWriter, block: list[Cut], vectors: Vectors) -> None:
    """Write a block; `vectors` has a row for each of its embedded sentences."""
    first = 0
    for article, passages in block:
        of_passages = np.zeros((len(passages), vectors.shape[1]), np.float32)
        of_sentences = np.zeros((sum(len(passage.sentences) for passage in passages), vectors.shape[1]), np.float32)
        row = 0
        for number, passage in enumerate(passages):
            places = row + np.array(embedded_places(passage))
            own = vectors[first:first + len(places)]
            of_passages[number], of_sentences[places] = _mean_direction(own), own
            first += len(places)
            row += len(passage.sentences)
        writer.add(article, passages, of_passages, of_sentences)


def _mean_direction(vectors: Vectors) -> Vectors:
    total: Vectors = vectors.sum(axis=0)
    return total / np.linalg.norm(total)
