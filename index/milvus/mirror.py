"""Write a generation into Milvus as the builder made it, and publish it there.

Row for row it is the generation of the index folder, so that updates, deletions and rebuilds are equal in both. All
document weights of BM25 depend on the average length, which changes with each article: no generation can be made of the
one before in place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.columns import array_bytes
from index.errors import StoreError
from index.generation.fence import fenced
from index.generation.folder import FORMAT, sequence_of
from index.generation.publishing import build_lock
from index.generation.snapshot import FolderSnapshot, open_snapshot
from index.milvus import layout
from index.milvus.condition import among
from index.milvus.connection import Connection
from index.milvus.layout import Kind, Table
from index.milvus.leases import Leases
from index.milvus.schema import create_passages, create_readers, create_texts
from index.milvus.sentences import packed
from index.milvus.source import MilvusSource, current_in
from index.milvus.texts import rows_of_table, rows_of_text
from index.search.lexical import LexicalIndex
from index.settings import STORE

# Passages and texts sent at a time: 4 kB each, a long article more; gRPC carries 64 MB.
BLOCK = 512
# Passages of which the postings are turned into sparse vectors at a time.
STRETCH = 1 << 16
# Generations kept besides those that somebody reads.
KEPT_GENERATIONS = 2

Progress = Callable[[int, int], None]
"""Called with the number of passages written and their total number."""


def follow_in_store(index_dir: Path, progress: Progress = lambda _done, _total: None) -> None:
    """Publish the index folder's current generation to the store that MUSNAD_STORE names, if it names one; see
    `publish_current`."""
    store = STORE.value()
    if store:
        publish_current(index_dir, store, progress)


def publish_current(index_dir: Path, store: str, progress: Progress = lambda _done, _total: None) -> bool:
    """Publish the index folder's current generation at this address of a store; see `publish`.

    Raises BuildLockedError while a build runs, and whatever `open_snapshot` raises.
    """
    source = MilvusSource.of(store)
    try:
        with build_lock(index_dir):
            return publish(source.connection, open_snapshot(index_dir), progress)
    finally:
        source.connection.close()


def publish(connection: Connection, snapshot: FolderSnapshot, progress: Progress = lambda _done, _total: None) -> bool:
    """Write the generation, make it current for all servers, and drop those that nobody reads; return whether it was
    not current before.

    What a broken attempt wrote is not written again. Until all is there, servers see the generation before. Call it
    while the build lock is held. Raises StoreError, StoreUnavailableError, or LeaseLostError where another builder took
    over; the generation before stays current then.
    """
    name, generation = connection.address.name, snapshot.generation
    create_readers(connection, f"{name}_readers")
    before = current_in(connection)
    if before == generation:
        return False
    passages, texts = layout.passages_of(name, generation), layout.texts_of(name, generation)
    create_passages(connection, passages, snapshot.model.dimension, snapshot.passage_count)
    create_texts(connection, texts)
    _write(connection, passages, layout.ROW, _passage_rows(snapshot), lambda done: progress(
        done, snapshot.passage_count))
    _write(connection, texts, layout.KEY, _text_rows(snapshot), lambda _done: None)
    for collection in (passages, texts):
        connection.write("flush", collection)
    _check(connection, passages, snapshot)
    # The manifest comes last: what has one is whole.
    connection.write("upsert", texts, list(rows_of_table(Table.MANIFEST, _manifest(snapshot))))
    connection.write("flush", texts)
    with fenced(generation):
        connection.write("alter_alias" if before else "create_alias", passages, f"{name}_current")
    collect(connection)
    return True


def collect(connection: Connection, *, keep: int = KEPT_GENERATIONS) -> list[str]:
    """Drop all generations but the current one, the newest others up to `keep`, and those that somebody reads; return
    the names of the dropped ones."""
    name = connection.address.name
    current = current_in(connection)
    found: dict[str, list[str]] = {}
    for collection in connection.read("list_collections"):
        generation = layout.generation_of(name, collection)
        if generation:
            found.setdefault(generation, []).append(collection)
    others = sorted(found.keys() - {current}, key=lambda each: (sequence_of(each), each), reverse=True)
    read_now = Leases(connection, name).read_now()
    dropped = [generation for generation in others[keep - 1:] if generation not in read_now]
    for generation in dropped:
        for collection in found[generation]:
            connection.write("drop_collection", collection)
    return dropped


def _write(connection: Connection, collection: str, key: str, rows: Iterable[dict[str, Any]],
           progress: Callable[[int], None]) -> None:
    """Write rows block by block, but no block of which all rows are there."""
    done = 0
    for block in _blocks(rows):
        keys = [each[key] for each in block]
        there = connection.read("query", collection, filter=among(keys, key), output_fields=["count(*)"],
                                consistency_level="Strong")
        if there[0]["count(*)"] < len(keys):
            connection.write("upsert", collection, block)
        done += len(block)
        progress(done)


def _blocks(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Group rows into blocks of at most `BLOCK` rows."""
    block: list[dict[str, Any]] = []
    for row in rows:
        block.append(row)
        if len(block) == BLOCK:
            yield block
            block = []
    if block:
        yield block


