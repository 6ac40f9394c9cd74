"""Compare FAISS indexes: recall, search time, size and build time by number of passages.

    python -m benchmarks.dense_curves --vectors FILE.npy --queries FILE.npy --sizes 10000 100000 --out curves.json

Vectors and queries have shape (rows, dimension) and unit length. For a size larger than the file, its rows are used
again with Gaussian noise (seeded) that leaves a cosine of .9 to the original. Each query asks for as many rows as the
retriever does, one query at a time and on one thread. `ms` (median) and `ms_p99` (99th percentile) are milliseconds of
this thread's processor time, so that other work on the machine has little influence. A row found counts for `recall@10`
if its exact cosine is at least the tenth-best, so ties do not count as misses. `DenseIndex` is the project's own index;
its settings are the share of rows, drawn at random, that a filter allows.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.search.dense import FLAT_ROWS, PROBES, DenseIndex
from qa.retrieve.retriever import CANDIDATES

DEPTHS = (10, CANDIDATES)
NOISY_COSINE = 0.9
QUERIES = 200
BLOCK = 50_000
NPROBES = (32, 64, 128, 256, 512)
HNSW_ROWS = 100_000
SHARES = (0.001, 0.01, 0.1, 0.5, 0.9)
# Cosines closer than this count as equal, because float32 rounding depends on the order of summation.
TIE = 1e-6

Vectors = NDArray[np.float32]
Search = Callable[[Vectors], NDArray[np.int64]]
Entry = dict[str, object]


def grown(vectors: Vectors, count: int, path: Path) -> NDArray[np.float16]:
    """Return `count` unit vectors, float16, memory-mapped from `path`: the given ones, then noisy copies of them."""
    random = np.random.default_rng(0)
    rows = np.lib.format.open_memmap(path, "w+", np.float16, (count, vectors.shape[1]))
    for start in range(0, count, len(vectors)):
        chosen = vectors[:count - start]
        if start:
            noise = random.normal(size=chosen.shape).astype(np.float32)
            noise -= np.einsum("ij,ij->i", noise, chosen)[:, None] * chosen
            noise /= np.linalg.norm(noise, axis=1, keepdims=True)
            chosen = NOISY_COSINE * chosen + np.sqrt(1 - NOISY_COSINE ** 2) * noise
        rows[start:start + len(chosen)] = chosen
    return rows


def blocks(vectors: NDArray[np.float16]) -> Iterator[Vectors]:
    """Yield the vectors in blocks, as float32 for FAISS."""
    return (vectors[start:start + BLOCK].astype(np.float32) for start in range(0, len(vectors), BLOCK))


def lowest_that_count(vectors: NDArray[np.float16], queries: Vectors, allowed: NDArray[np.bool_] | None) -> Vectors:
    """Return the lowest cosine that counts as found for each query and depth, shape (queries, depths).

    It is the cosine of the exact result at that depth, or -inf if `allowed` leaves fewer rows than that.
    """
    best = np.full((len(queries), max(DEPTHS)), -np.inf, np.float32)
    for number, block in enumerate(blocks(vectors)):
        cosines = queries @ block.T
        if allowed is not None:
            cosines[:, ~allowed[number * BLOCK:number * BLOCK + len(block)]] = -np.inf
        both = np.concatenate([best, cosines], axis=1)
        best = -np.partition(-both, max(DEPTHS) - 1, axis=1)[:, :max(DEPTHS)]
    best = -np.sort(-best, axis=1)
    return best[:, np.array(DEPTHS) - 1]


def measured(search: Search, vectors: NDArray[np.float16], queries: Vectors, lowest: Vectors) -> Entry:
    """Measure recall and time of a search; each query is asked twice and the second time is measured."""
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    times_ms = []
    recalls = np.zeros((len(queries), len(DEPTHS)))
    for number, query in enumerate(queries):
        search(query)
        started = time.thread_time()
        found = search(query)
        times_ms.append(1000 * (time.thread_time() - started))
        cosines = vectors[found].astype(np.float32) @ query
        recalls[number] = [np.sum(cosines[:depth] >= bound - TIE) / min(depth, len(found))
                           for depth, bound in zip(DEPTHS, lowest[number], strict=True)]
    faiss.omp_set_num_threads(threads)
    return {**{f"recall@{depth}": round(float(recall), 4)
               for depth, recall in zip(DEPTHS, recalls.mean(axis=0), strict=True)},
            "ms": round(float(np.percentile(times_ms, 50)), 2), "ms_p99": round(float(np.percentile(times_ms, 99)), 2)}


def candidates(vectors: NDArray[np.float16]) -> Iterator[tuple[str, faiss.Index, list[tuple[str, Any]]]]:
    """Yield each FAISS index to compare, still empty, with its settings and their search parameters."""
    rows, dimension = vectors.shape
    metric, eight_bits = faiss.METRIC_INNER_PRODUCT, faiss.ScalarQuantizer.QT_8bit
    yield "flat f32", faiss.IndexFlatIP(dimension), [("", None)]
    yield "flat f16", faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, metric), [("", None)]
    yield "flat SQ8", faiss.IndexScalarQuantizer(dimension, eight_bits, metric), [("", None)]
    lists = 4 * int(np.sqrt(rows))
    for name, kind in (("IVF SQ8", eight_bits), ("IVF f16", faiss.ScalarQuantizer.QT_fp16)):
        index = faiss.IndexIVFScalarQuantizer(faiss.IndexFlatIP(dimension), dimension, lists, kind, metric)
        index.by_residual = kind == eight_bits
        index.cp.spherical, index.cp.niter = True, 8
        index.cp.min_points_per_centroid, index.cp.max_points_per_centroid = 1, 40
        yield name, index, [(f"nprobe {probes} of {lists}", faiss.SearchParametersIVF(nprobe=probes))  # type: ignore[call-arg]
                            for probes in NPROBES if probes <= lists]
    if rows <= HNSW_ROWS:
        hnsw = faiss.IndexHNSWSQ(dimension, eight_bits, 32, metric)  # type: ignore[arg-type]  # FAISS's stubs
        parameters = faiss.SearchParametersHNSW  # type: ignore[attr-defined]  # FAISS's stubs
        yield "HNSW SQ8", hnsw, [(f"M 32, efSearch {width}", parameters(efSearch=width))
                                 for width in (200, 400, 800)]


def measure(vectors: NDArray[np.float16], queries: Vectors, only: str) -> Iterator[Entry]:
    """Measure the indexes whose names begin with `only`; return one entry per setting."""
    rows = len(vectors)
    lowest = lowest_that_count(vectors, queries, None)
    sample = np.sort(np.random.default_rng(0).choice(rows, min(rows, 160 * int(np.sqrt(rows))), replace=False))
    for name, index, settings in candidates(vectors):
        if not name.startswith(only):
            continue
        started = time.perf_counter()
        index.train(vectors[sample].astype(np.float32))
        for block in blocks(vectors):
            index.add(block)
        built = {"build_seconds": round(time.perf_counter() - started, 1), "bytes": len(faiss.serialize_index(index))}
        for setting, parameters in settings:
            def search(query: Vectors, index: faiss.Index = index, parameters: Any = parameters
                       ) -> NDArray[np.int64]:
                found: NDArray[np.int64] = index.search(query[None], CANDIDATES, params=parameters)[1][0]
                return found[found >= 0]
            yield {"index": name, "setting": setting, "passages": rows,
                   **measured(search, vectors, queries, lowest), **built}
        del index
    if "DenseIndex".startswith(only):
        yield from measure_own(vectors, queries, lowest)


def measure_own(vectors: NDArray[np.float16], queries: Vectors, lowest: Vectors) -> Iterator[Entry]:
    """Measure the project's index, built by `build` and opened by `from_bytes`, with and without filters."""
    rows = len(vectors)
    whole = vectors.astype(np.float32)
    started = time.perf_counter()
    built = DenseIndex.build(whole)
    built_s = time.perf_counter() - started
    del whole
    with tempfile.TemporaryDirectory() as folder:
        built.write(Path(folder) / "index")
        content = (Path(folder) / "index").read_bytes()
    index = DenseIndex.from_bytes(content)
    kind = "flat" if rows <= FLAT_ROWS else f"{PROBES} lists"
    random = np.random.default_rng(0)
    for share in (1.0, *SHARES):
        allowed = None if share == 1 else random.random(rows) < share
        bounds = lowest if allowed is None else lowest_that_count(vectors, queries, allowed)

        def search(query: Vectors, allowed: NDArray[np.bool_] | None = allowed) -> NDArray[np.int64]:
            return index.search(query, CANDIDATES, allowed)[0]
        yield {"index": "DenseIndex", "setting": f"{kind}, {share:.1%} allowed", "passages": rows,
               **measured(search, vectors, queries, bounds), "build_seconds": round(built_s, 1), "bytes": len(content)}


def main() -> int:
    """Write a JSON list to the file, and print one line per entry."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vectors", type=Path, required=True)
    parser.add_argument("--queries", type=Path, help="without it, rows of --vectors are set aside as queries")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--only", default="", help="the indexes whose name begins with this, such as IVF or DenseIndex")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    vectors = np.load(arguments.vectors).astype(np.float32)
    queries = np.load(arguments.queries).astype(np.float32) if arguments.queries else vectors
    chosen = np.sort(np.random.default_rng(0).permutation(len(queries))[:QUERIES])
    if not arguments.queries:
        vectors = np.delete(vectors, chosen, axis=0)
    entries: list[Entry] = []
    with tempfile.TemporaryDirectory() as folder:
        for size in arguments.sizes:
            rows = grown(vectors, size, Path(folder) / f"{size}.npy")
            for entry in measure(rows, queries[chosen], arguments.only):
                entries.append(entry)
                sys.stdout.write("\t".join(str(value) for value in entry.values()) + "\n")
                sys.stdout.flush()
                arguments.out.write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
