"""Articles to a published generation: read, cut, embed, index, publish."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import numpy as np

from index.chunker import Chunking, cut_passages, passage_text, sentence_text
from index.dense import DenseIndex
from index.embedder import Embedder, Vectors
from index.errors import NothingToIndexError
from index.lexical import LexicalIndex
from index.snapshot import Tables, build_lock, collect, publish
from index.sources import Rejection, Repeat
from index.store import ArticleStore
from index.types import Article, Passage

# Passages are embedded in blocks: large enough to sort by length within, small enough to show progress.
BLOCK = 64


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

    Raises BuildLockedError when another build runs, NothingToIndexError when no article could be read, and OSError when
    the disk is full; the published generation is then the one it was.
    """
    with build_lock(index_dir):
        articles: list[Article] = []
        rejected = repeated = 0
        for record in records:
            if isinstance(record, Article):
                articles.append(record)
            elif isinstance(record, Rejection):
                rejected += 1
                on_rejection(record)
            else:
                repeated += 1
            progress("reading", len(articles) + rejected + repeated, 0)
        if not articles:
            raise NothingToIndexError(rejected)
        return _publish_articles(articles, index_dir, embedder, chunking or Chunking(), progress,
                                 now or datetime.now(UTC), rejected=rejected, repeated=repeated)


@dataclass(frozen=True, slots=True)
class Indexed:
    """The parts of a snapshot over a list of articles."""

    articles: ArticleStore
    passages: Sequence[Passage]
    tables: Tables
    dense: DenseIndex
    lexical: LexicalIndex


def index_articles(articles: Sequence[Article], embedder: Embedder, chunking: Chunking,
                   progress: Progress = lambda _stage, _done, _total: None) -> Indexed:
    """Cut, embed and index the articles; their ids are distinct."""
    by_id = {article.id: article for article in articles}
    passages: list[Passage] = []
    for number, article in enumerate(articles, start=1):
        passages += cut_passages(article, embedder.count_tokens, chunking)
        progress("cutting", number, len(articles))
    vectors: list[Vectors] = [np.zeros((0, embedder.settings.dimension), np.float32)]
    sentence_vectors: list[Vectors] = list(vectors)
    done = 0
    for block in _blocks(passages, BLOCK):
        of_block = [(by_id[passage.article_id], passage) for passage in block]
        vectors.append(embedder.embed_passages([passage_text(article, passage) for article, passage in of_block]))
        sentence_vectors.append(embedder.embed_passages(
            [sentence_text(article, sentence) for article, passage in of_block for sentence in passage.sentences]))
        done += len(block)
        progress("embedding", done, len(passages))
    store = ArticleStore.of(articles)
    tables = Tables.of(passages, store.rows, np.concatenate(sentence_vectors).astype(np.float16))
    lexical = LexicalIndex.build(passage_text(by_id[passage.article_id], passage) for passage in passages)
    return Indexed(store, passages, tables, DenseIndex.build(np.concatenate(vectors)), lexical)


def _publish_articles(articles: Sequence[Article], index_dir: Path, embedder: Embedder, chunking: Chunking,
                      progress: Progress, now: datetime, *, rejected: int, repeated: int) -> BuildReport:
    indexed = index_articles(articles, embedder, chunking, progress)
    generation = publish(index_dir, indexed.articles, indexed.tables, indexed.dense, indexed.lexical,
                         model=embedder.settings, chunking=chunking, now=now)
    collect(index_dir)
    folder = index_dir / "generations" / generation
    return BuildReport(
        generation, accepted=len(articles), rejected=rejected, repeated=repeated, passages=len(indexed.passages),
        sentences=len(indexed.tables.sentences), undated=sum(not article.published for article in articles),
        bytes=sum(path.stat().st_size for path in folder.iterdir()))


def _blocks(passages: Sequence[Passage], size: int) -> Iterator[list[Passage]]:
    remaining = iter(passages)
    while block := list(islice(remaining, size)):
        yield block
