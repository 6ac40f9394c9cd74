"""Measure the bytes of an index by part, and what smaller forms of its parts cost in recall.

    python -m benchmarks.pruning --index-dir var/index [--titles 300] [--out FILE.json]

Queries are titles of the index's articles and the questions of `articles/questions.jsonl`. `recall@10` is the share of
the ten passages which the whole index finds that a smaller one finds too: `alone` for the part itself (nearest vectors,
or BM25), `fused` for what `qa.retrieve` returns. `own_article` is the share of titles that find a passage of their
article among the first ten. Inverse document frequencies stay those of the whole index.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.generation.snapshot import FolderSnapshot, open_snapshot
from index.model.load import load_embedder
from index.search.dense import DenseIndex
from index.search.gram_table import GramTable
from index.search.lexical import LexicalIndex
from index.search.postings import Postings
from qa.question.parsed import ParsedQuestion, parse_question
from qa.retrieve.retriever import embed_question, retrieve

QUESTIONS = Path(__file__).resolve().parents[1] / "articles" / "questions.jsonl"
TOP = 10
PARTS = {"passages.faiss": "vectors", "sentence_vectors.npy": "sentence vectors", "articles.jsonl": "texts",
         "history.jsonl": "texts", "lexical_rows.npy": "postings", "lexical_frequencies.npy": "postings"}
# A posting of the index: the row in 4 bytes, the frequency in 1.
POSTING_BYTES = 5
Found = list[list[int]]


@dataclass(frozen=True, slots=True)
class Query:
    """A question with its vector, and the row of the article whose title it is, or -1."""

    parsed: ParsedQuestion
    vector: NDArray[np.float32]
    article: int


def bytes_by_part(files: dict[str, int], passages: int) -> dict[str, float]:
    """Return the bytes a passage of each part, from the sizes of a generation's files by name."""
    parts: dict[str, int] = {}
    for name, size in files.items():
        part = PARTS.get(name, "tables")
        parts[part] = parts.get(part, 0) + size
    return {part: round(size / passages, 1) for part, size in sorted(parts.items())}


def kept(postings: Postings, mask: NDArray[np.bool_]) -> Postings:
    """Return the postings that `mask`, shape (postings,), keeps, without grams that have none left."""
    ends = np.concatenate([[0], np.cumsum(mask)])
    counts = np.diff(ends[postings.starts])
    left = counts > 0
    return Postings(postings.vocabulary[left], np.concatenate([[0], np.cumsum(counts[left])]), postings.rows[mask],
                    postings.frequencies[mask], postings.lengths, postings.peaks[left])


def pruned(index: LexicalIndex, mask: NDArray[np.bool_]) -> LexicalIndex:
    """Return the index with the postings that `mask` keeps; the grams left weigh what they did."""
    whole, smaller = index.postings, LexicalIndex(kept(index.postings, mask))
    left = np.isin(whole.vocabulary, smaller.postings.vocabulary)
    object.__setattr__(smaller, "grams", GramTable(whole.vocabulary[left], np.diff(whole.starts)[left],
                                                   whole.peaks[left], len(whole.lengths)))
    return smaller


def weights_of(index: LexicalIndex) -> NDArray[np.float32]:
    """Return what each posting adds to the score of a question that has its gram once, shape (postings,)."""
    postings = index.postings
    idf = index.inverse_document_frequency(postings.vocabulary).astype(np.float32)
    return index.impacts_at(np.arange(len(postings.rows))) * np.repeat(idf, np.diff(postings.starts))


def above_share(weights: NDArray[np.float32], rows: NDArray[np.int32], share: float) -> NDArray[np.bool_]:
    """Tell which postings weigh at least `share` of the heaviest posting of their passage."""
    heaviest = np.zeros(int(rows.max(initial=-1)) + 1, np.float32)
    np.maximum.at(heaviest, rows, weights)
    mask: NDArray[np.bool_] = weights >= share * heaviest[rows]
    return mask


def smaller_vectors(vectors: NDArray[np.float32]) -> Iterator[tuple[str, float, DenseIndex]]:
    """Yield name, bytes a passage and index of each smaller or quicker form of the passages' vectors."""
    import faiss

    dimension = vectors.shape[1]
    inner = faiss.METRIC_INNER_PRODUCT
    quantizer = faiss.ScalarQuantizer
    forms: list[tuple[str, float, Callable[[], Any]]] = [
        ("float16", 2 * dimension, lambda: faiss.IndexScalarQuantizer(dimension, quantizer.QT_fp16, inner)),
        ("SQ8", dimension, lambda: faiss.IndexScalarQuantizer(dimension, quantizer.QT_8bit, inner)),
        ("SQ4", dimension / 2, lambda: faiss.IndexScalarQuantizer(dimension, quantizer.QT_4bit, inner)),
        ("PQ96", 96, lambda: faiss.IndexPQ(dimension, 96, 8, inner)),
        ("HNSW, M = 32", 4 * dimension + 4 * 2 * 32, lambda: _graph(dimension))]
    for name, size, make in forms:
        index = make()
        index.train(vectors)
        index.add(vectors)
        yield name, size, DenseIndex(index)


