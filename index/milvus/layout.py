"""The collections that hold a generation in Milvus, their fields, and the keys of texts.

A generation has two collections. `…_passages` has a row for each passage: its vector, its terms as a sparse vector, and
what filters need. `…_texts` has everything that is read by row: articles, their histories, the sentences of a passage
with their vectors, and the tables that a server reads when it opens the generation. Its bodies are text, longer ones in
several parts. The alias `…_current` names the passages of the published generation; `…_readers` has a row for each
server that reads one.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

# Milvus stores strings of at most 65,535 bytes.
PART_BYTES = 65_000
# Dense index by the number of passages: exact while that is quick, as in `index.search.dense`; a graph in memory; a
# graph on disk where 1.5 kB a passage no longer fits into memory.
FLAT_ROWS, HNSW_ROWS = 50_000, 20_000_000
HNSW = {"M": 32, "efConstruction": 360}
VECTOR, TERMS, ROW, ARTICLE, SOURCE, DAY = "vector", "terms", "row", "article", "source", "day"
KEY, PARTS, BODY, NOTHING = "key", "parts", "body", "nothing"
READER, GENERATION, EXPIRES = "reader", "generation", "expires"
# Every collection of Milvus needs a vector; this one says nothing.
NO_VECTOR = [0.0, 1.0]


class Kind(IntEnum):
    """What a row of texts holds. Articles are text as they are, the others base64."""

    ARTICLE = 1
    HISTORY = 2
    SENTENCES = 3
    TABLE = 4


class Table(IntEnum):
    """The tables that are read whole: the row of each in `Kind.TABLE`. The manifest is written last."""

    MANIFEST = 0
    PASSAGES = 1
    DAYS = 2
    SOURCE_CODES = 3
    CATALOGUE = 4
    OTHERS = 5
    VOCABULARY = 6
    COUNTS = 7
    PEAKS = 8


def key_of(kind: Kind, row: int, part: int = 0) -> int:
    """Return the primary key of one part of a text: the same for the same text, so that writing it again changes
    nothing."""
    return kind << 56 | row << 16 | part


def row_of(key: int) -> int:
    """Return the row that a key was made of."""
    return key >> 16 & (1 << 40) - 1


def passages_of(name: str, generation: str) -> str:
    """Return the name of the collection of the generation's passages. Milvus allows letters, digits and _ only."""
    return f"{name}_{generation.replace('-', '_')}_passages"


def texts_of(name: str, generation: str) -> str:
    """Return the name of the collection of the generation's texts."""
    return f"{name}_{generation.replace('-', '_')}_texts"


def generation_of(name: str, collection: str) -> str:
    """Return the generation of a collection of passages or texts, or "" if it is no such one of this index."""
    middle = collection.removeprefix(f"{name}_")
    for end in ("_passages", "_texts"):
        if middle != collection and middle.endswith(end):
            generation = middle.removesuffix(end).replace("_", "-")
            return generation if generation[:6].isdecimal() else ""
    return ""


def dense_index(rows: int) -> dict[str, Any]:
    """Return the type and parameters of the dense index for so many passages."""
    if rows <= FLAT_ROWS:
        return {"index_type": "FLAT"}
    return {"index_type": "HNSW", "params": HNSW} if rows <= HNSW_ROWS else {"index_type": "DISKANN"}


def dense_search(rows: int, limit: int) -> dict[str, Any]:
    """Return the parameters of a dense search for the `limit` nearest of so many passages."""
    if rows <= FLAT_ROWS:
        return {}
    return {"ef": max(512, 2 * limit)} if rows <= HNSW_ROWS else {"search_list": max(512, 2 * limit)}
