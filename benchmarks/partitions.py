"""Compare ways to keep two generations in Milvus: a collection for each, a partition for each, or a partition key.

    python -m benchmarks.partitions --index-dir INDEX [--rows 10000] [--ways collection partition key] [--searches 20]

The rows are the first passages of an index, with their vectors and terms; the next generation has other vectors for
2 % of them. Each way has a milvus-lite process of its own. While the next generation is written, one question (a
dense search and one by terms) asks the old one after every 1,000 rows. It prints a line of JSON for each way, with
times in seconds or milliseconds and the process's resident memory and folder in MiB. `in_place` is what only the
changed rows would take: what it leaves is no generation of ours, since the weights of all rows change.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from pymilvus import DataType, MilvusClient

from benchmarks.swaps import resident_bytes
from index.generation.snapshot import open_snapshot
from index.generation.space import folder_bytes
from index.milvus.mirror import sparse_vectors
from tests.milvus import MilvusServer

WAYS = ("collection", "partition", "key")
BLOCK, CHANGED = 500, 0.02
KEY_STEP = 1 << 40  # primary keys are unique in a collection: the generation stands above the row
GRAMS_ASKED = 12
MIB = 1 << 20


class Generations:
    """The generations of one way. Rows are keyed by `generation * KEY_STEP + row`."""

    def __init__(self, client: MilvusClient, way: str, dimension: int) -> None:
        self._client, self._way, self._dimension = client, way, dimension
        if way != "collection":
            self._create("all")

    def open(self, generation: int) -> None:
        if self._way == "collection":
            self._create(self._name(generation))
        elif self._way == "partition":
            self._client.create_partition("all", f"g{generation}")

    def write(self, generation: int, rows: Sequence[dict[str, Any]]) -> None:
        where = {"partition_name": f"g{generation}"} if self._way == "partition" else {}
        self._client.upsert(self._name(generation), [
            {**row, "key": generation * KEY_STEP + row["key"], "generation": generation} for row in rows], **where)

    def flush(self, generation: int) -> None:
        self._client.flush(self._name(generation))

    def search(self, generation: int, field: str, query: Any) -> None:
        where: dict[str, Any] = {"partition_names": [f"g{generation}"]} if self._way == "partition" else {}
        if self._way == "key":
            where = {"filter": f"generation == {generation}"}
        [found] = self._client.search(self._name(generation), [query], anns_field=field, limit=42,
                                      search_params={"metric_type": "IP"}, output_fields=["key"], **where)
        if not found or any(each["key"] // KEY_STEP != generation for each in found):
            raise RuntimeError(f"{self._way}: rows of another generation, or none")

    def drop(self, generation: int) -> None:
        if self._way == "collection":
            self._client.drop_collection(self._name(generation))
        elif self._way == "partition":
            self._client.drop_partition("all", f"g{generation}")
        else:
            self._client.delete("all", filter=f"generation == {generation}")

    def _name(self, generation: int) -> str:
        return f"generation_{generation}" if self._way == "collection" else "all"

    def _create(self, name: str) -> None:
        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("key", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=self._dimension)
        schema.add_field("terms", DataType.SPARSE_FLOAT_VECTOR)
        schema.add_field("generation", DataType.INT64, is_partition_key=self._way == "key")
        indexes = MilvusClient.prepare_index_params()
        indexes.add_index("vector", index_type="FLAT", metric_type="IP")
        indexes.add_index("terms", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
        self._client.create_collection(name, schema=schema, index_params=indexes)
        self._client.load_collection(name)


def measure(way: str, rows: list[dict[str, Any]], searches: int) -> dict[str, Any]:
    """Publish two generations this way, search, drop the first; return the figures."""
    changed = round(CHANGED * len(rows))
    randomly = np.random.default_rng(0)
    dimension = len(rows[0]["vector"])
    new = randomly.standard_normal((changed, dimension)).astype(np.float32)
    places = np.linspace(0, len(rows) - 1, changed).astype(int).tolist()
    following = list(rows)
    for place, vector in zip(places, new / np.linalg.norm(new, axis=1, keepdims=True), strict=True):
        following[place] = {**rows[place], "vector": vector}
    asked = [rows[place] for place in randomly.choice(len(rows), searches).tolist()]
    queries = [(each["vector"].tolist(), dict(islice(each["terms"].items(), GRAMS_ASKED))) for each in asked]
    found: dict[str, Any] = {"way": way, "rows": len(rows)}
    with TemporaryDirectory(prefix="musnad-") as folder, MilvusServer(Path(folder, "data")) as server:
        client = MilvusClient(f"http://127.0.0.1:{server.port}", timeout=300)

        def sizes(when: str) -> None:
            found[f"memory_{when}"] = round(resident_bytes(server.process_id) / MIB)
            found[f"disk_{when}"] = round(folder_bytes(Path(folder, "data")) / MIB)

        def ask(generation: int, query: tuple[Any, Any]) -> float:
            began = time.perf_counter()
            for field, value in zip(("vector", "terms"), query, strict=True):
                generations.search(generation, field, value)
            return 1000 * (time.perf_counter() - began)

        def publish(generation: int, contents: list[dict[str, Any]]) -> list[float]:
            """Write it and make its indexes; return the times of the questions that the one before was asked."""
            began, waits = time.perf_counter(), []
            generations.open(generation)
            for first in range(0, len(contents), BLOCK):
                generations.write(generation, contents[first:first + BLOCK])
                if generation > 1 and first // BLOCK % 2:
                    waits.append(ask(generation - 1, queries[first % len(queries)]))
            generations.flush(generation)
            ask(generation, queries[0])
            found[f"publish_{generation}_s"] = round(time.perf_counter() - began - sum(waits) / 1000, 1)
            return waits

        generations = Generations(client, way, dimension)
        publish(1, rows)
        sizes("one")
        found["search_one_ms"] = spread([ask(1, query) for query in queries])
        found["search_while_writing_ms"] = spread(publish(2, following))
        sizes("two")
        found["search_two_ms"] = spread([ask(2, query) for query in queries])
        began = time.perf_counter()
        generations.drop(1)
        found["drop_s"] = round(time.perf_counter() - began, 2)
        found["first_search_after_drop_ms"] = round(ask(2, queries[0]))
        sizes("after")
        began = time.perf_counter()
        generations.write(2, [rows[place] for place in places])
        generations.flush(2)
        ask(2, queries[0])
        found["in_place_s"] = round(time.perf_counter() - began, 1)
        client.close()
    return found


def spread(times: list[float]) -> dict[str, int]:
    """Return the median and the largest of these times."""
    return {"p50": round(float(np.median(times))), "most": round(max(times))}


def rows_of(index_dir: Path, count: int) -> Iterator[dict[str, Any]]:
    """Yield the first passages of an index, each with its vector and terms."""
    snapshot = open_snapshot(index_dir, any_analyzer=True)
    vectors = snapshot.dense.vectors(np.arange(min(count, snapshot.passage_count)))
    for row, (vector, terms) in enumerate(zip(vectors, sparse_vectors(snapshot.lexical), strict=False)):
        yield {"key": row, "vector": vector, "terms": terms}


def main() -> int:
    """Print the figures of each way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index-dir", type=Path, default=Path("var/index"))
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    parser.add_argument("--searches", type=int, default=20)
    options = parser.parse_args()
    rows = list(rows_of(options.index_dir, options.rows))
    for way in options.ways:
        print(json.dumps(measure(way, rows, options.searches)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
