"""Open the generation that is published in Milvus."""

from __future__ import annotations

import json
import weakref
from pathlib import Path
from typing import Any

from index.chunker import Chunking
from index.columns import read_array
from index.errors import NoPublishedGenerationError, StoreError, StoreUnavailableError
from index.generation.articles import ArticleStore
from index.generation.folder import check_versions
from index.generation.history import Histories, Withdrawal
from index.generation.snapshot import Snapshot, Tables
from index.generation.source import FolderSource, Source
from index.milvus import layout
from index.milvus.address import StoreAddress, parse_address
from index.milvus.connection import Connection
from index.milvus.layout import Kind, Table
from index.milvus.leases import Lease, Leases
from index.milvus.searching import MilvusDense, MilvusLexical, Passages
from index.milvus.sentences import RemoteSentences, SentenceColumns
from index.milvus.texts import RemoteLines, Texts
from index.model.types import ModelSettings
from index.search.gram_table import GramTable
from index.settings import STORE, STORE_TOKEN


def source_of(index_dir: Path) -> Source:
    """Return the store that MUSNAD_STORE names, or the index folder if it names none. Raises StoreError for a wrong
    address."""
    store = STORE.value()
    return MilvusSource.of(store) if store else FolderSource(index_dir)


class MilvusSource:
    """The generations of one index in Milvus. Snapshots that are in use are told to builders by leases."""

    def __init__(self, address: StoreAddress, token: str = "") -> None:
        """Connect with the first request; `token` is "user:password" or a token."""
        self.address = address
        self.connection = Connection(address, token)
        self._leases = Leases(self.connection, address.name)
        self._used: dict[str, weakref.ref[Lease]] = {}  # by reader

    @classmethod
    def of(cls, store: str) -> MilvusSource:
        """Return the source at this address, with the token of the environment."""
        return cls(parse_address(store), STORE_TOKEN.value() or "")

    def current(self) -> str:
        """Return the name of the published generation, and write the leases of those in use again if it is time to."""
        generation = current_in(self.connection)
        for reader, used in list(self._used.items()):
            lease = used()
            if lease is not None:
                self._leases.keep(lease)
            else:
                self._leases.end(reader)
                self._used.pop(reader, None)
        if not generation:
            raise NoPublishedGenerationError(str(self.address))
        return generation

    def open(self) -> Snapshot:
        """Open the published generation: read its tables. Raises SnapshotMismatchError as for a folder."""
        generation = self.current()
        lease = Lease(generation)
        self._leases.keep(lease)
        self._used[lease.reader] = weakref.ref(lease)
        return _open(self.connection, lease)

    def fault(self, first: str) -> str:  # noqa: ARG002  # the seam's signature
        """Return "": an index in Milvus is known by its name, and nobody empties a folder by mistake."""
        return ""

    def held(self) -> str:
        """Return "": what a roll-back holds is known where indexes are built."""
        return ""


def current_in(connection: Connection) -> str:
    """Return the generation that the alias names, "" if nothing was published."""
    name = connection.address.name
    try:
        found = connection.read("describe_alias", f"{name}_current")
    except StoreUnavailableError:
        raise
    except StoreError as error:
        # Milvus says "alias not found", milvus-lite "does not exist"; their codes differ too.
        if "alias" in error.fact and ("not found" in error.fact or "not exist" in error.fact):
            return ""
        raise
    return layout.generation_of(name, found["collection_name"])


def _open(connection: Connection, lease: Lease) -> Snapshot:
    name, generation = connection.address.name, lease.generation
    texts = Texts(connection, layout.texts_of(name, generation))
    manifest = json.loads(_table(connection, texts, Table.MANIFEST))
    check_versions(manifest)
    tables = {table: _table(connection, texts, table) for table in Table if table != Table.MANIFEST}
    catalogue, others = json.loads(tables[Table.CATALOGUE]), json.loads(tables[Table.OTHERS])
    passages = _array(tables[Table.PASSAGES])
    articles = ArticleStore(RemoteLines(texts, Kind.ARTICLE, len(catalogue["ids"])), catalogue["ids"],
                            catalogue["sources"], _array(tables[Table.DAYS]), _array(tables[Table.SOURCE_CODES]))
    histories = Histories(RemoteLines(texts, Kind.HISTORY, len(articles)), others["records"], others["rows"],
                          {article_id: Withdrawal(*one) for article_id, one in others["withdrawn"].items()})
    model = ModelSettings(**manifest["model"])
    sentences = RemoteSentences(texts, passages, model.dimension, articles.read_ahead)
    searched = Passages(connection, layout.passages_of(name, generation), len(passages), articles.sources, lease)
    grams = GramTable(_array(tables[Table.VOCABULARY]), _array(tables[Table.COUNTS]), _array(tables[Table.PEAKS]),
                      len(passages))
    return Snapshot(
        generation, model, Chunking(**manifest["chunking"]), articles, histories,
        Tables(passages, SentenceColumns(sentences, lambda found: found.columns),
               SentenceColumns(sentences, lambda found: found.vectors)),
        MilvusDense(searched, model.dimension), MilvusLexical(searched, grams),
        first=manifest["first"], analyzer=manifest["analyzer"], applied=tuple(manifest["applied"]))


def _table(connection: Connection, texts: Texts, table: Table) -> bytes:
    content = texts.table(table)
    if content is None:
        raise StoreError(str(connection.address), f"the published generation lacks its {table.name.lower()}; publish "
                         f"it again with build_index.py")
    return content


def _array(content: bytes) -> Any:
    return read_array(memoryview(content))