def _check(connection: Connection, collection: str, snapshot: FolderSnapshot) -> None:
    """Raise StoreError unless all passages are there and can be searched. The first search may take long: milvus-lite
    makes its sparse index then."""
    expected = snapshot.passage_count
    [counted] = connection.write("query", collection, filter="", output_fields=["count(*)"],
                                 consistency_level="Strong")
    if counted["count(*)"] != expected:
        raise StoreError(str(connection.address), f"{collection} holds {counted['count(*)']} passages in place of "
                         f"{expected}; nothing was published")
    if expected:
        for field, query in ((layout.VECTOR, snapshot.dense.vectors(np.arange(1))[0].tolist()),
                             (layout.TERMS, {0: 1.0})):
            connection.write("search", collection, [query], anns_field=field, limit=1, output_fields=[layout.ROW],
                             search_params={"metric_type": "IP"}, consistency_level="Strong")


def _passage_rows(snapshot: FolderSnapshot) -> Iterator[dict[str, Any]]:
    days, codes = snapshot.articles.published_days, snapshot.articles.source_codes
    vectors: NDArray[np.float32] = np.zeros((0, 0), np.float32)
    for row, terms in enumerate(sparse_vectors(snapshot.lexical)):
        if row % BLOCK == 0:
            vectors = snapshot.dense.vectors(np.arange(row, min(row + BLOCK, snapshot.passage_count)))
        article = int(snapshot.tables.passages[row, 0])
        yield {layout.ROW: row, layout.VECTOR: vectors[row % BLOCK], layout.TERMS: terms, layout.ARTICLE: article,
               layout.SOURCE: int(codes[article]), layout.DAY: int(days[article])}


def sparse_vectors(lexical: LexicalIndex) -> Iterator[dict[int, float]]:
    """Yield the sparse vector of each passage: its grams' positions in the vocabulary, and what each adds to a score
    before the gram's weight in the question."""
    postings = lexical.postings
    for first in range(0, len(postings.lengths), STRETCH):
        end = min(first + STRETCH, len(postings.lengths))
        found = np.flatnonzero((postings.rows >= first) & (postings.rows < end))
        found = found[np.argsort(postings.rows[found], kind="stable")]
        rows = postings.rows[found]
        grams = np.searchsorted(postings.starts, found, side="right") - 1
        impacts = lexical.impacts_at(found)
        bounds = np.searchsorted(rows, np.arange(first, end + 1))
        for one, after in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
            yield dict(zip(grams[one:after].tolist(), impacts[one:after].tolist(), strict=True))


def _text_rows(snapshot: FolderSnapshot) -> Iterator[dict[str, Any]]:
    articles, histories, tables = snapshot.articles, snapshot.histories, snapshot.tables
    for row in range(len(articles)):
        yield from rows_of_text(Kind.ARTICLE, row, articles.line(row))
        yield from rows_of_text(Kind.HISTORY, row, histories.line(row))
    for row, (first, end) in enumerate(tables.passages[:, 3:5].tolist()):
        yield from rows_of_text(Kind.SENTENCES, row,
                                packed(tables.sentences[first:end], tables.sentence_vectors[first:end]))
    for table, content in _tables(snapshot).items():
        yield from rows_of_table(table, content)


def _tables(snapshot: FolderSnapshot) -> dict[Table, bytes]:
    articles, histories, grams = snapshot.articles, snapshot.histories, snapshot.lexical.grams
    return {
        Table.PASSAGES: array_bytes(snapshot.tables.passages), Table.DAYS: array_bytes(articles.published_days),
        Table.SOURCE_CODES: array_bytes(articles.source_codes),
        Table.CATALOGUE: _json({"ids": list(articles.ids), "sources": list(articles.sources)}),
        Table.OTHERS: _json({
            "rows": dict(histories.rows),
            "records": list(zip(histories.other_rows.tolist(), histories.other_days.tolist(), histories.other_sources,
                                strict=True)),
            "withdrawn": {article_id: (one.when, dict(one.arrivals))
                          for article_id, one in histories.withdrawn.items()}}),
        Table.VOCABULARY: array_bytes(grams.vocabulary), Table.COUNTS: array_bytes(grams.counts),
        Table.PEAKS: array_bytes(grams.peaks)}


def _manifest(snapshot: FolderSnapshot) -> bytes:
    return _json({"format": FORMAT, "analyzer": snapshot.analyzer, "model": snapshot.model.as_json(),
                  "chunking": snapshot.chunking.as_json(), "first": snapshot.first, "applied": list(snapshot.applied)})


def _json(value: object) -> bytes:
    return json.dumps(value).encode("ascii")