def _graph(dimension: int) -> Any:
    """Make the graph that `index.milvus.layout` asks Milvus for."""
    import faiss

    graph = faiss.IndexHNSWFlat(dimension, 32, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efConstruction, graph.hnsw.efSearch = 360, 512
    return graph


def as_bytes(vectors: NDArray[np.float16]) -> NDArray[np.float16]:
    """Round each vector to signed bytes of its own scale, and return what these stand for; zero vectors stay."""
    values = vectors.astype(np.float32)
    scale = np.abs(values).max(axis=1, keepdims=True) / 127
    scale[scale == 0] = 1
    return (np.rint(values / scale) * scale).astype(np.float16)


def found_by(snapshot: FolderSnapshot, queries: Sequence[Query]) -> Found:
    """Return the rows of the ten passages that are retrieved for each query."""
    return [[hit.row for hit in retrieve(snapshot, query.parsed, query.vector, None, TOP)] for query in queries]


def nearest(index: DenseIndex, queries: Sequence[Query]) -> Found:
    """Return the rows of the ten nearest vectors for each query."""
    return [index.search(query.vector, TOP, None)[0].tolist() for query in queries]


def by_words(index: LexicalIndex, queries: Sequence[Query]) -> Found:
    """Return the rows of the ten passages with the best BM25 for each query."""
    return [index.search(query.parsed.terms, TOP, None)[0].tolist() for query in queries]


def recall(whole: Found, smaller: Found) -> float:
    """Return the share of the rows of `whole` that `smaller` has for the same query."""
    shares = [len(set(one) & set(other)) / len(one) for one, other in zip(whole, smaller, strict=True) if one]
    return round(float(np.mean(shares)), 4)


def measure(snapshot: FolderSnapshot, queries: Sequence[Query]) -> list[dict[str, Any]]:
    """Measure each smaller form; return one row of figures for each."""
    whole = found_by(snapshot, queries)
    dense, words = nearest(snapshot.dense, queries), by_words(snapshot.lexical, queries)  # type: ignore[arg-type]
    articles = snapshot.tables.passages[:, 0]

    def row(name: str, size: float, other: FolderSnapshot, alone: float | None) -> dict[str, Any]:
        found = found_by(other, queries)
        own = [query.article in articles[rows] for query, rows in zip(queries, found, strict=True)
               if query.article >= 0]
        return {"form": name, "bytes_a_passage": round(size, 1), "recall@10_alone": alone,
                "recall@10_fused": recall(whole, found), "own_article": round(float(np.mean(own)), 4)}

    passages = snapshot.passage_count
    vectors = snapshot.dense.vectors(np.arange(passages))
    rows = [row("whole", 0, snapshot, 1.0)]
    for name, size, index in smaller_vectors(vectors):
        alone = recall(dense, nearest(index, queries))
        rows.append(row(f"vectors: {name}", size, replace(snapshot, dense=index), alone))
    lexical = snapshot.lexical
    assert isinstance(lexical, LexicalIndex)
    postings, weights = lexical.postings, weights_of(lexical)
    frequent = np.repeat(np.diff(postings.starts) > passages / 4, np.diff(postings.starts))
    single = np.repeat(np.diff(postings.starts) == 1, np.diff(postings.starts))
    masks = {f"postings from {share:.0%} of the heaviest": above_share(weights, postings.rows, share)
             for share in (0.05, 0.1, 0.2, 0.3, 0.4)}
    masks |= {"postings without grams of a quarter of all passages": ~frequent,
              "postings without grams of one passage": ~single}
    for name, mask in masks.items():
        index = pruned(lexical, mask)
        rows.append({**row(name, POSTING_BYTES * np.count_nonzero(mask) / passages, replace(snapshot, lexical=index),
                           recall(words, by_words(index, queries))), "kept": round(float(mask.mean()), 4)})
    rounded = replace(snapshot.tables, sentence_vectors=as_bytes(snapshot.tables.sentence_vectors[:]))
    sentences = len(rounded.sentence_vectors)
    rows.append(row("sentence vectors: bytes", sentences * (vectors.shape[1] + 2) / passages,
                    replace(snapshot, tables=rounded), None))
    return rows


def queries_of(snapshot: FolderSnapshot, titles: int) -> list[Query]:
    """Return `titles` titles drawn at random, and all questions, with their vectors."""
    embedder = load_embedder(snapshot.model.name, runtime=snapshot.model.runtime)
    with_title = [(article.title, row) for row, article in enumerate(snapshot.articles) if article.title]
    asked = random.Random(0).sample(with_title, min(titles, len(with_title)))
    asked += [(json.loads(line)["question"], -1) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    parsed = [(parse_question(text), article) for text, article in asked]
    return [Query(each, embed_question(embedder, each), article) for each, article in parsed]


def main() -> int:
    """Print the figures as JSON, and write them to a file if one is named."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--index-dir", type=Path, required=True, metavar="DIR")
    parser.add_argument("--titles", type=int, default=300, help="titles to ask (default 300)")
    parser.add_argument("--out", type=Path, metavar="FILE.json")
    options = parser.parse_args()
    snapshot = open_snapshot(options.index_dir, any_analyzer=True)
    folder = options.index_dir / "generations" / snapshot.generation
    queries = queries_of(snapshot, options.titles)
    passages = snapshot.passage_count
    assert isinstance(snapshot.lexical, LexicalIndex)
    sizes = {path.name: path.stat().st_size for path in folder.iterdir()}
    figures = {"articles": len(snapshot.articles), "passages": passages, "queries": len(queries),
               "sentences_a_passage": round(len(snapshot.tables.sentences) / passages, 2),
               "postings_a_passage": round(len(snapshot.lexical.postings.rows) / passages, 1),
               "bytes_a_passage": bytes_by_part(sizes, passages),
               "forms": measure(snapshot, queries)}
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    print(text)
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
